"""A sheet as a PDF: A4, its marking and the journal's entry on every page, every name as it is."""

import io
from collections.abc import Callable, Iterable
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from concordat.web.presenters.sheets import Section, Sheet, SheetTable

_FONTS: Final = Path(__file__).parent / "assets" / "fonts"
_PLAIN, _BOLD = "DejaVuSans", "DejaVuSans-Bold"
_MARGIN = 18 * mm
_EDGE = 11 * mm
_KEY_WIDTH = 48 * mm
_PADDING = 6  # points: the library's own inside every frame
_LONG = 500
"""Characters beyond which a value stands below its name, where it can run over pages."""
_INK = colors.HexColor("#0b0c0c")
_LINE = colors.HexColor("#c5cbd6")
_ALARM = colors.HexColor("#a12a1d")

_BODY = ParagraphStyle(
    "body", fontName=_PLAIN, fontSize=9, leading=12.5, textColor=_INK, splitLongWords=True
)
_KEY = ParagraphStyle("key", parent=_BODY, fontName=_BOLD)
_KEY_ABOVE = ParagraphStyle("above", parent=_KEY, spaceBefore=4, keepWithNext=1)
_NUMBER = ParagraphStyle("number", parent=_BODY, alignment=TA_RIGHT)
_NUMBER_KEY = ParagraphStyle("number key", parent=_KEY, alignment=TA_RIGHT)
_LEAD = ParagraphStyle("lead", parent=_BODY, spaceBefore=8, spaceAfter=2, keepWithNext=1)
_TITLE = ParagraphStyle("title", parent=_BODY, fontName=_BOLD, fontSize=16, leading=20)
_CAPTION = ParagraphStyle("caption", parent=_BODY, fontSize=10, leading=13)
_HEADING = ParagraphStyle(
    "heading", parent=_BODY, fontName=_BOLD, fontSize=11.5, leading=15, spaceBefore=10,
    spaceAfter=3, keepWithNext=1,
)  # fmt: skip
_WARNING = ParagraphStyle("warning", parent=_KEY, fontSize=10, leading=13, textColor=_ALARM)

_ROWS = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ]
)


class _NumberedCanvas(Canvas):  # type: ignore[misc]
    """Pages that know how many there are: "Page 2 of 3" is written when all of them are."""

    def __init__(self, *args: Any, margin: Callable[[Any, int], None], **kwargs: Any) -> None:  # noqa: ANN401 (as the library passes them)
        super().__init__(*args, **kwargs)
        self._margin_of = margin
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 (the library's name)
        """Keep the page until the last one is there."""
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write every page with its margin."""
        pages = self._pages
        for state in pages:
            self.__dict__.update(state)
            self._margin_of(self, len(pages))
            super().showPage()
        super().save()


def make_pdf(sheet: Sheet) -> bytes:
    """Return the sheet as a PDF with its fonts embedded.

    Raises:
        FileNotFoundError: The assets were not built (`make setup`).

    """
    _register_fonts()
    target = io.BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=_MARGIN - _PADDING,
        rightMargin=_MARGIN - _PADDING,
        topMargin=_MARGIN + 4 * mm,
        bottomMargin=_MARGIN + 13 * mm,
        title=f"{sheet.title} {sheet.reference}".strip(),
        author=sheet.owner,
        subject=sheet.marking,
        creator="Concordat",
        lang="en-GB",
    )
    document.build(_story(sheet), canvasmaker=_canvas_of(sheet))
    return target.getvalue()


def _story(sheet: Sheet) -> list[Any]:
    story: list[Any] = [
        Paragraph(_text(f"{sheet.caption} · {sheet.owner}"), _CAPTION),
        Paragraph(_text(sheet.title), _TITLE),
    ]
    story += [Paragraph(_text(line), _WARNING) for line in sheet.warnings]
    story.append(Spacer(1, 3 * mm))
    for section in sheet.sections:
        story += _section(section)
    return story


def _section(section: Section) -> list[Any]:
    parts: list[Any] = [Paragraph(_text(section.title), _HEADING)] if section.title else []
    parts += [Paragraph(_text(section.lead), _LEAD)] if section.lead else []
    parts += [_numbers(section.table)] if section.table else []
    for is_long, group in groupby(section.rows, key=lambda row: len(row[1]) > _LONG):
        rows = list(group)
        parts += _below(rows) if is_long else [_table(rows)]
    parts += [Paragraph(_text(line), _BODY) for text in section.texts for line in _lines(text)]
    return parts


def _table(rows: Iterable[tuple[str, str]]) -> Table:
    cells = [
        [Paragraph(_text(key), _KEY), [Paragraph(_text(part), _BODY) for part in _lines(value)]]
        for key, value in rows
    ]
    width = A4[0] - 2 * _MARGIN
    return Table(cells, colWidths=[_KEY_WIDTH, width - _KEY_WIDTH], style=_ROWS)


def _numbers(table: SheetTable) -> Table:
    """Return a table whose head is repeated on every page that it runs over."""
    last = len(table.rows) if table.has_total else -1
    cells = [
        [
            Paragraph(_text(cell), _cell_style(at, column, last=last))
            for column, cell in enumerate(row)
        ]
        for at, row in enumerate((table.head, *table.rows))
    ]
    width = A4[0] - 2 * _MARGIN
    rest = (width - _KEY_WIDTH) / max(len(table.head) - 1, 1)
    return Table(
        cells, colWidths=[_KEY_WIDTH, *([rest] * (len(table.head) - 1))], style=_ROWS, repeatRows=1
    )


def _cell_style(at: int, column: int, *, last: int) -> ParagraphStyle:
    is_bold = at in (0, last)
    if column == 0:
        return _KEY if is_bold else _BODY
    return _NUMBER_KEY if is_bold else _NUMBER


def _below(rows: Iterable[tuple[str, str]]) -> list[Any]:
    return [
        part
        for key, value in rows
        for part in (
            Paragraph(_text(key), _KEY_ABOVE),
            *(Paragraph(_text(line), _BODY) for line in _lines(value)),
        )
    ]


def _canvas_of(sheet: Sheet) -> Callable[..., _NumberedCanvas]:
    def made(*args: Any, **kwargs: Any) -> _NumberedCanvas:  # noqa: ANN401 (as the library passes them)
        return _NumberedCanvas(
            *args, margin=lambda canvas, pages: _margins(canvas, sheet, pages), **kwargs
        )

    return made


def _margins(canvas: Any, sheet: Sheet, pages: int) -> None:  # noqa: ANN401 (an untyped library)
    """Write what stands on every page: the marking twice, the reference, the entry, the page."""
    width, height = A4
    canvas.setFillColor(_INK)
    canvas.setFont(_BOLD, 10)
    for at in (height - _EDGE, _EDGE):
        canvas.drawCentredString(width / 2, at, sheet.marking)
    canvas.setFont(_PLAIN, 7.5)
    canvas.drawString(_MARGIN, height - _EDGE, sheet.reference)
    canvas.drawRightString(
        width - _MARGIN, height - _EDGE, f"Page {canvas.getPageNumber()} of {pages}"
    )
    canvas.setStrokeColor(_LINE)
    canvas.line(_MARGIN, _EDGE + 18 * mm, width - _MARGIN, _EDGE + 18 * mm)
    lines = [part for line in sheet.foot for part in simpleSplit(line, _PLAIN, 7.5, 174 * mm)]
    for number, line in enumerate(lines):
        canvas.drawString(_MARGIN, _EDGE + (5 + 3.4 * (len(lines) - 1 - number)) * mm, line)


def _text(text: str) -> str:
    return escape(text)


def _lines(text: str) -> list[str]:
    return text.splitlines() or [""]


@cache
def _register_fonts() -> None:
    for name in (_PLAIN, _BOLD):
        pdfmetrics.registerFont(TTFont(name, str(_FONTS / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(
        _PLAIN, normal=_PLAIN, bold=_BOLD, italic=_PLAIN, boldItalic=_BOLD
    )

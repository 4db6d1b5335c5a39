"""Spreadsheets: sums as numbers, totals as formulas, and what people wrote as text and no more.

A text that begins with =, +, - or @ would be a formula if a spreadsheet were left to guess. So
every text is written as a text; formulas are those that we write ourselves.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PENCE = 100
_POUNDS = "£#,##0.00;[Red]-£#,##0.00"


@dataclass(frozen=True)
class Money:
    """A sum in pence, shown in pounds."""

    pence: int


@dataclass(frozen=True)
class Formula:
    """A formula of ours with its value as it is now: pence if it is money."""

    text: str
    value: float
    is_money: bool = True


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One sheet of a workbook: its rows from the top, which of them are bold, widths in letters."""

    name: str
    rows: Sequence[Sequence[object]]
    bold_rows: Sequence[int] = ()
    widths: Sequence[int] = ()


def make_xlsx(tabs: Sequence[Tab], *, title: str, author: str) -> bytes:
    """Return a workbook. Raises TypeError for a cell that is neither a text nor a number."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_urls": False}) as workbook:
        workbook.set_properties({"title": title, "author": author, "company": author})
        for tab in tabs:
            _write(workbook, tab)
    return target.getvalue()


def _write(workbook: Workbook, tab: Tab) -> None:
    sheet = workbook.add_worksheet(tab.name)
    for column, width in enumerate(tab.widths):
        sheet.set_column(column, column, width)
    formats: dict[tuple[str, bool], Format] = {}

    def look(number_format: str, *, bold: bool) -> Format:
        if (number_format, bold) not in formats:
            made = {"num_format": number_format, "bold": bold, "valign": "top"}
            formats[number_format, bold] = workbook.add_format(made)
        return formats[number_format, bold]

    for at, cells in enumerate(tab.rows):
        bold = at in tab.bold_rows
        for column, cell in enumerate(cells):
            kind = _POUNDS if _is_money(cell) else "0.0000%" if isinstance(cell, Fraction) else ""
            _cell(sheet, at, column, cell, look(kind or "General", bold=bold))


def _is_money(cell: object) -> bool:
    return isinstance(cell, Money) or (isinstance(cell, Formula) and cell.is_money)


def _cell(sheet: Worksheet, at: int, column: int, cell: object, look: Format) -> None:
    if isinstance(cell, str):
        if cell:
            sheet.write_string(at, column, cell, look)
    elif isinstance(cell, Money):
        sheet.write_number(at, column, cell.pence / _PENCE, look)
    elif isinstance(cell, Formula):
        value = cell.value / _PENCE if cell.is_money else cell.value
        sheet.write_formula(at, column, cell.text, look, value)
    elif isinstance(cell, (int, float, Decimal, Fraction)):
        sheet.write_number(at, column, float(cell), look)
    else:
        raise TypeError(f"A cell is a text or a number, not {cell!r}.")

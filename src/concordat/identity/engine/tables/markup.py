"""Pieces of an HTML page: everything that came from outside is escaped here."""

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files


class Markup(str):
    """Text that is HTML already and is not escaped again."""

    __slots__ = ()


Cell = str | int | float | Markup | None


def written(value: Cell) -> str:
    """Return a value as HTML: numbers with thousands apart, nothing as a dash."""
    if isinstance(value, Markup):
        return value
    if value is None or value == "":
        return '<span class="blank" title="blank">–</span>'
    if isinstance(value, bool | str):
        return escape(str(value))
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}".replace("-", "−")


def tag(name: str, content: Cell, **attributes: str) -> Markup:
    """Return an element; `class_` is the attribute class."""
    said = "".join(f' {key.rstrip("_")}="{escape(told)}"' for key, told in attributes.items())
    return Markup(f"<{name}{said}>{written(content)}</{name}>")


def joined(pieces: Iterable[str]) -> Markup:
    """Return pieces of HTML one after another."""
    return Markup("\n".join(pieces))


def table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    numbers: Sequence[int] = (),
    wide: bool = False,
) -> Markup:
    """Return a table whose first column names its rows.

    `numbers` are columns set to the right; a `wide` table scrolls by itself.
    """
    kinds = ["number" if place in numbers else "" for place in range(len(head))]
    heads = "".join(
        tag("th", title, scope="col", class_=kind) for title, kind in zip(head, kinds, strict=True)
    )
    body = []
    for row in rows:
        first, *rest = row
        cells = [tag("th", first, scope="row", class_=kinds[0])]
        cells += [tag("td", cell, class_=kind) for cell, kind in zip(rest, kinds[1:], strict=True)]
        body.append(f"<tr>{''.join(cells)}</tr>")
    made = (
        f"<table>{tag('caption', caption)}<thead><tr>{heads}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table>"
    ).replace(' class=""', "")
    return scrolled(caption, made) if wide else Markup(made)


def scrolled(name: str, content: str) -> Markup:
    """Return something that may be wider than the page in a frame that scrolls, keyboard too."""
    return Markup(
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(name)}">{content}</div>'
    )


def section(title: str, *content: str) -> Markup:
    """Return a section of the page under its heading."""
    name = "".join(letter if letter.isalnum() else "-" for letter in title.lower())
    return Markup(
        f'<section aria-labelledby="{name}"><h2 id="{name}">{escape(title)}</h2>\n'
        + "\n".join(content)
        + "</section>"
    )


def paragraph(text: str) -> Markup:
    """Return a paragraph of plain text."""
    return tag("p", text)


def page(title: str, lead: str, *sections: str) -> str:
    """Return a whole page that needs no other file."""
    style = files("concordat.identity.engine.tables").joinpath("report.css").read_text("utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"<header><p>Concordat</p></header>\n<main>\n<h1>{escape(title)}</h1>\n{lead}\n"
        + "\n".join(sections)
        + "\n</main>\n</body>\n</html>\n"
    )

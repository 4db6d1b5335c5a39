"""Links from one page of a list to the others."""

from collections.abc import Callable

from concordat.web.formatting import format_number, plural

_AROUND = 2


def pages(
    *, page: int, pages: int, total: int, size: int, href: Callable[[int], str]
) -> dict[str, object]:
    """Return what the macro `pagination` takes: the first, the last and the pages around this one.

    `href` gives the address of a page by its number.
    """
    first = (page - 1) * size + 1
    last = min(page * size, total)
    showing = f"Showing {format_number(first)} to {format_number(last)} of {plural(total, 'event')}"
    items: list[dict[str, object]] = []
    before = 0
    for number in range(1, pages + 1):
        if number not in (1, pages) and abs(number - page) > _AROUND:
            continue
        if number > before + 1:
            items.append({"ellipsis": True})
        items.append({"number": number, "href": href(number), "current": number == page})
        before = number
    return {
        "previous": href(page - 1) if page > 1 else None,
        "next": href(page + 1) if page < pages else None,
        "items": items,
        "showing": showing if total else "",
    }


def page_number(text: str) -> int:
    """Return the page that an address asks for; 1 for anything that is no such number."""
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1  # noqa: PLR2004 (the last page of a million has fewer)

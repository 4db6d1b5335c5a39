"""Where the page of a record is, by its kind."""

from uuid import UUID

from django.urls import reverse

from concordat.access.rules import EVENT_KINDS, THING_KINDS, RecordKind

_PAGES = {
    **dict.fromkeys(EVENT_KINDS, "event"),
    **dict.fromkeys(THING_KINDS, "thing"),
    RecordKind.PERSON: "person",
    RecordKind.PLACE: "place",
}


def page_of(kind: RecordKind, record_id: UUID) -> str:
    """Return the address of a record's page; "" for a kind that has none."""
    name = _PAGES.get(kind)
    return reverse(name, args=[record_id]) if name else ""

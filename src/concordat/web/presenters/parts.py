"""The people, things and places of a report: what each is called, and looked up by."""

from typing import Final

from django.urls import reverse

from concordat.access.rules import RecordKind
from concordat.records.rules.reports import Participant, Report, Thing, Where

Part = Participant | Thing | Where

_SEARCHED = (
    "given_names", "surname", "alias", "date_of_birth", "pnc_id", "cro", "phone", "email",
    "mark", "vin", "serial", "imei", "number", "address", "name",
    "house", "street", "town", "postcode",
)  # fmt: skip
"""What is looked up by, in the order in which it is said."""

_CALLED: Final = {
    RecordKind.PERSON: (("given_names", "surname"), ("alias",), ("description",), ("phone",)),
    RecordKind.PLACE: (("house", "street", "town", "postcode"), ("area",)),
    RecordKind.VEHICLE: (("mark",), ("colour", "make", "model"), ("vin",)),
    RecordKind.WEAPON: (("make", "model", "serial"), ("description",), ("weapon_type",)),
    RecordKind.PHONE: (("number",), ("imei",)),
    RecordKind.ACCOUNT: (("address", "platform"),),
    RecordKind.PROPERTY: (("description",), ("make", "serial")),
    RecordKind.DOCUMENT: (("document_type", "number"),),
    RecordKind.BUSINESS: (("name",), ("trading_as",)),
}
"""What a part is called by: the first of these of which anything is known."""


def parts_of(report: Report) -> tuple[Part, ...]:
    """Return every person, thing and place of a report, in the order of the page."""
    return (*report.participants, *report.things, *report.places)


def kind_of(part: Part) -> RecordKind:
    """Return the kind of record that a part is."""
    match part:
        case Participant():
            return RecordKind.PERSON
        case Thing():
            return part.kind
        case Where():
            return RecordKind.PLACE


def search_text(part: Part) -> str:
    """Return by what a part is looked up in the register."""
    told = [part.fields[code] for code in _SEARCHED if part.fields.get(code, "").strip()]
    return " ".join(told) or part.label


def title(part: Part) -> str:
    """Return what a part is called; "" if nothing is known of it."""
    if part.record_id:
        return part.label
    for codes in _CALLED[kind_of(part)]:
        told = [part.fields.get(code, "").strip() for code in codes]
        if any(told):
            return " ".join(filter(None, told))
    return part.label


def record_url(part: Part) -> str:
    """Return the page of the record that a part is linked to; "" if it is to none."""
    if not part.record_id:
        return ""
    names = {RecordKind.PERSON: "person", RecordKind.PLACE: "place"}
    return reverse(names.get(kind_of(part), "thing"), args=[part.record_id])

"""Reports as somebody logs them in tests; nobody in them is real."""

from collections.abc import Mapping

from concordat.access.rules import RecordKind
from concordat.records.rules.reports import Participant, Report, Thing, Where

HALE = {
    "given_names": "Robert Invented",
    "surname": "Hale",
    "date_of_birth": "03/05/1987",
    "gender": "Male",
    "house": "14",
    "street": "Nowhere Street",
    "town": "Colchester",
    "postcode": "SS99 9ZZ",
    "phone": "07700 900123",
}
QUILL = {"given_names": "Mary", "surname": "Quill", "date_of_birth": "1990-02-11",
         "gender": "Female", "phone": "07700 900456"}  # fmt: skip
CAR = {"mark": "AB12 CDE", "make": "Ford", "model": "Focus", "colour": "red"}
PLACE = {"house": "1", "street": "High Street", "town": "Colchester", "postcode": "CO1 1AA"}
CRIME = {
    "summary": "Theft of a phone from Mary Quill by Robert Hale.",
    "occurred_date": "2026-11-20",
    "occurred_time": "22:15",
    "reported_date": "2026-11-21",
    "ho_class": "39",
    "outcome": "0",
    "mo": "Took the phone from the table while she was away.",
    "officer": "An Officer",
}
INTELLIGENCE = {
    "title": "Stolen cars at the old quarry",
    "source_evaluation": "1",
    "assessment": "A",
    "handling_code": "P",
    "marking": "OFFICIAL",
    "information": "A named source saw two cars.",
    "sanitised": "Two cars were seen at the old quarry.",
    "provenance": "Told to an officer at the quarry.",
    "intelligence_date": "2026-11-19",
}
CONDITIONAL = INTELLIGENCE | {"handling_code": "C", "action": "A1", "sanitisation": "S2"}


def theft(**changes: str) -> Report:
    """Return a theft with a suspect, a victim, a vehicle and a place, all of them new."""
    return Report(
        kind=RecordKind.CRIME,
        fields=CRIME | changes,
        participants=(
            Participant(key="p1", roles=("suspect",), fields=HALE, assessment=True),
            Participant(key="p2", roles=("victim", "witness"), fields=QUILL),
        ),
        things=(Thing(key="t1", kind=RecordKind.VEHICLE, uses=("used",), fields=CAR),),
        places=(Where(key="w1", fields=PLACE),),
    )


def intelligence(fields: Mapping[str, str] = INTELLIGENCE, **changes: str) -> Report:
    """Return an intelligence report about somebody new."""
    return Report(
        kind=RecordKind.INTELLIGENCE,
        fields={**fields, **changes},
        participants=(Participant(key="p1", roles=("person_of_interest",), fields=HALE),),
    )

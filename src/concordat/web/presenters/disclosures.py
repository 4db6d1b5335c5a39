"""Disclosures in words: what was told to whom, on which conditions, and what became of it."""

from collections.abc import Iterable, Mapping

from django.urls import reverse

from concordat.access.rules import RecordKind
from concordat.organisations.queries import OrganisationSummary
from concordat.records.queries import DisclosureDetail
from concordat.records.rules import catalogue
from concordat.records.rules.handling import Handling, handling_of
from concordat.web.formatting import format_datetime, plural
from concordat.web.presenters.logged import disclosure_standing

Bodies = Mapping[int, OrganisationSummary]

_CODES = (
    ("source_evaluation", "Source", "source_evaluations"),
    ("assessment", "Information", "assessments"),
    ("handling_code", "Handling", "handling_codes"),
    ("action", "Action", "actions"),
    ("sanitisation", "Sanitisation", "sanitisations"),
)


def title(one: DisclosureDetail) -> str:
    """Return what was disclosed, in a line; a recipient of a recall knows its reference alone."""
    return ", ".join(filter(None, (one.title or "Intelligence report", one.reference)))


def facts(one: DisclosureDetail, bodies: Bodies) -> list[tuple[str, str]]:
    """Return a disclosure as pairs."""
    rows = [
        ("From", bodies[one.owner_id].name),
        ("To", bodies[one.recipient_id].name),
        ("Originator", bodies[one.originator_id].name),
        ("Disclosed", f"{format_datetime(one.disclosed_at)} by {one.disclosed_by}"),
        ("Text", "The sanitised text alone" if one.sanitised else "The whole report"),
        ("For", one.purpose),
        ("How good it is", one.quality),
        *code_rows(one.codes),
        ("Standing", disclosure_standing(one)),
    ]
    if one.originator_agrees:
        rows.insert(-1, ("Originator agreed", one.originator_agrees))
    if one.recalled_at:
        rows.append(("Recalled because", one.recalled_because))
    return rows


def code_rows(codes: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return grades and handling codes with their meaning."""
    return [
        (name, catalogue.label_of(choices, codes[code]))
        for code, name, choices in _CODES
        if codes.get(code)
    ]


def received_rows(found: Iterable[DisclosureDetail], bodies: Bodies) -> list[list[object]]:
    """Return what was received, as cells."""
    return [
        [
            {"text": title(one), "href": reverse("disclosure", args=[one.id])},
            bodies[one.owner_id].name,
            format_datetime(one.disclosed_at),
            one.purpose,
            disclosure_standing(one),
        ]
        for one in found
    ]


def handling_text(kind: RecordKind, codes: Mapping[str, str]) -> str:
    """Return the conditions of a report in one sentence, before somebody passes it on."""
    handling: Handling = handling_of(kind, codes)
    if not handling.is_conditional:
        return "Handling code P: it may be shared lawfully for a policing purpose."
    codes = {"action": handling.action, "sanitisation": handling.sanitisation}
    meanings = [f"{meaning}." for _, meaning in code_rows(codes)]
    return " ".join(["Handling code C: it may be shared on conditions alone.", *meanings])


def recalled_text(reached: int) -> str:
    """Return what a recall did."""
    return f"Recalled. {plural(reached, 'body was', 'bodies were')} told that it must not be used."

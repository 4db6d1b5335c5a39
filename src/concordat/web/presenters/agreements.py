"""Agreements in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from concordat.agreements.queries import AgreementDetail
from concordat.agreements.rules import RECORD_ROLES, SharingTerms, Standing
from concordat.base.actor import POLICING_PURPOSES, Purpose, Role
from concordat.web.formatting import format_date

STANDING_COLOURS = {
    Standing.IN_FORCE: "green",
    Standing.AGREED: "blue",
    Standing.DRAFT: "yellow",
    Standing.ENDED: "grey",
}
CAN_END = (Standing.AGREED, Standing.IN_FORCE)


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One sharing clause: its heading, and its terms as pairs."""

    title: str
    rows: list[tuple[str, str]]


def clauses(agreement: AgreementDetail) -> list[Clause]:
    """Return the sharing schedule in words."""
    return [
        Clause(
            title=f"{number}. {terms.kind.label}: {terms.level.label.lower()}",
            rows=[
                ("Read by", roles_text(terms.roles)),
                ("For", purposes_text(terms.purposes)),
                ("Lawful basis", terms.lawful_basis),
                ("Impact assessment", terms.assessment),
                ("Contact", terms.contact),
            ],
        )
        for number, terms in enumerate(agreement.sharing, start=1)
    ]


def agreement_rows(agreement: AgreementDetail) -> list[tuple[str, str]]:
    """Return what an agreement is, as pairs."""
    return [
        ("Form", agreement.kind.label),
        ("Purpose", agreement.purpose),
        ("Functions", listed(agreement.functions)),
        ("Runs", runs(agreement.starts_on, agreement.ends_on)),
        ("Version", str(agreement.version)),
    ]


def runs(starts_on: date | None, ends_on: date | None) -> str:
    """Return an agreement's dates. `ends_on` is the first day without it."""
    if starts_on is None:
        return "Not started"
    if ends_on is None:
        return f"From {format_date(starts_on)}, without an end"
    if ends_on <= starts_on:
        return f"Ended on {format_date(ends_on)}, the day it started"
    return f"From {format_date(starts_on)} to {format_date(ends_on - timedelta(days=1))}"


def opened(sharing: Sequence[SharingTerms]) -> list[str]:
    """Return what the sharing clauses open, one sentence each."""
    return [
        f"{terms.kind.label}: {terms.level.label.lower()}, for "
        f"{purposes_text(terms.purposes).lower()}"
        for terms in sharing
    ]


def roles_text(roles: Iterable[Role]) -> str:
    """Return roles in words; those of everyday record work by one name."""
    held = set(roles)
    if held == set(RECORD_ROLES):
        return (
            "Everybody who works with records ("
            + listed(role.label.lower() for role in RECORD_ROLES)
            + ")"
        )
    return sentence(listed(role.label.lower() for role in Role if role in held))


def purposes_text(purposes: Iterable[Purpose]) -> str:
    """Return purposes in words; the policing purposes by one name."""
    given = set(purposes)
    if given == set(POLICING_PURPOSES):
        return "Every policing purpose"
    return sentence(listed(purpose.label.lower() for purpose in Purpose if purpose in given))


def listed(names: Iterable[str]) -> str:
    """Return names as a list in a sentence: "Essex, Kent and Norfolk"."""
    words = list(names)
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def sentence(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]

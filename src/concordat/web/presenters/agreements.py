"""Agreements in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from concordat.access.rules import Level
from concordat.agreements.queries import AgreementDetail
from concordat.agreements.rules import RECORD_ROLES, SharingTerms, State
from concordat.base.actor import POLICING_PURPOSES, Purpose, Role
from concordat.web.formatting import format_date

STATE_COLOURS = {
    State.IN_FORCE: "green",
    State.APPROVED: "blue",
    State.DRAFT: "yellow",
    State.PROPOSED: "purple",
    State.NOTICE: "orange",
    State.ENDED: "grey",
    State.VARIED: "grey",
    State.DROPPED: "grey",
}


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
                ("Joint controllers’ contact", terms.contact),
                ("Fire services", "Receive these too" if terms.with_fire else "Receive none"),
            ],
        )
        for number, terms in enumerate(agreement.sharing, start=1)
    ]


@dataclass(frozen=True, kw_only=True)
class Shared:
    """Kinds of record that are opened on the same terms."""

    kinds: str
    level: str
    roles: str
    purposes: str


def shared(sharing: Sequence[SharingTerms]) -> list[Shared]:
    """Return the sharing schedule in short: kinds on the same terms together, full ones first."""
    together: dict[tuple[object, ...], list[SharingTerms]] = {}
    for terms in sharing:
        same = (terms.level, frozenset(terms.roles), frozenset(terms.purposes), terms.with_fire)
        together.setdefault(same, []).append(terms)
    ordered = sorted(together.values(), key=lambda group: group[0].level is not Level.FULL)
    return [
        Shared(
            kinds=sentence(listed(terms.kind.label.lower() for terms in group)),
            level=group[0].level.label,
            roles=roles_text(group[0].roles)
            + (", and fire services among the parties" if group[0].with_fire else ""),
            purposes=purposes_text(group[0].purposes),
        )
        for group in ordered
    ]


def term_rows(agreement: AgreementDetail) -> list[tuple[str, str]]:
    """Return what was agreed beside the schedules, as pairs; what is not said is left out."""
    terms = agreement.terms
    notice = f"{terms.notice_months} month{'' if terms.notice_months == 1 else 's'}"
    rows = [
        ("Lead", agreement.lead.name if agreement.lead else ""),
        ("Functions", listed(agreement.functions)),
        ("Kept out of every agreement of these parties", listed(terms.excluded_functions)),
        ("Direction and control", terms.direction_and_control),
        ("Liability", terms.liability),
        ("How a party leaves", terms.exit_terms),
        ("What leaving costs", terms.exit_costs),
        ("Notice", notice if terms.notice_months else "None: a party may leave at any time"),
        ("To be reviewed", format_date(terms.review_on)),
    ]
    return [row for row in rows if row[1]]


def agreement_rows(agreement: AgreementDetail) -> list[tuple[str, str]]:
    """Return what an agreement is, as pairs."""
    return [
        ("Form", agreement.kind.label),
        ("Purpose", agreement.purpose),
        ("Runs", runs(agreement.starts_on, agreement.ends_on)),
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

"""Reading agreements. Everybody who is signed in may read what has been agreed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from concordat.access.rules import Level, RecordKind
from concordat.agreements.errors import CannotShare, UnknownAgreement
from concordat.agreements.models import Agreement, SharingClause
from concordat.agreements.rules import (
    AgreementKind,
    SharingTerms,
    Standing,
    State,
    standing_on,
)
from concordat.agreements.rules.costs import (
    Calculation,
    Formula,
    Key,
    equal_key,
    figure_day,
    share_cost,
)
from concordat.base.acting import acting
from concordat.base.actor import Actor, Purpose, Role
from concordat.base.clock import today
from concordat.organisations.queries import (
    FigureSummary,
    OrganisationSummary,
    figures,
    names_by_id,
    organisation,
)
from concordat.organisations.rules import Measure

_PUBLISHED = {
    Formula.POPULATION: Measure.POPULATION,
    Formula.OFFICERS: Measure.POLICE_OFFICERS_FTE,
    Formula.BUDGET: Measure.BUDGET_REQUIREMENT,
}
"""The formulas whose numbers are published figures; for the others somebody gives them."""

_UNITS = {"GBP_m": "million pounds", "FTE": "full-time equivalents"}


@dataclass(frozen=True, kw_only=True)
class AgreementDetail:
    """An agreement as pages and commands show it."""

    id: UUID
    reference: str
    version: int
    title: str
    kind: AgreementKind
    purpose: str
    functions: tuple[str, ...]
    parties: tuple[OrganisationSummary, ...]
    sharing: tuple[SharingTerms, ...]
    standing: Standing
    starts_on: date | None
    ends_on: date | None


def agreements(actor: Actor, *, party_id: int | None = None) -> list[AgreementDetail]:
    """Return every agreement, or those of one party: in force first, then by reference."""
    with acting(actor):
        rows = Agreement.objects.prefetch_related("party_rows", "sharing_rows")
        if party_id is not None:
            rows = rows.filter(party_rows__organisation=party_id)
        bodies = names_by_id()
        found = [_detail(row, bodies) for row in rows.order_by("reference")]
    order = [Standing.IN_FORCE, Standing.AGREED, Standing.DRAFT, Standing.ENDED]
    return sorted(found, key=lambda detail: order.index(detail.standing))


def agreement(actor: Actor, *, reference: str) -> AgreementDetail:
    """Return one agreement. Raises UnknownAgreement."""
    with acting(actor):
        rows = Agreement.objects.prefetch_related("party_rows", "sharing_rows")
        row = rows.filter(reference=reference.replace("\0", "")).first()
        if row is None:
            raise UnknownAgreement(f"There is no agreement with the reference {reference}.")
        return _detail(row, names_by_id())


def references_by_id(actor: Actor) -> dict[UUID, str]:
    """Return the reference of each agreement by its id."""
    with acting(actor):
        return dict(Agreement.objects.values_list("id", "reference"))


def contact_for(actor: Actor, *, agreement_id: UUID, clause: int) -> str:
    """Return the contact point that a sharing clause names, or "" if there is none."""
    with acting(actor):
        rows = SharingClause.objects.filter(agreement=agreement_id, number=clause)
        return rows.values_list("contact", flat=True).first() or ""


def cost_shares(
    actor: Actor,
    *,
    total: int,
    formula: Formula,
    parties: Sequence[str],
    year: int | None = None,
    weights: Mapping[str, Decimal] | None = None,
) -> Calculation:
    """Share `total` pence among bodies, named as `organisation` reads them, with the calculation.

    Population, officers and budget come from published figures of `year`; without it, of the
    latest day that all parties have. For net revenue expenditure, use and percentages `weights`
    are given, by party. Raises UnknownOrganisation; CannotShare for a party named twice, a figure
    that is not there, and weights that are missing, not wanted or of others than the parties.
    """
    with acting(actor):
        named = parties or list(weights or ())
        bodies = [organisation(name) for name in named]
        if len({body.code for body in bodies}) < len(bodies):
            raise CannotShare("A party is named twice.")
        if formula in _PUBLISHED:
            key = _published_key(formula, bodies, year)
        elif year is not None:
            raise CannotShare(f"{formula.label} takes no year: no published figures are used.")
        elif formula is Formula.EQUAL:
            key = equal_key([body.code for body in bodies])
        else:
            key = _given_key(formula, bodies, weights or {})
    if weights and formula in {Formula.EQUAL, *_PUBLISHED}:
        raise CannotShare(f"{formula.label} takes no weights.")
    return share_cost(total, key)


def _given_key(
    formula: Formula, bodies: list[OrganisationSummary], weights: Mapping[str, Decimal]
) -> Key:
    given = {organisation(name).code: weight for name, weight in weights.items()}
    if len(given) < len(weights) or set(given) != {body.code for body in bodies}:
        raise CannotShare(f"{formula.label} needs one weight for each party.")
    return Key(formula=formula, weights=given)


def _published_key(formula: Formula, bodies: list[OrganisationSummary], year: int | None) -> Key:
    if not bodies:
        raise CannotShare("Name at least one party to share among.")
    measure = _PUBLISHED[formula]
    found: dict[str, dict[date, FigureSummary]] = {
        body.code: {row.as_at: row for row in figures(body.id) if row.measure is measure}
        for body in bodies
    }
    days = {body.name: found[body.code].keys() for body in bodies}
    day = figure_day(days, year=year, called=formula.label.lower())
    rows = {code: of_body[day] for code, of_body in found.items()}
    units = sorted({row.unit for row in rows.values()})
    if len(units) > 1:
        raise CannotShare(f"The figures are in different units: {', '.join(units)}.")
    return Key(
        formula=formula,
        weights={code: row.value for code, row in rows.items()},
        unit=_UNITS.get(units[0], units[0]),
        as_at=f"{day.day} {day:%B %Y}",
        sources=tuple(sorted({row.source for row in rows.values()})),
    )


def sharing_terms(rows: Iterable[SharingClause]) -> tuple[SharingTerms, ...]:
    """Return the clauses as the rules know them."""
    return tuple(
        SharingTerms(
            kind=RecordKind(row.kind),
            level=Level(row.level),
            lawful_basis=row.lawful_basis,
            assessment=row.assessment,
            contact=row.contact,
            roles=tuple(Role(role) for role in row.roles),
            purposes=tuple(Purpose(purpose) for purpose in row.purposes),
        )
        for row in rows
    )


def _detail(row: Agreement, bodies: dict[int, OrganisationSummary]) -> AgreementDetail:
    parties = sorted(party.organisation_id for party in row.party_rows.all())
    clauses = sorted(row.sharing_rows.all(), key=lambda clause: clause.number)
    return AgreementDetail(
        id=row.id,
        reference=row.reference,
        version=row.version,
        title=row.title,
        kind=AgreementKind(row.kind),
        purpose=row.purpose,
        functions=tuple(row.functions),
        parties=tuple(bodies[party] for party in parties),
        sharing=sharing_terms(clauses),
        standing=standing_on(
            today(), state=State(row.state), starts=row.starts_on, ends=row.ends_on
        ),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )

"""Reading agreements. Everybody who is signed in may read what has been agreed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from concordat.access.rules import Level, RecordKind
from concordat.agreements.errors import UnknownAgreement
from concordat.agreements.models import Agreement, SharingClause
from concordat.agreements.rules import (
    AgreementKind,
    SharingTerms,
    Standing,
    State,
    standing_on,
)
from concordat.base.acting import acting
from concordat.base.actor import Actor, Purpose, Role
from concordat.base.clock import today
from concordat.organisations.queries import OrganisationSummary, names_by_id


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

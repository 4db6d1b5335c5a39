"""Reading agreements. Everybody who is signed in may read what has been agreed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Q

from concordat.agreements.errors import UnknownAgreement
from concordat.agreements.models import Agreement, LifeStep, Party, SharingClause, Signatory
from concordat.agreements.rules import (
    AgreementKind,
    AgreementTerms,
    Capacity,
    Decision,
    Framework,
    SharingTerms,
    State,
    Step,
    from_document,
    state_on,
    stored_for,
)
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import today
from concordat.organisations.queries import OrganisationSummary, names_by_id

_Row = TypeVar("_Row", Party, Signatory, LifeStep)

_MOST_TELLING = (
    State.IN_FORCE,
    State.NOTICE,
    State.APPROVED,
    State.PROPOSED,
    State.DRAFT,
    State.ENDED,
    State.DROPPED,
    State.VARIED,
)
"""Which of an agreement's versions is meant by its reference alone, and how lists are ordered."""

LISTED = frozenset(State) - {State.DROPPED, State.VARIED}
"""The states of what lists show without being asked."""


@dataclass(frozen=True, kw_only=True)
class SignatureDetail:
    """A signature that a version needs, and how its signatory has decided."""

    body: OrganisationSummary
    capacities: tuple[Capacity, ...]
    decision: Decision
    reasons: str
    conditions: str
    person_name: str
    on_paper: bool
    asked_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class StepDetail:
    """One step in the life of a version, by whom and why."""

    step: Step
    before: State
    after: State
    at: datetime
    by_name: str
    body: OrganisationSummary | None
    because: str
    details: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class AgreementDetail:
    """One version of an agreement as pages and commands show it.

    `signatures` are those of the present round, empty while it is a draft. `left` says which
    parties have left, with the first day on which they were a party no more.
    """

    id: UUID
    reference: str
    version: int
    revision: int
    title: str
    kind: AgreementKind
    purpose: str
    functions: tuple[str, ...]
    parties: tuple[OrganisationSummary, ...]
    left: dict[int, date]
    lead: OrganisationSummary | None
    sharing: tuple[SharingTerms, ...]
    terms: AgreementTerms
    digest: str
    state: State
    starts_on: date | None
    ends_on: date | None
    created_at: datetime
    proposed_at: datetime | None
    signatures: tuple[SignatureDetail, ...]
    steps: tuple[StepDetail, ...]

    @property
    def waiting_on(self) -> tuple[SignatureDetail, ...]:
        """The signatures that are still missing while it is proposed."""
        if self.state is not State.PROPOSED:
            return ()
        return tuple(s for s in self.signatures if s.decision is not Decision.APPROVED)

    def involves(self, organisation_id: int) -> bool:
        """Whether a body is a party or one that must sign."""
        bodies = [*self.parties, *(signature.body for signature in self.signatures)]
        return organisation_id in {body.id for body in bodies}


def agreements(
    actor: Actor,
    *,
    party_id: int | None = None,
    involving: int | None = None,
    states: Collection[State] = LISTED,
) -> list[AgreementDetail]:
    """Return the agreements that stand in one of `states` today, those in force first.

    `party_id` keeps those of one party, `involving` also those that a body must sign. Versions
    that a later one has replaced, and drafts that were dropped, come only if their states are
    asked for; `versions` has them all.
    """
    with acting(actor):
        rows = Agreement.objects.filter(state__in=stored_for(states))
        if party_id is not None:
            rows = rows.filter(party_ids__contains=[party_id])
        if involving is not None:
            signing = Signatory.objects.filter(organisation=involving).values("agreement")
            rows = rows.filter(Q(party_ids__contains=[involving]) | Q(id__in=signing))
        found = _details(rows.order_by("reference", "version"))
    shown = [detail for detail in found if detail.state in states]
    return sorted(shown, key=lambda detail: _MOST_TELLING.index(detail.state))


def versions(actor: Actor, *, reference: str) -> tuple[AgreementDetail, ...]:
    """Return every version of an agreement, the newest first. Raises UnknownAgreement."""
    with acting(actor):
        rows = Agreement.objects.filter(reference=reference.replace("\0", ""))
        found = tuple(_details(rows.order_by("-version")))
    if not found:
        raise UnknownAgreement(f"There is no agreement with the reference {reference}.")
    return found


def agreement(actor: Actor, *, reference: str, version: int | None = None) -> AgreementDetail:
    """Return one version of an agreement, or the one that its reference alone means.

    That is the one in force; where none is, the one that is nearest to it. Raises
    UnknownAgreement.
    """
    found = versions(actor, reference=reference)
    if version is None:
        return min(found, key=lambda detail: _MOST_TELLING.index(detail.state))
    for detail in found:
        if detail.version == version:
            return detail
    raise UnknownAgreement(f"{reference} has no version {version}.")


def references_by_id(actor: Actor) -> dict[UUID, str]:
    """Return the reference of each version of each agreement by its id."""
    with acting(actor):
        return dict(Agreement.objects.values_list("id", "reference"))


def contact_for(actor: Actor, *, agreement_id: UUID, clause: int) -> str:
    """Return the contact point that a sharing clause names, or "" if there is none."""
    with acting(actor):
        rows = SharingClause.objects.filter(agreement=agreement_id, number=clause)
        return rows.values_list("contact", flat=True).first() or ""


def frameworks(actor: Actor, *, but_not: str = "") -> list[Framework]:
    """Return the framework agreements that bind now: what their parties never share."""
    return [
        Framework(
            reference=detail.reference,
            parties=detail.terms.parties,
            excluded=detail.terms.excluded_functions,
        )
        for detail in agreements(actor, states=[State.IN_FORCE, State.NOTICE])
        if detail.terms.excluded_functions and detail.reference != but_not
    ]


@dataclass(frozen=True)
class _Beside:
    """What stands beside versions in other tables, by the id of each."""

    parties: Mapping[UUID, list[Party]]
    signatories: Mapping[UUID, list[Signatory]]
    steps: Mapping[UUID, list[LifeStep]]


def _details(found: Iterable[Agreement]) -> list[AgreementDetail]:
    """Return rows as the rest of the service sees them; called inside `acting`.

    Three statements for all of them: related managers would cost more time than their rows do.
    """
    rows = list(found)
    ids = [row.id for row in rows]
    beside = _Beside(
        parties=_by_agreement(Party.objects.filter(agreement__in=ids)),
        signatories=_by_agreement(Signatory.objects.filter(agreement__in=ids)),
        steps=_by_agreement(LifeStep.objects.filter(agreement__in=ids)),
    )
    bodies = names_by_id()
    return [_detail(row, beside, bodies) for row in rows]


def _by_agreement(rows: Iterable[_Row]) -> dict[UUID, list[_Row]]:
    grouped: dict[UUID, list[_Row]] = defaultdict(list)
    for row in rows:
        grouped[row.agreement_id].append(row)
    return grouped


def _detail(
    row: Agreement, beside: _Beside, bodies: dict[int, OrganisationSummary]
) -> AgreementDetail:
    terms = from_document(row.terms)
    by_code = {body.code: body for body in bodies.values()}
    parties = beside.parties.get(row.id, [])
    ids = sorted({party.organisation_id for party in parties} or row.party_ids)
    return AgreementDetail(
        id=row.id,
        reference=row.reference,
        version=row.version,
        revision=row.revision,
        title=terms.title,
        kind=terms.kind,
        purpose=terms.purpose,
        functions=tuple(terms.functions),
        parties=tuple(bodies[party] for party in ids),
        left={p.organisation_id: p.left_on for p in parties if p.left_on},
        lead=by_code.get(terms.lead),
        sharing=tuple(terms.sharing),
        terms=terms,
        digest=row.digest,
        state=state_on(today(), stored=State(row.state), starts=row.starts_on, ends=row.ends_on),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        created_at=row.created_at,
        proposed_at=row.proposed_at,
        signatures=_signatures(beside.signatories.get(row.id, []), row.round, bodies),
        steps=_steps(beside.steps.get(row.id, []), bodies),
    )


def _signatures(
    rows: Iterable[Signatory], present: int, bodies: dict[int, OrganisationSummary]
) -> tuple[SignatureDetail, ...]:
    return tuple(
        SignatureDetail(
            body=bodies[row.organisation_id],
            capacities=tuple(Capacity(capacity) for capacity in row.capacities),
            decision=Decision(row.decision),
            reasons=row.reasons,
            conditions=row.conditions,
            person_name=row.person_name,
            on_paper=row.on_paper,
            asked_at=row.asked_at,
            decided_at=row.decided_at,
        )
        for row in sorted(rows, key=lambda row: row.organisation_id)
        if row.round == present
    )


def _steps(
    rows: Iterable[LifeStep], bodies: dict[int, OrganisationSummary]
) -> tuple[StepDetail, ...]:
    return tuple(
        StepDetail(
            step=Step(row.step),
            before=State(row.before),
            after=State(row.after),
            at=row.at,
            by_name=row.by_name,
            body=bodies.get(row.organisation_id),
            because=row.because,
            details={name: str(value) for name, value in row.details.items()},
        )
        for row in sorted(rows, key=lambda row: row.id)
    )

"""Making, starting and ending agreements; the grants follow in the same transaction."""

from datetime import date

from django.db import IntegrityError, transaction

from concordat.access.actions import (
    check_can_end_grants,
    check_can_grant,
    end_grants,
    write_grants,
)
from concordat.access.errors import NotAllowedToGrant
from concordat.agreements.errors import (
    AgreementExists,
    AgreementsError,
    IncompleteAgreement,
    UnknownAgreement,
    WrongState,
)
from concordat.agreements.models import Agreement, Party, SharingClause
from concordat.agreements.queries import AgreementDetail, agreement, sharing_terms
from concordat.agreements.rules import (
    AgreementTerms,
    State,
    Step,
    grants_of,
    missing_terms,
    next_state,
)
from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.clock import midnight, now, today
from concordat.base.ids import new_id
from concordat.organisations.queries import organisation


def draft_agreement(actor: Actor, *, terms: AgreementTerms) -> AgreementDetail:
    """Write down a new agreement as a draft; it opens nothing yet.

    Raises IncompleteAgreement naming everything that is missing, AgreementExists,
    UnknownOrganisation for a party, NotAllowedToGrant for everybody but the service.
    """
    check_can_grant(actor)
    missing = missing_terms(terms)
    if missing:
        raise IncompleteAgreement("The agreement still needs " + "; ".join(missing) + ".")
    parties = [organisation(code) for code in dict.fromkeys(terms.parties)]
    with acting(actor):
        row = Agreement(
            id=new_id(),
            reference=terms.reference.strip(),
            title=terms.title.strip(),
            kind=terms.kind,
            purpose=terms.purpose.strip(),
            functions=list(terms.functions),
            state=State.DRAFT,
            created_at=now(),
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as taken:
            raise AgreementExists(
                f"There already is an agreement with the reference {row.reference}."
            ) from taken
        Party.objects.bulk_create(Party(agreement=row, organisation_id=p.id) for p in parties)
        SharingClause.objects.bulk_create(_clauses(row, terms))
        _journal(actor, row, "agreements.draft_agreement", parties=[p.code for p in parties])
    return agreement(actor, reference=row.reference)


def start_agreement(
    actor: Actor, *, reference: str, starts_on: date | None = None, ends_on: date | None = None
) -> AgreementDetail:
    """Put a draft into force from the midnight that begins `starts_on` (today if not given).

    `ends_on`, if given, is the first day without it. The grants are written in the same
    transaction: what they open can be read by the next statement. Raises UnknownAgreement,
    WrongState, NotAllowedToGrant, AgreementsError.
    """
    with acting(actor):
        row = _locked(actor, reference, Step.START)
        row.starts_on = starts_on or today()
        row.ends_on = ends_on
        if ends_on is not None and ends_on < row.starts_on:
            raise AgreementsError("An agreement can’t end before it starts.")
        row.state = State.APPROVED
        row.save(update_fields=["state", "starts_on", "ends_on"])
        terms = grants_of(
            agreement_id=row.id,
            version=row.version,
            party_ids=_party_ids(row),
            sharing=sharing_terms(row.sharing_rows.order_by("number")),
            starts=row.starts_on,
            ends=row.ends_on,
        )
        write_grants(actor, agreement_id=row.id, terms=terms)
        _journal(
            actor,
            row,
            "agreements.start_agreement",
            starts_on=row.starts_on.isoformat(),
            ends_on=ends_on.isoformat() if ends_on else "",
        )
    return agreement(actor, reference=reference)


def end_agreement(actor: Actor, *, reference: str, ends_on: date | None = None) -> AgreementDetail:
    """End an agreement: from the midnight that begins `ends_on` on it is closed.

    Today, which is meant if no day is given, ends it at this moment: what it opened is gone with
    the next statement, and what was seen until now stays covered. Raises UnknownAgreement,
    WrongState, NotAllowedToGrant, AgreementsError.
    """
    with acting(actor):
        row = _locked(actor, reference, Step.END)
        day = ends_on or today()
        if day < today():
            raise AgreementsError(
                "An agreement can’t end in the past: what was seen under it was seen lawfully."
            )
        if row.ends_on is not None and day > row.ends_on:
            raise AgreementsError(f"It ends on {row.ends_on} already; that can’t be put off here.")
        row.ends_on = max(day, row.starts_on or day)
        if row.ends_on <= today():
            row.state = State.ENDED  # until that day it can still be ended sooner
        row.save(update_fields=["state", "ends_on"])
        end_grants(actor, agreement_id=row.id, at=midnight(row.ends_on))
        _journal(actor, row, "agreements.end_agreement", ends_on=row.ends_on.isoformat())
    return agreement(actor, reference=reference)


def check_can_take(actor: Actor, step: Step, party_ids: list[int]) -> None:
    """Raise, with the reason, unless `actor` may take `step` with an agreement of these parties.

    Raises NotAllowedToGrant for other roles, AgreementsError for an organisation that is no party.
    """
    if step is Step.START:
        check_can_grant(actor)
    else:
        check_can_end_grants(actor)
    if not actor.holds(Role.SYSTEM) and actor.organisation_id not in party_ids:
        raise AgreementsError(
            f"{actor.organisation_name} is no party to this agreement: its staff can’t change it."
        )


def can_take(actor: Actor, step: Step, detail: AgreementDetail) -> bool:
    """Whether `actor` may take `step` with this agreement: for pages that offer it."""
    try:
        check_can_take(actor, step, [party.id for party in detail.parties])
    except (AgreementsError, NotAllowedToGrant):
        return False
    return True


def _locked(actor: Actor, reference: str, step: Step) -> Agreement:
    """Return the agreement, locked until the transaction ends, if `actor` may take `step`."""
    row = Agreement.objects.filter(reference=reference).first()
    if row is None:
        raise UnknownAgreement(f"There is no agreement with the reference {reference}.")
    check_can_take(actor, step, _party_ids(row))
    row = Agreement.objects.select_for_update().get(id=row.id)  # whoever else changed it is done
    if next_state(State(row.state), step) is None:
        raise WrongState(f"{reference} is {row.state}: it can’t {step.value} from there.")
    return row


def _party_ids(row: Agreement) -> list[int]:
    return sorted(row.party_rows.values_list("organisation_id", flat=True))


def _clauses(row: Agreement, terms: AgreementTerms) -> list[SharingClause]:
    return [
        SharingClause(
            agreement=row,
            number=number,
            kind=clause.kind,
            level=clause.level,
            roles=list(clause.roles),
            purposes=list(clause.purposes),
            lawful_basis=clause.lawful_basis,
            assessment=clause.assessment,
            contact=clause.contact,
        )
        for number, clause in enumerate(terms.sharing, start=1)
    ]


def _journal(actor: Actor, row: Agreement, action: str, **details: object) -> None:
    record(
        actor,
        operation=Operation.ADMINISTRATION,
        action=action,
        details={"agreement": row.reference, **details},
    )

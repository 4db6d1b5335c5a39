"""Who would have to sign, and what keeps terms from being proposed."""

from collections.abc import Iterable

from concordat.agreements.queries.agreements import agreements, frameworks
from concordat.agreements.rules import (
    AgreementTerms,
    PartyBody,
    Required,
    State,
    missing_terms,
    not_to_be_shared,
    required_signatures,
    unfit_parties,
)
from concordat.base.actor import Actor
from concordat.base.clock import today
from concordat.organisations.queries import OrganisationSummary, organisation, related_bodies
from concordat.organisations.rules import OrganisationKind


def party_bodies(codes: Iterable[str]) -> list[PartyBody]:
    """Return the parties with those who sign beside or for them today. Raises UnknownOrganisation.

    Bodies change: it is whoever holds the power today that must sign, not who held it once.
    """
    found = []
    for code in dict.fromkeys(codes):
        body = organisation(code)
        around = [other for other in related_bodies(body.id) if _exists(other)]
        found.append(
            PartyBody(
                code=body.code,
                kind=body.kind,
                policing_body=_first(around, OrganisationKind.POLICING_BODY),
                fire_authority=_first(around, OrganisationKind.FIRE_AUTHORITY)
                or _first(around, OrganisationKind.POLICING_BODY),
            )
        )
    return found


def overseers(party_id: int) -> set[int]:
    """Return the bodies that sign beside or for a party today: no fire service its force.

    `concordat.overseers` says the same to PostgreSQL.
    """
    signing = (OrganisationKind.POLICING_BODY, OrganisationKind.FIRE_AUTHORITY)
    around = related_bodies(party_id)
    return {body.id for body in around if body.kind in signing and _exists(body)}


def signatures_needed(actor: Actor, *, terms: AgreementTerms) -> tuple[Required, ...]:
    """Return every signature that these terms need. Raises UnknownOrganisation."""
    del actor  # who signs is public
    return required_signatures(terms.kind, party_bodies(terms.parties))


def everything_missing(actor: Actor, *, terms: AgreementTerms) -> list[str]:
    """Return, in plain words, all that keeps terms from being proposed; empty if nothing does."""
    bodies = party_bodies(terms.parties)
    return [
        *missing_terms(terms),
        *unfit_parties(terms.kind, bodies),
        *_unasked(actor, terms),
        *not_to_be_shared(
            terms.functions, terms.parties, frameworks(actor, but_not=terms.reference)
        ),
    ]


def _unasked(actor: Actor, terms: AgreementTerms) -> list[str]:
    """Return what is said of parties that are no more, or that a new version would put out."""
    gone = [body for body in map(organisation, terms.parties) if not _exists(body)]
    begins = terms.starts_on or today()
    binding = (State.APPROVED, State.IN_FORCE, State.NOTICE)
    staying = {
        party.name
        for one in agreements(actor)
        if one.reference == terms.reference and one.state in binding
        if one.ends_on is None or one.ends_on > begins
        for party in one.parties
        if party.id not in one.left and party.code not in terms.parties
    }
    return [f"another party than {body.name}, which is no more" for body in gone] + [
        f"{name} as a party: it stays one until it leaves by itself" for name in sorted(staying)
    ]


def _exists(body: OrganisationSummary) -> bool:
    day = today()
    begun = body.valid_from is None or body.valid_from <= day
    return begun and (body.valid_until is None or day < body.valid_until)


def _first(bodies: Iterable[OrganisationSummary], kind: OrganisationKind) -> str:
    return next((body.code for body in bodies if body.kind is kind), "")

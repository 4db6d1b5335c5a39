"""Who must sign an agreement: computed from its form and its parties, never typed.

Sources: Police Act 1996 s.22A (a chief officer only with the policing body), s.24 (chief officers);
Policing and Crime Act 2017 ss.1-5 (fire and rescue authorities). A chief officer and a policing
body are corporations sole of their own: three forces make six signatures, seven make fourteen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from concordat.agreements.rules.terms import AgreementKind
from concordat.organisations.rules import OrganisationKind


class Capacity(StrEnum):
    """As what somebody signs."""

    CHIEF_OFFICER = "chief_officer"
    POLICING_BODY = "policing_body"
    FIRE_AUTHORITY = "fire_authority"

    @property
    def label(self) -> str:
        """The capacity in plain English."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, kw_only=True)
class PartyBody:
    """A party as of the day: its code and kind, and who signs beside or for it.

    `policing_body` and `fire_authority` are codes, "" where there is none on record: a force has
    a policing body, a fire service an authority, which may be the same combined commissioner.
    """

    code: str
    kind: OrganisationKind
    policing_body: str = ""
    fire_authority: str = ""


@dataclass(frozen=True, kw_only=True)
class Required:
    """One signature that an agreement needs: the body that signs, and in which capacities."""

    body: str
    capacities: tuple[Capacity, ...]


_BESIDE_THE_CHIEF = {
    AgreementKind.SECTION_22A,
    AgreementKind.SECTION_22A_BOTH,
    AgreementKind.EMERGENCY_SERVICES,
    AgreementKind.MEMORANDUM,
}
_WITH_FIRE = {
    AgreementKind.EMERGENCY_SERVICES,
    AgreementKind.MEMORANDUM,
    AgreementKind.INFORMATION_SHARING,
}


def required_signatures(kind: AgreementKind, parties: Iterable[PartyBody]) -> tuple[Required, ...]:
    """Return every signature that an agreement of this form needs, by body.

    A force signs by its chief officer, with its policing body where the form asks for it; in an
    agreement of policing bodies these sign alone. A fire service's authority signs for it. A body
    that would sign twice, such as a commissioner who is the fire authority too, signs once in both
    capacities.
    """
    found: dict[str, list[Capacity]] = {}

    def needs(body: str, capacity: Capacity) -> None:
        if body and capacity not in found.setdefault(body, []):
            found[body].append(capacity)

    for party in parties:
        if party.kind is OrganisationKind.FIRE_SERVICE:
            needs(party.fire_authority, Capacity.FIRE_AUTHORITY)
        elif party.kind is OrganisationKind.FIRE_AUTHORITY:
            needs(party.code, Capacity.FIRE_AUTHORITY)
        elif party.kind is OrganisationKind.POLICING_BODY:
            needs(party.code, Capacity.POLICING_BODY)
        else:
            if kind is not AgreementKind.SECTION_22A_POLICING:
                needs(party.code, Capacity.CHIEF_OFFICER)
            if kind in _BESIDE_THE_CHIEF or kind is AgreementKind.SECTION_22A_POLICING:
                needs(party.policing_body, Capacity.POLICING_BODY)
    return tuple(
        Required(body=body, capacities=tuple(sorted(capacities)))
        for body, capacities in sorted(found.items())
    )


def unfit_parties(kind: AgreementKind, parties: Iterable[PartyBody]) -> list[str]:
    """Return, in plain words, what keeps these bodies from making an agreement of this form."""
    bodies = list(parties)
    fire = (OrganisationKind.FIRE_SERVICE, OrganisationKind.FIRE_AUTHORITY)
    with_fire = [body.code for body in bodies if body.kind in fire]
    missing = []
    if with_fire and kind not in _WITH_FIRE:
        missing.append(f"another form: fire services are no parties to “{kind.label}”")
    if kind is AgreementKind.EMERGENCY_SERVICES and len(with_fire) in (0, len(bodies)):
        missing.append("a police and a fire party: this form binds two kinds of emergency service")
    for body in bodies:
        if body.kind is OrganisationKind.FIRE_SERVICE and not body.fire_authority:
            missing.append(f"somebody who signs for {body.code}: no fire authority is on record")
        needs_body = kind in _BESIDE_THE_CHIEF or kind is AgreementKind.SECTION_22A_POLICING
        if body.kind is OrganisationKind.FORCE and needs_body and not body.policing_body:
            missing.append(f"a policing body of {body.code}: none is on record")
    return missing

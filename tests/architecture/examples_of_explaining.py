"""One use of every query that explains access or a change, and calls that must leave nothing."""

from collections.abc import Mapping

from concordat.access.errors import NotAllowedToExplain
from concordat.access.rules import RecordKind
from concordat.agreements.errors import UnknownAgreement
from concordat.agreements.queries import explain, what_would_change
from concordat.base.actor import Actor, Role
from concordat.organisations.queries import organisation
from tests.architecture.examples import Example, Failure, Scene
from tests.world import SERVICE, person


def explained(scene: Scene, about: Actor) -> object:
    """Let the officer ask what somebody may see of the persons of Kent."""
    kent = organisation("kent").id
    return explain(scene.officer, about=about, owner_id=kent, kind=RecordKind.PERSON)


EXAMPLES_OF_EXPLAINING: Mapping[str, Example] = {
    "agreements.queries.explain": Example(
        lambda s: explained(s, person("essex", Role.FINANCE)), given=lambda s: s.officer
    ),
    "agreements.queries.what_would_change": Example(
        lambda _: what_would_change(SERVICE, reference="DRAFT"), given=lambda s: s.draft
    ),
}

FAILURES_OF_EXPLAINING: Mapping[str, Failure] = {
    "asking what somebody of another body may see": Failure(
        NotAllowedToExplain,
        lambda s: explained(s, SERVICE),
        given=lambda s: s.officer,
    ),
    "asking what an agreement that isn't there would change": Failure(
        UnknownAgreement,
        lambda s: what_would_change(s.officer, reference="NONE"),
        given=lambda s: s.officer,
    ),
}

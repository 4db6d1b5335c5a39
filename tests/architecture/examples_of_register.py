"""One use of every action of the register, and calls that must leave nothing."""

from collections.abc import Mapping
from pathlib import Path

from concordat.agreements.actions import import_register
from concordat.agreements.errors import AgreementsError, NotAllowedToTake
from tests.architecture.examples import Example, Failure, Scene
from tests.world import SERVICE

ROWS = "row_id,function,parties,event\nA1,Dogs,Essex|Kent,established\n"


def register_file(scene: Scene, text: str = ROWS) -> Path:
    """Return a register as a file."""
    path = scene.folder / "register.csv"
    path.write_text(text, encoding="utf-8")
    return path


EXAMPLES_OF_REGISTER: Mapping[str, Example] = {
    "agreements.actions.import_register": Example(
        lambda s: import_register(SERVICE, path=register_file(s))
    ),
}
FAILURES_OF_REGISTER: Mapping[str, Failure] = {
    "importing a register without the right": Failure(
        NotAllowedToTake,
        lambda s: import_register(s.officer, path=register_file(s)),
        given=lambda s: s.officer,
    ),
    "importing a file that is no register": Failure(
        AgreementsError, lambda s: import_register(SERVICE, path=register_file(s, "a,b\n1,2\n"))
    ),
}

"""One invented register, trained on and linked once for all tests of the engine."""

from dataclasses import dataclass

import pytest

from concordat.identity.engine import Linkage, Model, People, link, train
from tests.rules.identity.engine_registers import Register, invented_register


@dataclass(frozen=True)
class Linked:
    """A register, its people, the model trained on them, and what linking found."""

    register: Register
    people: People
    model: Model
    linkage: Linkage


def linked(register: Register) -> Linked:
    """Train on a register and link it."""
    people = register.people
    model = train(people)
    return Linked(register, people, model, link(people, model))


@pytest.fixture(scope="session")
def families() -> Linked:
    """Three thousand invented persons, most of whom live in families."""
    return linked(invented_register(3000))


@pytest.fixture(scope="session")
def strangers() -> Linked:
    """Two thousand invented persons each of whom lives alone."""
    return linked(invented_register(2000, seed=2, families=False))

"""Compiling the kernels ahead of time, so that nobody waits for it at work."""

import time
from typing import Final

import numpy as np
import pyarrow as pa

from concordat.identity.engine.explaining import explain
from concordat.identity.engine.linking import link
from concordat.identity.engine.meanings import Columns, Meaning
from concordat.identity.engine.people import People
from concordat.identity.engine.searching import Index, Scorer, features_of, keys_of
from concordat.identity.engine.training import train

_COLUMNS: Final[Columns] = {
    "forename": Meaning.FORENAME,
    "surname": Meaning.SURNAME,
    "born": Meaning.DATE_OF_BIRTH,
    "postcode": Meaning.POSTCODE,
}
_MADE_UP: Final = (
    ("John", "Smith", "1990-01-02", "SS1 2AB"),
    ("Jon", "Smyth", "1990-02-01", "SS1 2AB"),
    ("Mary", "Jones", "1980-05-06", "SS1 2AC"),
    ("Ann", "Hale", "", "SS2 1AA"),
)
_TIMES: Final = 5


def warm() -> float:
    """Compile every kernel, or load it if that has been done before; return the seconds it took.

    A tiny made-up table is trained on, linked, explained and searched: that calls each of them.
    """
    started = time.perf_counter()
    columns = zip(_COLUMNS, zip(*(_MADE_UP * _TIMES), strict=True), strict=True)
    people = People.from_table(pa.table({name: list(told) for name, told in columns}), _COLUMNS)
    model = train(people)
    link(people, model, together=[(0, 1)], apart=[(2, 3)])
    link(people, model, across=np.arange(len(people), dtype=np.int32) % 2)
    explain(people, model, 0, 1)
    asked = features_of({Meaning.FORENAME: "John", Meaning.SURNAME: "Smith"})
    keys_of([asked])
    Scorer(model, rows=len(people)).bits(asked, [asked])
    Index(people, model).who_is(asked)
    return time.perf_counter() - started

"""Which collaboration and which function of the shared list a register means by its words."""

import csv
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from concordat.agreements.rules.functions import functions

_NOISE = re.compile(
    r"\b(joint|units?|departments?|single|function|the|(\d+|two|three|seven) force)\b"
)


@dataclass(frozen=True)
class Naming:
    """What is meant: `collaboration` tells one from another of the same function.

    `function` is a name of the shared list, "" where none fits.
    """

    collaboration: str
    function: str


@lru_cache(maxsize=10_000)
def known_as(written: str) -> Naming:
    """Return what a register means by these words.

    “Road Policing Unit” and “Roads Policing Unit” are one; “ICT Department” and “Information and
    Communication Technology” too. What no table knows stays itself, in its own words.
    """
    wanted = _bare(written)
    listed = _listed().get(wanted)
    if listed:
        return listed
    for function in functions():
        if _bare(function.name) == wanted:
            return Naming(function.name, function.name)
    return Naming(wanted or written, "")


@cache
def _listed() -> dict[str, Naming]:
    text = (files(__package__) / "names.csv").read_text(encoding="utf-8")
    return {
        _bare(row["written"]): Naming(row["collaboration"], row["function"])
        for row in csv.DictReader(text.splitlines())
    }


def _bare(text: str) -> str:
    words = re.sub(r"[^a-z0-9]+", " ", text.lower().replace("&", " and "))
    return " ".join(_NOISE.sub(" ", words).split())

"""The words beside a name that say what somebody is: "victim …", "… was arrested"."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from concordat.access.rules import RecordKind
from concordat.records.rules.catalogue import kinds_in
from concordat.records.rules.standard_tables import table
from concordat.records.rules.telling_text import alternatives, word_list

SURE, LIKELY = 3, 2
"""Strengths of a word before a name: it is surely somebody, or likely."""
LOOKED: Final = 60
"""Characters before and after a name in which such a word stands."""

_RELATIONS: Final = alternatives(word_list("relations"))


@dataclass(frozen=True)
class Cue:
    """A word beside a name that says what somebody is."""

    pattern: re.Pattern[str]
    strength: int
    role: str
    kinds: tuple[RecordKind, ...]

    def said(self, text: str) -> str:
        """Return the word itself, as it stands in a text."""
        found = self.pattern.search(text)
        return found["cue"].lower() if found else ""

    def fits(self, kind: RecordKind | None) -> bool:
        """Whether it says so in an event of this kind."""
        return not self.kinds or kind in self.kinds


@cache
def _cues(side: str) -> tuple[Cue, ...]:
    cues = []
    for row in table("telling_roles"):
        if row["side"] == side:
            found = rf"(?<![\w'’-])(?P<cue>{alternatives(row['words'])})"
            pattern = (
                rf"{found}(?:\s+(?:is|was|were|named|called|identified as|believed to be|a|an|the"
                rf"|his|her|their|{_RELATIONS}))*"
                r"[\s:,(]*$"
                if side == "before"
                else rf"^[\s,)]*(?:who\s+|then\s+|also\s+|allegedly\s+)*{found}(?![\w'’-])"
            )
            cues.append(
                Cue(
                    pattern=re.compile(pattern, re.IGNORECASE),
                    strength=int(row["strength"]),
                    role=row["role"],
                    kinds=kinds_in(row["kinds"]),
                )
            )
    return tuple(cues)


def find_cue(side: str, text: str, kind: RecordKind | None) -> Cue | None:
    """Return the word that ends a text ("before" a name), or begins it ("after")."""
    return next((cue for cue in _cues(side) if cue.fits(kind) and cue.pattern.search(text)), None)


def default_role(kind: RecordKind | None) -> str:
    """Return what somebody is of whom nothing is said."""
    rows = (row for row in table("telling_roles") if row["side"] == "default")
    return next((row["role"] for row in rows if kind in kinds_in(row["kinds"])), "involved")

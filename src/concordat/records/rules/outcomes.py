"""The outcomes of crimes, and which of them need a suspect or exclude one.

Source: Home Office outcomes framework, types 1 to 22; 0 says that none is assigned yet and never
counts. Which need a suspect follows from what they say; the table is `standard/outcomes.csv`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, cast

from concordat.records.rules.standard_tables import table

SUSPECT_ROLES: Final = ("suspect", "offender", "arrested")
"""The roles of whoever is thought, or known, to have done it."""

Suspect = Literal["needed", "forbidden", "free"]
"""Whether an outcome needs a suspect, excludes one, or leaves it open."""

_POSITIVE: Final = frozenset({"charge", "out_of_court"})


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One type of outcome. `group` is the code of the family it is counted with."""

    code: str
    label: str
    suspect: Suspect
    group: str

    @property
    def counts(self) -> bool:
        """Whether it is an outcome at all: 0, not yet assigned, is left out of every total."""
        return self.group != "none"

    @property
    def is_positive(self) -> bool:
        """Whether somebody was charged, or dealt with out of court."""
        return self.group in _POSITIVE


OUTCOMES: Final[tuple[Outcome, ...]] = tuple(
    Outcome(
        code=row["code"],
        label=row["label"],
        suspect=cast("Suspect", row["suspect"]),
        group=row["group"],
    )
    for row in table("outcomes")
)
OUTCOME_BY_CODE: Final[Mapping[str, Outcome]] = {one.code: one for one in OUTCOMES}


def check_outcome(code: str, has_suspect: bool) -> str:
    """Return why an outcome can't stand with or without a suspect; "" if it can.

    No outcome, and one that the framework doesn't know, ask nothing.
    """
    outcome = OUTCOME_BY_CODE.get(code.strip())
    if outcome is None:
        return ""
    if outcome.suspect == "needed" and not has_suspect:
        return f"Outcome {outcome.code} ({outcome.label}) needs a suspect, and none is named."
    if outcome.suspect == "forbidden" and has_suspect:
        return (
            f"Outcome {outcome.code} ({outcome.label}) says that no suspect was identified, "
            "but a suspect is named."
        )
    return ""

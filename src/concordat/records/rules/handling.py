"""Grades and handling codes of an intelligence report (3x5x2), and what they allow.

Source: the national intelligence report, 3x5x2. Three evaluations of the source (1 reliable, 2
untested, 3 not reliable), five of the information (A known directly, B known indirectly but
corroborated, C known indirectly, D not known, E suspected to be false), two handling codes: P,
lawful sharing permitted, and C, lawful sharing permitted with conditions. Under C an action code
(A1 to A3) and a sanitisation code (S1, S2) are mandatory; under P they are forbidden. The sharing
platform is accredited for OFFICIAL: it refuses what is marked higher.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from concordat.access.rules import RecordKind

SOURCE_EVALUATIONS: Final = ("1", "2", "3")
ASSESSMENTS: Final = ("A", "B", "C", "D", "E")
HANDLING_CODES: Final = ("P", "C")
ACTIONS: Final = ("A1", "A2", "A3")
SANITISATIONS: Final = ("S1", "S2")
MARKINGS: Final = ("OFFICIAL", "OFFICIAL-SENSITIVE")
"""The markings of the Government Security Classifications that the platform may hold."""

_CONDITIONAL: Final = "C"
_INTELLIGENCE: Final = (RecordKind.INTELLIGENCE, RecordKind.INTELLIGENCE_CONDITIONAL)


@dataclass(frozen=True, kw_only=True)
class Handling:
    """The grade and handling of one report. `action_use` is what its owner allows under A3."""

    source_evaluation: str = ""
    assessment: str = ""
    handling_code: str = ""
    action: str = ""
    sanitisation: str = ""
    marking: str = "OFFICIAL"
    action_use: str = ""

    @property
    def is_conditional(self) -> bool:
        """Whether conditions bind: under C, and as long as nobody has said P."""
        return self.handling_code != "P"


@dataclass(frozen=True)
class Answer:
    """Whether something is allowed, and why: a sentence to show."""

    allowed: bool
    because: str


def handling_of(kind: RecordKind, fields: Mapping[str, str]) -> Handling:
    """Return the handling that a report's fields tell; its kind tells the code if they don't."""
    by_kind = _CONDITIONAL if kind is RecordKind.INTELLIGENCE_CONDITIONAL else "P"

    def told(code: str) -> str:
        return fields.get(code, "").strip().upper()

    return Handling(
        source_evaluation=told("source_evaluation"),
        assessment=told("assessment"),
        handling_code=told("handling_code") or by_kind,
        action=told("action"),
        sanitisation=told("sanitisation"),
        marking=told("marking") or "OFFICIAL",
        action_use=fields.get("action_use", "").strip(),
    )


def kind_under(handling_code: str) -> RecordKind:
    """Return the kind of record that a report under this handling code is: C is kept apart."""
    if handling_code.strip().upper() == _CONDITIONAL:
        return RecordKind.INTELLIGENCE_CONDITIONAL
    return RecordKind.INTELLIGENCE


def settled_kind(kind: RecordKind, fields: Mapping[str, str]) -> RecordKind:
    """Return the kind that a report comes to: of intelligence its handling code decides."""
    told = fields.get("handling_code", "").strip().upper()
    if told in HANDLING_CODES and kind in _INTELLIGENCE:
        return kind_under(told)
    return kind


def is_refused(marking: str) -> bool:
    """Whether a report with this marking may not be held here at all: SECRET and above."""
    return "SECRET" in marking.upper()


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why a handling can't stand: the field that says it, or lacks, and a sentence."""

    field: str
    text: str
    is_missing: bool


def check(handling: Handling) -> tuple[str, ...]:
    """Return every reason why this handling can't stand, as sentences; none if it can."""
    return tuple(problem.text for problem in problems(handling))


def problems(handling: Handling) -> tuple[Problem, ...]:
    """Return the same with the field that each concerns."""
    found = [
        _problem(field, said, f"{name} must be {_either(known)}.")
        for field, name, said, known in (
            ("source_evaluation", "The source evaluation", handling.source_evaluation,
             SOURCE_EVALUATIONS),
            ("assessment", "The intelligence assessment", handling.assessment, ASSESSMENTS),
            ("handling_code", "The handling code", handling.handling_code, HANDLING_CODES),
        )
        if said not in known
    ]  # fmt: skip
    return (*found, *_conditions(handling), *_marking(handling))


def _problem(field: str, said: str, text: str) -> Problem:
    return Problem(field=field, text=text, is_missing=not said)


def _conditions(handling: Handling) -> list[Problem]:
    codes = (("action", "action code", handling.action, ACTIONS),
             ("sanitisation", "sanitisation code", handling.sanitisation,
              SANITISATIONS))  # fmt: skip
    if handling.handling_code == "P":
        return [
            _problem(field, said, f"Under handling code P there is no {name}.")
            for field, name, said, _ in codes
            if said
        ]
    if handling.handling_code != _CONDITIONAL:
        return []
    found = [
        _problem(field, said, f"Under handling code C the {name} must be {_either(known)}.")
        for field, name, said, known in codes
        if said not in known
    ]
    if handling.action == "A3" and not handling.action_use:
        found.append(_problem("action_use", "", "A3 needs the action that its owner permits."))
    return found


def _marking(handling: Handling) -> list[Problem]:
    said = handling.marking
    if is_refused(said):
        text = f"A report marked {said} may not be held here: the limit is {MARKINGS[-1]}."
        return [_problem("marking", said, text)]
    if said not in MARKINGS:
        return [_problem("marking", said, f"The marking must be {_either(MARKINGS)}.")]
    return []


def _either(codes: tuple[str, ...]) -> str:
    return f"{', '.join(codes[:-1])} or {codes[-1]}"


def may_disclose(
    handling: Handling, *, by_originator: bool, sanitised: bool, originator_agrees: bool
) -> Answer:
    """Return whether a report may be told to another body, and why.

    `sanitised` says that the sanitised text alone is told. What lacks its sanitisation code is
    handled as S2, the stricter one.
    """
    if is_refused(handling.marking):
        return Answer(False, f"A report marked {handling.marking} may not be shared from here.")
    if not handling.is_conditional:
        return Answer(True, "Handling code P: lawful sharing is permitted.")
    if by_originator or originator_agrees:
        who = "shares it on its own conditions" if by_originator else "has agreed"
        return Answer(True, f"Handling code C: its originator {who}.")
    if handling.sanitisation != "S1":
        return Answer(
            False, "S2: not to be shared, sanitised or not, unless its originator agrees."
        )
    if sanitised:
        return Answer(True, "S1: its originator allows others to sanitise it and share that.")
    return Answer(False, "S1: without its originator only a sanitised text may be shared.")


def may_cite(handling: Handling, *, in_arrest: bool, other_grounds: bool) -> Answer:
    """Return whether another record may cite a report, and why.

    `other_grounds` says that the record rests on something else, too. What lacks its action code
    is handled as A1, the strictest one.
    """
    if not handling.is_conditional:
        return Answer(True, "Handling code P: it may be used for a policing purpose.")
    if not in_arrest:
        return Answer(True, "It may be combined with other information.")
    if handling.action == "A2" and other_grounds:
        return Answer(True, "A2: it may support other grounds; protect source and technique.")
    if handling.action == "A3" and handling.action_use:
        return Answer(True, f"A3: overt action as its owner specified: {handling.action_use}")
    return Answer(False, _NOT_CITED.get(handling.action, _NOT_CITED["A1"]))


_NOT_CITED: Final = {
    "A1": "A1: it may not be acted on directly, and never be cited in an arrest.",
    "A2": "A2: it may not support an arrest by itself; give other grounds.",
    "A3": "A3: its owner has not specified which action is permitted.",
}


def step_down(handling: Handling) -> Handling:
    """Return the handling after a review has lifted its conditions: code P without A and S codes.

    Raises ValueError if there are no conditions to lift.
    """
    if handling.handling_code != _CONDITIONAL:
        raise ValueError("Only a report under handling code C can step down to P.")
    return replace(handling, handling_code="P", action="", sanitisation="", action_use="")

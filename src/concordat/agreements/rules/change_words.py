"""Gains and losses in plain words: for pages and commands alike."""

from collections.abc import Collection, Iterable

from concordat.access.rules import Level
from concordat.agreements.rules.terms import RECORD_ROLES
from concordat.base.actor import POLICING_PURPOSES, Purpose, Role

_VERBS = {
    (Level.NONE, Level.FULL): ("gain", "the whole of {what}"),
    (Level.NONE, Level.POINTER): ("gain", "pointers to {what}, not the records themselves"),
    (Level.POINTER, Level.FULL): ("gain", "the whole of {what}, instead of pointers"),
    (Level.FULL, Level.POINTER): ("keep", "only pointers to {what}"),
    (Level.FULL, Level.NONE): ("lose", "{what}"),
    (Level.POINTER, Level.NONE): ("lose", "the pointers to {what}"),
}
_PAST = {"gain": "gained", "keep": "kept", "lose": "lost"}
_STAFF = {
    Role.OFFICER: "officers",
    Role.SUPERVISOR: "supervisors",
    Role.INTELLIGENCE: "intelligence staff",
    Role.CONTROL_ROOM: "control-room staff",
    Role.DATA_QUALITY: "data-quality staff",
}


def gained_or_lost(before: Level, after: Level, *, what: str, is_ahead: bool) -> str:
    """Return what becomes of `what`: “would gain pointers to …”, or, once it is so, “gained …”.

    Raises KeyError for two levels that are the same.
    """
    verb, text = _VERBS[before, after]
    said = f"would {verb}" if is_ahead else _PAST[verb]
    return f"{said} {text.format(what=what)}"


def staff_in_words(roles: Collection[Role]) -> str:
    """Return who holds these roles: “officers and intelligence staff”."""
    if set(roles) == set(RECORD_ROLES):
        return "everybody who works with records"
    named = (_STAFF.get(role, f"{role.label.lower()} staff") for role in Role if role in roles)
    return listed(named)


def purposes_in_words(purposes: Collection[Purpose]) -> str:
    """Return purposes as a sentence names them."""
    if set(purposes) == set(POLICING_PURPOSES):
        return "every policing purpose"
    return listed(purpose.label.lower() for purpose in Purpose if purpose in purposes)


def listed(names: Iterable[str]) -> str:
    """Return names as a list in a sentence: “Essex, Kent and Norfolk”."""
    words = list(names)
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)

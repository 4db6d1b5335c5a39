"""What can go wrong with records."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID


class RecordsError(Exception):
    """The package refused, with the reason in plain words."""


class UnknownRecord(RecordsError):
    """There is no such record, or the actor may not know of it: the two are never told apart."""


class NotAllowedToLoad(RecordsError):
    """The actor's roles don't permit loading files."""


class NotAllowedToRecord(RecordsError):
    """The actor's roles don't permit logging or amending, or the record is another force's."""


class NotAllowedToReview(RecordsError):
    """The actor doesn't supervise the force that the event is of."""


class NotAllowedToDisclose(RecordsError):
    """The event may not be told to that body; the message says which condition forbids it."""


class NotYourDraft(RecordsError):
    """Somebody else holds the draft."""


class WrongState(RecordsError):
    """What was asked for is over: submitted, answered, ended or recalled before."""


class WrongDetails(RecordsError):
    """Something that was told makes no sense; the message says what to correct."""


class StaleDraft(RecordsError):
    """Another save came between. `current` is the draft as it is kept (a `DraftDetail`)."""

    def __init__(self, current: Any) -> None:  # noqa: ANN401 (errors stand below what they carry)
        super().__init__("This draft has been saved elsewhere since you opened it.")
        self.current = current


class NotReady(RecordsError):
    """Something is missing without which the event can't be: `missing` says what and why."""

    def __init__(self, missing: Sequence[Any]) -> None:
        super().__init__("Something is missing without which this can’t be submitted.")
        self.missing = tuple(missing)


class EditConflict(RecordsError):
    """Somebody else changed the same fields: nothing was stored.

    `merged` (a `rules.merging.Merged`) says what both agree on and what not; `version` is what is
    current, on which the merge is to be stored.
    """

    def __init__(self, merged: Any, version: int) -> None:  # noqa: ANN401 (as above)
        super().__init__("Somebody else has changed the same fields since you opened the record.")
        self.merged = merged
        self.version = version


class AlreadyLogged(RecordsError):
    """The draft has become an event: `event_id`."""

    def __init__(self, event_id: UUID) -> None:
        super().__init__("This draft has been submitted.")
        self.event_id = event_id


class TooManyPointers(RecordsError):
    """The actor asked for more pointers in an hour than anyone needs."""


class WrongMap(RecordsError):
    """The map of a force's own columns can't be used; the message says what to correct."""

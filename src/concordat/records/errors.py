"""What can go wrong with records."""


class RecordsError(Exception):
    """The package refused, with the reason in plain words."""


class UnknownRecord(RecordsError):
    """There is no such record, or the actor may not know of it: the two are never told apart."""


class NotAllowedToLoad(RecordsError):
    """The actor's roles don't permit loading files."""


class TooManyPointers(RecordsError):
    """The actor asked for more pointers in an hour than anyone needs."""


class WrongMap(RecordsError):
    """The map of a force's own columns can't be used; the message says what to correct."""

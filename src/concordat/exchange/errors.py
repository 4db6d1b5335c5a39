"""What can go wrong when a force is taken out or in."""


class ExchangeError(Exception):
    """The package refused, with the reason in plain words."""


class NotAllowedToMove(ExchangeError):
    """The actor may not take a whole force out or in: the service alone does, at the command."""


class CannotWrite(ExchangeError):
    """The folder can’t be written: it is there already, or the disk is full."""


class UnusableExport(ExchangeError):
    """The folder is no whole export: damaged, of another format, or not for this installation."""


class DiffersHere(ExchangeError):
    """The installation holds other versions of the same rows; nothing was written."""

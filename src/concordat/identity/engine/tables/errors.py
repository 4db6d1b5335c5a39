"""What can be wrong with a table, its columns or the place of a result."""


class UnusableTable(Exception):
    """A file can't be read as a table of persons. The message says what was found and what to do.

    Nothing was written.
    """


class WrongColumns(UnusableTable):
    """The columns can't be used as they were mapped, or none of them tells persons apart."""


class UnwritableOutput(Exception):
    """A result can't be written where it was wanted. What stood there before still does."""


class WrongOutput(UnwritableOutput):
    """A result may not be written there: it is an input, or its name does not say what it is."""

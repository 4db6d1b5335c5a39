"""The rows of a source file, one at a time: their fields, or why they can't be taken apart."""

from collections.abc import Iterator

from concordat.base.source_files import Line, SourceFile, split_fields


class SourceTable:
    """A file of CSV being read once: its header, and every row that isn't blank."""

    def __init__(self, source: SourceFile) -> None:
        self._lines = source.lines()
        self.header = next(self._lines).text
        self.columns = split_fields(self.header) or []

    def rows(self) -> Iterator[tuple[Line, list[str] | str]]:
        """Yield each row's line with its fields, as many as there are columns, or the problem."""
        width = len(self.columns)
        for line in self._lines:
            if line.problem:
                yield line, line.problem
            elif line.text.strip():
                yield line, _fields(line.text, width)


def _fields(text: str, width: int) -> list[str] | str:
    fields = split_fields(text)
    if fields is None:
        return "the quotation marks of the row don’t pair up"
    if len(fields) != width:
        return f"the row has {len(fields)} fields where the header has {width}"
    return fields

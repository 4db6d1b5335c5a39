"""Writing a result: whole or not at all, and never over an input."""

import gzip
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from concordat.identity.engine.tables.errors import UnwritableOutput, WrongOutput
from concordat.identity.engine.tables.reading import Tables, text_of

ENDINGS: Final = (".csv", ".csv.gz", ".parquet")
_CSV_ROWS: Final = 65_536
_STRUCTURAL: Final = (b'"', b",", b"\r", b"\n")


def check_outputs(outputs: Sequence[Path], inputs: Sequence[Path]) -> None:
    """Check, before any work is done, that results can stand where they are wanted.

    Raises WrongOutput if an input or another result is there, and UnwritableOutput for a device or
    a folder where nothing can be written.
    """
    taken = {path.resolve(): "an input" for path in inputs}
    for path in outputs:
        place = path.resolve()
        for other, what in taken.items():
            if place == other or (place.exists() and other.exists() and place.samefile(other)):
                raise WrongOutput(f"{path} is {what} as well. Choose another name.")
        if place.exists() and not place.is_file():
            raise UnwritableOutput(f"{path} exists and is not a file.")
        if not place.parent.is_dir():
            raise UnwritableOutput(f"The folder {place.parent} does not exist. Make it first.")
        if not os.access(place.parent, os.W_OK):
            raise UnwritableOutput(f"You may not write in the folder {place.parent}.")
        taken[place] = "another result"


def check_ending(path: Path) -> None:
    """Check that a table can be written under this name. Raises WrongOutput."""
    if not path.name.lower().endswith(ENDINGS):
        raise WrongOutput(
            f"“{path.name}” does not say what to write. Its name must end in "
            f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}."
        )


def linked_table(
    read: Tables, clusters: npt.NDArray[np.int64]
) -> tuple[pa.Table, str, tuple[str, ...]]:
    """Return every input row with its cluster, that column's name, and notes for the user.

    A cluster is called by the number of its first row; rows are counted from 1. Rows of several
    files also tell their `source_file`.
    """
    table, notes = read.table, []
    if len(read.files) > 1:
        name = free_name("source_file", table.column_names)
        if name != "source_file":
            notes.append(f"There is a column “source_file” already, so ours is called “{name}”.")
        names = pa.array([file.name for file in read.files], pa.string())
        sources = pa.DictionaryArray.from_arrays(pa.array(read.source), names)
        table = table.append_column(name, sources)
    name = free_name("cluster_id", table.column_names)
    if name != "cluster_id":
        notes.append(f"There is a column “cluster_id” already, so ours is called “{name}”.")
    return table.append_column(name, pa.array(clusters + 1)), name, tuple(notes)


def free_name(wanted: str, taken: Sequence[str]) -> str:
    """Return the name, numbered from 2 if a column has it already, whatever its case."""
    lower = {name.strip().lower() for name in taken}
    numbered = (wanted if i == 1 else f"{wanted}_{i}" for i in range(1, len(lower) + 2))
    return next(name for name in numbered if name not in lower)


class TableWriter:
    """Writes rows of one schema to a CSV or Parquet file, by its ending.

    CSV is UTF-8 with commas and line feeds; values stand in quotation marks only where they must.
    """

    def __init__(self, stream: IO[bytes], path: Path, schema: pa.Schema) -> None:
        ending = path.name.lower()
        self._parquet: Any = None
        self._packed: IO[bytes] | None = None
        self._stream = stream
        if ending.endswith(".parquet"):
            self._parquet = pq.ParquetWriter(stream, schema, compression="zstd")
            return
        if ending.endswith(".gz"):
            packed = gzip.GzipFile(filename="", mode="wb", fileobj=stream, compresslevel=6)
            self._stream = self._packed = cast("IO[bytes]", packed)
        header = pa.table([pa.array([name]) for name in schema.names], names=schema.names)
        self._stream.write(_csv_lines(header))

    def write(self, table: pa.Table) -> None:
        """Add rows."""
        if self._parquet is not None:
            self._parquet.write_table(table)
            return
        for start in range(0, len(table), _CSV_ROWS):
            self._stream.write(_csv_lines(table.slice(start, _CSV_ROWS).combine_chunks()))

    def close(self) -> None:
        """Finish the file."""
        if self._parquet is not None:
            self._parquet.close()
        if self._packed is not None:
            self._packed.close()


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table as CSV (UTF-8, comma), gzipped CSV or Parquet. Raises UnwritableOutput."""
    if not path.name.lower().endswith(".parquet"):
        table = _as_text(table)
    with whole_file(path) as stream:
        writer = TableWriter(stream, path, table.schema)
        writer.write(table)
        writer.close()


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file beside the one wanted and move it into place when it is whole.

    Raises UnwritableOutput, with nothing left behind.
    """
    place = path.resolve()
    partial = None
    try:
        number, name = tempfile.mkstemp(
            prefix=f".{place.name}.", suffix=".partial", dir=place.parent
        )
        partial = Path(name)
        with os.fdopen(number, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        partial.chmod(_mode_of(place))
        partial.replace(place)
    except OSError as problem:
        raise UnwritableOutput(
            f"{path} can’t be written: {problem.strerror or problem}. What stood there before, if "
            "anything did, still does."
        ) from problem
    finally:
        if partial is not None:
            partial.unlink(missing_ok=True)


def _csv_lines(table: pa.Table) -> bytes:
    """Return rows as lines of CSV."""
    missing = _said("" if table.num_columns > 1 else '""')  # a lone blank would be no line at all
    columns = [_csv_values(column).fill_null(missing) for column in table.columns]
    lines = pc.binary_join_element_wise(*columns, _said(","))
    ended = pc.binary_join_element_wise(lines, _said(""), _said("\n"))
    return b"".join(_text_of(chunk) for chunk in ended.chunks)


def _text_of(lines: pa.LargeStringArray) -> memoryview:
    """Return the text of all values, one after another, as it lies in memory."""
    _, offsets, text = lines.buffers()
    if text is None:
        return memoryview(b"")
    places = np.frombuffer(offsets, np.int64)[lines.offset : lines.offset + len(lines) + 1]
    return memoryview(text)[places[0] : places[-1]]


def _csv_values(column: pa.ChunkedArray) -> pa.ChunkedArray:
    text = text_of(column).cast(pa.large_string())
    held = b"".join(_text_of(chunk) for chunk in text.chunks)
    if not any(mark in held for mark in _STRUCTURAL):
        return text
    structural = pc.match_substring_regex(text, f"[{b''.join(_STRUCTURAL).decode()}]")
    doubled = pc.replace_substring(text, '"', '""')
    marked = pc.binary_join_element_wise(_said('"'), doubled, _said('"'), _said(""))
    return pc.if_else(structural, marked, text)


def _said(text: str) -> pa.LargeStringScalar:
    return pa.scalar(text, pa.large_string())


def _as_text(table: pa.Table) -> pa.Table:
    """Return a table whose dates, numbers and lists are text, written alike in all rows."""
    for place, (name, column) in enumerate(zip(table.column_names, table.columns, strict=True)):
        kind = column.type
        if not (pa.types.is_large_string(kind) or pa.types.is_dictionary(kind)):
            table = table.set_column(place, name, text_of(column))
    return table


def _mode_of(place: Path) -> int:
    """Return the permissions a new file gets here, or those of the file it takes the place of."""
    if place.exists():
        return place.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask

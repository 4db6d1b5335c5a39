"""Reading CSV and Parquet files into one table: every column kept, every row in its order."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from concordat.identity.engine.tables.errors import UnusableTable
from concordat.identity.engine.tables.scanning import (
    MAXIMUM_FIELD,
    TextFacts,
    diagnose,
    is_parquet,
    opened,
    scan,
)

_BLOCK: Final = 4 * 1024 * 1024
_FEWEST_COLUMNS: Final = 3

Say = Callable[[str], None]


@dataclass(frozen=True)
class FileFacts:
    """One file that was read. `name` is its file name, or its path if two have the same name."""

    path: Path
    name: str
    form: str
    rows: int
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Tables:
    """What was read: one table of all rows, and the number of the file of each row.

    Columns of the same name in several files are one column. `notes` are for the user to read.
    """

    table: pa.Table
    source: np.ndarray[tuple[int], np.dtype[np.int32]]
    files: tuple[FileFacts, ...]
    notes: tuple[str, ...]


def read_tables(paths: Sequence[Path], say: Say | None = None) -> Tables:
    """Read files, one below the other. Values of CSV files stay text; only "" becomes null.

    `say` is told the name of each file before it is read. Raises UnusableTable.
    """
    _check_given_once(paths)
    names = _names(paths)
    tables, files, notes = [], [], []
    for path, name in zip(paths, names, strict=True):
        if say is not None:
            say(name)
        table, form, remarks = _read(path)
        _check(table, name)
        tables.append(table)
        files.append(FileFacts(path, name, form, table.num_rows, tuple(table.column_names)))
        notes += [f"{name}: {remark}" for remark in remarks]
    source = np.repeat(np.arange(len(tables), dtype=np.int32), [len(table) for table in tables])
    return Tables(_below_each_other(tables), source, tuple(files), tuple(notes))


def text_of(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column as text, as a person would write its values: no ".0", days without time."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return text_of(pa.chunked_array([chunk.dictionary_decode() for chunk in column.chunks]))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return column
    if pa.types.is_timestamp(kind):
        days = column.cast(pa.date32(), safe=False)
        whole = pc.all(pc.equal(days.cast(kind, safe=False), column)).as_py()
        return (days if whole in (True, None) else column).cast(pa.string())
    if pa.types.is_floating(kind):
        whole = pc.all(pc.equal(pc.floor(column), column)).as_py()
        return (column.cast(pa.int64()) if whole in (True, None) else column).cast(pa.string())
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return _written_out(column)
    return column.cast(pa.string())


def _written_out(column: pa.ChunkedArray) -> pa.ChunkedArray:
    import json  # noqa: PLC0415 (rare)

    values = [
        None if value is None else json.dumps(value, ensure_ascii=False, default=str)
        for value in column.to_pylist()
    ]
    return pa.chunked_array([pa.array(values, pa.string())])


def _check_given_once(paths: Sequence[Path]) -> None:
    seen: set[Path] = set()
    for path in paths:
        if path.resolve() in seen:
            raise UnusableTable(f"{path} is given twice. Each of its rows would find itself.")
        seen.add(path.resolve())


def _names(paths: Sequence[Path]) -> list[str]:
    names = [path.name for path in paths]
    return names if len(set(names)) == len(names) else [str(path) for path in paths]


def _read(path: Path) -> tuple[pa.Table, str, list[str]]:
    if is_parquet(path):
        return _read_parquet(path), "Parquet", []
    facts = scan(path)
    _check_names(path.name, facts.header)
    table, form = _read_csv(path, facts)
    return table, form, _swallowed(table, facts)


def _read_parquet(path: Path) -> pa.Table:
    try:
        with pq.ParquetFile(path, memory_map=True) as file:
            _check_names(path.name, file.schema_arrow.names)
            return file.read()
    except (pa.ArrowException, OSError) as problem:
        raise UnusableTable(
            f"{path.name} begins as a Parquet file but can’t be read: {_first_line(problem)}. "
            "It was probably cut short; get a fresh copy."
        ) from problem


def _read_csv(path: Path, facts: TextFacts) -> tuple[pa.Table, str]:
    if facts.odd_quotes:
        said = diagnose(path, facts)
        if "never closed" in said:
            raise UnusableTable(f"{path.name}: {said}")
    try:
        with opened(path) as stream:
            table = pa_csv.read_csv(
                stream if facts.compressed or facts.encoding != "utf-8" else path,
                read_options=pa_csv.ReadOptions(
                    encoding=facts.encoding, skip_rows=facts.skip, block_size=_BLOCK
                ),
                parse_options=pa_csv.ParseOptions(
                    delimiter=facts.delimiter, newlines_in_values=facts.quotes
                ),
                convert_options=pa_csv.ConvertOptions(
                    column_types=dict.fromkeys(facts.header, pa.string()),
                    null_values=[""],
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=True,
                ),
            )
    except (pa.ArrowException, UnicodeError) as problem:
        said = diagnose(path, facts)
        raise UnusableTable(f"{path.name}: {said or _in_words(problem)}") from problem
    if any(kind != pa.string() for kind in table.schema.types):
        raise UnusableTable(
            f"{path.name}: the header line can’t be read for certain. It should hold the names of "
            "the columns and nothing else."
        )
    return table, facts.label


def _swallowed(table: pa.Table, facts: TextFacts) -> list[str]:
    """Return a remark on each column whose values seem to hold whole rows between two marks."""
    if not facts.quotes or len(facts.header) < _FEWEST_COLUMNS:
        return []
    remarks = []
    row = f"\n([^{facts.delimiter}\n]*[{facts.delimiter}]){{{len(facts.header) - 1}}}"
    for name, column in zip(table.column_names, table.columns, strict=True):
        if not pc.any(pc.match_substring(column, "\n")).as_py():
            continue
        found = pc.match_substring_regex(column, row)
        if pc.any(found).as_py():
            remarks.append(
                f"the field “{name}” of row {pc.index(found, True).as_py() + 1:,} holds line "
                "breaks and what look like other rows. If a quotation mark is astray there, rows "
                "are missing from the table."
            )
    return remarks


def _in_words(problem: Exception) -> str:
    if "straddl" in str(problem):
        return f"a row is longer than {_BLOCK // 1024**2:,} MB."
    return f"its rows can’t be read: {_first_line(problem)}."


def _first_line(problem: Exception) -> str:
    return str(problem).partition("\n")[0][:200].rstrip(".")


def _check_names(file: str, names: Iterable[str]) -> None:
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names, 1):
        places.setdefault(name, []).append(place)
    for name, found in places.items():
        if len(found) > 1:
            which = f"are called “{name}”" if name.strip() else "have no name"
            numbers = ", ".join(map(str, found[:-1])) + f" and {found[-1]}"
            raise UnusableTable(
                f"{file}: columns {numbers} {which}. Give every column a name of its own."
            )


def _check(table: pa.Table, name: str) -> None:
    if not table.num_columns:
        raise UnusableTable(f"{name} has no columns.")
    if not table.num_rows:
        shown = ", ".join(table.column_names[:12])
        raise UnusableTable(f"{name} has a header and no rows. Its columns: {shown}.")
    for column, title in zip(table.columns, table.column_names, strict=True):
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            longest = pc.max(pc.binary_length(column)).as_py() or 0
            if longest > MAXIMUM_FIELD:
                row = pc.index(pc.equal(pc.binary_length(column), longest), True).as_py() + 1
                raise UnusableTable(
                    f"{name}: the field “{title}” of row {row:,} is longer than {MAXIMUM_FIELD:,} "
                    "bytes. Usually a quotation mark is opened there and never closed."
                )


def _below_each_other(tables: Sequence[pa.Table]) -> pa.Table:
    if len(tables) == 1:
        return tables[0]
    kinds: dict[str, set[Any]] = {}
    for table in tables:
        for field in table.schema:
            if not pa.types.is_null(field.type):
                kinds.setdefault(field.name, set()).add(field.type)
    unlike = {name for name, found in kinds.items() if len(found) > 1}
    alike = [_as_text(table, unlike) for table in tables]
    return pa.concat_tables(alike, promote_options="default")


def _as_text(table: pa.Table, names: set[str]) -> pa.Table:
    for place, name in enumerate(table.column_names):
        if name in names:
            text = text_of(table.column(place)).cast(pa.string())
            table = table.set_column(place, name, text)
    return table.replace_schema_metadata(None)

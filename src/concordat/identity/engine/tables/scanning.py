"""What a text file is made of: its encoding, its delimiter, its header; whether it is whole.

The file is looked at once from end to end, in pieces, before it is parsed: a wrong encoding or
binary data is then told by its line rather than found as damage in somebody's name.
"""

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from concordat.identity.engine.tables.errors import UnusableTable

MAXIMUM_FIELD: Final = 1_000_000
"""Characters in one field. No fact about a person is longer; an unpaired quotation mark is."""

MAXIMUM_ROW: Final = 8 * 1024 * 1024
"""Bytes in one row."""

DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}

_GZIP = b"\x1f\x8b"
_OTHER_KINDS: Final = {
    b"PK\x03\x04": "a ZIP archive or a spreadsheet",
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"SQLi": "a database file",
    b"ARRO": "an Arrow file",
}
_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_PIECE = 8 * 1024 * 1024
_HEAD = 256 * 1024
_SAMPLE_ROWS = 100
_NOT_IN_WINDOWS_1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")


@dataclass(frozen=True)
class TextFacts:
    """How a text file is written.

    `encoding` is Python's name for it; `skip` counts lines before the header; `quotes` says whether
    there is any quotation mark, `odd_quotes` whether they can't pair up.
    """

    encoding: str
    encoding_label: str
    delimiter: str
    header: tuple[str, ...]
    skip: int
    quotes: bool
    odd_quotes: bool
    compressed: bool

    @property
    def label(self) -> str:
        """The form in words: "CSV, UTF-8, comma"."""
        packed = "gzipped " if self.compressed else ""
        return f"{packed}CSV, {self.encoding_label}, {DELIMITERS[self.delimiter]}"


def is_parquet(path: Path) -> bool:
    """Return whether the file begins as Parquet does, whatever its name ends in."""
    return _first_bytes(path) == b"PAR1"


def scan(path: Path) -> TextFacts:
    """Look through a text file, plain or gzipped. Raises UnusableTable."""
    magic = _first_bytes(path)
    for start, kind in _OTHER_KINDS.items():
        if magic == start:
            raise UnusableTable(
                f"{path.name} is {kind}. Export it as CSV or Parquet and give that file."
            )
    compressed = magic.startswith(_GZIP)
    with opened(path) as stream:
        head = _read(path, stream, _HEAD)
    if not head.strip(b"\0\xff\xfe\xef\xbb\xbf \t\r\n"):
        raise UnusableTable(f"{path.name} is empty. A table needs a header line and rows below it.")
    encoding, label = _by_its_start(head)
    with opened(path) as stream:
        if encoding.startswith("utf-16"):
            quotes = _check_utf_16(path, stream, encoding)
        else:
            found = _Bytes(path)
            found.look_through(stream)
            quotes = found.quotes
            if found.is_windows_1252:
                encoding, label = "cp1252", "Windows-1252"
    lines = head.decode("utf-8-sig" if encoding == "utf-8" else encoding, "replace")
    skip, delimiter, header = _sniff(path, lines, whole=len(head) < _HEAD)
    return TextFacts(
        encoding, label, delimiter, header, skip, quotes > 0, quotes % 2 == 1, compressed
    )


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for reading, unpacked if it is gzipped."""
    with path.open("rb") as raw:
        packed = raw.read(2) == _GZIP
        raw.seek(0)
        if packed:
            with gzip.GzipFile(fileobj=raw) as stream:
                yield cast("IO[bytes]", stream)
        else:
            yield raw


def diagnose(path: Path, facts: TextFacts) -> str:
    """Return what is wrong with the rows of a file that could not be parsed, naming the line.

    Empty if nothing is found. Reads the file row by row: slow, for refused files only.
    """
    before = csv.field_size_limit(MAXIMUM_FIELD)
    try:
        with opened(path) as raw, io.TextIOWrapper(raw, _codec(facts), newline="") as text:
            for _ in range(facts.skip):
                text.readline()
            return _first_wrong_row(text, facts)
    finally:
        csv.field_size_limit(before)


def _first_wrong_row(text: IO[str], facts: TextFacts) -> str:
    reader = csv.reader(text, delimiter=facts.delimiter, strict=True)
    width = len(facts.header)
    started, wrong, first = facts.skip + 1, 0, ""
    try:
        for row in reader:
            if row and len(row) != width:
                wrong += 1
                first = first or (
                    f"Line {started:,} has {_fields(len(row))} where the header has {width:,}"
                )
            started = reader.line_num + facts.skip + 1
    except csv.Error as problem:
        if "field limit" in str(problem):
            return (
                f"A field that begins on line {started:,} is longer than {MAXIMUM_FIELD:,} "
                "characters. Usually a quotation mark is opened there and never closed."
            )
        if "end of data" in str(problem):
            return f"A quotation mark is opened in the row of line {started:,} and never closed."
        if not first:
            return f"The quotation marks on line {started:,} don’t pair up."
    more = f" (and so have {wrong - 1:,} more lines)" if wrong > 1 else ""
    return first and (
        f"{first}{more}. Put quotation marks around values that hold a "
        f"{DELIMITERS[facts.delimiter]}, or correct the file, and try again."
    )


def _first_bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise UnusableTable(f"{path} is a folder. Name the files in it.")
        if path.exists() and not path.is_file():
            raise UnusableTable(
                f"{path} is not a file on disk, and a table is read twice. Save it first."
            )
        with path.open("rb") as raw:
            return raw.read(4)
    except OSError as problem:
        raise UnusableTable(f"{path} can’t be opened: {problem.strerror}.") from problem


def _read(path: Path, stream: IO[bytes], size: int) -> bytes:
    """Read a piece, to the end of a line if one is near."""
    try:
        piece = stream.read(size)
        if len(piece) == size:
            piece += stream.readline(MAXIMUM_ROW)
    except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
        raise UnusableTable(
            f"{path.name} is cut short or damaged: its gzip does not end properly. "
            "Get a fresh copy."
        ) from problem
    except OSError as problem:
        raise UnusableTable(f"{path} can’t be read: {problem.strerror}.") from problem
    if len(piece) >= size + MAXIMUM_ROW:
        raise UnusableTable(
            f"{path.name} holds a line of more than {MAXIMUM_ROW // 1024**2} MB, so it is no table "
            "of persons, or its lines do not end as lines do."
        )
    return piece


def _by_its_start(head: bytes) -> tuple[str, str]:
    for mark, encoding, label in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding, label
    start = head[:2000]
    if start[1::2].count(0) > len(start) // 4:
        return "utf-16-le", "UTF-16"
    if start[::2].count(0) > len(start) // 4:
        return "utf-16-be", "UTF-16"
    return "utf-8", "UTF-8"


def _check_utf_16(path: Path, stream: IO[bytes], encoding: str) -> int:
    decoder = codecs.getincrementaldecoder(encoding)()
    line, quotes = 1, 0
    while True:
        piece = stream.read(_PIECE)
        try:
            text = decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as problem:
            raise UnusableTable(
                f"{path.name} begins as UTF-16 text but holds bytes that are not, on line {line:,} "
                "or after it. Save it as UTF-8 and try again."
            ) from problem
        line += text.count("\n")
        quotes += text.count('"')
        if not piece:
            return quotes


class _Bytes:
    """Whether the bytes of a file are UTF-8, Windows-1252, or not text of one encoding."""

    def __init__(self, path: Path) -> None:
        self.quotes = 0
        self._path = path
        self._line = 1
        self._utf_8 = 0  # the first line that only UTF-8 explains; 0: none
        self._other = 0  # the first line that UTF-8 does not explain; 0: none

    @property
    def is_windows_1252(self) -> bool:
        return self._other > 0

    def look_through(self, stream: IO[bytes]) -> None:
        while piece := _read(self._path, stream, _PIECE):
            self.quotes += piece.count(b'"')
            if b"\0" in piece:
                line = self._line + piece[: piece.index(b"\0")].count(b"\n")
                raise UnusableTable(
                    f"{self._path.name} is not a text file: line {line:,} holds binary data."
                )
            if not piece.isascii():
                self._look_at(piece)
            self._line += piece.count(b"\n")

    def _look_at(self, piece: bytes) -> None:
        if self._utf_8 and not self._other:
            try:
                piece.decode()
            except UnicodeDecodeError:
                pass
            else:
                return
        for number, line in enumerate(piece.split(b"\n"), self._line):
            if line.isascii():
                continue
            try:
                line.decode()
                self._utf_8 = self._utf_8 or number
            except UnicodeDecodeError:
                self._other = self._other or number
                if _NOT_IN_WINDOWS_1252.intersection(line):
                    raise UnusableTable(
                        f"Line {number:,} of {self._path.name} is text neither in UTF-8 nor in "
                        "Windows-1252. Save the file as UTF-8 and try again."
                    ) from None
            if self._utf_8 and self._other:
                raise UnusableTable(
                    f"{self._path.name} mixes two encodings: line {self._utf_8:,} is UTF-8 and "
                    f"line {self._other:,} is not (Windows-1252, it seems). Files of two origins "
                    "were probably put together. Save each as UTF-8 first, or give them apart."
                )


def _codec(facts: TextFacts) -> str:
    return "utf-8-sig" if facts.encoding == "utf-8" else facts.encoding


def _sniff(path: Path, text: str, *, whole: bool) -> tuple[int, str, tuple[str, ...]]:
    """Return the lines to skip, the delimiter, and the header."""
    text = text.removeprefix("\ufeff")
    first, _, rest = text.partition("\n")
    told = first.strip().strip('"').lower()
    if told.startswith("sep=") and told[4:5] in DELIMITERS:  # as Excel writes and reads it
        return 1, told[4], tuple(next(csv.reader(io.StringIO(rest, newline=""), delimiter=told[4])))
    best: tuple[float, int, str, tuple[str, ...]] = (-1.0, 0, ",", ())
    for delimiter in DELIMITERS:
        rows = _rows(text, delimiter, whole=whole)
        if not rows:
            continue
        width = len(rows[0])
        alike = sum(len(row) == width for row in rows) / len(rows) if width > 1 else 0.0
        if (alike, width) > best[:2]:
            best = (alike, width, delimiter, tuple(rows[0]))
    if not best[3]:
        raise UnusableTable(f"{path.name} can’t be read as CSV: its first line is not a header.")
    return 0, best[2], best[3]


def _rows(text: str, delimiter: str, *, whole: bool) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if row:
                rows.append(row)
            if len(rows) > _SAMPLE_ROWS:
                break
        else:
            if not whole and len(rows) > 1:
                rows.pop()  # it may be cut
    except csv.Error:
        pass  # said later, with its line
    return rows


def _fields(count: int) -> str:
    return f"{count:,} field" if count == 1 else f"{count:,} fields"

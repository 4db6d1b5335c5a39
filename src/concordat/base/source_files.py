"""Reading a file somebody gave us, plain or gzipped, line by line, trusting nothing about it.

A line is a physical line: one stray quotation mark can damage its own row and no other. Memory
stays constant whatever the file holds.
"""

import csv
import gzip
import hashlib
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, NamedTuple, cast

MAXIMUM_LINE_BYTES = 64 * 1024
"""Longer lines are not read into memory; the row is reported as too long."""

MAXIMUM_EXPANSION = 200
"""How many times larger than its gzip a file may grow; real monthly files grow about ten times."""

EXPANSION_ALLOWANCE = 64 * 1024 * 1024
"""A gzip may always grow to this many bytes before its ratio is looked at."""

_GZIP_MAGIC = b"\x1f\x8b"
_OTHER_MAGIC = {
    b"PK\x03\x04": "a ZIP archive or a spreadsheet",
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"SQLi": "a database file",
    b"PAR1": "a Parquet file",
}


class UnusableFile(Exception):
    """The file as a whole can't be read; nothing of it was kept. The message says what to do."""


class Line(NamedTuple):
    """One physical line: its number in the file (the header is 1) and its text.

    `problem` says in plain words why the text can't be trusted; it is empty for a good line.
    """

    number: int
    text: str
    problem: str = ""


class SourceFile:
    """A file being read once, from its header to its end.

    `sha256` and `expanded_bytes` are complete when the lines have been read to the end.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.expanded_bytes = 0
        self.ends_with_newline = True
        self._digest = hashlib.sha256()
        self._stack = ExitStack()
        self._compressed = False
        try:
            self.size = path.stat().st_size
            self._stream = self._open()
        except OSError as problem:
            raise UnusableFile(f"{path.name} can’t be opened: {problem.strerror}.") from problem
        except UnusableFile:
            self._stack.close()
            raise

    def __enter__(self) -> "SourceFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def sha256(self) -> str:
        """SHA-256 of the uncompressed content that was read so far, as hexadecimal digits."""
        return self._digest.hexdigest()

    def lines(self) -> Iterator[Line]:
        """Yield every line, the header first.

        Raises UnusableFile for an empty, binary, truncated or exploding file.
        """
        number = 0
        while raw := self._read_line():
            number += 1
            if b"\0" in raw:
                raise UnusableFile(
                    f"{self.path.name} is not a text file (line {number} holds binary data). "
                    "Nothing of it was loaded."
                )
            yield _line(number, raw)
        if number == 0:
            raise UnusableFile(f"{self.path.name} is empty. Nothing was loaded.")

    def _open(self) -> IO[bytes]:
        if self.path.is_dir():
            raise UnusableFile(f"{self.path.name} is a folder, not a file.")
        raw = self._stack.enter_context(self.path.open("rb"))
        magic = raw.read(4)
        raw.seek(0)
        if magic.startswith(_GZIP_MAGIC):
            self._compressed = True
            return cast("IO[bytes]", self._stack.enter_context(gzip.GzipFile(fileobj=raw)))
        for start, meaning in _OTHER_MAGIC.items():
            if magic == start:
                raise UnusableFile(
                    f"{self.path.name} is {meaning}, not a CSV file. Unpack or export it as CSV "
                    "first. Nothing of it was loaded."
                )
        return raw

    def _read_line(self) -> bytes:
        try:
            raw = self._stream.readline(MAXIMUM_LINE_BYTES + 1)
            self._account(raw)
            if len(raw) > MAXIMUM_LINE_BYTES and not raw.endswith(b"\n"):
                self._skip_rest_of_line()
        except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
            raise UnusableFile(
                f"{self.path.name} is cut short or damaged: its gzip does not end properly. "
                "Nothing of it was loaded; get a fresh copy and load that."
            ) from problem
        return raw

    def _skip_rest_of_line(self) -> None:
        while rest := self._stream.readline(MAXIMUM_LINE_BYTES):
            self._account(rest)
            if rest.endswith(b"\n"):
                return

    def _account(self, raw: bytes) -> None:
        self._digest.update(raw)
        self.expanded_bytes += len(raw)
        if raw:
            self.ends_with_newline = raw.endswith(b"\n")
        if (
            self._compressed
            and self.expanded_bytes > EXPANSION_ALLOWANCE
            and self.expanded_bytes > self.size * MAXIMUM_EXPANSION
        ):
            raise UnusableFile(
                f"{self.path.name} grows to more than {MAXIMUM_EXPANSION} times its size when "
                "unpacked, which no real extract does. Nothing of it was loaded."
            )


def split_fields(text: str) -> list[str] | None:
    """Return the fields of one CSV line, or None where its quotation marks don't pair up."""
    if '"' not in text:
        return text.split(",")
    try:
        return next(csv.reader([text], strict=True))
    except (csv.Error, StopIteration):
        return None


def _line(number: int, raw: bytes) -> Line:
    if len(raw) > MAXIMUM_LINE_BYTES:
        text = raw[:200].decode("utf-8", "replace")
        return Line(number, text, f"the line is longer than {MAXIMUM_LINE_BYTES:,} bytes")
    try:
        text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace").rstrip("\r\n")
        return Line(number, text, "the line holds bytes that are not UTF-8 text")
    return Line(number, text.rstrip("\r\n"))

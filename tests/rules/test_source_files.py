"""Reading a file that somebody gave us: what is read, what hurts one line, what is refused."""

import gzip
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.base import source_files
from concordat.base.source_files import (
    MAXIMUM_EXPANSION,
    MAXIMUM_LINE_BYTES,
    Line,
    SourceFile,
    UnusableFile,
    split_fields,
)

TEXT = "a,b\n1,Zoë\n2,two\n"


def read(path: Path) -> list[Line]:
    with SourceFile(path) as source:
        return list(source.lines())


def texts(path: Path) -> list[str]:
    return [line.text for line in read(path)]


def file_of(folder: Path, content: bytes) -> Path:
    path = folder / "file.csv"
    path.write_bytes(content)
    return path


# --- what is read ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.rstrip().encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.encode("utf-8-sig"),
        gzip.compress(TEXT.encode()),
        gzip.compress(TEXT.encode("utf-8-sig").replace(b"\n", b"\r\n")),
        gzip.compress(TEXT[:4].encode()) + gzip.compress(TEXT[4:].encode()),
    ],
    ids=["plain", "no last newline", "CRLF", "BOM", "gz", "gz with BOM and CRLF", "two gz members"],
)
def test_the_lines_are_the_same_however_the_file_is_written(tmp_path: Path, content: bytes) -> None:
    assert read(file_of(tmp_path, content)) == [
        Line(1, "a,b"),
        Line(2, "1,Zoë"),
        Line(3, "2,two"),
    ]


def test_the_fingerprint_is_of_the_unpacked_content(tmp_path: Path) -> None:
    for content in (TEXT.encode(), gzip.compress(TEXT.encode())):
        with SourceFile(file_of(tmp_path, content)) as source:
            list(source.lines())
            assert source.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
            assert source.expanded_bytes == len(TEXT.encode())
            assert source.size == len(content)


def test_a_last_line_without_an_end_is_noticed(tmp_path: Path) -> None:
    for content, ends in ((b"a\nb\n", True), (b"a\nb", False)):
        with SourceFile(file_of(tmp_path, content)) as source:
            list(source.lines())
            assert source.ends_with_newline is ends


# --- what hurts one line alone --------------------------------------------------------------------


def test_an_overlong_line_hurts_only_itself(tmp_path: Path) -> None:
    long = b"x" * (3 * MAXIMUM_LINE_BYTES)
    lines = read(file_of(tmp_path, b"a,b\n" + long + b"\n2,two\n"))
    assert [line.number for line in lines] == [1, 2, 3]
    assert lines[1].problem == "the line is longer than 65,536 bytes"
    assert len(lines[1].text) <= 200, "it was never held in memory whole"
    assert lines[2] == Line(3, "2,two")


@pytest.mark.parametrize("excess", [-1, 0, 1])
def test_a_line_around_the_limit_is_one_line(tmp_path: Path, excess: int) -> None:
    line = b"x" * (MAXIMUM_LINE_BYTES + excess - 1) + b"\n"
    lines = read(file_of(tmp_path, line + b"after\n"))
    assert [(read.number, bool(read.problem)) for read in lines] == [(1, excess > 0), (2, False)]
    assert lines[1].text == "after"


def test_bytes_that_are_not_utf_8_hurt_only_their_own_line(tmp_path: Path) -> None:
    lines = read(file_of(tmp_path, b"a,b\n1,Zo\xeb\n2,two\n"))
    assert lines[1] == Line(2, "1,Zoë", "the line holds bytes that are not UTF-8 text")
    assert lines[2] == Line(3, "2,two")


def test_an_unpaired_quotation_mark_hurts_only_its_own_line(tmp_path: Path) -> None:
    fields = [split_fields(text) for text in texts(file_of(tmp_path, b'a,b\n1,"one\n2,"two"\n'))]
    assert fields == [["a", "b"], None, ["2", "two"]]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])), min_size=1))
def test_fields_written_with_quotation_marks_read_back(fields: list[str]) -> None:
    doubled = [field.replace('"', '""') for field in fields]
    assert split_fields(",".join(f'"{field}"' for field in doubled)) == fields


@given(st.text(st.characters(codec="utf-8")))
def test_splitting_any_text_gives_fields_or_none(text: str) -> None:
    fields = split_fields(text)
    assert fields is None or all(isinstance(field, str) for field in fields)


# --- what is refused whole ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (b"a,b\n1,\0\n", r"not a text file \(line 2 holds binary data\)"),
        (TEXT.encode("utf-16"), "not a text file"),
        (b"PK\x03\x04rest", "a ZIP archive or a spreadsheet.*Unpack or export it as CSV"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\xd0\xcf\x11\xe0", "an old Office document"),
        (b"SQLite format 3\0", "a database file"),
        (b"PAR1", "a Parquet file"),
        (gzip.compress(TEXT.encode(), mtime=0)[:-10], "cut short or damaged.*fresh copy"),
        (gzip.compress(TEXT.encode(), mtime=0)[:12], "cut short or damaged"),
        (gzip.compress(TEXT.encode(), mtime=0)[:-8] + b"12345678", "cut short or damaged"),
        (gzip.compress(TEXT.encode(), mtime=0) + b"not gzip", "cut short or damaged"),
        (b"\x1f\x8bnot gzip at all", "cut short or damaged"),
    ],
)
def test_an_unusable_file_is_refused_with_its_reason(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    with pytest.raises(UnusableFile, match=rf"^file\.csv .*{reason}"):
        read(file_of(tmp_path, content))


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="is a folder, not a file"):
        read(tmp_path)
    with pytest.raises(UnusableFile, match=r"none\.csv can’t be opened: No such file"):
        read(tmp_path / "none.csv")


def test_a_gzip_that_explodes_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_files, "EXPANSION_ALLOWANCE", 100_000)
    bomb = gzip.compress(b"0123456\n" * 200_000)
    with SourceFile(file_of(tmp_path, bomb)) as source:
        with pytest.raises(UnusableFile, match="200 times its size when unpacked"):
            list(source.lines())
        assert source.expanded_bytes < len(bomb) * MAXIMUM_EXPANSION + 2 * MAXIMUM_LINE_BYTES


def test_one_endless_line_in_a_gzip_is_refused_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_files, "EXPANSION_ALLOWANCE", 100_000)
    with pytest.raises(UnusableFile, match="200 times its size"):
        read(file_of(tmp_path, gzip.compress(b"x" * 2_000_000)))

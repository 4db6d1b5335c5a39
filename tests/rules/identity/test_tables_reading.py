"""Tables that people bring: what is read as it stands, and what is refused, naming the line."""

import gzip
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concordat.identity.engine.tables.errors import UnusableTable
from concordat.identity.engine.tables.reading import read_tables, text_of
from concordat.identity.engine.tables.scanning import MAXIMUM_FIELD
from concordat.identity.engine.tables.writing import write_table

ROWS = "surname,given,dob\nO’Brien,Zoë,03/05/87\nSmith,007,\n"
WANTED = {"surname": ["O’Brien", "Smith"], "given": ["Zoë", "007"], "dob": ["03/05/87", None]}


def file_of(folder: Path, content: bytes | str, name: str = "persons.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(UnusableTable) as caught:
        read_tables([path])
    return str(caught.value)


# --- what is read ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (ROWS.encode(), "CSV, UTF-8, comma"),
        (ROWS.encode("utf-8-sig"), "CSV, UTF-8, comma"),
        (ROWS.encode("cp1252"), "CSV, Windows-1252, comma"),
        (ROWS.encode("utf-16"), "CSV, UTF-16, comma"),
        (ROWS.encode("utf-16-le"), "CSV, UTF-16, comma"),
        (ROWS.encode("utf-16-be"), "CSV, UTF-16, comma"),
        (ROWS.replace("\n", "\r\n").encode(), "CSV, UTF-8, comma"),
        (ROWS.rstrip().encode(), "CSV, UTF-8, comma"),
        (ROWS.replace(",", ";").encode(), "CSV, UTF-8, semicolon"),
        (ROWS.replace(",", "\t").encode(), "CSV, UTF-8, tab"),
        (ROWS.replace(",", "|").encode(), "CSV, UTF-8, vertical bar"),
        (("sep=;\n" + ROWS.replace(",", ";")).encode(), "CSV, UTF-8, semicolon"),
        (gzip.compress(ROWS.encode(), mtime=0), "gzipped CSV, UTF-8, comma"),
        (gzip.compress(ROWS.encode("cp1252"), mtime=0), "gzipped CSV, Windows-1252, comma"),
        (ROWS.replace("Zoë", '"Zoë"').encode(), "CSV, UTF-8, comma"),
    ],
)
def test_a_table_is_the_same_however_it_is_written(
    tmp_path: Path, content: bytes, form: str
) -> None:
    read = read_tables([file_of(tmp_path, content)])
    assert read.table.to_pydict() == WANTED
    assert read.files[0].form == form
    assert read.notes == ()


def test_parquet_is_known_by_its_content_and_keeps_its_types(tmp_path: Path) -> None:
    table = pa.table({"surname": ["Smith"], "born": [date(1987, 5, 3)], "n": [7]})
    pq.write_table(table, tmp_path / "persons.csv")
    read = read_tables([tmp_path / "persons.csv"])
    assert read.table.equals(table)
    assert read.files[0].form == "Parquet"


def test_values_stay_text_as_they_stand(tmp_path: Path) -> None:
    values = ["007", " 1 ", "NA", "null", "NaN", "1e5", "true", "1987-05-03", "-", "#N/A"]
    read = read_tables([file_of(tmp_path, "a,b\n" + "".join(f"x,{v}\n" for v in values))])
    assert read.table.column("b").to_pylist() == values


def test_line_breaks_commas_and_marks_stay_inside_quotation_marks(tmp_path: Path) -> None:
    content = 'name,address\n"Smith, J","1 High St\nColchester"\nJones,"The ""Old"" Mill"\n'
    read = read_tables([file_of(tmp_path, content)])
    assert read.table.to_pylist() == [
        {"name": "Smith, J", "address": "1 High St\nColchester"},
        {"name": "Jones", "address": 'The "Old" Mill'},
    ]


def test_several_files_stand_one_below_the_other_with_all_their_columns(tmp_path: Path) -> None:
    one = file_of(tmp_path, "surname,dob\nA,1\nB,2\n", "one.csv")
    other = tmp_path / "other.parquet"
    pq.write_table(pa.table({"dob": [3.0], "surname": ["C"], "x": [None]}), other)
    read = read_tables([one, other])
    assert read.table.to_pydict() == {
        "surname": ["A", "B", "C"],
        "dob": ["1", "2", "3"],
        "x": [None] * 3,
    }
    assert read.source.tolist() == [0, 0, 1]
    assert [file.rows for file in read.files] == [2, 1]


def test_files_of_one_name_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    for folder in ("kent", "essex"):
        (tmp_path / folder).mkdir()
        file_of(tmp_path / folder, "surname\nA\n")
    read = read_tables([tmp_path / "kent/persons.csv", tmp_path / "essex/persons.csv"])
    assert [file.name for file in read.files] == [str(file.path) for file in read.files]


def test_a_remark_is_made_where_rows_may_have_been_swallowed(tmp_path: Path) -> None:
    content = 'a,b,c\n1,"x,2\n3,y,4\n5,z,6\n7,w",8\n'
    read = read_tables([file_of(tmp_path, content)])
    assert "row 1 holds line breaks and what look like other rows" in read.notes[0]


@given(
    st.lists(
        st.tuples(*[st.text(st.characters(codec="utf-8", exclude_characters="\r\0"))] * 2),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=60, deadline=None)
def test_what_is_written_reads_back_as_itself(rows: list[tuple[str, str]]) -> None:
    import tempfile  # noqa: PLC0415 (each example needs a folder of its own)

    values = [[value or None for value in column] for column in zip(*rows, strict=True)]
    table = pa.table({"n": ["1"] * len(rows), "a": values[0], "b": values[1]})
    for name in ("out.csv", "out.csv.gz", "out.parquet"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            write_table(path, table.cast(pa.schema([(n, pa.string()) for n in table.column_names])))
            assert read_tables([path]).table.to_pydict() == table.to_pydict()


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "persons.csv is empty"),
        (b"\xef\xbb\xbf", "persons.csv is empty"),
        (b"\n\n", "persons.csv is empty"),
        (gzip.compress(b"", mtime=0), "persons.csv is empty"),
        (b"surname,dob\n", "has a header and no rows. Its columns: surname, dob."),
        (b"a,b,a\n1,2,3\n", "columns 1 and 3 are called “a”. Give every column a name of its own."),
        (b"a,,\n1,2,3\n", "columns 2 and 3 have no name"),
        (b"a,b\n1,2\n3\n4,5\n6\n", "Line 3 has 1 field where the header has 2 (and so have 1 more"),
        (b'a,b\n1,"x\ny"\n3,4,5\n', "Line 4 has 3 fields where the header has 2"),
        (b'a,b\n1,2\n3,"4\n5,6\n7,8\n', "opened in the row of line 3 and never closed"),
        (b"a,b\n1,\0\n", "line 2 holds binary data"),
        (b"PK\x03\x04rest", "a ZIP archive or a spreadsheet. Export it as CSV or Parquet"),
        (b"PAR1rubbish", "begins as a Parquet file but can’t be read"),
        (gzip.compress(ROWS.encode(), mtime=0)[:-9], "cut short or damaged"),
        ("a,b\n1,é\n".encode() + "2,é\n".encode("cp1252"), "line 2 is UTF-8 and line 3 is not"),
        (b"a,b\n1,x\n2,\x81\n", "Line 3 of persons.csv is text neither in UTF-8 nor in Windows"),
    ],
)
def test_an_unusable_table_is_refused_with_its_reason(
    tmp_path: Path, content: bytes, said: str
) -> None:
    assert said in refusal(file_of(tmp_path, content))


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("length", [MAXIMUM_FIELD + 1, 9 * 1024 * 1024])
def test_a_huge_field_is_refused_with_its_place(tmp_path: Path, quote: str, length: int) -> None:
    value = quote + "x" * length + quote
    said = refusal(file_of(tmp_path, f"surname,notes\nA,b\nC,{value}\n"))
    assert "longer than" in said or "more than 8 MB" in said


def test_a_mark_that_opens_and_never_closes_in_a_large_file_is_found(tmp_path: Path) -> None:
    rows = ["surname,notes", *(f"Smith,{n}" for n in range(200_000))]
    rows[1_000] = 'Smith,"stray'
    assert "line 1,001" in refusal(file_of(tmp_path, "\n".join(rows)))


def test_mixed_encodings_are_found_however_far_apart(tmp_path: Path) -> None:
    many = b"a,b\n" + b"1,2\n" * 3_000_000
    content = many + "1,é\n".encode("cp1252") + b"1,2\n" * 10 + "1,é\n".encode()
    said = refusal(file_of(tmp_path, content))
    assert "line 3,000,013 is UTF-8 and line 3,000,002 is not" in said


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path)
    assert "No such file" in refusal(tmp_path / "none.csv")
    assert "not a file on disk" in refusal(Path("/dev/null"))


def test_a_file_given_twice_is_refused(tmp_path: Path) -> None:
    path = file_of(tmp_path, ROWS)
    (tmp_path / "link.csv").symlink_to(path)
    with pytest.raises(UnusableTable, match="given twice"):
        read_tables([path, tmp_path / "link.csv"])


# --- columns as text ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (pa.array([1987, None]), ["1987", None]),
        (pa.array([7700900123.0, None]), ["7700900123", None]),
        (pa.array([1.5, 2.0]), ["1.5", "2"]),
        (pa.array([date(1987, 5, 3)]), ["1987-05-03"]),
        (pa.array([datetime(1987, 5, 3)]), ["1987-05-03"]),  # noqa: DTZ001 (as pandas writes)
        (pa.array([datetime(1987, 5, 3, tzinfo=UTC)]), ["1987-05-03"]),
        (pa.array(["a", "b", "a"]).dictionary_encode(), ["a", "b", "a"]),
        (pa.array([["a", "b"], None]), ['["a", "b"]', None]),
        (pa.array([True, None]), ["true", None]),
        (pa.nulls(2), [None, None]),
    ],
)
def test_every_type_of_column_reads_as_a_person_would_write_it(
    values: pa.Array, text: list[str | None]
) -> None:
    assert text_of(pa.chunked_array([values])).to_pylist() == text

"""Reading one row of a source file: what it says, why it can't be understood, what it is called."""

import csv
import gzip
import io
import random
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from concordat.access.rules import RecordKind
from concordat.base.source_files import SourceFile, UnusableFile, split_fields
from concordat.records.rules.events import Precision, ReadEvent, Unreadable
from concordat.records.rules.loads import STREET_COLUMNS, Layout, column_places
from concordat.records.rules.source_rows import (
    MAXIMUM_FIELD,
    RowReader,
    content_of,
    force_in_file_name,
    read_place,
    reference_of,
)
from tests.files import crime_id, stop_search_row, street_row

ESSEX, KENT = 14, 21
FORCES = {"essex police": ESSEX, "kent police": KENT, "essex": ESSEX, "avon and somerset": 1}


def read_street(**changes: str) -> ReadEvent:
    return RowReader(Layout.STREET, forces=FORCES).read(street_row(**changes))


def read_stop_search(**changes: str) -> ReadEvent:
    reader = RowReader(Layout.STOP_SEARCH, forces=FORCES, own_force=ESSEX)
    return reader.read(stop_search_row(**changes))


# --- street rows ----------------------------------------------------------------------------------


def test_a_street_row_says_who_what_when_and_where() -> None:
    event = read_street(month="2026-06")
    assert (event.owner_id, event.kind, event.identity) == (ESSEX, RecordKind.CRIME, crime_id(1))
    assert (event.category, event.outcome) == ("Burglary", "Under investigation")
    assert event.occurred_from == datetime(2026, 5, 31, 23, tzinfo=UTC), "midnight in summer time"
    assert event.occurred_until == datetime(2026, 6, 30, 23, tzinfo=UTC)
    assert event.precision is Precision.MONTH
    assert (event.place.latitude, event.place.longitude) == (51.889, 0.891)
    assert event.details == {}


def test_anti_social_behaviour_is_a_kind_of_its_own_and_needs_no_identifier() -> None:
    event = RowReader(Layout.STREET, forces=FORCES).read(street_row(None))
    assert (event.kind, event.identity) == (RecordKind.ANTI_SOCIAL_BEHAVIOUR, "")


def test_what_has_no_column_of_its_own_is_kept_as_details() -> None:
    event = read_street(falls_within="Kent Police", context="Seen twice")
    assert event.owner_id == ESSEX, "whoever reported it owns it"
    assert event.details == {"falls within": "Kent Police", "context": "Seen twice"}


@pytest.mark.parametrize("name", ["Essex Police", "ESSEX  police", "essex"])
def test_a_force_is_known_by_every_spelling_of_its_name(name: str) -> None:
    assert read_street(reported_by=name).owner_id == ESSEX


def test_an_ampersand_in_a_forces_name_is_an_and() -> None:
    assert read_street(reported_by="Avon & Somerset").owner_id == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"crime_type": ""}, "the crime type is empty"),
        ({"month": ""}, "not a month such as 2024-01"),
        ({"month": "2026-13"}, "“2026-13” is not a month"),
        ({"month": "2026-1"}, "is not a month"),
        ({"month": "January"}, "is not a month"),
        ({"month": "1026-01"}, "is not a month"),
        ({"month": "9999-12"}, "is not a month"),
        ({"reported_by": ""}, "is not the name of a force"),
        ({"reported_by": "Police of Nowhere"}, "“Police of Nowhere” is not the name of a force"),
        ({"latitude": "north"}, "the latitude “north” is not a number"),
        ({"longitude": "east"}, "the longitude “east” is not a number"),
        ({"latitude": ""}, "one of latitude and longitude is missing"),
        ({"latitude": "0.891", "longitude": "51.889"}, "outside the United Kingdom"),
        ({"latitude": "nan"}, "outside the United Kingdom"),
        ({"longitude": "inf"}, "outside the United Kingdom"),
        ({"location": "x" * (MAXIMUM_FIELD + 1)}, "longer than 500 characters"),
        ({"location": "On or\tnear"}, "control characters"),
        ({"last_outcome_category": "half\x7f"}, "control characters"),
    ],
)
def test_a_street_row_that_cannot_be_understood_says_why(
    changes: dict[str, str], reason: str
) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_street(**changes)


@given(st.lists(st.text(max_size=600), min_size=12, max_size=12))
def test_any_street_row_is_understood_or_said_to_be_unreadable(values: list[str]) -> None:
    with suppress(Unreadable):
        assert RowReader(Layout.STREET, forces=FORCES).read(values).owner_id in FORCES.values()


# --- stop-and-search rows -------------------------------------------------------------------------


def test_a_stop_and_search_row_says_what_was_looked_for_and_the_second() -> None:
    event = read_stop_search(date="2026-07-05T22:15:00+01:00")
    assert (event.owner_id, event.kind) == (ESSEX, RecordKind.STOP_SEARCH)
    assert (event.category, event.outcome) == ("Controlled drugs", "A no further action disposal")
    assert event.occurred_from == datetime(2026, 7, 5, 21, 15, tzinfo=UTC)
    assert event.occurred_until == datetime(2026, 7, 5, 21, 15, 1, tzinfo=UTC)
    assert (event.identity, event.precision) == ("", Precision.SECOND)
    assert event.details["type of search"] == "Person search"
    assert event.details["gender"] == "Male"
    assert "policing operation" not in event.details, "what is empty is not kept"


def test_a_time_without_zone_is_a_time_in_london() -> None:
    event = read_stop_search(date="2026-07-05T22:15:00")
    assert event.occurred_from == datetime(2026, 7, 5, 21, 15, tzinfo=UTC)


def test_a_search_whose_object_is_not_said_is_named_so() -> None:
    assert read_stop_search(object_of_search="").category == "Object not recorded"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"type": ""}, "the type of search is empty"),
        ({"date": ""}, "not a date and time such as"),
        ({"date": "5 January 2026"}, "not a date and time such as"),
        ({"date": "2026-02-30T10:00:00"}, "not a date and time such as"),
        ({"date": "1970-01-01T00:00:00+00:00"}, "lies before 1990"),
        ({"date": "9999-12-31T23:59:59-12:00"}, "lies too far ahead"),
        ({"date": "9999-12-31T23:59:59+00:00"}, "lies too far ahead"),
        ({"longitude": ""}, "one of latitude and longitude is missing"),
    ],
)
def test_a_stop_and_search_row_that_cannot_be_understood_says_why(
    changes: dict[str, str], reason: str
) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_stop_search(**changes)


def test_a_search_of_an_unnamed_force_cannot_be_understood() -> None:
    with pytest.raises(Unreadable, match="name no force"):
        RowReader(Layout.STOP_SEARCH, forces=FORCES).read(stop_search_row())


@pytest.mark.parametrize(
    ("name", "force"),
    [
        ("2024-01-essex-street.csv", "essex"),
        ("2024-01-essex-street.csv.gz", "essex"),
        ("2024-01-Avon-and-Somerset-stop-and-search.csv", "avon-and-somerset"),
        ("copy of 2024-01-btp-outcomes.csv", "btp"),
        ("essex.csv", None),
        ("2024-01-essex-streets.csv", None),
        ("street.csv", None),
    ],
)
def test_a_file_name_tells_the_force_or_nothing(name: str, force: str | None) -> None:
    assert force_in_file_name(name) == force


# --- places ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("fields", [("", "", "", "", ""), ("No Location", "", "", "", "")])
def test_no_location_is_no_place(fields: tuple[str, str, str, str, str]) -> None:
    place = read_place(*fields)
    assert (place.fingerprint, place.latitude, place.cell) == (None, None, None)


def test_a_place_may_have_a_name_and_no_point() -> None:
    place = read_place("On or near Invented Street", "E01021681", "Colchester 007A", "", "")
    assert place.fingerprint is not None
    assert (place.latitude, place.longitude, place.cell, place.map_cell) == (None,) * 4


def test_places_differ_when_anything_said_of_them_differs() -> None:
    told = ("Invented Street", "E01021681", "Colchester 007A", "51.889", "0.891")
    others = [
        (*told[:place], new, *told[place + 1 :])
        for place, new in enumerate(("a", "b", "c", "52", "1"))
    ]
    prints = {read_place(*fields).fingerprint for fields in (told, *others)}
    assert len(prints) == 6


# --- contents and references ----------------------------------------------------------------------

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30)
"""Any text without control characters, commas and quotation marks among it."""


@st.composite
def street_rows(draw: st.DrawFn) -> list[str]:
    return street_row(
        draw(st.none() | st.integers(1, 3)),
        location=draw(texts).strip(),
        context=draw(texts).strip(),
        last_outcome_category=draw(texts).strip(),
    )


def rows_of(content: bytes, folder: Path) -> list[ReadEvent]:
    """Return what the rows of a file say, read just as a load reads them."""
    path = folder / "file.csv"
    path.write_bytes(content)
    reader = RowReader(Layout.STREET, forces=FORCES)
    events = []
    with SourceFile(path) as source:
        lines = source.lines()
        places = column_places(Layout.STREET, split_fields(next(lines).text) or [], path.name)
        for line in lines:
            fields = split_fields(line.text)
            assert fields is not None
            events.append(reader.read([fields[place].strip() for place in places]))
    return events


def references(events: Sequence[ReadEvent]) -> list[str]:
    seen: Counter[tuple[str, str]] = Counter()
    made = []
    for event in events:
        seen[event.identity, event.content] += 1
        made.append(
            reference_of(event.identity, event.content, seen[event.identity, event.content])
        )
    return made


@given(
    rows=st.lists(street_rows(), min_size=1, max_size=6),
    newline=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    padding=st.sampled_from(["", " "]),
    zipped=st.booleans(),
    shuffle=st.randoms(use_true_random=False),
)
def test_references_depend_on_the_values_alone(  # noqa: PLR0917 (hypothesis names them)
    rows: list[list[str]],
    newline: str,
    quoting: int,
    padding: str,
    zipped: bool,
    shuffle: random.Random,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.getbasetemp()
    as_published = written(rows, STREET_COLUMNS)
    columns = shuffle.sample(STREET_COLUMNS, len(STREET_COLUMNS))
    order = [STREET_COLUMNS.index(column) for column in columns]
    supplied = [[f"{padding}{row[place]}" for place in order] for row in rows]
    shuffle.shuffle(supplied)
    again = written(supplied, columns, newline=newline, quoting=quoting)
    if zipped:
        again = gzip.compress(again, mtime=0)
    first, second = rows_of(as_published, folder), rows_of(again, folder)
    assert Counter(event.content for event in first) == Counter(e.content for e in second)
    assert Counter(references(first)) == Counter(references(second))


def written(
    rows: Sequence[Sequence[str]],
    columns: Sequence[str],
    *,
    newline: str = "\n",
    quoting: int = csv.QUOTE_MINIMAL,
) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=newline, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([columns, *rows])
    return text.getvalue().encode()


@given(first=st.lists(texts, min_size=12, max_size=12), place=st.integers(0, 11), other=texts)
def test_rows_that_differ_in_any_value_have_different_content(
    first: list[str], place: int, other: str
) -> None:
    assume(first[place] != other)
    second = [*first[:place], other, *first[place + 1 :]]
    assert content_of(first) != content_of(second)


@given(st.lists(st.sampled_from("abc"), max_size=20), st.randoms(use_true_random=False))
def test_the_nth_of_equal_rows_has_the_same_reference_in_any_order(
    contents: list[str], shuffle: random.Random
) -> None:
    def numbered(order: list[str]) -> set[str]:
        seen: Counter[str] = Counter()
        made = set()
        for content in order:
            seen[content] += 1
            made.add(reference_of("", content, seen[content]))
        return made

    shuffled = shuffle.sample(contents, len(contents))
    assert numbered(contents) == numbered(shuffled)
    assert len(numbered(contents)) == len(contents), "equal rows are separate events"


def test_a_sources_own_identifier_is_the_reference() -> None:
    assert reference_of("abc", "content", 7) == "abc"


# --- layouts --------------------------------------------------------------------------------------


def test_missing_columns_are_named() -> None:
    header = [column for column in STREET_COLUMNS if column not in {"Month", "Crime ID"}]
    with pytest.raises(UnusableFile, match=r"no column “Crime ID”, “Month”.*Nothing of it"):
        column_places(Layout.STREET, header, "wrong.csv")


def test_columns_are_found_in_any_order_case_and_company() -> None:
    header = ["Extra", *(f" {column.upper()} " for column in reversed(STREET_COLUMNS))]
    assert column_places(Layout.STREET, header, "file.csv") == list(range(12, 0, -1))

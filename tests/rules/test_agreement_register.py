"""The register of agreements: reading its rows, and telling histories."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from importlib.resources import files
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.agreements.rules import functions
from concordat.agreements.rules.register import (
    COLUMNS,
    Happening,
    Precision,
    RecordedAgreement,
    RecordedEvent,
    RegisterWords,
    UnreadableRow,
    column_places,
    entry_with,
    happenings,
    histories,
    known_as,
    read_date,
    read_row,
    row_uuid,
    understood,
)
from concordat.organisations.rules import normal_name

PLACES = {name: place for place, name in enumerate(COLUMNS)}
GOOD = ("A1", "Dog Unit", "Essex|Kent", "", "established", "2011-04", "month", "", "")
SHIPPED = files("concordat.server") / "demo" / "s22a_agreement_register.csv"


def read(**changes: str) -> RegisterWords:
    told = dict(zip(COLUMNS, GOOD, strict=True)) | changes
    return read_row([told[name] for name in COLUMNS], places=PLACES, width=len(COLUMNS))


def bodies() -> dict[str, str]:
    path = files("concordat.organisations") / "reference" / "organisations.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {normal_name(row["short_name"]): row["code"] for row in rows if row["kind"] == "force"}


BODIES = bodies()


def event(
    row_id: str,
    function: str,
    parties: str,
    *,
    said: str = "established",
    on: str = "",
    note: str = "",
    known: Mapping[str, str] = BODIES,
) -> RecordedEvent:
    words = RegisterWords(
        row_id=row_id, function=function, parties=parties, event=said, date=on, note=note
    )
    return understood(words, source_file="register.csv", bodies=known)


def the_real_register() -> list[RecordedEvent]:
    header, *rows = csv.reader(SHIPPED.read_text(encoding="utf-8").splitlines())
    places = column_places(header)
    return [
        understood(
            read_row(row, places=places, width=len(header)),
            source_file="s22a_agreement_register.csv",
            bodies=BODIES,
        )
        for row in rows
    ]


# --- reading a row --------------------------------------------------------------------------------


def test_a_row_keeps_its_own_words() -> None:
    assert read(note="  as   published ").note == "as published"
    assert read(parties="Borsetshire|all sorts").parties == "Borsetshire|all sorts"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"row_id": " "}, "its row_id is empty"),
        ({"function": ""}, "its function is empty"),
        ({"event": ""}, "its event is empty"),
        ({"parties": ""}, "its parties is empty"),
        ({"parties": "Essex"}, "fewer than two parties"),
        ({"parties": "Essex|Essex|"}, "fewer than two parties"),
        ({"date": "April 2011"}, "its date “April 2011” is none"),
        ({"date": "2011-13"}, "its date “2011-13” is none"),
        ({"date": "2011-02-29", "date_precision": "day"}, "its date “2011-02-29” is none"),
        ({"date": "2011"}, "its date 2011 is a year, and date_precision says “month”"),
        ({"date": ""}, "it claims to know the month but gives no date"),
        ({"date_precision": "roughly"}, "its date_precision is “roughly”"),
        ({"date_precision": "not shown"}, "date_precision says “not shown”"),
        ({"note": "x" * 2_001}, "its note is longer than 2,000 characters"),
    ],
)
def test_a_row_that_cannot_be_understood_says_why(changes: dict[str, str], reason: str) -> None:
    with pytest.raises(UnreadableRow, match=reason.replace("(", r"\(")):
        read(**changes)


def test_a_row_with_a_cell_too_few_is_refused_and_not_guessed_at() -> None:
    with pytest.raises(UnreadableRow, match="it has 8 fields where the header has 9"):
        read_row(GOOD[:-1], places=PLACES, width=len(COLUMNS))


def test_columns_may_stand_in_any_order_and_more_may_be_there() -> None:
    header = ["Reason", "event", "PARTIES ", "row_id", "function"]
    places = column_places(header)
    words = read_row(["", "signed", "Essex|Kent", "A1", "Dogs"], places=places, width=5)
    assert (words.row_id, words.function, words.event, words.date) == ("A1", "Dogs", "signed", "")
    with pytest.raises(UnreadableRow, match="the header lacks function, parties"):
        column_places(["row_id", "event"])


@pytest.mark.parametrize(
    ("text", "precision", "expected"),
    [
        ("2011-06-02", "day (published)", (date(2011, 6, 2), Precision.DAY, "published")),
        ("2021-04-23", "day (version)", (date(2021, 4, 23), Precision.DAY, "version")),
        ("2011-04", "month", (date(2011, 4, 1), Precision.MONTH, "")),
        ("2014", "year", (date(2014, 1, 1), Precision.YEAR, "")),
        ("", "not shown", (None, Precision.UNKNOWN, "")),
        ("", "", (None, Precision.UNKNOWN, "")),
        ("2014", "", (date(2014, 1, 1), Precision.YEAR, "")),
    ],
)
def test_a_date_is_as_exact_as_its_source(
    text: str, precision: str, expected: tuple[date | None, Precision, str]
) -> None:
    found = read_date(text, precision)
    assert (found.first, found.precision, found.of) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("established", [Happening.ESTABLISHED]),
        ("commences", [Happening.ESTABLISHED]),
        ("service live", [Happening.ESTABLISHED]),
        ("announced", [Happening.ANNOUNCED]),
        ("framework formalised", [Happening.FRAMEWORK]),
        ("signed (reported)", [Happening.AGREED]),
        ("agreement v6.10", [Happening.AGREED]),
        ("renewal commences", [Happening.RENEWED]),
        ("variation commences", [Happening.VARIED]),
        ("updated: single leadership team", [Happening.VARIED]),
        (
            "updated: Kent added, lead moves from Hertfordshire to Bedfordshire",
            [Happening.VARIED, Happening.PARTY_ADDED, Happening.LEAD_CHANGED],
        ),
        ("interim transition licence approved", [Happening.INTERIM, Happening.AGREED]),
        ("terminated", [Happening.TERMINATED]),
        ("something nobody has thought of", [Happening.OTHER]),
    ],
)
def test_what_happened_is_read_from_the_words(said: str, expected: list[Happening]) -> None:
    assert list(happenings(said)) == expected


@pytest.mark.parametrize(
    ("one", "other", "function"),
    [
        ("Road Policing Unit", "Roads Policing Unit", "Roads policing"),
        ("ICT Department", "Information and Communication Technology", "ICT"),
        ("Procurement", "7 Force single procurement function", "Procurement"),
        ("Civil Contingencies & Public Order Planning Unit",
         "Operational Planning & Support Unit", "Operational planning and support"),
        ("Dog Unit", "dogs", "Dogs"),
        ("An unheard-of Unit", "an unheard of unit", ""),
    ],
)  # fmt: skip
def test_one_thing_under_two_names_is_one(one: str, other: str, function: str) -> None:
    assert known_as(one) == known_as(other)
    assert known_as(one).function == function


def test_every_name_in_the_table_means_a_function_of_the_shared_list() -> None:
    listed = {function.name for function in functions()}
    for each in the_real_register():
        assert each.naming.function in {*listed, ""}, each.words.function


def test_a_force_that_is_unknown_stays_in_words_until_it_is_known() -> None:
    before = event("A1", "Dogs", "Essex|Borsetshire")
    assert (before.parties, before.unknown) == (frozenset({"essex"}), ("Borsetshire",))
    after = event("A1", "Dogs", "Essex|Borsetshire", known=BODIES | {"borsetshire": "borset"})
    assert (after.parties, after.unknown) == (frozenset({"essex", "borset"}), ())


# --- the real register ----------------------------------------------------------------------------


REAL = histories(the_real_register())


def of(row_id: str) -> RecordedAgreement:
    found = entry_with(REAL, row_uuid("s22a_agreement_register.csv", row_id))
    assert found is not None, row_id
    return found


def rows_of(one: RecordedAgreement) -> list[str]:
    return [line.event.words.row_id for line in one.lines]


def test_every_row_of_the_real_register_stands_in_exactly_one_history() -> None:
    told = sorted(row for one in REAL for row in rows_of(one))
    assert told == [f"A{number:03}" for number in range(1, 53)]


@pytest.mark.parametrize(
    "rows",
    [
        ["A001", "A015"],  # dogs: two forces, then three, though the second day is unknown
        ["A002", "A014"],  # planning, under another name
        ["A004", "A019"],  # ICT, under another name
        ["A006", "A016"],  # roads policing, spelt otherwise
        ["A018", "A020"],  # public contact, updated
        ["A030", "A049"],  # protective services, renewed under a shorter name
        ["A033", "A051"],
        ["A034", "A052"],
        ["A038", "A047"],
        ["A041", "A050"],
        ["A044", "A048"],  # procurement of two forces, varied and then terminated
        ["A012"],
        ["A037"],  # ICT of two other forces
    ],
)
def test_events_of_one_collaboration_stand_in_one_history(rows: list[str]) -> None:
    assert rows_of(of(rows[0])) == rows
    assert of(rows[-1]).id == of(rows[0]).id


def test_a_party_that_joins_is_named() -> None:
    assert of("A015").lines[1].joined == ("cambridgeshire",)
    (ersou,) = of("A021").lines
    assert ersou.joined == ("kent",)
    assert Happening.LEAD_CHANGED in ersou.event.happenings
    assert of("A021").lead == "bedfordshire"


def test_a_termination_ends_the_history() -> None:
    assert [one.title for one in REAL if one.ended] == ["Procurement"]
    assert of("A048").lines[-1].event.happenings == (Happening.TERMINATED,)


def test_a_larger_agreement_names_the_smaller_ones_it_grew_from() -> None:
    larger = of("A024")
    assert set(larger.follows) == {of("A008").id, of("A044").id}
    assert of("A008").followed_by == (larger.id,)


def test_unknown_dates_and_all_forces_stay_what_they_are() -> None:
    assert of("A012").lines[0].event.date.precision is Precision.UNKNOWN
    air = of("A027")
    assert air.everybody
    assert (air.parties, air.lead) == (frozenset(), "west-yorkshire")


# --- histories, whatever the rows -----------------------------------------------------------------


COMPANIES = st.lists(
    st.sampled_from(["Essex", "Kent", "Norfolk", "Suffolk", "Borsetshire"]),
    min_size=2,
    max_size=4,
    unique=True,
).map("|".join)
DATES = st.sampled_from(["", "2010", "2011-04", "2012-02-03", "2019-01-01"])
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["Dogs", "Dog Unit", "Procurement", "Firearms", "Oddities"]),
        COMPANIES | st.just("all forces"),
        st.sampled_from(["established", "renewed", "terminated", "updated: Kent added"]),
        DATES,
        st.sampled_from(["", "replaces or extends the unit"]),
    ),
    max_size=9,
)


def events_of(rows: Iterable[tuple[str, str, str, str, str]]) -> list[RecordedEvent]:
    return [
        event(f"R{number}", function, parties, said=said, on=on, note=note)
        for number, (function, parties, said, on, note) in enumerate(rows)
    ]


@given(ROWS, st.randoms())
def test_the_order_of_rows_changes_no_history(
    rows: Sequence[tuple[str, str, str, str, str]], random: Random
) -> None:
    events = events_of(rows)
    shuffled = list(events)
    random.shuffle(shuffled)
    assert histories(shuffled) == histories(events)


@given(ROWS)
def test_every_event_stands_in_exactly_one_history_of_its_own_collaboration(
    rows: Sequence[tuple[str, str, str, str, str]],
) -> None:
    events = events_of(rows)
    found = histories(events)
    assert sorted(str(line.event.id) for one in found for line in one.lines) == sorted(
        str(each.id) for each in events
    )
    for one in found:
        assert len({line.event.naming.collaboration for line in one.lines}) == 1
        assert one.id == one.lines[0].event.id
        companies = [line.event.company for line in one.lines]
        assert all(a <= b or b <= a for a in companies for b in companies), "none joins strangers"


@given(ROWS)
def test_following_is_told_from_both_sides(
    rows: Sequence[tuple[str, str, str, str, str]],
) -> None:
    found = {one.id: one for one in histories(events_of(rows))}
    for one in found.values():
        assert one.id not in one.followed_by
        for other in one.followed_by:
            assert one.id in found[other].follows
        for other in one.follows:
            assert one.id in found[other].followed_by


@given(ROWS)
def test_known_dates_stand_in_order(rows: Sequence[tuple[str, str, str, str, str]]) -> None:
    for one in histories(events_of(rows)):
        known = [line.event.date.first for line in one.lines if line.event.date.first]
        assert known == sorted(known)


def test_a_smaller_agreement_of_later_years_did_not_go_into_the_larger() -> None:
    found = histories(
        [
            event("A", "Dogs", "Essex|Kent", on="2015"),
            event("B", "Dogs", "Norfolk|Suffolk", on="2009"),
            event("C", "Dogs", "Essex|Kent|Norfolk|Suffolk", on="2012"),
        ]
    )
    by_row = {one.lines[0].event.words.row_id: one for one in found}
    assert by_row["A"].followed_by == ()
    assert by_row["B"].followed_by == (by_row["C"].id,)

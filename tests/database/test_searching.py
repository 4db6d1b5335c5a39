"""Searching the register: what is found, counted, given out and journalled, and by which index."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from concordat.access.rules import Level, RecordKind
from concordat.agreements.actions import draft_agreement, end_agreement, start_agreement
from concordat.agreements.queries import contact_for
from concordat.audit.models import JournalEntry
from concordat.base.acting import acting
from concordat.base.actor import Actor, Purpose, Role
from concordat.base.clock import month_bounds
from concordat.organisations.queries import organisation
from concordat.records.actions import load_stop_search, load_street
from concordat.records.errors import RecordsError, TooManyPointers, UnknownRecord
from concordat.records.queries import event, find, place, summary_of_force
from concordat.records.rules.loads import STOP_SEARCH_COLUMNS
from concordat.records.rules.questions import PAGE_SIZE
from concordat.tracing.queries import Filters, export, search
from tests.files import crime_id, stop_search_row, street_row, write_csv
from tests.world import SERVICE, agreement_in_force, person, terms

KENT_ROW = {"reported_by": "Kent Police", "falls_within": "Kent Police"}
IN_KENT = {"lsoa_code": "E01024000", "lsoa_name": "Canterbury 001A"}
CANTERBURY = {**IN_KENT, "latitude": "51.281000", "longitude": "1.079000"}
ROWS = [
    street_row(1),
    street_row(2, location="On or near St. Mary's Road", crime_type="Robbery"),
    street_row(3, location="On or near St Marys Lane", month="2026-02"),
    street_row(4, **CANTERBURY),
    street_row(5, last_outcome_category="Local resolution", latitude="51.899000"),
    street_row(6, longitude="", latitude="", lsoa_code="", lsoa_name="", location="No Location"),
    street_row(7, crime_type="Robbery", month="2026-02"),
    street_row(7, crime_type="Drugs", month="2026-02"),
    street_row(None),
    street_row(8, **KENT_ROW, **CANTERBURY),
]
SEARCHES = [stop_search_row(latitude="", longitude="")]


@pytest.fixture
def loaded(db: None, tmp_path: Path) -> None:  # noqa: ARG001 (needed first)
    """A few events of Essex and one of Kent."""
    load_street(SERVICE, paths=[write_csv(tmp_path / "2026-01-essex-street.csv", ROWS)])
    path = tmp_path / "2026-01-essex-stop-and-search.csv"
    load_stop_search(SERVICE, paths=[write_csv(path, SEARCHES, columns=STOP_SEARCH_COLUMNS)])


@pytest.fixture
def essex(loaded: None) -> Actor:  # noqa: ARG001 (needed first)
    return person("essex")


def numbers(actor: Actor, text: str, filters: Filters | None = None) -> set[int | None]:
    """Return which invented crimes are found; None stands for those without an identifier."""
    by_reference = {crime_id(number): number for number in range(1, 9)}
    answer = search(actor, text=text, filters=filters).answer
    return {by_reference.get(row.reference) for row in answer.rows}


# --- what is found --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("st marys road", {2}),
        ("St. Mary’s", {2, 3}),
        ("road st mary's", {2}),
        ("mar", {2, 3}),
        ("mar ", set()),
        ("marys colchester", {2, 3}),
        ("canterbury", {4}),
        ("st marys street", set()),
        ("on or near invented street", {1, 4, 5, 7, None}),
        ("robbery", {2, 7}),
        ("robbery feb 2026", {7}),
        ("2026-02", {3, 7}),
        ("5 january 2026", {None}),
        ("anti-social behaviour", {None}),
        ("stop and search", {None}),
        ("local resolution", {5}),
        ("E01024000", {4}),
        ("elsewhere", {4}),
        ("elsewhere robbery", set()),
        (crime_id(3), {3}),
        (crime_id(99), set()),
        ("51.889, 0.891", {1, 2, 3, 7, None}),
        ("51.889, 0.891 1.2 km", {1, 2, 3, 5, 7, None}),
        ("near 51.889, 0.891 within 1 m robbery", {2, 7}),
        ("CT1 2 1 km", {4}),
        ("kent", set()),
        ("essex drugs", {None}),
        ("nothing of the kind", set()),
    ],
)
def test_a_search_finds_what_it_names(essex: Actor, text: str, found: set[int | None]) -> None:
    assert numbers(essex, text) == found


def test_choices_narrow_and_replace_what_was_typed(essex: Actor) -> None:
    start, end = month_bounds(2026, 2)
    february = Filters(occurred_from=start, occurred_until=end)
    kent = organisation("kent").id
    for text, filters, found in (
        ("", february, {3, 7}),
        ("2026-01", february, {3, 7}),
        ("marys", february, {3}),
        ("robbery", Filters(categories=["Burglary"]), {1, 3, 4, 5, 6}),
        ("", Filters(kinds=[RecordKind.ANTI_SOCIAL_BEHAVIOUR]), {None}),
        ("", Filters(owner_ids=[kent]), set()),
        ("", Filters(area_ids=[kent]), {4}),
        ("", Filters(elsewhere=True), {4}),
        ("", Filters(in_conflict=True), {7}),
    ):
        assert numbers(essex, text, filters) == found


def test_searches_cross_borders_under_an_agreement(essex: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    assert numbers(essex, "canterbury") == {4, 8}
    assert numbers(essex, "canterbury kent") == {8}
    assert numbers(person("kent"), "elsewhere") == {4}


def test_an_unknown_postcode_is_said_not_to_narrow(essex: Actor) -> None:
    found = search(essex, text="ZZ1 1ZZ robbery")
    assert found.answer.total == 2
    assert "ZZ1 1ZZ is not in the lookup" in found.notes[0]
    (note,) = search(essex, text="CO1 1AA").notes
    assert "the middle of CO1 1 was used instead" in note


@pytest.mark.parametrize("text", ["\0", "rob\0bery", "\ud800", "x" * 100_000, "%s %(a)s ' --"])
def test_odd_text_is_answered_and_journalled(essex: Actor, text: str) -> None:
    assert search(essex, text=text).answer.page == 1
    with acting(SERVICE):
        asked = JournalEntry.objects.get(action="records.find_events").details["asked"]
    assert len(asked) <= 500
    assert export(essex, text=text) is not None


# --- pages and counts -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_pages_are_stable_and_hold_every_event_once(tmp_path: Path) -> None:
    rows = [street_row(number) for number in range(2 * PAGE_SIZE + 10)]
    load_street(SERVICE, paths=[write_csv(tmp_path / "2026-01-essex-street.csv", rows)])
    essex = person("essex")
    pages = [search(essex, text="burglary", page=page).answer for page in (1, 2, 3)]
    assert [len(answer.rows) for answer in pages] == [PAGE_SIZE, PAGE_SIZE, 10]
    assert {(answer.total, answer.pages) for answer in pages} == {(len(rows), 3)}
    ids = [row.id for answer in pages for row in answer.rows]
    assert len(set(ids)) == len(rows)
    assert [row.id for row in export(essex, text="burglary")] == ids
    assert search(essex, text="burglary", page=2).answer.rows == pages[1].rows


@pytest.mark.parametrize("number", [-1, 0, 2, 10**30])
def test_a_page_that_is_not_there_is_answered(essex: Actor, number: int) -> None:
    answer = search(essex, text="robbery", page=number).answer
    assert (answer.total, answer.page) == (2, 1)
    assert len(answer.rows) == 2


@pytest.mark.parametrize("text", ["", "robbery", "elsewhere", "51.889, 0.891", "2026-02", "nix"])
def test_counts_are_of_the_rows(essex: Actor, text: str) -> None:
    agreement_in_force("A", ["essex", "kent"])
    answer, rows = search(essex, text=text).answer, export(essex, text=text)
    assert answer.total == len(rows)
    for counts, values in (
        (answer.by_owner, Counter(row.owner_id for row in rows)),
        (answer.by_category, Counter(row.category for row in rows)),
    ):
        assert {count.key: count.count for count in counts} == values
    with_point = [row for row in rows if row.latitude is not None]
    assert sum(cluster.count for cluster in answer.clusters) == len(with_point)


def test_the_newest_come_first(essex: Actor) -> None:
    times = [row.occurred_from for row in search(essex, text="").answer.rows]
    assert times == sorted(times, reverse=True)


# --- what is journalled ---------------------------------------------------------------------------


def entries(action: str) -> list[JournalEntry]:
    with acting(SERVICE):
        return list(JournalEntry.objects.filter(action=f"records.{action}"))


def test_a_search_is_a_consultation_of_every_event_shown(essex: Actor) -> None:
    rows = search(essex, text="robbery").answer.rows
    (entry,) = entries("find_events")
    assert (entry.operation, entry.person_id) == ("consultation", essex.person_id)
    assert (entry.purpose, entry.reason) == ("investigation", "CR/1/26")
    assert entry.details == {"asked": "robbery", "total": 2, "page": 1}
    assert entry.subjects == [["event", str(row.id), row.owner_id] for row in rows]


def test_an_export_is_a_disclosure_of_every_row(essex: Actor) -> None:
    rows = export(essex, text="burglary")
    (entry,) = entries("export_events")
    assert entry.operation == "disclosure"
    assert entry.details == {"asked": "burglary", "rows": len(rows)}
    assert entry.subjects == [["event", str(row.id), row.owner_id] for row in rows]


def test_an_export_beyond_the_limit_discloses_nothing(
    essex: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "EXPORT_LIMIT", 5)
    assert len(export(essex, text="burglary")) == 5
    with pytest.raises(RecordsError, match=r"more than 5 events.*Narrow the search"):
        export(essex, text="")
    assert len(entries("export_events")) == 1


# --- pointers -------------------------------------------------------------------------------------


@pytest.fixture
def kent_with_pointers(loaded: None) -> Actor:  # noqa: ARG001 (needed first)
    """An officer of Kent, to whom Essex shows of its crimes only that it holds them."""
    agreement_in_force("P", ["essex", "kent"], level=Level.POINTER)
    return person("kent")


def test_a_pointer_tells_the_owner_and_whom_to_ask(kent_with_pointers: Actor) -> None:
    found = search(kent_with_pointers, text=crime_id(1))
    (pointer,) = found.pointers
    assert (pointer.owner_id, pointer.kind) == (organisation("essex").id, RecordKind.CRIME)
    contact = contact_for(
        kent_with_pointers, agreement_id=pointer.agreement_id, clause=pointer.clause
    )
    assert contact == "Data protection officer, telephone 01632 960001"
    (entry,) = entries("pointers")
    assert entry.details == {"reference": crime_id(1), "found": 1}


def test_nothing_else_of_a_pointer_record_appears_anywhere(kent_with_pointers: Actor) -> None:
    kent = kent_with_pointers
    hidden = search(person("essex"), text=crime_id(1)).answer.rows[0]
    answer = search(kent, text=crime_id(1)).answer
    assert (answer.rows, answer.total, answer.by_owner, answer.clusters) == ((), 0, (), ())
    for text in ("marys", "robbery", "essex", "E01021681", "51.889, 0.891", "elsewhere"):
        assert search(kent, text=text).answer.total == 0
        assert export(kent, text=text) == []
    assert [row.reference for row in search(kent, text="").answer.rows] == [crime_id(8)]
    assert summary_of_force(kent, owner_id=hidden.owner_id) == ()
    for look in (
        lambda: event(kent, event_id=hidden.id),
        lambda: place(kent, place_id=place_of(hidden.id)),
    ):
        with pytest.raises(UnknownRecord):
            look()


def place_of(event_id: Any) -> Any:
    detail = event(person("essex", username="other"), event_id=event_id)
    assert detail.place is not None
    return detail.place.id


@pytest.mark.parametrize("reference", [crime_id(99), crime_id(8), crime_id(1)[:-1]])
def test_a_pointer_answers_an_exact_reference_of_another_only(
    kent_with_pointers: Actor, reference: str
) -> None:
    assert search(kent_with_pointers, text=reference).pointers == ()


@pytest.mark.usefixtures("loaded")
def test_pointers_follow_roles_purposes_and_the_agreements_end() -> None:
    def held(actor: Actor) -> int:
        return len(search(actor, text=crime_id(1)).pointers)

    agreement_in_force("P", ["essex", "kent"], level=Level.POINTER)
    assert held(person("kent")) == 1
    assert held(person("kent", Role.FINANCE)) == 0
    assert held(person("kent", purpose=Purpose.QUALITY, username="checker")) == 0
    assert held(person("suffolk")) == 0
    end_agreement(SERVICE, reference="P")
    assert held(person("kent", Role.SUPERVISOR)) == 0


@pytest.mark.usefixtures("loaded")
def test_the_whole_record_needs_no_pointer() -> None:
    agreement_in_force("A", ["essex", "kent"])
    found = search(person("kent"), text=crime_id(1))
    assert (found.answer.total, found.pointers) == (1, ())


def test_pointers_are_rate_limited_for_each_person(
    kent_with_pointers: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "POINTERS_PER_HOUR", 3)
    for _ in range(3):
        search(kent_with_pointers, text=crime_id(1))
    with pytest.raises(TooManyPointers, match="3 pointers in the last hour"):
        search(kent_with_pointers, text=crime_id(2))
    assert search(kent_with_pointers, text="robbery").answer.total == 0, "other searches go on"
    assert len(search(person("kent", Role.SUPERVISOR), text=crime_id(1)).pointers) == 1


# --- indexes --------------------------------------------------------------------------------------

NARROW: list[tuple[str, Filters | None]] = [
    ("word17 ", None),
    ("word17 street ", None),
    ("word39", None),
    ("E01020017", None),
    ("51.60, 0.70 1 km", None),
    ("CO1 1 5 km", None),
    ("2026-03", None),
    ("2026-03-01", None),
    ("robbery", None),
    ("robbery 2026-03", None),
    ("word17 robbery 2026-10 essex", None),
    ("elsewhere", None),
    ("elsewhere word20 ", None),
    ("", Filters(area_ids=[21])),
    ("", Filters(in_conflict=True)),
    (crime_id(17), None),
]
BROAD: list[tuple[str, Filters | None]] = [
    ("", None),
    ("essex", None),
    ("under investigation", None),
    ("", Filters(kinds=[RecordKind.CRIME])),
]
GROWING = {"records_event", "records_event_version", "records_place_term"}


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """Collect the queries of the register that are run inside the block."""
    run: list[tuple[str, Any]] = []

    def listen(execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
        if sql.lstrip().startswith("SELECT") and "records_" in sql:
            run.append((sql, params))
        return execute(sql, params, *rest)

    with connection.execute_wrapper(listen):
        yield run


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def scanned(actor: Actor, run: list[tuple[str, Any]]) -> set[str]:
    """Return the tables that these statements, run for this actor, would read from end to end."""
    found = set()
    with acting(actor), connection.cursor() as cursor:
        for sql, params in run:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
            plan = cursor.fetchone()[0]
            parsed = json.loads(plan) if isinstance(plan, str) else plan
            for node in nodes(parsed[0]["Plan"]):
                if node["Node Type"] in {"Seq Scan", "Parallel Seq Scan"}:
                    found.add(str(node["Relation Name"]))
    return found


@pytest.fixture
def many_events(own_database: str, tmp_path: Path) -> None:  # noqa: ARG001 (needed first)
    """20,000 events of Essex and Kent, and an agreement, with the statistics up to date."""
    kinds = ("Burglary", "Robbery", "Drugs", "Shoplifting", "Public order", "Other theft",
             "Bicycle theft", "Vehicle crime", "Other crime", "Possession of weapons")  # fmt: skip
    for force, extra, home, other in (
        ("essex", {}, "Colchester", "Canterbury"),
        ("kent", KENT_ROW, "Canterbury", "Colchester"),
    ):
        rows = [
            street_row(
                number,
                month=f"2026-{number % 12 + 1:02}",
                location=f"On or near Word{number % 400} Street",
                lsoa_code=f"E0102{number % 400:04}",
                lsoa_name=f"{other if number % 400 == 20 else home} 001A",
                latitude=f"{51.3 + number % 20 * 0.03:.6f}",
                longitude=f"{0.1 + number % 400 // 20 * 0.04:.6f}",
                crime_type=kinds[number // 400 % 10],
                **extra,
            )
            for number in range(10_000)
        ]
        rows.append([*rows[17][:9], "Drugs", *rows[17][10:]])
        path = write_csv(tmp_path / f"2026-01-{force}-street.csv", rows)
        load_street(SERVICE, paths=[path])
    draft_agreement(SERVICE, terms=terms("A", ["essex", "kent"]))
    start_agreement(SERVICE, reference="A")
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.mark.usefixtures("many_events")
def test_every_kind_of_search_uses_its_index_for_the_serving_role() -> None:
    actor = person("essex")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("concordat_app",)
    slow = {}
    for text, filters in NARROW:
        with statements() as run:
            total = search(actor, text=text, filters=filters).answer.total
        assert 0 < total < 5_000, text
        slow[text, str(filters)] = scanned(actor, run) & GROWING
    for text, filters in BROAD:
        with statements() as run:
            search(actor, text=text, filters=filters)
        slow[text, str(filters)] = scanned(actor, run[-1:]) & GROWING  # counting has to read all
    with statements() as run:
        event(actor, event_id=search(actor, text=crime_id(17)).answer.rows[0].id)
    slow["an event's page", ""] = scanned(actor, run) & GROWING
    assert {asked: tables for asked, tables in slow.items() if tables} == {}

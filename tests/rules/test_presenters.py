"""What pages show of what queries return."""

import csv
import io
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.access.rules import Level, RecordKind, WrittenGrant
from concordat.agreements.rules import RECORD_ROLES, State
from concordat.audit.queries import Entry
from concordat.audit.rules import Operation
from concordat.base.actor import PERSONAL_ROLES, POLICING_PURPOSES, Actor, Purpose, Role
from concordat.organisations.queries import FigureSummary, OrganisationSummary, force_outlines
from concordat.organisations.rules import Measure, OrganisationKind
from concordat.records.rules.csv_files import correction_lines, csv_lines, guarded
from concordat.records.rules.events import Precision
from concordat.records.rules.loads import Layout, Verdict
from concordat.records.rules.questions import Answer, Cluster, Count, EventRow
from concordat.tracing.queries import Found
from concordat.tracing.rules import Part
from concordat.web.presenters import (
    abilities,
    agreements,
    events,
    files,
    forces,
    journal,
    loads,
    maps,
    paging,
    results,
)


def body(number: int, code: str, name: str) -> OrganisationSummary:
    return OrganisationSummary(
        id=number,
        code=code,
        kind=OrganisationKind.FORCE,
        name=name,
        short_name=code.title(),
        pnc_code="",
        ons_code="",
        police_uk_id=code,
        valid_from=None,
        valid_until=None,
        successor="",
    )


ESSEX, KENT = body(14, "essex", "Essex Police"), body(21, "kent", "Kent Police")
BODIES = {ESSEX.id: ESSEX, KENT.id: KENT}


def row(**changes: object) -> EventRow:
    told: dict[str, object] = {
        "id": uuid.UUID(int=1),
        "owner_id": ESSEX.id,
        "kind": RecordKind.CRIME,
        "category": "Burglary",
        "outcome": "",
        "occurred_from": datetime(2024, 1, 1, tzinfo=UTC),
        "occurred_until": datetime(2024, 2, 1, tzinfo=UTC),
        "precision": Precision.MONTH,
        "location": "On or near High Street",
        "lsoa_name": "Colchester 011C",
        "latitude": 51.9,
        "longitude": 0.9,
        "area_id": KENT.id,
        "reference": "abc",
        "in_conflict": False,
    }
    return EventRow(**(told | changes))  # type: ignore[arg-type]


def found(clusters: tuple[Cluster, ...] = (), parts: tuple[Part, ...] = ()) -> Found:
    answer = Answer(
        rows=(),
        total=sum(cluster.count for cluster in clusters),
        page=1,
        by_owner=(Count(key=ESSEX.id, count=2),),
        by_category=(Count(key="Burglary", count=2), Count(key="", count=1)),
        clusters=clusters,
    )
    return Found(parts=parts, notes=(), answer=answer, pointers=())


def asked(query: dict[str, str], chosen: dict[str, str] | None = None) -> results.Asked:
    return results.Asked(
        query=query,
        chosen=chosen or {},
        link=lambda made: "&".join(f"{name}={value}" for name, value in made.items()),
    )


# --- Events -------------------------------------------------------------------------------------


def test_an_event_known_by_its_month_shows_no_time() -> None:
    assert events.when(row()) == "January 2024"


def test_an_event_known_to_the_second_shows_its_time_in_london() -> None:
    at = datetime(2024, 7, 1, 13, 5, tzinfo=UTC)
    assert events.when(row(occurred_from=at, precision=Precision.SECOND)) == "1 July 2024, 14:05"


@pytest.mark.parametrize(
    ("location", "lsoa", "has_point", "shown"),
    [
        ("On or near High Street", "Colchester 011C", True, "High Street, Colchester 011C"),
        ("No Location", "", False, "No place recorded"),
        ("", "", True, "A point without a street name"),
        ("", "Thanet 001A", True, "Thanet 001A"),
    ],
)
def test_a_place_reads_as_its_street_and_area(
    location: str, lsoa: str, has_point: bool, shown: str
) -> None:
    assert events.where(location, lsoa, has_point=has_point) == shown


def test_a_stop_and_search_says_what_was_looked_for() -> None:
    assert events.what(RecordKind.STOP_SEARCH, "Stolen goods") == "Stop and search: stolen goods"
    assert events.what(RecordKind.CRIME, "Burglary") == "Burglary"
    assert events.what(RecordKind.CRIME, "") == "Crime"


def test_a_line_names_the_other_force_in_whose_area_an_event_lies() -> None:
    assert events.line(row(), BODIES).area == "Kent Police"
    assert events.line(row(area_id=ESSEX.id), BODIES).area == ""
    assert events.line(row(area_id=None), BODIES).area == ""


# --- Files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd", "@x", "\t=1", "-1+1"])
def test_a_formula_is_disarmed(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "shown"), [(-0.25, "-0.25"), ("+3", "+3"), (None, ""), ("a=b", "a=b")]
)
def test_what_is_no_formula_stays_as_it_is(value: object, shown: str) -> None:
    assert guarded(value) == shown


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_no_cell_of_a_file_begins_a_formula(cells: list[str]) -> None:
    [line] = csv_lines([cells])
    [read] = csv.reader(io.StringIO(line, newline=""))
    for cell in read:
        assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r") or guarded(cell) == cell


def test_an_export_has_a_line_for_each_event_and_links_back() -> None:
    header, line = files.event_lines([row()], bodies=BODIES, origin="https://c.example")
    [cells] = csv.reader([line])
    assert len(cells) == len(files.EVENT_COLUMNS) == header.count(",") + 1
    assert cells[0] == f"https://c.example/events/{uuid.UUID(int=1)}"


def test_rows_to_correct_keep_their_own_text_behind_the_reason() -> None:
    raw = 'a,2024-01,"=x",-0.5,@y,"unpaired'
    header, line = correction_lines(
        ",".join(Layout.STREET.columns), [("f.csv", 3, "why, then", raw)]
    )
    assert header.startswith("Reason,File,Line,Crime ID,Month")
    assert next(csv.reader([line])) == ["why, then", "f.csv", "3", raw]


def test_a_row_to_correct_stands_in_its_columns_with_formulas_disarmed() -> None:
    raw = 'a,2024-01,"=x",-0.5,@y'
    _, line = correction_lines("header", [("f.csv", 3, "why", raw)])
    assert line == "why,f.csv,3,a,2024-01,'=x,-0.5,'@y\r\n"


# --- Maps ---------------------------------------------------------------------------------------


def test_north_is_up_and_east_is_right() -> None:
    assert maps.project(1.0, 52.0)[0] > maps.project(0.5, 52.0)[0]
    assert maps.project(1.0, 52.0)[1] < maps.project(1.0, 51.0)[1]


def test_a_degree_of_longitude_is_drawn_shorter_than_one_of_latitude() -> None:
    east, south = maps.project(1.0, -1.0)
    assert east == 616
    assert south == 1000


def test_an_outline_is_one_closed_line_for_each_ring() -> None:
    path = maps.outline_path([[(0, 52), (1, 52), (0, 51)], [(0.1, 51.5), (0.2, 51.5), (0.1, 51.4)]])
    assert path.count("M") == path.count("Z") == 2


def test_the_area_of_a_circle_is_in_proportion_to_its_count() -> None:
    assert maps.radius(100, 100) == pytest.approx(2 * maps.radius(25, 100), abs=0.1)


def test_small_circles_are_drawn_last_so_that_they_stay_on_top() -> None:
    clusters = [Cluster(latitude=52, longitude=0, count=n) for n in (1, 50, 9)]
    radii = [circle.radius for circle in maps.circles_of(clusters)]
    assert radii == sorted(radii, reverse=True)


def test_events_far_away_do_not_shrink_the_map() -> None:
    near = [Cluster(latitude=51 + n / 10, longitude=0.5, count=1000) for n in range(5)]
    box = maps.box_of_most([*near, Cluster(latitude=55, longitude=-3, count=1)])
    assert box == maps.Box(0.5, 51, 0.5, 51.4)


def test_a_map_holds_only_the_areas_that_show_in_it() -> None:
    drawn = maps.draw(
        force_outlines(), names={"essex": "Essex"}, around=maps.Box(0.5, 51.6, 0.9, 51.9)
    )
    assert drawn is not None
    shown = {area.code: area.is_labelled for area in drawn.areas}
    assert shown["essex"]
    assert "cumbria" not in shown


def test_there_is_no_map_of_nothing() -> None:
    assert maps.draw(force_outlines(), names={}, around=None) is None
    assert maps.box_of([]) is maps.box_of_most([]) is None


@given(
    st.floats(-5, 1.7), st.floats(50, 55), st.floats(0, 3), st.floats(0, 3),
)  # fmt: skip
def test_a_box_made_to_shape_keeps_all_it_held(
    west: float, south: float, wide: float, tall: float
) -> None:
    box = maps.Box(west, south, west + wide, south + tall)
    grown = box.grown(0.05).shaped()
    assert grown.holds(box.west, box.south)
    assert grown.holds(box.east, box.north)


# --- Results ------------------------------------------------------------------------------------


def test_a_facet_narrows_and_a_selected_one_is_removed() -> None:
    [plain] = results.force_facets(asked({"q": "x"}), found().answer, BODIES)
    assert (plain["href"], plain["selected"]) == ("q=x&force=essex", False)
    [chosen] = results.force_facets(asked({"q": "x", "force": "essex"}), found().answer, BODIES)
    assert (chosen["href"], chosen["selected"]) == ("q=x", True)


def test_results_without_a_type_make_no_facet() -> None:
    assert [facet["text"] for facet in results.type_facets(asked({}), found().answer)] == [
        "Burglary"
    ]


def test_an_empty_search_suggests_leaving_out_each_thing() -> None:
    parts = (Part("Type", "Burglary", "burglary"), Part("Words", "zzz", "zzz"))
    search = asked({"q": "burglary zzz", "force": "kent"}, {"force": "Force: Kent Police"})
    hrefs = [other["href"] for other in results.suggestions(search, found(parts=parts))]
    assert hrefs == ["q=burglary zzz", "q=zzz&force=kent", "q=burglary&force=kent"]


def test_a_circle_leads_to_what_happened_around_it_unless_a_place_was_asked_for() -> None:
    cluster = (Cluster(latitude=51.85, longitude=-0.05, count=3),)
    [line] = results.cluster_rows(asked({"q": "theft"}), found(cluster))
    assert line[0] == {
        "text": "51.85° north, 0.05° west",
        "href": "q=theft within 6 km of 51.85, -0.05",
    }
    near = found(cluster, (Part("Near", "CO1 1AA", "CO1 1AA"),))
    [line] = results.cluster_rows(asked({"q": "CO1 1AA"}), near)
    assert line[0] == {"text": "51.85° north, 0.05° west"}


def test_pages_show_the_first_the_last_and_those_around() -> None:
    made = paging.pages(page=6, pages=12, total=300, size=25, href=str)
    numbers = [item.get("number", "…") for item in made["items"]]  # type: ignore[attr-defined]
    assert numbers == [1, "…", 4, 5, 6, 7, 8, "…", 12]
    assert made["showing"] == "Showing 126 to 150 of 300 events"
    assert (made["previous"], made["next"]) == ("5", "7")


@given(st.text())
def test_any_text_gives_a_page_number(text: str) -> None:
    assert 1 <= paging.page_number(text) <= 99_999


# --- Forces and agreements ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_at", "value", "unit", "shown"),
    [
        (date(2004, 4, 1), "72.60", "GBP_m", ("2004/05", "£72.6 million")),
        (date(1999, 4, 1), "100.00", "GBP_m", ("1999/00", "£100 million")),
        (date(2016, 3, 31), "2893.53", "FTE", ("31 March 2016", "2,893.53")),
        (date(2011, 6, 30), "1729141.00", "people", ("30 June 2011", "1,729,141")),
    ],
)
def test_a_figure_reads_with_its_date_and_unit(
    as_at: date, value: str, unit: str, shown: tuple[str, str]
) -> None:
    figure = FigureSummary(
        measure=Measure.POPULATION, as_at=as_at, value=Decimal(value), unit=unit, source=""
    )
    assert (forces.as_at(figure), forces.value_text(figure)) == shown


def test_what_is_shared_on_the_same_terms_is_one_line() -> None:
    agreement = uuid.UUID(int=7)
    grants = [
        WrittenGrant(
            agreement_id=agreement,
            agreement_version=1,
            clause=clause,
            owner_id=ESSEX.id,
            recipient_id=KENT.id,
            kind=kind,
            level=Level.FULL,
            roles=RECORD_ROLES,
            purposes=POLICING_PURPOSES,
            valid_from=datetime(2024, 1, 1, tzinfo=UTC),
            valid_until=None,
        )
        for clause, kind in enumerate((RecordKind.CRIME, RecordKind.PLACE), start=1)
    ]
    [part] = forces.shared(grants, of_owner=True, bodies=BODIES, references={agreement: "A/1"})
    assert (part.kinds, part.others, part.reference) == ("Crime and place", "Kent Police", "A/1")
    assert part.purposes == "Every policing purpose"


def test_an_agreement_runs_until_the_day_before_its_first_day_without() -> None:
    assert agreements.runs(date(2026, 1, 1), date(2027, 1, 1)) == (
        "From 1 January 2026 to 31 December 2026"
    )
    assert agreements.runs(None, None) == "Not started"
    assert "the day it started" in agreements.runs(date(2026, 1, 1), date(2026, 1, 1))


def test_every_standing_has_a_colour() -> None:
    assert set(agreements.STATE_COLOURS) == set(State)


# --- Loads, journal, roles ----------------------------------------------------------------------


def test_every_verdict_is_explained() -> None:
    assert set(loads.VERDICTS) == set(Verdict)


def test_an_entry_says_what_was_searched_for_and_leads_to_its_one_record() -> None:
    entry = Entry(
        id=uuid.UUID(int=1),
        recorded_at=datetime(2026, 11, 21, 12, tzinfo=UTC),
        operation=Operation.CONSULTATION,
        action="records.find_events",
        person_name="A Person",
        organisation_id=ESSEX.id,
        roles=("officer",),
        purpose="investigation",
        reason="CR/1",
        details={"asked": "burglary"},
        subject_count=1,
        subject_id=uuid.UUID(int=5),
        lane=0,
        seq=1,
    )
    [cells] = journal.entry_rows([entry], BODIES, link=lambda record: f"/{record.int}")
    assert cells[3] == {"text": "Saw a list of events: “burglary”", "href": "/5"}
    assert cells[5] == "Investigating crime: CR/1"


def actor(*roles: Role) -> Actor:
    return Actor(
        person_id=uuid.UUID(int=1),
        person_name="A Person",
        organisation_id=ESSEX.id,
        organisation_name=ESSEX.name,
        roles=frozenset(roles),
        purpose=Purpose.INVESTIGATION,
    )


@pytest.mark.parametrize("role", PERSONAL_ROLES)
def test_every_role_can_search_or_is_told_what_it_can_do(role: Role) -> None:
    someone = actor(role)
    assert abilities.works_with_records(someone) or abilities.abilities(someone)


def test_loads_and_the_journal_are_offered_to_those_they_are_for() -> None:
    def names(*roles: Role) -> set[str]:
        return {section.url_name for section in abilities.sections(actor(*roles))}

    assert names(Role.OFFICER) == {"home", "log", "forces", "agreements"}
    quality = {"home", "log", "review", "forces", "agreements", "quality", "loads"}
    assert names(Role.DATA_QUALITY) == quality
    assert names(Role.INTELLIGENCE) == {"home", "log", "review", "forces", "agreements"}
    assert names(Role.AUDITOR) == {"home", "forces", "agreements", "journal"}

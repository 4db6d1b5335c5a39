"""What the reference files shipped with the package promise."""

import csv
import json
import re
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest

import concordat

REFERENCE = Path(concordat.__file__).parent / "organisations" / "reference"
SEVEN = {"bedfordshire", "cambridgeshire", "essex", "hertfordshire", "kent", "norfolk", "suffolk"}
TABLES = {
    "organisations.csv": "id code kind name short_name pnc_code ons_code police_uk_id region "
    "valid_from valid_until successor serves",
    "figures.csv": "organisation measure as_at value unit source",
    "districts.csv": "ons_code name force valid_from valid_until",
    "postcode_sectors.csv": "sector latitude longitude force postcodes",
    "district_centres.csv": "name force latitude longitude",
}
# Rounded outward from the outermost points of England and Wales.
WEST, SOUTH, EAST, NORTH = -6.5, 49.8, 1.8, 55.9
# The outlines leave out small islands and cut corners; about four kilometres covers both.
MARGIN = 0.04

Row: TypeAlias = dict[str, str]
Ring: TypeAlias = list[tuple[float, float]]


class Box(NamedTuple):
    """The smallest rectangle around an outline, in degrees."""

    west: float
    south: float
    east: float
    north: float


@cache
def read_table(name: str) -> list[Row]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


@cache
def read_outlines() -> dict[str, list[Ring]]:
    document = json.loads((REFERENCE / "force_outlines.json").read_text(encoding="utf-8"))
    return {
        force: [[(lon, lat) for lon, lat in ring] for ring in rings]
        for force, rings in document["outlines"].items()
    }


def organisations(kind: str) -> list[Row]:
    return [row for row in read_table("organisations.csv") if row["kind"] == kind]


def force_codes() -> set[str]:
    return {row["code"] for row in organisations("force")}


def is_valid_on(row: Row, day: date) -> bool:
    has_begun = not row["valid_from"] or date.fromisoformat(row["valid_from"]) <= day
    has_ended = bool(row["valid_until"]) and date.fromisoformat(row["valid_until"]) <= day
    return has_begun and not has_ended


def changes_of_districts() -> list[date]:
    """Every day on which some district begins or ends, and one day before all of them."""
    rows = read_table("districts.csv")
    days = {row[field] for row in rows for field in ("valid_from", "valid_until")} - {""}
    return [date(2000, 1, 1), *sorted(date.fromisoformat(day) for day in days)]


def districts_on(day: date) -> list[Row]:
    return [row for row in read_table("districts.csv") if is_valid_on(row, day)]


def total(measure: str, as_at: str) -> int:
    rows = read_table("figures.csv")
    return sum(int(r["value"]) for r in rows if r["measure"] == measure and r["as_at"] == as_at)


def box_of(force: str) -> Box:
    points = [point for ring in read_outlines()[force] for point in ring]
    longitudes, latitudes = zip(*points, strict=True)
    return Box(min(longitudes), min(latitudes), max(longitudes), max(latitudes))


def lies_within(row: Row, box: Box, margin: float) -> bool:
    longitude, latitude = float(row["longitude"]), float(row["latitude"])
    return (
        box.west - margin <= longitude <= box.east + margin
        and box.south - margin <= latitude <= box.north + margin
    )


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_the_promised_columns_and_no_ragged_row(name: str) -> None:
    columns = TABLES[name].split()
    for row in read_table(name):
        assert list(row) == columns
        assert None not in row.values()


@pytest.mark.parametrize("name", [*TABLES, "force_outlines.json", "README.md"])
def test_no_file_names_a_machine_path_or_an_address(name: str) -> None:
    text = (REFERENCE / name).read_text(encoding="utf-8")
    assert not re.search(r"https?://|www\.|/home/|/tmp/|\.\./", text)


def test_there_are_43_territorial_forces_and_british_transport_police() -> None:
    assert len(force_codes()) == 44
    assert "btp" in force_codes()
    assert force_codes() > SEVEN


def test_forces_keep_the_ids_1_to_44_and_all_others_start_at_101() -> None:
    assert sorted(int(row["id"]) for row in organisations("force")) == list(range(1, 45))
    others = [row for row in read_table("organisations.csv") if row["kind"] != "force"]
    assert min(int(row["id"]) for row in others) == 101


@pytest.mark.parametrize(
    "column", ["id", "code", "name", "short_name", "pnc_code", "ons_code", "police_uk_id"]
)
def test_no_two_organisations_share_an_identifier_or_a_name(column: str) -> None:
    values = [row[column] for row in read_table("organisations.csv") if row[column]]
    assert [value for value, uses in Counter(values).items() if uses > 1] == []


def test_every_code_is_a_slug_that_can_stand_in_an_address() -> None:
    for row in read_table("organisations.csv"):
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", row["code"])


def test_every_force_has_its_codes_and_region() -> None:
    for row in organisations("force"):
        assert row["police_uk_id"] == row["code"]
        assert re.fullmatch(r"\d\d", row["pnc_code"])
        assert row["region"]
        assert row["serves"] == ""
        if row["code"] == "btp":
            assert row["ons_code"] == ""
        else:
            assert re.fullmatch(r"E230000\d\d|W150000\d\d", row["ons_code"])


def test_the_seven_forces_have_the_names_that_their_published_records_carry() -> None:
    names = {row["code"]: row["name"] for row in organisations("force") if row["code"] in SEVEN}
    assert names == {
        "bedfordshire": "Bedfordshire Police",
        "cambridgeshire": "Cambridgeshire Constabulary",
        "essex": "Essex Police",
        "hertfordshire": "Hertfordshire Constabulary",
        "kent": "Kent Police",
        "norfolk": "Norfolk Constabulary",
        "suffolk": "Suffolk Constabulary",
    }


def test_every_fire_service_and_policing_body_serves_a_known_force() -> None:
    fire_services = {row["code"] for row in organisations("fire_service")}
    for row in organisations("fire_service"):
        assert row["serves"].split()
        assert set(row["serves"].split()) <= force_codes()
    for row in organisations("policing_body"):
        assert set(row["serves"].split()) & force_codes()
        assert set(row["serves"].split()) <= force_codes() | fire_services
    for row in organisations("fire_authority"):
        assert row["serves"].split()
        assert set(row["serves"].split()) <= fire_services


def test_each_fire_service_has_exactly_one_authority_today() -> None:
    fire_services = {row["code"] for row in organisations("fire_service")}
    served = [
        code
        for kind in ("fire_authority", "policing_body")
        for row in organisations(kind)
        if not row["valid_until"]
        for code in row["serves"].split()
        if code in fire_services
    ]
    assert sorted(served) == sorted(fire_services)


def test_each_of_the_seven_has_one_fire_service() -> None:
    served = [force for row in organisations("fire_service") for force in row["serves"].split()]
    assert sorted(served) == sorted(SEVEN)


def test_every_period_ends_after_it_begins() -> None:
    for name in ("organisations.csv", "districts.csv"):
        for row in read_table(name):
            if row["valid_from"] and row["valid_until"]:
                assert date.fromisoformat(row["valid_from"]) < date.fromisoformat(
                    row["valid_until"]
                )


def test_every_successor_exists_and_starts_the_day_its_predecessor_ends() -> None:
    by_code = {row["code"]: row for row in read_table("organisations.csv")}
    for row in by_code.values():
        assert bool(row["successor"]) == bool(row["valid_until"])
        if row["successor"]:
            successor = by_code[row["successor"]]
            assert successor["valid_from"] == row["valid_until"]
            # a commissioner may take a fire authority's place beside their own
            assert successor["kind"] == row["kind"] or row["kind"] == "fire_authority"
            assert set(successor["serves"].split()) >= set(row["serves"].split())


@pytest.mark.parametrize("force", sorted(SEVEN))
@pytest.mark.parametrize(
    "day", [date(2012, 11, 21), date(2012, 11, 22), date(2017, 9, 30), date(2017, 10, 1)]
)
def test_each_of_the_seven_has_exactly_one_policing_body_on_any_day(force: str, day: date) -> None:
    bodies = [
        row
        for row in organisations("policing_body")
        if force in row["serves"].split() and is_valid_on(row, day)
    ]
    assert len(bodies) == 1


def test_essex_passes_from_authority_to_commissioner_to_police_and_fire_commissioner() -> None:
    bodies = [row for row in organisations("policing_body") if "essex" in row["serves"].split()]
    assert [(row["code"], row["valid_from"], row["valid_until"]) for row in bodies] == [
        ("essex-police-authority", "1995-04-01", "2012-11-22"),
        ("essex-pcc", "2012-11-22", "2017-10-01"),
        ("essex-pfcc", "2017-10-01", ""),
    ]


def test_the_seven_forces_served_7_6_million_people_in_2011_and_7_9_million_in_2015() -> None:
    assert total("population", "2011-06-30") == 7_593_769
    assert total("population", "2015-06-30") == 7_891_315


@pytest.mark.parametrize(
    ("measure", "dates"),
    [
        ("population", [*(f"{year}-06-30" for year in range(2011, 2017)), "2023-06-30"]),
        ("police_officers_fte", ["2015-09-30", "2016-03-31"]),
        ("police_staff_fte", ["2015-09-30", "2016-03-31"]),
        ("pcso_fte", ["2015-09-30", "2016-03-31"]),
        ("specials", ["2015-09-30", "2016-03-31"]),
        ("recorded_offences", ["2017-04-01"]),
        ("budget_requirement", ["2002-04-01", "2003-04-01", "2004-04-01"]),
        ("total_grants", ["2002-04-01", "2003-04-01", "2004-04-01"]),
    ],
)
def test_a_measure_used_to_share_costs_is_there_for_all_seven(
    measure: str, dates: list[str]
) -> None:
    for as_at in dates:
        rows = read_table("figures.csv")
        known = {r["organisation"] for r in rows if (r["measure"], r["as_at"]) == (measure, as_at)}
        assert known == SEVEN


def test_a_figure_is_stated_once_with_its_unit_and_publisher() -> None:
    rows = read_table("figures.csv")
    stated = Counter((row["organisation"], row["measure"], row["as_at"]) for row in rows)
    assert max(stated.values()) == 1
    for row in rows:
        assert row["organisation"] in force_codes()
        assert date.fromisoformat(row["as_at"])
        assert re.fullmatch(r"\d+(\.\d{1,3})?", row["value"])
        assert row["unit"] in {"people", "FTE", "headcount", "offences", "GBP_m"}
        assert row["source"]


def test_every_district_has_a_code_and_a_force_that_exists() -> None:
    for row in read_table("districts.csv"):
        assert re.fullmatch(r"E0[6-9]\d{6}|W06\d{6}", row["ons_code"])
        assert row["name"]
        assert row["force"] in force_codes()


@pytest.mark.parametrize("day", changes_of_districts())
def test_no_district_name_or_code_has_two_forces_at_one_date(day: date) -> None:
    for column in ("name", "ons_code"):
        forces: dict[str, set[str]] = {}
        for row in districts_on(day):
            forces.setdefault(row[column], set()).add(row["force"])
        assert {key for key, found in forces.items() if len(found) > 1} == set()


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2016, 12, 31), 348),
        (date(2019, 4, 1), 339),
        (date(2020, 4, 1), 336),
        (date(2021, 4, 1), 331),
        (date(2023, 4, 1), 318),
        (date(2025, 4, 1), 318),
    ],
)
def test_every_district_of_england_and_wales_is_listed_through_the_reorganisations(
    day: date, number: int
) -> None:
    assert len({row["ons_code"] for row in districts_on(day)}) == number


def test_every_territorial_force_has_districts_and_an_outline() -> None:
    territorial = force_codes() - {"btp"}
    assert {row["force"] for row in read_table("districts.csv")} == territorial
    assert set(read_outlines()) == territorial


def test_every_outline_is_made_of_closed_rings_within_england_and_wales() -> None:
    for rings in read_outlines().values():
        assert rings
        for ring in rings:
            assert ring[0] == ring[-1]
            assert len(set(ring)) == len(ring) - 1 >= 3
            for longitude, latitude in ring:
                assert WEST < longitude < EAST
                assert SOUTH < latitude < NORTH
                assert (round(longitude, 3), round(latitude, 3)) == (longitude, latitude)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("essex", "suffolk"),
        ("essex", "hertfordshire"),
        ("norfolk", "cambridgeshire"),
        ("kent", "sussex"),
        ("metropolitan", "city-of-london"),
    ],
)
def test_neighbouring_outlines_meet_along_the_same_points(one: str, other: str) -> None:
    outlines = read_outlines()
    points = [{point for ring in outlines[force] for point in ring} for force in (one, other)]
    assert len(points[0] & points[1]) >= 4


def test_the_outlines_stay_small_enough_to_send_with_a_page_and_name_their_owner() -> None:
    content = (REFERENCE / "force_outlines.json").read_bytes()
    assert len(content) <= 60_000
    attribution = json.loads(content)["attribution"]
    assert "Open Government Licence v3.0" in attribution
    assert "OS data © Crown copyright" in attribution


def test_every_postcode_sector_lies_by_its_force() -> None:
    rows = read_table("postcode_sectors.csv")
    assert {row["force"] for row in rows} == SEVEN
    assert len({row["sector"] for row in rows}) == len(rows)
    for row in rows:
        assert re.fullmatch(r"[A-Z]{1,2}\d[\dA-Z]? \d", row["sector"])
        assert int(row["postcodes"]) > 0
        assert lies_within(row, box_of(row["force"]), MARGIN), row


def test_every_current_district_of_the_seven_has_a_centre_in_its_force() -> None:
    centres = read_table("district_centres.csv")
    current = {
        (row["name"], row["force"])
        for row in districts_on(date(2026, 1, 1))
        if row["force"] in SEVEN
    }
    assert {(row["name"], row["force"]) for row in centres} == current
    assert len(centres) == len(current)
    for row in centres:
        assert lies_within(row, box_of(row["force"]), 0)


def test_the_readme_displays_every_attribution_that_the_licences_ask_for() -> None:
    readme = (REFERENCE / "README.md").read_text(encoding="utf-8")
    for owner in (
        "Open Government Licence v3.0",
        "Open Parliament Licence v3.0",
        "Contains OS data © Crown copyright and database right",
        "Contains Royal Mail data © Royal Mail copyright and database right",
        "Contains National Statistics data © Crown copyright and database right",
    ):
        assert owner in readme

"""Loading the full ONS and postcode lookups."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from concordat.audit.queries import recent
from concordat.base.actor import Role
from concordat.base.source_files import UnusableFile
from concordat.organisations.actions import load_areas
from concordat.organisations.actions.areas import AreaReport
from concordat.organisations.errors import NotAllowed
from concordat.organisations.queries import organisation, point_of_postcode
from concordat.records.actions import load_street
from concordat.tracing.queries import search
from tests.files import street_row, write_csv
from tests.world import SERVICE, person

pytestmark = pytest.mark.django_db

ESSEX, KENT, NOWHERE = "E23000028", "E23000032", "E23999999"
LSOAS = ["LSOA21CD", "LSOA21NM", "PFA23CD", "PFA23NM"]
POSTCODES = ["pcds", "lat", "long", "pfa"]


def load(folder: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> AreaReport:
    path = write_csv(folder / "lookup.csv", rows, columns=columns)
    return load_areas(SERVICE, path=path)


def test_an_lsoa_lookup_tells_the_area_where_the_district_does_not(tmp_path: Path) -> None:
    rows = [["E01999999", "Newtown 001A", ESSEX, "Essex"]]
    report = load(tmp_path, LSOAS, rows)
    assert (report.kind, report.read, report.kept, report.left_out) == ("LSOAs", 1, 1, 0)
    street = street_row(1, lsoa_code="E01999999", lsoa_name="Newtown 001A")
    load_street(SERVICE, paths=[write_csv(tmp_path / "2026-01-essex-street.csv", [street])])
    (found,) = search(person("essex"), text="").answer.rows
    assert found.area_id == organisation("essex").id


def test_a_postcode_lookup_finds_the_postcode_itself(tmp_path: Path) -> None:
    sector = point_of_postcode("CO1 1ZZ")
    assert sector is not None
    assert (sector.found_as, sector.exact) == ("CO1 1", False)
    report = load(tmp_path, POSTCODES, [["CO1 1ZZ", "51.8901", "0.9012", ESSEX]])
    assert (report.kind, report.kept) == ("postcodes", 1)
    point = point_of_postcode("co11zz")
    assert point is not None
    assert (point.latitude, point.longitude, point.exact) == (51.8901, 0.9012, True)


@pytest.mark.parametrize("columns", [POSTCODES, ["Postcode", "Latitude", "Longitude", "PFA23CD"]])
def test_unusable_rows_are_left_out_and_counted(tmp_path: Path, columns: list[str]) -> None:
    rows = [
        ["CO1 1ZX", "51.89", "0.90", ESSEX],
        ["CT1 1ZX", "51.28", "1.09", KENT],
        ["CO1 1ZY", "51.89", "0.90", NOWHERE],
        ["not a postcode", "51.89", "0.90", ESSEX],
        ["CO1 1ZW", "", "", ESSEX],
        ["CO1 1ZU", "99.999999", "0.000000", ESSEX],
        ["CO1 1ZT"],
    ]
    report = load(tmp_path, columns, rows)
    assert (report.read, report.kept, report.left_out) == (7, 2, 5)
    unknown = point_of_postcode("CO1 1ZU")
    assert unknown is None or not unknown.exact


def test_unknown_forces_in_an_lsoa_lookup_are_left_out(tmp_path: Path) -> None:
    rows = [["E01999999", "Newtown 001A", ESSEX, ""], ["S01000001", "Aberdeen", NOWHERE, ""]]
    report = load(tmp_path, LSOAS, rows)
    assert (report.read, report.kept, report.left_out) == (2, 1, 1)


def test_loading_again_updates_and_removes_nothing(tmp_path: Path) -> None:
    load(
        tmp_path, POSTCODES, [["CO1 1ZZ", "51.8", "0.9", ESSEX], ["CO1 1ZX", "51.7", "0.8", ESSEX]]
    )
    assert load(tmp_path, POSTCODES, [["CO1 1ZZ", "51.9", "0.9", ESSEX]]).kept == 1
    latitudes = []
    for postcode in ("CO1 1ZZ", "CO1 1ZX"):
        point = point_of_postcode(postcode)
        assert point is not None
        latitudes.append(point.latitude)
    assert latitudes == [51.9, 51.7]


def test_an_lsoa_lookup_may_name_postcodes_without_their_points(tmp_path: Path) -> None:
    rows = [["CO1 1ZZ", "E01999999", "Newtown 001A", ESSEX]]
    report = load(tmp_path, ["pcds", "lsoa21cd", "lsoa21nm", "pfa23cd"], rows)
    assert (report.kind, report.kept) == ("LSOAs", 1)


@pytest.mark.parametrize("columns", [LSOAS[:2], POSTCODES[:3], ["a", "b"]])
def test_wrong_columns_are_refused_with_what_is_needed(tmp_path: Path, columns: list[str]) -> None:
    with pytest.raises(UnusableFile, match=r"none of the two layouts.*Nothing was loaded"):
        load(tmp_path, columns, [])


def test_only_administrators_and_data_quality_load_lookups(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "lookup.csv", [["E01999999", "X 001A", ESSEX, ""]], columns=LSOAS)
    with pytest.raises(NotAllowed):
        load_areas(person("essex"), path=path)
    for role in (Role.ADMINISTRATOR, Role.DATA_QUALITY):
        assert load_areas(person("essex", role), path=path).kept == 1
    assert len(recent(SERVICE, action="organisations.load_areas")) == 2

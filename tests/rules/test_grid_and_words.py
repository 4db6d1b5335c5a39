"""Squares on the map, distances, postcodes, and the words by which a place is found."""

from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.organisations.rules import (
    district_of_lsoa_name,
    metres_between,
    normal_name,
    postcode_sector,
    read_postcode,
)
from concordat.records.rules.grid import (
    CELL_DEGREES,
    MAP_CELL_DEGREES,
    centre,
    square,
    squares_around,
)
from concordat.records.rules.words import place_terms, words

latitudes = st.floats(49.0, 61.0)
longitudes = st.floats(-9.0, 2.5)
sizes = st.sampled_from([CELL_DEGREES, MAP_CELL_DEGREES])


# --- squares --------------------------------------------------------------------------------------


@given(latitudes, longitudes, sizes)
def test_a_point_lies_in_its_square(latitude: float, longitude: float, degrees: float) -> None:
    number = square(latitude, longitude, degrees=degrees)
    north, east = centre(number, degrees=degrees)
    assert abs(latitude - north) <= degrees / 2 + 1e-6
    assert abs(longitude - east) <= degrees / 2 + 1e-6
    assert square(north, east, degrees=degrees) == number


@given(st.integers(4900, 6100), st.integers(-900, 250))
def test_a_point_on_a_corner_belongs_to_the_square_north_east_of_it(row: int, column: int) -> None:
    latitude, longitude = row / 100, column / 100
    inside = square(latitude + 0.005, longitude + 0.005, degrees=CELL_DEGREES)
    assert square(latitude, longitude, degrees=CELL_DEGREES) == inside


@given(latitudes, longitudes, st.integers(1, 20_000), st.floats(-1, 1), st.floats(-1, 1))
def test_whatever_is_near_lies_in_the_squares_around(
    latitude: float, longitude: float, metres: int, north: float, east: float
) -> None:
    other_latitude = latitude + north * metres / 111_000
    other_longitude = longitude + east * metres / (111_000 * cos(radians(latitude)))
    around = squares_around(latitude, longitude, metres=metres, degrees=CELL_DEGREES)
    assert len(around) == len(set(around))
    if metres_between(latitude, longitude, other_latitude, other_longitude) <= metres:
        assert square(other_latitude, other_longitude, degrees=CELL_DEGREES) in around


def test_distances_are_those_of_the_earth() -> None:
    colchester, canterbury = (51.8892, 0.9042), (51.2802, 1.0789)
    assert metres_between(*colchester, *canterbury) == pytest.approx(68_780, rel=0.002)
    assert metres_between(*colchester, *colchester) == 0


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On or near St. Mary's Road", ["st", "marys", "road"]),
        ("St Mary’s Road", ["st", "marys", "road"]),
        ("Llŷn Café-Street 7B", ["llyn", "cafe", "street", "7b"]),
        ("ON OR NEAR", ["on", "or", "near"]),
        ("No Location", ["no", "location"]),
        ("The Street", ["street"]),
        ("", []),
        ("…", []),
    ],
)
def test_words_are_compared_in_their_plain_form(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text())
def test_words_are_lower_case_letters_and_digits_and_stay_themselves(text: str) -> None:
    found = words(text)
    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in found)
    assert words(" ".join(found)) == found


@given(st.text(), st.text())
def test_a_place_is_found_by_every_word_of_its_street(location: str, district: str) -> None:
    assert set(words(location)) <= place_terms(location=location, district=district)


def test_a_place_is_found_by_its_street_and_its_district() -> None:
    terms = place_terms(location="On or near High Street", district="King's Lynn and West Norfolk")
    assert terms == {"high", "street", "kings", "lynn", "and", "west", "norfolk"}


# --- names and codes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "district"),
    [
        ("Colchester 011C", "Colchester"),
        ("King's Lynn and West Norfolk 001A", "King's Lynn and West Norfolk"),
        ("Colchester", "Colchester"),
        ("", ""),
    ],
)
def test_an_lsoas_name_tells_its_district(name: str, district: str) -> None:
    assert district_of_lsoa_name(name) == district


def test_names_are_compared_without_case_spacing_or_ampersands() -> None:
    assert normal_name(" Avon  &  Somerset\tConstabulary ") == "avon and somerset constabulary"


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("co11aa", "CO1 1AA"),
        ("SW1A 2AA", "SW1A 2AA"),
        ("m11ae", "M1 1AE"),
        ("CO1 1", "CO1 1"),
        ("CO1", None),
        ("CO1 1CI", None),
        ("1234", None),
        ("", None),
    ],
)
def test_postcodes_and_sectors_are_read_in_any_spelling(text: str, postcode: str | None) -> None:
    assert read_postcode(text) == postcode


def test_a_sector_is_the_first_part_of_a_postcode() -> None:
    assert postcode_sector("CO1 1AA") == "CO1 1"
    assert postcode_sector("CO1 1") == "CO1 1"

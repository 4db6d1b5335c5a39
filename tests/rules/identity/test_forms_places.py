"""Postcodes, houses, streets, addresses and places in standard form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.identity.engine.forms import places


@pytest.mark.parametrize(
    "written",
    ["M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "W1A 0AX", "EC1A 1BB", "GIR 0AA", "N1P 1AA",
     "E1W 2AA", "SS1 2AB", "BT1 1AA", "JE2 3AB"],
)  # fmt: skip
def test_postcodes_of_every_pattern(written: str) -> None:
    form = written.replace(" ", "")
    for way in (written, written.lower(), form, f" {written[:-3]}  {written[-3:]} "):
        assert places.postcode_form(way) == form
    assert places.postcode_is_valid(form)


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("SSI 2AB", "SS12AB"),
        ("0X1 2JD", "OX12JD"),
        ("SO1 OAA", "SO10AA"),
        ("M1 IAE", "M11AE"),
        ("ECIA IBB", "EC1A1BB"),
        ("L1 8JQ", "L18JQ"),
        ("12345", "12345"),
        ("10115", "10115"),
        ("1010", "1010"),
        ("D02 AF30", "D02AF30"),
        ("SS1", "SS1"),
        ("SS1 2CV", "SS12CV"),
        ("QS1 2AB", "QS12AB"),
        ("ZZ99 3VZ", ""),
        ("ZZ99 9ZZ", ""),
        ("XXXX", ""),
        ("00000", ""),
        ("n/k", ""),
    ],
)
def test_postcodes_mended_foreign_wrong_and_pseudo(written: str, form: str) -> None:
    assert places.postcode_form(written) == form


@pytest.mark.parametrize("form", ["SS12CV", "QS12AB", "AI12AB", "W1I2AB", "12345", "", "SS1"])
def test_what_is_no_british_postcode(form: str) -> None:
    assert not places.postcode_is_valid(form)


LOOK_ALIKES = str.maketrans("OI", "01")


@given(
    st.sampled_from(["M1", "OX1", "IP10", "SO10", "EC1A", "W1A", "OL10"]),
    st.sampled_from(["0AA", "1AE", "2JD", "9ZZ"]),
    st.sets(st.integers(0, 6), max_size=3),
)
def test_look_alikes_are_mended_and_nothing_else(
    outward: str, inward: str, slips: set[int]
) -> None:
    right = outward + inward
    swaps = {"O": "0", "0": "O", "I": "1", "1": "I"}
    written = "".join(
        swaps.get(mark, mark) if place in slips else mark for place, mark in enumerate(right)
    )
    form = places.postcode_form(written)
    assert places.postcode_is_valid(form)
    assert form.translate(LOOK_ALIKES) == right.translate(LOOK_ALIKES)


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("14", "14"),
        ("014", "14"),
        ("14a", "14a"),
        ("14 A", "14a"),
        ("No. 14", "14"),
        ("Number 14", "14"),
        ("Flat 2", "flat 2"),
        ("Apt. 2", "flat 2"),
        ("Apartment 02", "flat 2"),
        ("Flat 2, 14", "flat 2 14"),
        ("2/14", "flat 2 14"),
        ("Flat 2/14", "flat 2 14"),
        ("Unit 2/14", "unit 2 14"),
        ("14-16", "14 16"),
        ("Rose Cottage", "rose cottage"),
        ("0", ""),
        ("n/a", ""),
        ("NFA", ""),
    ],
)
def test_houses(written: str, form: str) -> None:
    assert places.house_form(written) == form


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("High Street", "high street"),
        ("HIGH ST", "high street"),
        ("High St.", "high street"),
        ("14 High St", "high street"),
        ("14a High St", "high street"),
        ("St John's Rd", "saint johns road"),
        ("St. John St", "saint john street"),
        ("Church St North", "church street north"),
        ("Park Ave", "park avenue"),
        ("Elm Cl", "elm close"),
        ("Oak Dr", "oak drive"),
        ("Ash Cres", "ash crescent"),
        ("Bay Gdns", "bay gardens"),
        ("Fir Ct", "fir court"),
        ("Kings Sq", "kings square"),
        ("Ivy Pl", "ivy place"),
        ("Sea Ter", "sea terrace"),
        ("Long Ln", "long lane"),
        ("The Street", "the street"),
        ("Broadway", "broadway"),
        ("14 Broadway", "broadway"),
        ("No fixed abode", ""),
        ("unknown", ""),
    ],
)
def test_streets(written: str, form: str) -> None:
    assert places.street_form(written) == form


@pytest.mark.parametrize(
    ("written", "house", "street"),
    [
        ("14 High St", "14", "high street"),
        ("14a High Street", "14a", "high street"),
        ("14 A High St", "14a", "high street"),
        ("Flat 2, 14 High St, Basildon", "flat 2 14", "high street"),
        ("Flat 2 14 High St", "flat 2 14", "high street"),
        ("2/14 High St", "flat 2 14", "high street"),
        ("Rose Cottage, Church Ln", "rose cottage", "church lane"),
        ("Rose Cottage, Basildon", "rose cottage", ""),
        ("The Beeches, 4 Church Ln", "the beeches 4", "church lane"),
        ("The Green, Basildon", "", "the green"),
        ("High St", "", "high street"),
        ("5 St John St", "5", "saint john street"),
        ("14-16 Queen's Rd", "14 16", "queens road"),
        ("14 High St\nBasildon", "14", "high street"),
        ("14", "14", ""),
        ("NFA", "", ""),
        ("", "", ""),
    ],
)
def test_addresses_are_split(written: str, house: str, street: str) -> None:
    assert places.split_address(written) == (house, street)


@given(
    st.integers(1, 400),
    st.sampled_from(["", "a", "b"]),
    st.sampled_from(["High Street", "Elm Grove", "St Mary's Road", "Long Lane"]),
)
def test_a_split_address_agrees_with_its_fields(number: int, letter: str, street: str) -> None:
    house = f"{number}{letter}"
    expected = places.house_form(house), places.street_form(street)
    assert places.split_address(f"{house} {street}") == expected
    assert places.split_address(f"{house.upper()}, {street.upper()}, Basildon") == expected


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Basildon", "basildon"),
        ("STOKE-ON-TRENT", "stoke on trent"),
        ("St. Albans", "saint albans"),
        ("King's Lynn", "kings lynn"),
        ("São Paulo", "sao paulo"),
        ("Not stated", ""),
        ("nan", ""),
        ("NFA", ""),
    ],
)
def test_places(written: str, form: str) -> None:
    assert places.place_form(written) == form

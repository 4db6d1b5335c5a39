"""Personal names in standard form, split, by sound, and by nickname."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.identity.engine.forms.names import (
    equivalent_names,
    first_and_middle,
    name_form,
    phonetic,
    split_full_name,
    surname_form,
)
from concordat.identity.engine.forms.phonetics import CODE_LENGTH


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("smith", "smith"),
        ("SMITH", "smith"),
        ("  Anne  Marie ", "anne marie"),
        ("Anne-Marie", "anne marie"),
        ("O'Brien", "obrien"),
        ("O’Brien", "obrien"),
        ("O`Brien", "obrien"),
        ("José", "jose"),
        ("Zoë", "zoe"),
        ("Łukasz", "lukasz"),
        ("Søren Ærø", "soren aero"),
        ("Đorđe", "dorde"),
        ("Strauß", "strauss"),
        ("Şıla", "sila"),
        ("İbrahim", "ibrahim"),
        ("Mr. J.R. Smith Jr", "j r smith"),
        ("Prof. Sir John", "john"),
        ("DR", "dr"),
        ("John Esq.", "john"),
        ("Henry III", "henry"),
        ("J0hn", "j0hn"),
        ("12345", ""),
        ("Robert (Bob)", "robert bob"),
        ("Nan", "nan"),
        ("Na", "na"),
        ("NaN", ""),
        ("Mr Unknown", ""),
        ("N/K", ""),
        ("XXXX", ""),
        ("Di", "di"),
        ("李小龙", "李小龙"),
    ],
)
def test_the_standard_form_of_names(written: str, form: str) -> None:
    assert name_form(written) == form


@pytest.mark.parametrize(
    "spellings",
    [
        ("MacDonald", "Mac Donald", "MAC DONALD", "mac-donald"),
        ("McDonald", "Mc Donald"),
        ("O'Brien", "O Brien", "OBrien", "O’BRIEN"),
        ("de la Cruz", "De La Cruz", "Delacruz", "DeLaCruz"),
        ("van der Berg", "Vander Berg", "Vanderberg"),
        ("El-Sayed", "El Sayed", "Elsayed"),
        ("St John", "St. John", "St-John"),
        ("Smith-Jones", "Smith Jones", "SMITH  JONES"),
        ("D'Angelo", "Dangelo"),
    ],
)
def test_spellings_of_a_surname_with_one_standard_form(spellings: tuple[str, ...]) -> None:
    assert len({surname_form(spelling) for spelling in spellings}) == 1


def test_the_parts_of_a_double_barrelled_surname_stay_apart() -> None:
    assert surname_form("Smith-Jones") == "smith jones"
    assert surname_form("de la Cruz-Martinez") == "delacruz martinez"


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("John Smith", ("john", "", "smith")),
        ("JOHN PAUL SMITH", ("john", "paul", "smith")),
        ("Mr John Smith Jnr", ("john", "", "smith")),
        ("John Smith, Esq.", ("john", "", "smith")),
        ("SMITH, John Paul", ("john", "paul", "smith")),
        ("Smith, Mr John", ("john", "", "smith")),
        ("Smith, John, Mr", ("john", "", "smith")),
        ("van der Berg, Jan", ("jan", "", "vanderberg")),
        ("Jan van der Berg", ("jan", "", "vanderberg")),
        ("jan VAN DER BERG", ("jan", "", "vanderberg")),
        ("Jan van der BERG", ("jan", "", "vanderberg")),
        ("Maria De La Cruz", ("maria", "", "delacruz")),
        ("de la Cruz", ("", "", "delacruz")),
        ("Van Morrison", ("van", "", "morrison")),
        ("Van Der Berg", ("", "", "vanderberg")),
        ("Ali bin Hassan", ("ali", "", "binhassan")),
        ("Omar Abu Bakr", ("omar", "", "abubakr")),
        ("Mary St John", ("mary", "", "stjohn")),
        ("Sean O Brien", ("sean", "", "obrien")),
        ("Sean Patrick O'Brien", ("sean", "patrick", "obrien")),
        ("Sarah Smith-Jones", ("sarah", "", "smith jones")),
        ("Jean-Paul Sartre", ("jean", "paul", "sartre")),
        ("DUPONT Jean", ("jean", "", "dupont")),
        ("Jean DUPONT MARTIN", ("jean", "", "dupont martin")),
        ("J SMITH", ("j", "", "smith")),
        ("J Smith", ("j", "", "smith")),
        ("JR Smith", ("jr", "", "smith")),
        ("John Smith aka Johnny Jones", ("john", "", "smith")),
        ("Smith", ("", "", "smith")),
        ("Smith,", ("", "", "smith")),
        ("John Unknown", ("john", "", "")),
        ("Unknown", ("", "", "")),
        ("not known", ("", "", "")),
        ("", ("", "", "")),
    ],
)
def test_a_name_in_one_field_is_split(written: str, parts: tuple[str, str, str]) -> None:
    assert split_full_name(written) == parts


words = st.sampled_from(["john", "paul", "smith", "okafor", "khan", "wisniewski", "zoe"])


@given(forename=words, surname=words, middle=st.lists(words, max_size=2))
def test_both_orders_of_a_name_are_split_alike(
    forename: str, surname: str, middle: list[str]
) -> None:
    forenames = " ".join([forename, *middle]).title()
    straight = split_full_name(f"{forenames} {surname.title()}")
    assert straight == (forename, " ".join(middle), surname)
    assert split_full_name(f"{surname.upper()}, {forenames}") == straight
    assert split_full_name(f"Mrs {forenames} {surname.upper()}") == straight


@pytest.mark.parametrize(
    ("forenames", "split"),
    [
        ("Mary", ("mary", "")),
        ("Mary Jane Ann", ("mary", "jane ann")),
        ("Mary-Jane", ("mary", "jane")),
        ("", ("", "")),
        ("unknown", ("", "")),
    ],
)
def test_the_first_of_several_forenames(forenames: str, split: tuple[str, str]) -> None:
    assert first_and_middle(forenames) == split


@pytest.mark.parametrize(
    "alike",
    [
        "mohammed muhammad mohamed mohamad mohammad",
        "hussain husain hossain hussein",
        "chowdhury choudhury chaudhry",
        "catherine katherine kathryn katharine",
        "sean shaun shawn",
        "philip phillip",
        "clarke clark",
        "stewart stuart",
        "thompson thomson",
        "sing singh",
        "khan kahn",
        "okafor okaphor",
        "wisniewski vishnevski",
        "stephen steven stefan",
        "geoffrey jeffrey",
        "mcdonald macdonald",
        "mcintyre macintyre",
        "alexander aleksander",
        "ahmed ahmad",
        "rhys reece rees",
        "schmidt smit smith",
        "nicholas nicolas nikolas",
        "ghosh gosh",
        "callaghan callahan",
        "christopher kristofer",
        "wright right",
        "knight night",
        "jackson jaxon",
        "dwayne duane",
    ],
)
def test_spellings_that_sound_alike(alike: str) -> None:
    assert len({phonetic(name) for name in alike.split()}) == 1


@pytest.mark.parametrize(
    "different",
    [
        "smith jones taylor brown williams patel khan evans walker wood",
        "john james robert michael david mary susan linda karen helen",
        "fahad wahid",
        "hannah anna",
        "george gary",
        "martin morgan",
    ],
)
def test_names_that_do_not_sound_alike(different: str) -> None:
    names = different.split()
    assert len({phonetic(name) for name in names}) == len(names)


def test_sound_ignores_spaces_and_what_is_no_latin_letter() -> None:
    assert phonetic("de la cruz") == phonetic("delacruz")
    assert phonetic("j0hn") == phonetic("john")
    assert phonetic("李小龙") == phonetic("") == phonetic("123") == ""


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=20))
def test_every_latin_name_has_a_short_sound_code(name: str) -> None:
    assert 1 <= len(phonetic(name)) <= CODE_LENGTH
    assert set(phonetic(name)) <= set("afghjklmnprstv")


@given(st.text(alphabet="aeioulmnrst", min_size=2, max_size=12), st.integers(0, 11))
def test_doubling_a_letter_does_not_change_the_sound(name: str, place: int) -> None:
    at = place % len(name)
    assert phonetic(name[:at] + name[at] + name[at:]) == phonetic(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("william", "bill"),
        ("bill", "will"),
        ("robert", "bob"),
        ("elizabeth", "liz"),
        ("margaret", "peggy"),
        ("james", "jim"),
    ],
)
def test_names_that_stand_for_each_other_share_a_group(one: str, other: str) -> None:
    groups = equivalent_names()
    assert set(groups[one]) & set(groups[other])


def test_the_table_of_nicknames_is_in_standard_form_and_keeps_unlike_names_apart() -> None:
    groups = equivalent_names()
    assert len(groups) > 2000
    assert all(name == name_form(name) and name for name in groups)
    assert all(numbers == tuple(sorted(set(numbers))) for numbers in groups.values())
    assert not set(groups["william"]) & set(groups["robert"])
    assert equivalent_names() is groups

"""The invented people of the sample world's registers, as extracts of seven old systems.

A quarter of them is known to two forces, each with mistakes of its own. Names are of nobody,
telephone numbers of the range that Ofcom keeps for drama, postcodes of districts that there aren't,
and PNC numbers of a year in which there was no PNC.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from concordat.identity.engine.forms.identifiers import check_letter
from concordat.records.rules.person_maps import PersonMap, read_map

_SEED = 20121122
_PEOPLE = {
    "bedfordshire": 26,
    "cambridgeshire": 30,
    "essex": 56,
    "hertfordshire": 32,
    "kent": 52,
    "norfolk": 24,
    "suffolk": 20,
}
_KNOWN_TWICE = 0.28
_HELD_TWICE = 0.08

_AREAS = {
    "bedfordshire": ("Bedford", "Luton"),
    "cambridgeshire": ("Ely", "Wisbech"),
    "essex": ("Colchester", "Harlow"),
    "hertfordshire": ("Hertford", "Watford"),
    "kent": ("Dover", "Maidstone"),
    "norfolk": ("Cromer", "Thetford"),
    "suffolk": ("Lowestoft", "Sudbury"),
}
_POSTCODES = {
    "bedfordshire": "MK99",
    "cambridgeshire": "CB99",
    "essex": "CO99",
    "hertfordshire": "SG99",
    "kent": "ME99",
    "norfolk": "NR99",
    "suffolk": "IP99",
}
_NEIGHBOURS = {
    "bedfordshire": ("hertfordshire", "cambridgeshire"),
    "cambridgeshire": ("bedfordshire", "hertfordshire", "norfolk"),
    "essex": ("kent", "kent", "suffolk"),
    "hertfordshire": ("bedfordshire", "essex"),
    "kent": ("essex",),
    "norfolk": ("suffolk", "cambridgeshire"),
    "suffolk": ("essex", "norfolk"),
}
_MEN = ("Robert/Bob", "William/Bill", "Edward/Ted", "Thomas/Tom", "Samuel/Sam", "Daniel/Dan",
        "Anthony/Tony", "Michael/Mick", "Alexander/Sandy", "Benjamin/Ben", "Imran/Imi", "Kofi/Kof",
        "Tomasz/Tomek", "Barnaby/Barney")  # fmt: skip
_WOMEN = ("Elizabeth/Liz", "Margaret/Peggy", "Katherine/Kate", "Rebecca/Becky", "Susan/Sue",
          "Victoria/Vicky", "Josephine/Jo", "Patricia/Pat", "Amira/Ami", "Zuzanna/Zuza",
          "Florence/Flo", "Harriet/Hattie")  # fmt: skip
_FRONT = ("Thistle", "Bramble", "Merry", "Winter", "Copper", "Feather", "Honey", "Larks", "Marrow",
          "Nettle", "Oaken", "Pebble", "Quill", "Rook", "Sorrel", "Tansy", "Umber", "Velvet",
          "Whistle", "Yarrow")  # fmt: skip
_BACK = ("wick", "bottom", "thwaite", "gate", "shank", "worthy", "down", "berry", "croft", "stone",
         "mere", "wright")  # fmt: skip
_STREET_NAMES = ("Applegarth", "Barleycorn", "Candlewick", "Drovers", "Eelcatcher", "Foxglove",
                 "Gooseberry", "Ironmonger", "Kingfisher", "Lamplighter", "Nightjar", "Otterburn",
                 "Peppercorn", "Ropewalk", "Saltpan", "Tollgate", "Vinegar", "Wherry")  # fmt: skip
_STREET_KINDS = ("Road", "Street", "Lane", "Close", "Avenue", "Way", "Drive", "Hill", "Green")
_WARNINGS = ("VI", "WE", "DR", "ES", "SU", "MN", "AT", "VI;WE", "DR;ES")
_ETHNICITIES = ("W1", "W1", "W1", "W9", "A2", "B2", "M1", "NS", "")
_MARKS = (
    "",
    "",
    "",
    "scar over left eyebrow",
    "tattoo of an anchor, right forearm",
    "walks with a stick",
)

COLUMNS = ("Nominal", "Forename", "Middle names", "Surname", "Date of birth", "Sex", "Ethnicity",
           "House", "Street", "Town", "Postcode", "Mobile", "PNC", "Alias", "Marks", "Warnings",
           "Warned on", "Review")  # fmt: skip
_MAP = """
reference = "Nominal"
source = "Nominal register"

[columns]
forename = "Forename"
middle_names = "Middle names"
surname = "Surname"
date_of_birth = "Date of birth"
sex = "Sex"
ethnicity_self_defined = "Ethnicity"
house = "House"
street = "Street"
town = "Town"
postcode = "Postcode"
phones = ["Mobile"]
pnc_id = "PNC"
aliases = { column = "Alias", separator = ";" }
marks = "Marks"

[columns.warning_markers]
column = "Warnings"
separator = ";"
since = "Warned on"
review = "Review"

[dates]
order = "dmy"
"""


@dataclass(frozen=True, kw_only=True)
class _Nominal:
    """One invented person as one force recorded them. `born` is None if not known."""

    forename: str
    nickname: str
    surname: str
    born: date | None
    sex: str
    force: str
    middle: str = ""
    ethnicity: str = ""
    house: str = ""
    street: str = ""
    town: str = ""
    postcode: str = ""
    phone: str = ""
    pnc: str = ""
    aliases: tuple[str, ...] = ()
    marks: str = ""
    warnings: str = ""


def person_map() -> PersonMap:
    """Return what the columns of the files mean."""
    return read_map(_MAP)


def write_person_files(folder: Path, *, until: date) -> dict[str, Path]:
    """Write one file of persons for each force, and return the paths by force."""
    random = Random(_SEED)  # noqa: S311 (invented data, not secrets)
    rows: dict[str, list[list[str]]] = {force: [] for force in _PEOPLE}
    for nominal in _everybody(random):
        held = rows[nominal.force]
        held.append(_row(nominal, f"{nominal.force[:2].upper()}/{len(held) + 1001}", random, until))
    rows["essex"].append(_unreadable())
    paths = {}
    for force, of_force in rows.items():
        paths[force] = folder / f"nominals-{force}.csv"
        with paths[force].open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(of_force)
    return paths


def _everybody(random: Random) -> list[_Nominal]:
    """Return all records, those to be shown first: a person of Essex whom Kent knows otherwise."""
    found = list(_shown())
    number = 0
    for force, count in _PEOPLE.items():
        for _ in range(count):
            number += 1
            one = _somebody(random, force, number)
            found.append(one)
            if _happens(random, _KNOWN_TWICE):
                found.append(_elsewhere(random, one, random.choice(_NEIGHBOURS[force])))
            elif _happens(random, _HELD_TWICE):
                found.append(_damaged(random, one, times=1))
    return found


def _shown() -> Sequence[_Nominal]:
    """Return who the guide and the tests look for."""
    essex = _Nominal(
        forename="Barnaby", nickname="Barney", surname="Thistlewick", born=date(1987, 5, 3),
        sex="M", force="essex", ethnicity="W1", house="14", street="Ropewalk", town="Colchester",
        postcode="CO99 4TH", phone="07700 900187", pnc=_pnc(42), marks="scar over left eyebrow",
    )  # fmt: skip
    kent = replace(
        essex, forename="Barney", surname="Thistlewik", born=date(1987, 3, 5), force="kent",
        house="3", street="Saltpan Hill", town="Dover", postcode="ME99 2SP", ethnicity="",
        marks="", aliases=("Barney Bramblegate",), warnings="VI;WE",
    )  # fmt: skip
    father = replace(
        essex, nickname="", born=date(1959, 11, 30), phone="", pnc="", marks="", middle="George"
    )
    # Kent has an initial, a postcode and no date of birth of either: a person must say.
    little = {"force": "kent", "born": None, "house": "", "street": ""}
    unlike = _Nominal(
        forename="Henrietta", nickname="Hettie", surname="Marrowbone", born=date(1991, 2, 14),
        sex="F", force="essex", ethnicity="W1", house="2", street="Foxglove Close", town="Harlow",
        postcode="CO99 7FX",
    )  # fmt: skip
    undated = replace(unlike, forename="H", ethnicity="", warnings="SU", **little)  # type: ignore[arg-type]
    other = _Nominal(
        forename="Thomas", nickname="Tom", surname="Sorrelgate", born=date(1968, 8, 21), sex="M",
        force="essex", house="77", street="Tollgate Green", town="Colchester", postcode="CO99 3TG",
    )  # fmt: skip
    unborn = replace(other, forename="T", **little)  # type: ignore[arg-type]
    # Twins: so alike that the machine asks.
    twin = replace(
        unlike, forename="Harriet", surname="Tansymere", born=date(2001, 6, 7), house="9",
        street="Wherry Lane", postcode="CO99 5WL",
    )  # fmt: skip
    sister = replace(twin, forename="Florence")
    return essex, kent, father, unlike, undated, other, unborn, twin, sister


def _happens(random: Random, share: float) -> bool:
    return random.random() < share


def _somebody(random: Random, force: str, number: int) -> _Nominal:
    sex = random.choice("MF")
    forename, nickname = random.choice(_MEN if sex == "M" else _WOMEN).split("/")
    born = date(1948, 1, 1) + timedelta(days=random.randrange(365 * 60))
    address = _address(random, force)
    return _Nominal(
        forename=forename,
        nickname=nickname,
        surname=random.choice(_FRONT) + random.choice(_BACK),
        born=born if _happens(random, 0.94) else None,
        sex=sex if _happens(random, 0.93) else "",
        force=force,
        middle=random.choice(("", "", "", "Jane" if sex == "F" else "John")),
        ethnicity=random.choice(_ETHNICITIES),
        phone=f"07700 900{number * 387 % 1000:03}" if _happens(random, 0.6) else "",
        pnc=_pnc(number + 100) if _happens(random, 0.35) else "",
        marks=random.choice(_MARKS),
        warnings=random.choice(_WARNINGS) if _happens(random, 0.08) else "",
        **(address if _happens(random, 0.92) else {}),  # type: ignore[arg-type]
    )


def _elsewhere(random: Random, one: _Nominal, force: str) -> _Nominal:
    """Return the same person as another force has them: mostly moved, and with its own mistakes."""
    other = replace(one, force=force, marks="", warnings="", ethnicity="")
    if _happens(random, 0.6):
        other = replace(other, **_address(random, force))  # type: ignore[arg-type]
    if _happens(random, 0.4):
        other = replace(other, pnc="")
    if _happens(random, 0.5):
        other = replace(other, phone="")
    return _damaged(random, other, times=random.choice((1, 1, 2)))


def _damaged(random: Random, one: _Nominal, *, times: int) -> _Nominal:
    for damage in random.sample(_DAMAGES, times):
        one = damage(random, one)
    return one


def _by_nickname(_: Random, one: _Nominal) -> _Nominal:
    return replace(one, forename=one.nickname)


def _misspelt(random: Random, one: _Nominal) -> _Nominal:
    place = random.randrange(2, len(one.surname) - 1)
    letters = list(one.surname)
    letters[place], letters[place - 1] = letters[place - 1], letters[place]
    return replace(one, surname="".join(letters))


def _shortened(random: Random, one: _Nominal) -> _Nominal:
    place = random.randrange(2, len(one.surname) - 1)
    return replace(one, surname=one.surname[:place] + one.surname[place + 1 :])


def _swapped_day(_: Random, one: _Nominal) -> _Nominal:
    if one.born is None or one.born.day > 12:  # noqa: PLR2004 (months)
        return one
    return replace(one, born=date(one.born.year, one.born.day, one.born.month))


def _wrong_digit(random: Random, one: _Nominal) -> _Nominal:
    return replace(one, born=one.born and one.born + timedelta(days=random.choice((1, 10, -10))))


def _first_of_january(_: Random, one: _Nominal) -> _Nominal:
    return replace(one, born=one.born and date(one.born.year, 1, 1))


def _crossed(_: Random, one: _Nominal) -> _Nominal:
    return replace(one, forename=one.surname, surname=one.forename)


_DAMAGES: Sequence[Callable[[Random, _Nominal], _Nominal]] = (
    _by_nickname, _misspelt, _shortened, _swapped_day, _wrong_digit, _first_of_january, _crossed,
)  # fmt: skip


def _address(random: Random, force: str) -> dict[str, str]:
    letters = "".join(random.choice("ABDEFGHJLNPQRSTUWXYZ") for _ in range(2))
    return {
        "house": str(random.randint(1, 180)),
        "street": f"{random.choice(_STREET_NAMES)} {random.choice(_STREET_KINDS)}",
        "town": random.choice(_AREAS[force]),
        "postcode": f"{_POSTCODES[force]} {random.randint(1, 9)}{letters}",
    }


def _pnc(number: int) -> str:
    """Return a PNC number of 1901, when there was none, with its right check letter."""
    serial = f"{number:07}"
    return f"1901/{serial}{check_letter(int(f'01{serial}'))}"


def _row(one: _Nominal, reference: str, random: Random, until: date) -> list[str]:
    warned = until - timedelta(days=random.randrange(60, 900))
    return [
        reference, one.forename, one.middle, one.surname,
        f"{one.born:%d/%m/%Y}" if one.born else "", one.sex, one.ethnicity,
        one.house, one.street, one.town, one.postcode, one.phone, one.pnc,
        ";".join(one.aliases), one.marks, one.warnings,
        f"{warned:%d/%m/%Y}" if one.warnings else "",
        f"{warned + timedelta(days=730):%d/%m/%Y}" if one.warnings else "",
    ]  # fmt: skip


def _unreadable() -> list[str]:
    """Return a row that tells nothing of anybody, as old systems have them."""
    return ["ES/9999", *[""] * (len(COLUMNS) - 1)]

"""Invented registers for testing the engine: made-up people, recorded once or several times.

Surnames are made of syllables, postcodes lie in the area ZX, which does not exist, telephone
numbers in the ranges that Ofcom keeps for drama.
"""

from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from concordat.identity.engine import Columns, Meaning, People

Record = dict[str, str]

COLUMNS: Final[Columns] = {
    meaning.value: meaning
    for meaning in (
        Meaning.FORENAME,
        Meaning.SURNAME,
        Meaning.DATE_OF_BIRTH,
        Meaning.SEX,
        Meaning.POSTCODE,
        Meaning.HOUSE,
        Meaning.STREET,
        Meaning.TOWN,
        Meaning.PHONE,
    )
}


def _words(text: str) -> list[str]:
    return text.split()


_MEN: Final = _words(
    "robert william james michael thomas edward anthony daniel joseph matthew christopher peter "
    "david john andrew paul mark stephen george kevin alan brian simon gary neil graham colin"
)
_WOMEN: Final = _words(
    "elizabeth margaret katherine susan jennifer patricia deborah victoria rebecca samantha alice "
    "mary helen sarah julie karen linda janet claire emma laura diane carol tracey lisa ruth joan"
)
_SHORT: Final = {
    "robert": "bob", "william": "bill", "james": "jim", "michael": "mike", "thomas": "tom",
    "edward": "ted", "anthony": "tony", "daniel": "dan", "joseph": "joe", "matthew": "matt",
    "elizabeth": "liz", "margaret": "peggy", "katherine": "kate", "susan": "sue",
    "jennifer": "jenny", "patricia": "pat", "deborah": "debbie", "victoria": "vicky",
}  # fmt: skip
_BEGINNINGS: Final = "Bra Cor Den Fal Gar Hol Jes Kem Lan Mor Nor Pen Quil Ros Stan Tre Wex Yar"
_MIDDLES: Final = "b ck d ff gh l mm n pp rd st th v w"
_ENDINGS: Final = "ington er ford ley son am owe ett idge wick by ing"
_DRAMA: Final = (
    "07700 900", "01632 960", "020 7946 0", "0113 496 0", "0114 496 0", "0115 496 0", "0116 496 0",
    "0117 496 0", "0118 496 0", "0121 496 0", "0131 496 0", "0141 496 0", "0151 496 0",
    "0161 496 0", "0191 498 0", "029 2018 0",
)  # fmt: skip
_STREETS: Final = [name + kind for name in _words("Fable Myth Story") for kind in (" Row", " Lane")]


@dataclass(frozen=True)
class Register:
    """Records in random order, and of each the person and the household it is of."""

    records: list[Record]
    persons: npt.NDArray[np.int64]
    homes: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.records)

    @property
    def people(self) -> People:
        """The records as the engine takes them."""
        return People.from_table(self.table, COLUMNS)

    @property
    def table(self) -> pa.Table:
        """The records as a table with a column for each meaning."""
        return pa.table(
            {name: pa.array([one.get(name, "") for one in self.records]) for name in COLUMNS}
        )

    @property
    def true_pairs(self) -> int:
        """The number of pairs of records of one person."""
        _, counts = np.unique(self.persons, return_counts=True)
        return int((counts * (counts - 1) // 2).sum())


TWINS: Final = 0.02
NAMESAKES: Final = 0.03
"""The shares of households of two twins, and of a parent and a child of one name."""


class _Maker:
    def __init__(self, random: Random) -> None:
        self.random = random
        surnames = [
            beginning + middle + ending
            for beginning in _BEGINNINGS.split()
            for middle in _MIDDLES.split()
            for ending in _ENDINGS.split()
        ]
        random.shuffle(surnames)
        self.surnames = surnames
        self.weights = [1 / (place + 20) for place in range(len(surnames))]

    def home(self) -> Record:
        """Return an address and a surname."""
        pick = self.random
        district, sector = pick.randint(1, 60), pick.randint(1, 9)
        unit = pick.choice("ABDEFGHJ") + pick.choice("ABDEFGHJLNPQRSTU")
        return {
            "surname": pick.choices(self.surnames, self.weights)[0],
            "postcode": f"ZX{district} {sector}{unit}",
            "house": str(pick.randint(1, 150)),
            "street": pick.choice(_STREETS),
            "town": f"Novelton {district % 12}",
        }

    def person(self, home: Record, *, years: tuple[int, int] = (1940, 2005)) -> Record:
        """Return one who lives there."""
        pick = self.random
        sex = pick.choice("MF")
        born = f"{pick.randint(*years)}-{pick.randint(1, 12):02}-{pick.randint(1, 28):02}"
        name = pick.choice(_MEN if sex == "M" else _WOMEN)
        phone = f"{pick.choice(_DRAMA)}{pick.randint(0, 999):03}" if pick.random() < 0.3 else ""
        return {**home, "forename": name, "date_of_birth": born, "sex": sex, "phone": phone}

    def record(self, person: Record, *, dirt: float) -> Record:
        """Return what one force wrote down of a person: each error with the chance `dirt`."""
        pick, told = self.random, dict(person)
        year, month, day = told["date_of_birth"].split("-")
        if pick.random() < dirt:
            told["forename"] = _SHORT.get(told["forename"], told["forename"])
        if pick.random() < dirt:
            told["surname"] = self.slip(told["surname"])
        if pick.random() < dirt / 2:
            told["forename"] = self.slip(told["forename"])
        if pick.random() < dirt:
            told["date_of_birth"] = f"{year}-{day}-{month}" if int(day) < 13 else f"{year}-01-01"
        if pick.random() < dirt:
            told["date_of_birth"] = f"{year}-{month}-{pick.randint(1, 28):02}"
        if pick.random() < dirt / 3:
            told["forename"], told["surname"] = told["surname"], told["forename"]
        if pick.random() < 1.5 * dirt:
            told.update(self.home() | {"surname": told["surname"]})
        for lost in ("postcode", "phone", "sex", "date_of_birth"):
            if pick.random() < dirt / 2:
                told[lost] = ""
        return told

    def slip(self, name: str) -> str:
        """Return a name with two letters swapped, or one wrong."""
        at = self.random.randrange(1, len(name) - 1)
        if self.random.random() < 0.5:
            return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        return name[:at] + self.random.choice("aeiourst") + name[at + 1 :]


def invented_register(
    persons: int, *, seed: int = 1, families: bool = True, dirt: float = 0.12, repeats: float = 0.5
) -> Register:
    """Return a register of so many persons, of which a share is recorded a second or third time.

    With `families` most live with others of their surname, among them twins, and parents and
    children of one name.
    """
    random = Random(seed)  # noqa: S311 - nothing secret
    maker = _Maker(random)
    made: list[tuple[Record, int]] = []
    homes = 0
    while len(made) < persons:
        made += [(one, homes) for one in _household(maker, families=families)]
        homes += 1
    recorded: list[tuple[Record, int, int]] = []
    for number, (one, home) in enumerate(made[:persons]):
        times = 1 + (random.random() < repeats) + (random.random() < repeats / 3)
        recorded += [(maker.record(one, dirt=dirt), number, home) for _ in range(times)]
    random.shuffle(recorded)
    return Register(
        [record for record, _, _ in recorded],
        np.array([person for _, person, _ in recorded]),
        np.array([home for _, _, home in recorded]),
    )


def _household(maker: _Maker, *, families: bool) -> list[Record]:
    home = maker.home()
    first = maker.person(home)
    draw = maker.random.random()
    if not families or draw < 0.45:
        return [first]
    if draw < 1 - TWINS - NAMESAKES:
        return [first, maker.person(home), maker.person(home, years=(1990, 2012))]
    if draw < 1 - NAMESAKES:
        twin = maker.person(home) | {"date_of_birth": first["date_of_birth"]}
        while twin["forename"] == first["forename"]:
            twin["forename"] = maker.random.choice(_MEN + _WOMEN)
        return [first, twin]
    parent = maker.person(home, years=(1940, 1970))
    born = f"{int(parent['date_of_birth'][:4]) + 25}{maker.person(home)['date_of_birth'][4:]}"
    return [parent, parent | {"date_of_birth": born, "phone": ""}]

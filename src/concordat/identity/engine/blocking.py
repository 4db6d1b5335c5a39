"""Which pairs of persons are worth comparing: those that share one of several keys.

Each key is made of two or three parts, so that one damaged field leaves other keys whole. A key
that too many persons share says little and is passed over: the cost of a table grows with its
rows and not with their square.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from concordat.identity.engine.copies import Copies, copies_of_many
from concordat.identity.engine.kernels import blocks as k
from concordat.identity.engine.kernels.arrays import Ints
from concordat.identity.engine.meanings import Field
from concordat.identity.engine.people import People
from concordat.identity.engine.threads import THREADS

CAP: Final = 200
"""A block of more rows than this is passed over."""

MANY_COPIES: Final = CAP // 2
"""Of so many exact copies and more the first stands for all: together they would fill blocks."""

_PAIRS_AT_ONCE: Final = 1_000_000
_EVERY: Final = 65_536

RECIPES: Final[tuple[tuple[int, ...], ...]] = (
    (k.PNC_ID,),
    (k.CRO,),
    (k.DRIVING_LICENCE,),
    (k.NINO,),
    (k.IDENTIFIER,),
    (k.PHONE,),
    (k.EMAIL,),
    (k.BORN_EITHER_WAY, k.SURNAME_SOUND),
    (k.BORN_EITHER_WAY, k.FORMAL_FORENAME),
    (k.BORN_EITHER_WAY, k.FORENAME_SOUND),
    (k.NAMES_EITHER_WAY, k.YEAR),
    (k.NAMES_EITHER_WAY, k.MONTH_AND_DAY),
    (k.NAMES_EITHER_WAY, k.DISTRICT),
    (k.FORMAL_FORENAME, k.SURNAME_SOUND, k.YEAR),
    (k.FORMAL_FORENAME, k.SURNAME_SOUND, k.DISTRICT),
    (k.POSTCODE, k.SURNAME_SOUND),
    (k.POSTCODE, k.FORENAME_SOUND),
    (k.POSTCODE, k.BORN),
    (k.PREMISES, k.SURNAME_SOUND),
    (k.PREMISES, k.FORENAME_SOUND),
    (k.PREMISES, k.BORN),
    (k.TOWN, k.BORN),
    (k.TOWN, k.NAMES_EITHER_WAY),
    (k.BIRTH_PLACE, k.NAMES_EITHER_WAY),
    (k.BIRTH_PLACE, k.BORN),
    (k.BIRTH_PLACE, k.SURNAME_SOUND),
    (k.BIRTH_PLACE, k.FORENAME_SOUND, k.YEAR),
    (k.NAMES_EITHER_WAY,),
    (k.FORMAL_FORENAME, k.SURNAME_SOUND),
)
"""The keys, in the order in which they are tried. Their numbers are kept in databases: append."""

WEAK_RECIPES: Final[tuple[tuple[int, ...], ...]] = (
    (k.BORN_EITHER_WAY,),
    (k.BORN_EITHER_WAY, k.FIRST_LETTER),
    (k.SURNAME_SOUND, k.YEAR),
    (k.FORENAME_SOUND, k.YEAR),
    (k.SURNAME_SOUND, k.MONTH_AND_DAY),
    (k.FORENAME_SOUND, k.MONTH_AND_DAY),
    (k.SURNAME_SOUND, k.FIRST_LETTER),
    (k.SURNAME_HEAD, k.FIRST_LETTER, k.YEAR),
    (k.POSTCODE,),
    (k.POSTCODE, k.YEAR),
    (k.POSTCODE, k.FORMAL_FORENAME),
    (k.DISTRICT, k.BORN),
    (k.SECTOR, k.SURNAME_SOUND),
    (k.SECTOR, k.FORENAME_SOUND),
    (k.DISTRICT, k.SURNAME_SOUND),
    (k.DISTRICT, k.FORENAME_SOUND, k.FIRST_LETTER),
    (k.TOWN, k.YEAR),
    (k.TOWN, k.SURNAME_SOUND),
    (k.TOWN, k.FORENAME_SOUND),
    (k.TOWN, k.MONTH_AND_DAY),
    (k.BIRTH_PLACE, k.YEAR),
    (k.BIRTH_PLACE, k.FORENAME_SOUND),
    (k.BIRTH_PLACE, k.OCCUPATION),
    (k.OCCUPATION, k.FORENAME_SOUND, k.YEAR),
    (k.OCCUPATION, k.SURNAME_SOUND),
    (k.PREMISES,),
    (k.SURNAME_SOUND,),
    (k.FORENAME_SOUND,),
)
"""More keys, each of one damaged field or two: affordable, and needed, in a small table alone."""

WEAK_UP_TO: Final = 200_000
"""Above so many rows most blocks of the weak keys would be passed over anyway."""
WEAK_CAP: Final = 60
PAIRS_ANYWAY: Final = 150_000.0


def affordable_pairs(rows: int) -> float:
    """Return how many pairs one key may bring; its largest blocks are passed over first.

    About one a row. In a register of millions more rows share each name and day, so that the same
    share of true pairs is found a little dearer: the budget grows by a fifth as rows double.
    """
    of_one = max(1.0, float((rows / 1_000_000) ** 0.3))
    return max(rows * of_one, PAIRS_ANYWAY)


_FIELDS_OF: Final[dict[int, set[Field]]] = {
    k.FORENAME_SOUND: {Field.FORENAME},
    k.FORMAL_FORENAME: {Field.FORENAME},
    k.FIRST_LETTER: {Field.FORENAME},
    k.SURNAME_SOUND: {Field.SURNAME},
    k.SURNAME_HEAD: {Field.SURNAME},
    k.NAMES_EITHER_WAY: {Field.FORENAME, Field.SURNAME},
    k.BORN: {Field.DATE_OF_BIRTH},
    k.BORN_EITHER_WAY: {Field.DATE_OF_BIRTH},
    k.YEAR: {Field.DATE_OF_BIRTH},
    k.MONTH_AND_DAY: {Field.DATE_OF_BIRTH},
    k.POSTCODE: {Field.POSTCODE},
    k.SECTOR: {Field.POSTCODE},
    k.DISTRICT: {Field.POSTCODE},
    k.PREMISES: {Field.HOUSE, Field.STREET},
    k.TOWN: {Field.TOWN},
    k.PHONE: {Field.PHONE},
    k.EMAIL: {Field.EMAIL},
    k.PNC_ID: {Field.PNC_ID},
    k.CRO: {Field.CRO},
    k.DRIVING_LICENCE: {Field.DRIVING_LICENCE},
    k.NINO: {Field.NINO},
    k.IDENTIFIER: {Field.IDENTIFIER},
    k.BIRTH_PLACE: {Field.BIRTH_PLACE},
    k.OCCUPATION: {Field.OCCUPATION},
}


@dataclass(frozen=True)
class Blocks:
    """The rows that share a key, for every key; `keys` is each row's keys, 0 for none.

    Rows of which there are many `copies` have no keys but for the first of them.
    """

    keys: npt.NDArray[np.uint32]
    members: Sequence[tuple[Ints, Ints]]
    numbers: Sequence[int]
    copies: Copies

    @classmethod
    def of(cls, people: People, *, weak: bool | None = None) -> "Blocks":
        """Group the rows by each of their keys, the `weak` ones included or not.

        Unless it is said, they are included in a table of up to WEAK_UP_TO rows.
        """
        copies = copies_of_many(people, more_than=MANY_COPIES)
        with_weak = len(people) <= WEAK_UP_TO if weak is None else weak
        recipes, numbers = _usable(people, RECIPES + WEAK_RECIPES if with_weak else RECIPES)
        keys = np.zeros((len(people), len(recipes)), np.uint32)
        edges = np.linspace(0, len(people), 2 * THREADS + 1).astype(np.int64)
        with ThreadPoolExecutor(THREADS) as pool:

            def make(part: int) -> None:
                k.keys_of_rows(
                    people.words, people.codes, recipes, edges[part], edges[part + 1], keys
                )

            list(pool.map(make, range(2 * THREADS)))
            keys[copies.rows] = 0
            members = list(
                pool.map(
                    lambda place: _blocks(keys, place, weak=numbers[place] >= len(RECIPES)),
                    range(len(recipes)),
                )
            )
        return cls(keys, members, numbers, copies)

    @property
    def strong(self) -> int:
        """The number of keys that aren't weak; they come first."""
        return sum(number < len(RECIPES) for number in self.numbers)

    def pairs(
        self,
        *,
        share: float = 1.0,
        source: Ints | None = None,
        weak: bool = True,
        progress: Callable[[float], None] | None = None,
    ) -> Iterator[tuple[Ints, Ints]]:
        """Yield the pairs to compare, each once, in lots; of a `share` of the keys alone.

        Pairs that only `weak` keys bring come last, or not at all. Of many copies each is paired
        with the first, unless it is a share that is asked for.
        """
        keys = range(len(self.members) if weak else self.strong)
        tasks = [task for number in keys for task in self._tasks(number)]
        sources = np.zeros(0, np.int32) if source is None else np.asarray(source, np.int32)
        kept = np.uint32(round(share * _EVERY))

        def find(task: tuple[int, int, int]) -> tuple[Ints, Ints]:
            number, first, last = task
            rows, ends = self.members[number]
            left, right = k.pairs_in_blocks(
                rows, ends, first, last, kept, self.keys, number, sources
            )
            return left, right

        with ThreadPoolExecutor(THREADS) as pool:
            for done, found in enumerate(pool.map(find, tasks)):
                if len(found[0]):
                    yield found
                if progress:
                    progress((done + 1) / len(tasks))
        if share == 1.0 and len(self.copies):
            first, rows = self.copies.first, self.copies.rows
            kept_copies = sources[first] != sources[rows] if len(sources) else slice(None)
            yield first[kept_copies], rows[kept_copies]

    def _tasks(self, number: int) -> Iterator[tuple[int, int, int]]:
        """Cut one key's blocks into lots of about equally many pairs."""
        _, ends = self.members[number]
        if not len(ends):
            return
        sizes = np.diff(ends, prepend=0).astype(np.int64)
        upto = np.cumsum(sizes * (sizes - 1) // 2)
        lots = int(upto[-1] // _PAIRS_AT_ONCE) + 1
        cuts = np.searchsorted(upto, np.linspace(0, upto[-1], lots + 1)[1:-1])
        edges = [0, *np.unique(cuts).tolist(), len(ends)]
        for first, last in pairwise(edges):
            if last > first:
                yield number, first, last


def _usable(people: People, recipes: Sequence[tuple[int, ...]]) -> tuple[Ints, list[int]]:
    """Return the recipes that the fields of this table can fill, and their numbers."""
    said = {field for field in Field if (people.codes[:, field] >= 0).any()}
    numbers = [
        number
        for number, recipe in enumerate(recipes)
        if all(_FIELDS_OF[part] <= said for part in recipe)
    ]
    return recipe_table(recipes)[numbers], numbers


def recipe_table(recipes: Sequence[tuple[int, ...]]) -> Ints:
    """Return recipes as the kernels read them: rows of three parts, -1 for none."""
    table = np.full((len(recipes), 3), -1, np.int32)
    for number, recipe in enumerate(recipes):
        table[number, : len(recipe)] = recipe
    return table


def _blocks(keys: npt.NDArray[np.uint32], place: int, *, weak: bool) -> tuple[Ints, Ints]:
    """Return the rows of one key's blocks, end to end, and where each ends."""
    column = keys[:, place].astype(np.uint64)
    rows = np.flatnonzero(column)
    packed = (column[rows] << np.uint64(32)) | rows.astype(np.uint64)
    packed.sort()
    most = affordable_pairs(len(keys))
    cap = k.largest_affordable(packed, WEAK_CAP if weak else CAP, most)
    found: tuple[Ints, Ints] = k.blocks_of(packed, keys, place, cap)
    return found

"""What the columns of a table mean: guessed from their names and values, or as mapped by a file."""

import difflib
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from concordat.identity.engine.meanings import Meaning
from concordat.identity.engine.tables.errors import WrongColumns
from concordat.identity.engine.tables.looks import Sample, looks_wrong, sample_of
from concordat.identity.engine.tables.reading import text_of
from concordat.identity.engine.tables.spellings import KNOWN, PARTS, marks_rows, spelled

NOT_USED: Final = "not used"
LONGEST: Final = 500
_DATE_PARTS: Final = {f"{Meaning.DATE_OF_BIRTH}.{part}": part for part in ("year", "month", "day")}
_TELLS_APART: Final = frozenset(Meaning) - {
    Meaning.MIDDLE_NAMES, Meaning.SEX, Meaning.POSTCODE, Meaning.HOUSE, Meaning.STREET,
    Meaning.TOWN, Meaning.REGION, Meaning.BIRTH_PLACE, Meaning.OCCUPATION,
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """What one column is taken for. `why` says why it is not used, if it is not.

    `part` is "year", "month" or "day" where the column is a part of a date of birth.
    """

    column: str
    meaning: Meaning | None
    part: str = ""
    why: str = ""

    @property
    def word(self) -> str:
        """The meaning as it is written in a map: "surname", "date_of_birth.year", "not used"."""
        if self.meaning is None:
            return NOT_USED
        return f"{self.meaning}.{self.part}" if self.part else str(self.meaning)

    @property
    def label(self) -> str:
        """The meaning in words: "Date of birth: year"."""
        name = _LABELS.get(self.word) or self.word.replace("_", " ").replace(".", ": ")
        return name[:1].upper() + name[1:]


@dataclass(frozen=True)
class ColumnMap:
    """What every column of a table is taken for, in the table's order."""

    choices: tuple[Choice, ...]

    @property
    def used(self) -> tuple[Choice, ...]:
        """The columns that are compared."""
        return tuple(choice for choice in self.choices if choice.meaning is not None)

    def as_toml(self) -> str:
        """Return the map as the text of a file for `read_map`."""
        lines = [f"{_quoted(choice.column)} = {_quoted(choice.word)}" for choice in self.choices]
        return "\n".join(["[columns]", *lines, ""])


def guess(table: pa.Table, *, never: Collection[str] = ()) -> ColumnMap:
    """Guess the meaning of every column, leaving those in `never` alone.

    Raises WrongColumns if what is left can't tell one person from another.
    """
    samples = {name: sample_of(column) for name, column in _columns(table)}
    claims = [_claim(name, samples[name], never) for name in table.column_names]
    claims = _settle_names(claims, samples)
    claims = _one_column_each(claims, samples)
    made = ColumnMap(tuple(_parts_together(claims)))
    _check_usable(made)
    return made


def read_map(path: Path, table: pa.Table) -> ColumnMap:
    """Read what columns mean from the table `[columns]` of a TOML file.

    Columns it does not name are not used. Raises WrongColumns, naming the nearest right word.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise WrongColumns(f"{path} can’t be opened: {problem.strerror}.") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise WrongColumns(f"{path} is not TOML: {problem}. {_EXAMPLE}") from problem
    mapped = told.get("columns")
    if not isinstance(mapped, dict) or not mapped:
        raise WrongColumns(f"{path} has no table [columns]. {_EXAMPLE}")
    return map_columns(mapped, table)


def map_columns(mapped: Mapping[str, object], table: pa.Table) -> ColumnMap:
    """Return the map that names columns and the words for their meanings. Raises WrongColumns."""
    chosen: dict[str, Choice] = {}
    for wanted, word in mapped.items():
        column = column_called(wanted, table.column_names)
        chosen[column] = _choice_of(column, word)
    made = ColumnMap(
        tuple(
            chosen.get(name, Choice(name, None, why="the map does not name it"))
            for name in table.column_names
        )
    )
    _check_once(made.used)
    _check_usable(made)
    return made


def people_table(table: pa.Table, columns: ColumnMap) -> tuple[pa.Table, dict[str, Meaning]]:
    """Return the columns to compare, as text, and their meanings, as the engine takes them.

    A date of birth in parts becomes one column. Of a value only the first `LONGEST` characters are
    compared: notes in a field of names would cost time and tell nothing.
    """
    arrays, names, meanings = [], [], {}
    for choice in columns.used:
        if not choice.part:
            arrays.append(_clipped(text_of(table.column(choice.column))))
            names.append(choice.column)
            meanings[choice.column] = Meaning(str(choice.meaning))
    parts = {choice.part: choice.column for choice in columns.used if choice.part}
    if parts:
        name = "date of birth from " + ", ".join(parts.values())
        arrays.append(_date_of_parts(table, parts))
        names.append(name)
        meanings[name] = Meaning.DATE_OF_BIRTH
    return pa.table(arrays, names=names), meanings


def _columns(table: pa.Table) -> list[tuple[str, pa.ChunkedArray]]:
    return list(zip(table.column_names, table.columns, strict=True))


def _claim(name: str, sample: Sample, never: Collection[str]) -> Choice:
    """Return what a column says it is, by its name, unless its values contradict it."""
    if name in never:
        return Choice(name, None, why="holds the truth, or is not to be used")
    spelling, _ = spelled(name)
    if not spelling:
        return Choice(
            name, None, why="marks rows, not persons" if marks_rows(name) else "not known"
        )
    if not sample.values:
        return Choice(name, None, why="empty")
    if spelling in _BARE_NUMBER:
        return _house_or_phone(name, sample)
    part, meaning = PARTS.get(spelling, ""), KNOWN.get(spelling)
    why = looks_wrong(Meaning.DATE_OF_BIRTH, sample, part) if part else ""
    if part and not why:
        return Choice(name, Meaning.DATE_OF_BIRTH, part)
    if meaning is not None:
        why = looks_wrong(meaning, sample)
    return Choice(name, None, why=why) if why else Choice(name, meaning)


def _house_or_phone(name: str, sample: Sample) -> Choice:
    for meaning in (Meaning.PHONE, Meaning.HOUSE):
        if not looks_wrong(meaning, sample):
            return Choice(name, meaning)
    return Choice(name, None, why="it is not clear which number this is")


def _settle_names(claims: list[Choice], samples: Mapping[str, Sample]) -> list[Choice]:
    """Decide what a column of whole names is, given the other columns of names."""
    claimed = {claim.meaning for claim in claims}
    split = {Meaning.FORENAME, Meaning.SURNAME} <= claimed
    settled = []
    for claim in claims:
        if claim.meaning is not Meaning.FULL_NAME:
            settled.append(claim)
        elif split:
            why = "forename and surname have columns of their own"
            settled.append(replace(claim, meaning=None, why=why))
        elif samples[claim.column].of_one_word < _MOSTLY:
            settled.append(claim)
        elif Meaning.SURNAME in claimed:
            settled.append(replace(claim, meaning=Meaning.FORENAME))
        elif Meaning.FORENAME in claimed:
            settled.append(replace(claim, meaning=Meaning.SURNAME))
        else:
            why = "holds single words: map it as forename or surname if that is what they are"
            settled.append(replace(claim, meaning=None, why=why))
    return settled


def _one_column_each(claims: list[Choice], samples: Mapping[str, Sample]) -> list[Choice]:
    """Let each meaning keep its best column; a street may stand in several."""
    best: dict[str, Choice] = {}
    for claim in claims:
        held = best.get(claim.word)
        if claim.meaning and (held is None or _rank(claim, samples) > _rank(held, samples)):
            best[claim.word] = claim
    return [
        claim
        if claim.meaning in (None, Meaning.STREET) or best[claim.word] is claim
        else replace(claim, meaning=None, why=f"“{best[claim.word].column.strip()}” is used")
        for claim in claims
    ]


def _rank(claim: Choice, samples: Mapping[str, Sample]) -> tuple[int, float]:
    """Return how well a column serves: how plainly it is called, then how full it is."""
    return -spelled(claim.column)[1], round(samples[claim.column].filled, 1)


def _parts_together(claims: Sequence[Choice]) -> list[Choice]:
    """Use parts of a date only where no column holds it whole, and only with its year."""
    whole = any(c.meaning is Meaning.DATE_OF_BIRTH and not c.part for c in claims)
    year = any(c.part == "year" for c in claims)
    why = "the whole date has a column" if whole else "no column holds the year of birth"
    return [
        replace(c, meaning=None, part="", why=why) if c.part and (whole or not year) else c
        for c in claims
    ]


def column_called(wanted: str, names: Sequence[str], said_by: str = "The map names") -> str:
    """Return the column that is meant, whatever its case and the blanks around it.

    Raises WrongColumns, naming the nearest; `said_by` begins its message.
    """
    if wanted in names:
        return wanted
    plain = [name for name in names if name.strip().lower() == wanted.strip().lower()]
    if len(plain) == 1:
        return plain[0]
    near = difflib.get_close_matches(wanted.strip(), names, n=3, cutoff=0.5)
    raise WrongColumns(
        f"{said_by} the column “{wanted}”, which is not there. "
        f"{'The nearest' if near else 'There'} are: {', '.join(near or names)}."
    )


def _choice_of(column: str, word: object) -> Choice:
    said = str(word).strip().lower().replace(" ", "_").replace("-", "_")
    if said in ("not_used", "") or word is False:
        return Choice(column, None, why="the map says so")
    if said in _DATE_PARTS:
        return Choice(column, Meaning.DATE_OF_BIRTH, _DATE_PARTS[said])
    if said in set(Meaning):
        return Choice(column, Meaning(said))
    words = [*Meaning, *_DATE_PARTS, NOT_USED]
    spelling, _ = spelled(str(word))
    near = [KNOWN[spelling]] if spelling in KNOWN else difflib.get_close_matches(said, words, n=3)
    raise WrongColumns(
        f"The map says that “{column}” means “{word}”, which is no meaning. "
        f"{'The nearest' if near else 'They'} are: {', '.join(near or words)}."
    )


def _check_once(used: Sequence[Choice]) -> None:
    by_word: dict[str, str] = {}
    for choice in used:
        if choice.word in by_word and choice.meaning is not Meaning.STREET:
            raise WrongColumns(
                f"“{by_word[choice.word]}” and “{choice.column}” are both mapped as {choice.word}. "
                "Only street may stand in several columns; choose one."
            )
        by_word[choice.word] = choice.column
    if Meaning.DATE_OF_BIRTH in by_word and any(choice.part for choice in used):
        raise WrongColumns("The date of birth is mapped both whole and in parts. Choose one.")


def _check_usable(columns: ColumnMap) -> None:
    if any(choice.meaning in _TELLS_APART for choice in columns.used):
        return
    seen = ", ".join(f"“{choice.column}”" for choice in columns.choices[:20])
    but = f" Only {', '.join(c.column for c in columns.used)} can be used." if columns.used else ""
    raise WrongColumns(
        f"No column tells persons apart: a name, date of birth, phone, email or identity number is "
        f"needed. The columns are {seen}.{but} If these are values, the file lacks its header "
        f"line; otherwise say with --columns what they mean. {_EXAMPLE}"
    )


def _clipped(column: pa.ChunkedArray) -> pa.ChunkedArray:
    longest = pc.max(pc.binary_length(column)).as_py() or 0
    return pc.utf8_slice_codeunits(column, 0, LONGEST) if longest > LONGEST else column


def _date_of_parts(table: pa.Table, parts: Mapping[str, str]) -> pa.ChunkedArray:
    """Return dates as YYYY-MM-DD, YYYY-MM or YYYY, as far as they are known."""
    said = []
    for part in ("year", "month", "day"):
        if part in parts:
            text = pc.utf8_trim_whitespace(text_of(table.column(parts[part])).cast(pa.string()))
            plain = pc.replace_substring_regex(text, r"\.0$", "")
            blank = pc.equal(plain, "")
            said.append(pc.if_else(blank, None, pc.utf8_lpad(plain, 2, "0")))
    known = [pc.binary_join_element_wise(*said[:count], "-") for count in range(len(said), 1, -1)]
    return pc.coalesce(*known, said[0])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    for mark, written in (("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        escaped = escaped.replace(mark, written)
    return f'"{escaped}"'


_MOSTLY: Final = 0.8
_BARE_NUMBER: Final = frozenset({"number", "no"})
_LABELS: Final = {
    str(Meaning.PNC_ID): "PNC ID",
    str(Meaning.CRO): "CRO number",
    str(Meaning.NINO): "National Insurance number",
    str(Meaning.HOUSE): "House number or name",
    str(Meaning.IDENTIFIER): "Identity number",
}
_EXAMPLE: Final = 'A map looks like this: [columns] "Given Nm" = "forename".'

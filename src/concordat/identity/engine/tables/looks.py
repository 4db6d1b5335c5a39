"""Whether the values of a column look like what its name says."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from concordat.identity.engine.meanings import Meaning
from concordat.identity.engine.tables.reading import text_of

SAMPLE: Final = 2_000


@dataclass(frozen=True)
class Sample:
    """Values of a column, taken evenly over it. `filled` is the share that are not blank."""

    values: tuple[str, ...]
    filled: float

    def share(self, holds: Callable[[str], object]) -> float:
        """Return the share of values of which something holds."""
        return sum(bool(holds(value)) for value in self.values) / max(1, len(self.values))

    @property
    def of_one_word(self) -> float:
        """The share of values that are a single word."""
        return self.share(lambda value: len(value.split()) == 1 and "," not in value)


def sample_of(column: pa.ChunkedArray) -> Sample:
    """Return a sample of a column's values, as text without blanks around it."""
    count = len(column)
    places = np.unique(np.linspace(0, count - 1, min(SAMPLE, count)).astype(np.int64))
    taken = text_of(column.take(pa.array(places))).to_pylist() if count else []
    values = tuple(text.strip() for text in taken if text and text.strip())
    if not values and column.null_count < count:  # sparse: look at those that are there
        kept = column.drop_null().slice(0, SAMPLE)
        values = tuple(text.strip() for text in text_of(kept).to_pylist() if text.strip())
    return Sample(values, len(values) / max(1, len(taken)))


def looks_wrong(meaning: Meaning, sample: Sample, part: str = "") -> str:
    """Return why the values can't mean this, "" if they can."""
    if part:
        return (
            "" if sample.share(_PART.fullmatch) >= _HALF else f"does not hold the {part} of dates"
        )
    looks = _LOOKS.get(meaning)
    if looks is None:
        return ""
    pattern, least, said = looks
    return "" if sample.share(pattern.search) >= least else said


_HALF: Final = 0.5
_PART: Final = re.compile(r"\d{1,4}")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"


def _look(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_NAME = (_look(r"^[^\d@]*[^\W\d_][^\d@]*$"), _HALF, "does not hold names")
_PLACE = (_look(r"[^\W\d_]{2}"), _HALF, "does not hold names of places")
_LOOKS: Final[dict[Meaning, tuple[re.Pattern[str], float, str]]] = {
    Meaning.FORENAME: _NAME,
    Meaning.MIDDLE_NAMES: _NAME,
    Meaning.SURNAME: _NAME,
    Meaning.FULL_NAME: _NAME,
    Meaning.DATE_OF_BIRTH: (
        _look(
            rf"^\d{{1,4}}[-/. ]\d{{1,2}}[-/. ]\d{{1,4}}|^\d{{6}}(\d\d)?$|^(1[89]|20)\d\d$|{_MONTHS}"
        ),
        _HALF,
        "does not hold dates",
    ),
    Meaning.SEX: (
        _look(r"^(m|f|u|x|n|w|o|male|female|man|woman|boy|girl|unknown|other|not .*|[0129])\W*$"),
        _HALF,
        "does not hold male and female",
    ),
    Meaning.POSTCODE: (_look(r"^(?=.*\d)[a-z0-9][a-z0-9 -]{1,9}$"), _HALF, "holds no postcodes"),
    Meaning.HOUSE: (_look(r"^\D{0,12}\d{1,5}\W?[a-z]?\b|^[^\W\d_]"), _HALF, "holds no houses"),
    Meaning.STREET: (_look(r"[^\W\d_]{2}"), _HALF, "does not hold streets"),
    Meaning.TOWN: _PLACE,
    Meaning.REGION: _PLACE,
    Meaning.BIRTH_PLACE: _PLACE,
    Meaning.OCCUPATION: (_look(r"[^\W\d_]{2}"), _HALF, "does not hold occupations"),
    Meaning.PHONE: (_look(r"^\D{0,4}(\d\D{0,3}){6,15}$"), _HALF, "does not hold phone numbers"),
    Meaning.EMAIL: (_look(r"\S@\S"), _HALF, "does not hold email addresses"),
    Meaning.PNC_ID: (_look(r"^\W*\d{2,4}\W?\d{1,7}\W?[a-z]$"), _HALF, "does not hold PNC IDs"),
    Meaning.CRO: (_look(r"^[a-z]{0,2}\d{1,6}\W?\d{2}\W?[a-z]$"), _HALF, "holds no CRO numbers"),
    Meaning.DRIVING_LICENCE: (_look(r"^(?=.*\d)[a-z0-9 ]{5,20}$"), _HALF, "holds no licences"),
    Meaning.NINO: (
        _look(r"^[a-z]{2}\W?(\d\W?){6}[a-d]?$"),
        _HALF,
        "does not hold National Insurance numbers",
    ),
    Meaning.IDENTIFIER: (_look(r"\d.*\d.*\d"), _HALF, "does not hold identity numbers"),
}

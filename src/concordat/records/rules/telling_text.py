"""A line that is being read: what was recognised in it, where, and what is left to be read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Final

from concordat.records.rules.standard_tables import listed, table

LONGEST_READ: Final = 2_000
"""Characters of a line that are looked at; all of it is kept."""

TAKEN: Final = "\x00"
"""Stands in place of every character that was recognised, so that positions stay."""

WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’.&][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Token:
    """Something recognised: what it is, from where to where, and its value in standard form."""

    what: str
    start: int
    end: int
    value: str
    day: date | None = None


@dataclass(slots=True)
class Line:
    """A line, its recognised tokens by position, and the rest with blanks in their stead."""

    text: str
    rest: str = ""
    tokens: list[Token] = field(default_factory=list)
    _capitals_tell: bool | None = None

    def __post_init__(self) -> None:
        kept = self.text[:LONGEST_READ]
        self.text = "".join(char if char.isprintable() else " " for char in kept)
        self.rest = self.text

    @property
    def capitals_tell(self) -> bool:
        """Whether names can be told by their capitals.

        They can't if all words have them, or none but the first and what is no word of its own:
        marks, postcodes, short abbreviations. Asked for the first time once these are recognised.
        """
        if self._capitals_tell is None:
            words = [word[0] for word in WORD.finditer(self.rest)]
            has_small = any(word.islower() for word in words)
            self._capitals_tell = has_small and any(map(_is_capitalised, words[1:]))
        return self._capitals_tell

    def take(self, what: str, start: int, end: int, value: str, day: date | None = None) -> None:
        """Note that something was recognised, and take it out of the rest."""
        self.tokens.append(Token(what, start, end, value, day))
        self.blank(start, end)

    def blank(self, start: int, end: int) -> None:
        """Take a stretch out of the rest."""
        self.rest = self.rest[:start] + TAKEN * (end - start) + self.rest[end:]

    def forget(self) -> None:
        """Take everything for read."""
        self.rest = ""
        self.tokens.clear()

    def between(self, start: int, end: int) -> str:
        """Return what stands between two places, as it was written."""
        return self.text[start:end]

    def found(self, *what: str) -> list[Token]:
        """Return the tokens of these kinds in their order."""
        return sorted((one for one in self.tokens if one.what in what), key=lambda one: one.start)

    def use(self, token: Token) -> None:
        """Note that a token belongs to something already."""
        self.tokens.remove(token)


_LONGEST_ABBREVIATION: Final = 3


def _is_capitalised(word: str) -> bool:
    return word[0].isupper() and (not word.isupper() or len(word) > _LONGEST_ABBREVIATION)


@cache
def phrases(cell: str) -> re.Pattern[str]:
    """Return a pattern for the phrases of a cell: words of any case, "*" for any ending.

    The longest phrase is found first.
    """
    return re.compile(rf"(?<![\w'’-])(?:{alternatives(cell)})(?![\w’-])", re.IGNORECASE)


@cache
def alternatives(cell: str) -> str:
    """Return the phrases of a cell as the inside of a pattern."""
    ordered = sorted(listed(cell), key=len, reverse=True)
    return "|".join(_phrase(phrase) for phrase in ordered)


def _phrase(phrase: str) -> str:
    words = (re.escape(word.rstrip("*")) + r"\w*" * word.endswith("*") for word in phrase.split())
    return r"\s+".join(words)


@cache
def word_list(name: str) -> str:
    """Return a list of `telling_words.csv` as its cell. Raises KeyError if there is none."""
    return {row["list"]: row["words"] for row in table("telling_words")}[name]


@cache
def word_set(name: str) -> frozenset[str]:
    """Return the words of a list, in lower case."""
    return frozenset(word.lower() for word in listed(word_list(name)))


def words_in(text: str) -> Iterator[re.Match[str]]:
    """Yield each word of a text."""
    return WORD.finditer(text)

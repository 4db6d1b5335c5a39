"""Property in a line that tells what happened: "theft of a phone and a wallet", "bag stolen"."""

import re
from collections.abc import Iterator
from typing import Final

from concordat.access.rules import RecordKind
from concordat.records.rules.telling_text import TAKEN, Line, word_set
from concordat.records.rules.telling_things import NamedThing

MOST_ITEMS: Final = 6
_MOST_WORDS: Final = 5

_AFTER = re.compile(
    r"(?<!\w)(?P<how>thefts? of|robbery of|burglary of|stole|steals?|stealing|stolen|took|taking"
    r"|snatched|shoplifted|made off with|ran off with|seizure of|seized|damage to|damage of|smashed"
    r"|damaged)\s+(?P<items>[^.;:\x00]{2,80})",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:^|[.;,]\s*|(?<!\w)(?:a|an|the|his|her|their|my|two|three)\s+)"
    r"(?P<items>(?:[^\W\d_][\w'’-]*\s+){1,4}?)(?:was |were |has been |have been )?"
    r"(?P<how>stolen|taken|snatched|seized|damaged|smashed)(?!\w)",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"[(,]?\s*(?<!\w)(?:from|by|at|in|on|near|outside|inside|off|using|with|when|while|which|who"
    r"|that|after|before|during|between|since|yesterday|today|overnight|last|this|was|were|has"
    r"|have|had|worth|valued|belonging|under|for|to|then|but|reported|of (?=[A-Z])"
    r"|and (?:ran|left|made|drove|fled|then|was|were|he|she|they|assaulted|threatened))(?!\w)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:,|&|\band\b)\s*", re.IGNORECASE)
_ARTICLES = re.compile(
    r"^(?:(?:a|an|the|his|her|their|my|some|several|one|of|quantity|pair|also)\s+)+", re.IGNORECASE
)
_USES: Final = (("seiz", "seized"), ("damag", "damaged"), ("smash", "damaged"))


def take_property(line: Line) -> list[NamedThing]:
    """Return what was stolen, seized or damaged and is no vehicle, weapon or building."""
    found: dict[str, NamedThing] = {}
    for match in _AFTER.finditer(line.rest):
        for item in _items(match["items"]):
            _add(found, item, match)
    for match in _BEFORE.finditer(line.rest):
        words = frozenset(match["items"].lower().split())
        if TAKEN not in match["items"] and not words & _NO_THINGS:
            for item in _items(match["items"]):
                _add(found, item, match)
    return list(found.values())[:MOST_ITEMS]


_NO_THINGS: Final = word_set("not_names") - word_set("items")


def _add(found: dict[str, NamedThing], item: str, match: re.Match[str]) -> None:
    how = match["how"].lower()
    use = next((use for start, use in _USES if how.startswith(start)), "stolen")
    if use == "damaged" and item.lower() in word_set("buildings"):
        return
    one = NamedThing(kind=RecordKind.PROPERTY, start=match.start(), end=match.end())
    one.fields, one.uses = {"description": item}, (use,)
    found.setdefault(item.lower(), one)


def _items(text: str) -> Iterator[str]:
    """Yield each thing of a list of things."""
    end = _ENDS.search(f" {text}")
    listed = text[: max(0, end.start() - 1)] if end else text
    for part in _BETWEEN.split(listed):
        item = _ARTICLES.sub("", part.strip(" \t'’\"“”()-")).strip()
        first = item.split(" ", 1)[0].lower()
        is_thing = len(item) > 1 and any(char.isalpha() for char in item)
        if is_thing and first not in word_set("no_items") and len(item.split()) <= _MOST_WORDS:
            yield item

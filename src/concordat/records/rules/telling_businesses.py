"""Shops and other organisations in a line that tells what happened."""

import re
from typing import Final

from concordat.access.rules import RecordKind
from concordat.records.rules.telling_text import Line, alternatives, word_list, word_set
from concordat.records.rules.telling_things import NamedThing

_LOOKED: Final = 60

_SHOP_BEFORE = re.compile(
    r"(?<!\w)(?:at|from|in|of|outside|against|near)\s+(?:the\s+)?$", re.IGNORECASE
)
_VICTIM_BEFORE = re.compile(r"(?<!\w)(?:from|of|against|at)\s+(?:the\s+)?$", re.IGNORECASE)
_SHOP = re.compile(
    rf"(?<![\w'’&-])(?:{alternatives(word_list('shops'))})(?![\w’'-])"
    rf"(?:\s+(?:{alternatives(word_list('business_words'))})(?!\w))?",
    re.IGNORECASE,
)
_NAMED_BUSINESS = re.compile(
    r"(?<![\w'’&-])(?:(?:[A-Z][\w'’-]*|&|and|of)\s+){1,4}"
    rf"(?:{alternatives(word_list('business_words'))})(?!\w)"
)


def take_businesses(line: Line, kind: RecordKind | None) -> list[NamedThing]:
    """Return the shops and other organisations of a line: "Tesco Express" is nobody's name."""
    found: dict[str, NamedThing] = {}
    patterns = (_SHOP, _NAMED_BUSINESS) if line.capitals_tell else (_SHOP,)
    for pattern in patterns:
        for match in list(pattern.finditer(line.rest)):
            name, start = _business_name(match, line)
            before = line.text[max(0, start - _LOOKED) : start]
            if not name or not _is_business(name, before, line):
                continue
            one = NamedThing(kind=RecordKind.BUSINESS, start=start, end=match.end())
            is_victim = kind is RecordKind.CRIME and _VICTIM_BEFORE.search(before)
            one.fields, one.uses = {"name": name}, ("victim" if is_victim else "scene",)
            found.setdefault(name.lower(), one)
            line.take("business", start, match.end(), name)
    return sorted(found.values(), key=lambda one: one.start)


def _business_name(match: re.Match[str], line: Line) -> tuple[str, int]:
    """Return a name without common words before it, and where it begins."""
    words = list(re.finditer(r"\S+", match[0]))
    first = 0
    while first < len(words) - 1 and words[first][0].lower() in _BEFORE_BUSINESSES:
        first += 1
    start = match.start() + words[first].start()
    name = line.text[start : match.end()]
    is_short = match.re is _NAMED_BUSINESS and len(words) - first < len(("Red", "Lion"))
    return ("", start) if is_short else (name, start)


_BEFORE_BUSINESSES: Final = word_set("not_names") - word_set("place_words")


def _is_business(name: str, before: str, line: Line) -> bool:
    if line.capitals_tell and not name[0].isupper():
        return False
    first = name.split(maxsplit=1)[0].lower()
    is_ambiguous = first in word_set("ambiguous_shops") or name.lower() in word_set(
        "ambiguous_shops"
    )
    return not is_ambiguous or _SHOP_BEFORE.search(before) is not None

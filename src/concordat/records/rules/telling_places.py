"""Where it happened, in a line that tells it: streets, towns, postcodes, points."""

import re
from collections.abc import Iterator
from typing import Final

from concordat.access.rules import RecordKind
from concordat.records.rules.telling_people import Named
from concordat.records.rules.telling_roles import LOOKED, find_cue
from concordat.records.rules.telling_text import (
    Line,
    Token,
    alternatives,
    word_list,
    word_set,
    words_in,
)

MOST_PLACES: Final = 6

_STRONG: Final = alternatives(word_list("strong_streets"))
_ANY_STREET: Final = alternatives("|".join((word_list("strong_streets"), word_list("streets"))))
_NAME: Final = r"[^\W\d_][^\W_]*(?:[-'’.][^\W\d_]+)*\.?"
_HOUSE: Final = r"(?:(?:flat|unit|apartment)\s+\d+\w?,?\s+)?\d{1,4}[a-z]?(?:\s?-\s?\d{1,4})?"
_NUMBERED = re.compile(
    rf"(?<![\w/:£.])(?P<house>{_HOUSE}),?\s+(?P<street>(?:{_NAME}\s+){{1,3}}?(?:{_ANY_STREET}))(?!\w)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"(?<!\w)(?P<street>(?:{_NAME}\s+){{1,3}}(?:{_ANY_STREET}))(?![\w'’])", re.IGNORECASE
)
_WEAKLY_NAMED = re.compile(
    rf"(?<!\w)(?P<street>(?:{_NAME}\s+){{1,2}}(?:{_STRONG}))(?![\w'’])", re.IGNORECASE
)
_ROAD_NUMBER = re.compile(r"(?<![\w/])(?:the\s+)?([AMB]\d{1,4}(?:\(M\))?)(?![\w/])")
_PLACE_BEFORE = re.compile(
    r"(?<!\w)(?P<how>in|at|near|outside|inside|behind|opposite|around|by|off|leaving|to|towards|toward|for|from)"
    r"\s+(?:the\s+)?(?:town of\s+|village of\s+|area of\s+)?$",
    re.IGNORECASE,
)
_TOWN_WORD = re.compile(r"(?:on|upon|by|le|the|in|under|super|next)", re.IGNORECASE)
_HEADING = re.compile(
    r"(?<!\w)(?:heading|headed|driving|going|travelling|off|fled|direction of|made off)(?:\s+\w+)?"
    r"\s+(?:to|towards|toward|for|in the direction of)\s+$",
    re.IGNORECASE,
)
_BOUND = re.compile(r"(?<!\w)(?:north|south|east|west)bound(?!\w)", re.IGNORECASE)
_LANDMARK = re.compile(
    r"(?<!\w)(?P<area>(?:[A-Z][\w'’.-]*\s+){1,4}(?i:(?:(?:railway|train|bus|police|service|petrol|fire)\s+)?"
    r"(?:station|services|pier|beach|marina|docks?|port|airport|seafront|town centre|city centre"
    r"|shopping centre|industrial estate|retail park|hospital|library|school|college|cemetery"
    r"|golf club|football club|country park|recreation ground|playing fields?|car park|woods?"
    r"|forest|bridge|roundabout|market)))(?!\w)",
)
_TOWN_BETWEEN = re.compile(r"[\s,]+([^\W\d_][^\W\d_'’-]+(?:[ '’-][^\W\d_]+){0,3})[\s,]+")
_JOINING = re.compile(r"[\s,\x00]*(?:(?:in|at|near|,|of|the)[\s,]+)*", re.IGNORECASE)
_LIVES = re.compile(
    r"[\s,(]*(?:(?:of|who lives (?:at|in)|lives (?:at|in)|living (?:at|in)|resident (?:at|of)"
    r"|residing at|home address(?: is)?|address(?: is)?|from)[\s:]+)",
    re.IGNORECASE,
)
_OF = re.compile(r"[\s,]*of\s+", re.IGNORECASE)
_WHERE: Final = ("postcode", "street", "town", "area", "point")


def take_streets(line: Line) -> None:
    """Recognise streets, with their house numbers, before names of people are looked for."""
    for found in list(_NUMBERED.finditer(line.rest)):
        street = _trimmed(found["street"])
        if street == found["street"] and _reads_as_street(street, line, None):
            value = f"{found['house'].strip()}\t{street}"
            line.take("street", *found.span(), value)
    pattern = _NAMED if line.capitals_tell else _WEAKLY_NAMED
    for found in list(pattern.finditer(line.rest)):
        street = _trimmed(found["street"])
        before = line.text[: found.end() - len(street)]
        if len(street.split()) > 1 and _reads_as_street(street, line, before):
            line.take("street", found.end() - len(street), found.end(), f"\t{street}")
    for found in list(_ROAD_NUMBER.finditer(line.rest)):
        line.take("area", *found.span(1), found[1])


def _trimmed(street: str) -> str:
    """Return the name of a street without the words before it that are none of it."""
    words = street.split()
    last_closed = max(
        (n for n, word in enumerate(words[:-1]) if word.lower() in _BEFORE_STREETS), default=-1
    )
    return street[street.index(words[last_closed + 1], _offset(street, words, last_closed + 1)) :]


def _offset(street: str, words: list[str], place: int) -> int:
    start = 0
    for word in words[:place]:
        start = street.index(word, start) + len(word)
    return start


_BEFORE_STREETS: Final = word_set("not_names") - word_set("place_words")


def _reads_as_street(street: str, line: Line, before: str | None) -> bool:
    """Whether words are the name of a street; `before` is what stands there, None for a number.

    With capitals, where these tell anything. May Green and Robert Lane are people unless a word
    says where.
    """
    if line.capitals_tell and not all(w[0].isupper() or w in ("of", "the") for w in street.split()):
        return False
    if before is None:
        return True
    is_strong = street.rsplit(maxsplit=1)[-1].lower() in word_set("strong_streets")
    is_led = _LEADS_TO_STREET.search(before) is not None
    return is_led or (is_strong and find_cue("before", before[-LOOKED:], RecordKind.CRIME) is None)


_LEADS_TO_STREET = re.compile(
    r"(?:(?<!\w)(?:in|at|on|near|outside|along|off|into|down|up|around|junction of|corner of)"
    r"\s+(?:the\s+)?|[\w\x00],\s*)$",
    re.IGNORECASE,
)


def take_towns(line: Line) -> None:
    """Recognise landmarks, and names after "in", "at" and the like, where capitals tell."""
    for found in list(_BOUND.finditer(line.rest)):
        line.take("direction", *found.span(), found[0].lower())
    if not line.capitals_tell:
        return
    for found in list(_LANDMARK.finditer(line.rest)):
        area = _trimmed(found["area"])
        before = line.text[: found.end() - len(area)]
        if _PLACE_BEFORE.search(before):
            line.take("area", found.end() - len(area), found.end(), area)
    for start, end in list(_towns(line)):
        heading = _HEADING.search(line.text[:start])
        line.take("direction" if heading else "town", start, end, line.text[start:end])


def _towns(line: Line) -> Iterator[tuple[int, int]]:
    """Yield the stretches that are names of places: "in Bishop's Stortford", "CO1 1AA, Harlow"."""
    words = list(words_in(line.rest))
    for number, word in enumerate(words):
        found = _PLACE_BEFORE.search(line.text[: word.start()])
        how = found["how"].lower() if found else ""
        after_street = any(
            not line.rest[token.end : word.start()].strip(" ,")
            for token in line.found("street", "business", "area")
            if token.end <= word.start()
        )
        if not (after_street or how in _PLACES_ALONE) or not word[0][0].isupper():
            continue
        end = _end_of_town(words, number, line.rest)
        if end and not line.text[end:].startswith(("'s", "’s")):
            yield word.start(), end


_PLACES_ALONE: Final = frozenset(
    {"in", "at", "near", "outside", "around", "leaving", "towards", "toward", "opposite"}
)


def _end_of_town(words: list[re.Match[str]], number: int, text: str) -> int:
    """Return where a name of a place ends that begins with this word; 0 if it is none."""
    end = 0
    for word in words[number : number + 4]:
        if end and text[end : word.start()].strip():
            break
        plain = word[0].lower()
        small = end and _TOWN_WORD.fullmatch(word[0])
        if not (word[0][0].isupper() or small) or plain in _NO_TOWNS:
            break
        if not small:
            end = word.end()
        if word[0].endswith(("'s", "’s")) and number + 1 >= len(words):
            return 0
    name = text[words[number].start() : end] if end else ""
    return 0 if name.endswith(("'s", "’s")) or name.isupper() else end


_NO_TOWNS: Final = word_set("not_names") - word_set("place_words")


def addresses_of(people: list[Named], line: Line) -> None:
    """Give people the places that are said to be their homes: "Robert Hale of 12 High Street"."""
    for one in people:
        while True:
            token = next((t for t in line.found(*_WHERE) if t.start >= one.end), None)
            if token is None or not _is_home(one, token, line):
                break
            told = fields_of_place(token)
            if told.keys() & one.fields.keys():
                break
            one.fields.update(told)
            one.end = token.end
            line.use(token)


def _is_home(one: Named, token: Token, line: Line) -> bool:
    gap = line.text[one.end : token.start]
    if "street" in one.fields or "town" in one.fields or "postcode" in one.fields:
        return _JOINING.fullmatch(gap) is not None and not gap.strip(" ,")
    cue = _LIVES.fullmatch(gap)
    return cue is not None and token.what not in ("area", "point")


def places(line: Line) -> list[dict[str, str]]:
    """Return the places of a line that are nobody's home; what stands together is one place."""
    found: list[dict[str, str]] = []
    end = -1
    for token in line.found(*_WHERE):
        told = fields_of_place(token)
        gap = line.text[end : token.start] if end >= 0 else "."
        joined = _JOINING.fullmatch(gap) is not None
        town = _TOWN_BETWEEN.fullmatch(gap) if token.what == "postcode" else None
        if town and "street" in found[-1] and "town" not in found[-1]:
            found[-1]["town"], joined = town[1], True
        if joined and not told.keys() & found[-1].keys():
            found[-1].update(told)
        elif len(found) < MOST_PLACES:
            found.append(told)
        end = token.end
    return found


def fields_of_place(token: Token) -> dict[str, str]:
    """Return what a token says of a place."""
    if token.what == "street":
        house, _, street = token.value.partition("\t")
        return {"house": house, "street": street} if house else {"street": street}
    if token.what == "point":
        latitude, _, longitude = token.value.partition(",")
        return {"latitude": latitude, "longitude": longitude}
    return {token.what: token.value}

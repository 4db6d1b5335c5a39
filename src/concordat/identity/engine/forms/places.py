"""Standard forms of addresses and places.

POLE data standard v1.1, DS_010: the patterns of British postcodes and which letters stand where
(Royal Mail's own rule for the first two; P in the third place as Royal Mail has it). ZZ99 codes
are the pseudo postcodes of the Office for National Statistics for “no fixed abode”, “not known”
and countries: no place, so nothing. Street abbreviations are those of everyday British use.
"""

import re
from itertools import product
from typing import Final

from concordat.identity.engine.forms.text import NOTHING_BUT_A_NAME, alphanumerics, fold, words

_POSTCODE: Final = re.compile(
    r"(?:[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPS-UW]|[A-HK-Y]\d[ABEHMNPRV-Y])|GIR)"
    r"\d[ABD-HJLNP-UW-Z]{2}"
)
_POSTCODE_LIKE: Final = re.compile(r"[A-Z01][A-Z0-9]{1,3}[0-9OI][A-Z01]{2}")
_SWAPS: Final = {"O": "0", "0": "O", "I": "1", "1": "I"}
_NO_PLACE: Final = NOTHING_BUT_A_NAME | {
    "nfa", "no fixed abode", "no fixed address", "of no fixed abode", "homeless",
}  # fmt: skip
_NO_HOUSE: Final = _NO_PLACE | {"0"}

_STREET_TYPES: Final = {
    "rd": "road", "ave": "avenue", "av": "avenue", "aven": "avenue", "ln": "lane",
    "cl": "close", "clo": "close", "cls": "close", "dr": "drive", "drv": "drive", "dve": "drive",
    "cres": "crescent", "cresc": "crescent", "crst": "crescent", "cr": "crescent",
    "gdns": "gardens", "gdn": "gardens", "grdns": "gardens", "gds": "gardens", "gardens": "gardens",
    "ct": "court", "crt": "court", "sq": "square", "pl": "place", "plc": "place",
    "ter": "terrace", "terr": "terrace", "tce": "terrace", "str": "street", "st": "street",
    "gr": "grove", "grv": "grove", "gro": "grove", "pk": "park", "pde": "parade", "wy": "way",
    "wk": "walk", "wlk": "walk", "blvd": "boulevard", "hwy": "highway", "cct": "circuit",
    "est": "estate", "mws": "mews", "hl": "hill", "yd": "yard", "bldgs": "buildings",
    "bldg": "building", "cott": "cottage", "cotts": "cottages", "ho": "house", "hse": "house",
}  # fmt: skip
_BUILDINGS: Final = words(
    "building buildings bldg bldgs cottage cottages cott cotts house hse ho farm mansions"
)
_ENDS: Final = (frozenset(_STREET_TYPES.values()) - _BUILDINGS) | words(
    """street road row end green rise view vale wharf quay parade hill bank broadway drove field
    fields heath common mews side approach alley arcade bypass croft dene glade link loop mead
    meadow meadows passage path ride strand wynd"""
)
_SIDES: Final = words("north south east west n s e w upper lower")
_FLATS: Final = {
    **dict.fromkeys(("flat", "fl", "flt", "apt", "apartment", "appt", "aptmt"), "flat"),
    **dict.fromkeys(("unit", "room", "studio", "suite", "rm"), "unit"),
}
_NUMBER: Final = re.compile(r"\d+[a-z]?")
_SLASHED: Final = re.compile(r"\b0*(\d+[a-z]?)\s*/\s*0*(\d+[a-z]?)\b")
_SPLIT_LETTER: Final = re.compile(r"\b0*(\d+) ([a-z])\b(?! \d)")
_ZEROS: Final = re.compile(r"\b0+(?=\d)")
_BREAKS: Final = re.compile(r"[,;\n\r|]+")
_HOUSE_NUMBER_WORDS: Final = words("no nos num number")


def postcode_form(value: str) -> str:
    """Return a postcode in upper case without spaces, O and 0, I and 1 mended by their places.

    Codes of other countries, and what fits no pattern, keep their letters and digits.

    >>> postcode_form("ss1 2ab"), postcode_form("SSI 2AB"), postcode_form("ZZ99 3VZ")
    ('SS12AB', 'SS12AB', '')
    """
    if value.strip().lower() in NOTHING_BUT_A_NAME:
        return ""
    form = alphanumerics(value)
    if _POSTCODE.fullmatch(form):
        return "" if form.startswith("ZZ99") else form
    if (
        form.startswith("ZZ99")
        or form == form[:1] * len(form)
        or form.lower() in NOTHING_BUT_A_NAME
    ):
        return ""
    return _mended(form) if _POSTCODE_LIKE.fullmatch(form) else form


def postcode_is_valid(form: str) -> bool:
    """Tell whether a postcode has a British pattern.

    >>> postcode_is_valid("SS12AB"), postcode_is_valid("12345")
    (True, False)
    """
    return _POSTCODE.fullmatch(form) is not None


def _mended(form: str) -> str:
    """Return the British postcode nearest to `form` under the look-alikes, else `form`."""
    places = [index for index, letter in enumerate(form) if letter in _SWAPS]
    best, fewest = form, len(form)
    for choice in product((False, True), repeat=len(places)):
        swapped = list(form)
        for index, swap in zip(places, choice, strict=True):
            if swap:
                swapped[index] = _SWAPS[swapped[index]]
        tried = "".join(swapped)
        if sum(choice) < fewest and _POSTCODE.fullmatch(tried):
            best, fewest = tried, sum(choice)
    return best


def place_form(value: str) -> str:
    """Return a town, suburb, region, country or birth place in lower case; saint is written out.

    >>> place_form("St. Albans"), place_form("Stoke-on-Trent"), place_form("N/K")
    ('saint albans', 'stoke on trent', '')
    """
    if value.isalpha() and value.isascii():
        form = value.lower()
        return "" if form in _NO_PLACE else form
    if value.strip().lower() in _NO_PLACE:
        return ""
    found = fold(value).split()
    if "st" in found and found[1:]:
        found = ["saint" if word == "st" else word for word in found]
    form = " ".join(found)
    return "" if form in _NO_PLACE else form


def house_form(value: str) -> str:
    """Return a house's number or name: `14a`, `flat 2 14`, `rose cottage`.

    >>> house_form("No. 014 A"), house_form("Apt 2/14"), house_form("Rose Cottage")
    ('14a', 'flat 2 14', 'rose cottage')
    """
    text = value.strip().lower()
    if text.isalnum() and text.isascii():
        form = _ZEROS.sub("", text) if text[0] == "0" else _FLATS.get(text, text)
        return "" if form in _NO_HOUSE else form
    if text in _NO_HOUSE:
        return ""
    if "/" in text:
        text = _SLASHED.sub(r"flat \1 \2", text)
    found = fold(text).split()
    if found[1:] and found[0] in _HOUSE_NUMBER_WORDS and found[1][0].isdecimal():
        del found[0]
    form = " ".join(_FLATS.get(word, word) for word in found)
    form = _SPLIT_LETTER.sub(r"\1\2", form)
    if "0" in form:
        form = _ZEROS.sub("", form)
    form = form.replace("flat flat", "flat").replace("unit flat", "unit")
    return "" if form in _NO_HOUSE else form


def street_form(value: str) -> str:
    """Return a street's name without house number, abbreviations written out.

    >>> street_form("14 High St"), street_form("St. John's Rd")
    ('high street', 'saint johns road')
    """
    if value.strip().lower() in _NO_PLACE:
        return ""
    found = fold(value).split()
    start = 0
    while found[start + 1 :] and _NUMBER.fullmatch(found[start]):
        start += 1
    form = _street(found[start:])
    return "" if form in _NO_PLACE else form


def split_address(value: str) -> tuple[str, str]:
    """Return house and street, both in standard form, from the first lines of an address.

    >>> split_address("Flat 2, 14 High St, Basildon")
    ('flat 2 14', 'high street')
    >>> split_address("Rose Cottage, Church Ln")
    ('rose cottage', 'church lane')
    """
    if place_form(value) == "":
        return "", ""
    house: list[str] = []
    parts = [part for part in map(str.strip, _BREAKS.split(value)) if part]
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        number, rest = _leading_house(part)
        house += number
        if rest and not _names_a_house(rest, following):
            return house_form(" ".join(house)), street_form(" ".join(rest))
        house += rest
        if rest and not _has_street(following):
            break
    return house_form(" ".join(house)), ""


def _street(found: list[str]) -> str:
    """Return the words of a street with its type written out; St before a name is a saint."""
    written = []
    for place, word in enumerate(found):
        if word == "st":
            is_type = place and _SIDES.issuperset(found[place + 1 :])
            written.append("street" if is_type else "saint")
        else:
            written.append(_STREET_TYPES.get(word, word) if place else word)
    return " ".join(written)


def _leading_house(part: str) -> tuple[list[str], list[str]]:
    """Return the words of a part of an address: those of its flat and number, and the rest."""
    found = fold(_SLASHED.sub(r"flat \1 \2", part.lower())).split()
    at = 0
    while at < len(found):
        if _NUMBER.fullmatch(found[at]):
            at += 1
        elif at + 1 < len(found) and (
            found[at] in _FLATS
            or (found[at] in _HOUSE_NUMBER_WORDS and found[at + 1][0].isdecimal())
        ):
            at += 2
        elif at and len(found[at]) == 1 and at + 1 < len(found) and found[at - 1].isdecimal():
            at += 1
        else:
            break
    return found[:at], found[at:]


def _names_a_house(found: list[str], following: str) -> bool:
    """Tell whether words of an address, before the part `following`, name a house or block."""
    if found[-1] in _BUILDINGS:
        return True
    return not _ends_as_street(found) and _has_street(following)


def _has_street(part: str) -> bool:
    """Tell whether a part of an address holds a street: by its number or by its last word."""
    number, rest = _leading_house(part)
    return bool(rest) and (bool(number) or _ends_as_street(rest))


def _ends_as_street(found: list[str]) -> bool:
    return found[-1] in _ENDS or _STREET_TYPES.get(found[-1]) in _ENDS

"""The words by which a place is found."""

import re
import unicodedata

_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHES = str.maketrans("", "", "'’`")
_EMPTY = frozenset({"on", "or", "near", "no", "location", "the"})


def words(text: str) -> list[str]:
    """Return the words of `text` as they are compared: lower case, no accents, no apostrophes.

    "On or near St. Mary's Road" has the words st, marys, road: what merely introduces is dropped.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).lower())
    found = _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))
    return [word for word in found if word not in _EMPTY] or found


def place_terms(*, location: str, district: str) -> frozenset[str]:
    """Return every word by which a place is found: those of its street and of its district."""
    return frozenset(words(location)) | frozenset(words(district)) - _EMPTY

"""Exact keys: what a pointer look-up must give to learn that a force holds somebody."""

import hashlib
from collections.abc import Mapping

from concordat.identity.engine import Meaning

IDENTIFIERS = (Meaning.PNC_ID, Meaning.CRO, Meaning.DRIVING_LICENCE, Meaning.NINO)
"""The identifiers that one person alone has, each enough by itself."""

_UNKNOWN_PART = "-00"


def exact_keys(features: Mapping[str, str]) -> tuple[int, ...]:
    """Return the keys, signed 64-bit, of a person's identifiers and of name with date of birth.

    The name counts whole, in the standard form, with the date of birth whole; half of either is
    no key. Two persons share a key only if they agree exactly (SHA-256, cut to 64 bits).
    """
    told = [f"{meaning}:{features[meaning]}" for meaning in IDENTIFIERS if features.get(meaning)]
    name = (features.get(Meaning.FORENAME), features.get(Meaning.SURNAME))
    born = features.get(Meaning.DATE_OF_BIRTH, "")
    if all(name) and born and _UNKNOWN_PART not in born:
        told.append(f"person:{name[0]}:{name[1]}:{born}")
    return tuple(_hashed(text) for text in told)


def _hashed(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)

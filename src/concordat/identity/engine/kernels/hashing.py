"""Numbers made of strings: their hash, those of their first letters, and how they sound.

The numbers are kept in databases as blocking keys, so these functions may never change: a new
way of making keys is a new function.
"""

from typing import Final

import numpy as np

from concordat.identity.engine.kernels.arrays import Bytes, Hashes, Starts
from concordat.identity.engine.kernels.compiled import compiled
from concordat.identity.engine.kernels.strings import span

_OFFSET: Final = np.uint64(0xCBF29CE484222325)
_PRIME: Final = np.uint64(0x100000001B3)
_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_SHIFT: Final = np.uint64(31)

_VOWEL: Final = 9
_BREATH: Final = 10
_SILENT: Final = 0


def _sound_classes() -> Starts:
    """Return every letter's class: letters heard or written for each other share one."""
    classes = np.zeros(256, np.int64)
    for number, letters in enumerate(("bp", "ckqsxz", "dt", "fv", "gj", "l", "mn", "r"), start=1):
        for letter in letters:
            classes[ord(letter)] = number
    return classes


_CLASSES: Final = _sound_classes()
_A, _E, _H, _I, _O, _P, _U, _W, _Y = (ord(letter) for letter in "aehiopuwy")
_SOUNDS: Final = 6
_HEAD: Final = 3
_SHORTEST: Final = 5


@compiled
def mixed(first: int | np.uint64, second: int | np.uint64) -> np.uint64:
    """Return one 64-bit number made of two, in this order; 0 ("says nothing") is never made."""
    value = (np.uint64(first) ^ (np.uint64(first) >> _SHIFT)) * _GOLDEN + np.uint64(second)
    value = (value ^ (value >> _SHIFT)) * _PRIME
    value = (value ^ (value >> np.uint64(29))) * _GOLDEN
    value ^= value >> np.uint64(32)
    return value if value != 0 else np.uint64(1)


@compiled
def hash_of(text: Bytes, begin: int, length: int) -> np.uint64:
    """Return the FNV-1a hash of some bytes; 0 for none."""
    if length <= 0:
        return np.uint64(0)
    value = _OFFSET
    for k in range(length):
        value = (value ^ np.uint64(text[begin + k])) * _PRIME
    return value if value != 0 else np.uint64(1)


@compiled
def sound_of(text: Bytes, start: Starts, code: int) -> np.uint64:
    """Return how a name sounds: up to six classes of consonants, four bits each, 0 for no sound.

    Classes don't repeat side by side, whatever vowels lie between; `ph` is an f; a first vowel is
    one class, whichever vowel it is, and so is a first h.
    """
    begin, length = span(start, code)
    sound = np.uint64(0)
    heard = 0
    last = 0
    k = 0
    while k < length and heard < _SOUNDS:
        letter = text[begin + k]
        found = _CLASSES[letter]
        if letter == _P and k + 1 < length and text[begin + k + 1] == _H:
            found = 4
            k += 1
        elif heard == 0 and found == _SILENT:
            if letter == _H:
                found = _BREATH
            elif letter in (_A, _E, _I, _O, _U, _Y):
                found = _VOWEL
            elif letter == _W:
                found = 4
        if found != _SILENT and found != last:
            sound = (sound << np.uint64(4)) | np.uint64(found)
            heard += 1
            last = found
        k += 1
    return sound


@compiled
def hash_strings(text: Bytes, start: Starts, whole: Hashes, head: Hashes, tail: Hashes) -> None:
    """Fill in, for every string, the hash of the whole and of some of its bytes; 0 for none.

    `head` gives those of the first byte and of the first three, `tail` those of all but the last
    two and of all but the last three (of strings of more than four bytes: postcodes).
    """
    for code in range(len(start) - 1):
        begin = start[code]
        length = start[code + 1] - begin
        whole[code] = hash_of(text, begin, length)
        head[0, code] = hash_of(text, begin, min(length, 1))
        head[1, code] = hash_of(text, begin, min(length, _HEAD) if length >= _HEAD else 0)
        tail[0, code] = hash_of(text, begin, length - 2 if length >= _SHORTEST else 0)
        tail[1, code] = hash_of(text, begin, length - 3 if length >= _SHORTEST else 0)


@compiled
def hear_strings(text: Bytes, start: Starts, sounds: Hashes) -> None:
    """Fill in how every string sounds."""
    for code in range(len(start) - 1):
        sounds[code] = sound_of(text, start, code)

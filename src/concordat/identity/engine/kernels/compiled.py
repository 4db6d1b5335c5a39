"""How every kernel is compiled."""

from collections.abc import Callable
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final, ParamSpec, TypeVar, cast

import numba

_Given = ParamSpec("_Given")
_Returned = TypeVar("_Returned")


def _sources() -> str:
    """Return one number for the text of all the files that compiled code is made of."""
    engine = files("concordat.identity.engine")
    digest = sha256(engine.joinpath("meanings.py").read_bytes())
    for file in sorted(engine.joinpath("kernels").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".py"):
            digest.update(file.read_bytes())
    return digest.hexdigest()


_SOURCES: Final = _sources()


def compiled(kernel: Callable[_Given, _Returned]) -> Callable[_Given, _Returned]:
    """Return the function, to be compiled when first called and kept on disk from then on.

    It runs without the interpreter lock. A division by zero in it gives infinity or no number
    (of whole numbers: 0), not an error. To a type checker it is what it was.
    """
    dispatcher: Any = numba.njit(nogil=True, cache=True, error_model="numpy")(kernel)
    # Numba looks at the one file in which a function stands and would go on with old code of the
    # functions that it calls. So what is kept on disk counts for these sources and no others.
    dispatcher._cache._cache_file._source_stamp = _SOURCES  # noqa: SLF001 - no other way in
    return cast("Callable[_Given, _Returned]", dispatcher)

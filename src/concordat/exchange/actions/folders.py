"""The folder of an export: there whole or not at all, its files hashed as they are written."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from concordat.exchange.errors import CannotWrite

UNFINISHED: Final = "UNFINISHED"
"""The file that marks a folder as not whole; an export that died leaves it behind."""


class HashedFile:
    """A new file of a folder, which only its owner can read, and the SHA-256 of what it holds."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file: IO[bytes] = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb")
        self._digest = hashlib.sha256()

    def write(self, block: Any) -> None:  # noqa: ANN401 (bytes of any kind)
        """Append to the file."""
        self._file.write(block)
        self._digest.update(block)

    def __enter__(self) -> "HashedFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    @property
    def sha256(self) -> str:
        """The hash of all that was written, as hexadecimal digits."""
        return self._digest.hexdigest()


def sha256_of(path: Path) -> str:
    """Return the hash of a file as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_can_write(out: Path) -> None:
    """Raise CannotWrite if the folder is there already, or there is nowhere to make it."""
    if out.exists():
        raise CannotWrite(f"{out} is there already, and was left as it is. Name another folder.")
    if not out.absolute().parent.is_dir():
        raise CannotWrite(f"There is no folder {out.absolute().parent} to write to.")


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """Give a folder beside `out` to write to; it takes the name of `out` when all is written.

    What an export that died left of such a folder is removed first. Raises CannotWrite if another
    export is at it, or if the disk is full or can’t be written to; nothing is left behind then.
    """
    partial = out.absolute().with_name(f"{out.name}.partial")
    with _only_one(partial):
        try:
            _empty(partial)
            yield partial
            (partial / UNFINISHED).unlink()
            _settle(partial)
            partial.rename(out)
            _settle(out.absolute().parent)
        except OSError as problem:
            shutil.rmtree(partial, ignore_errors=True)
            raise CannotWrite(
                f"{out} could not be written: {problem.strerror or problem}. Nothing was left "
                "behind."
            ) from problem
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise


@contextmanager
def _only_one(partial: Path) -> Iterator[None]:
    """Hold the mark of a folder that is not whole, for as long as it is being written."""
    mark = partial / UNFINISHED
    if partial.exists() and not mark.exists():
        raise CannotWrite(f"{partial} is in the way. Move it elsewhere.")
    partial.mkdir(mode=0o700, exist_ok=True)
    with mark.open("a", encoding="utf-8") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotWrite(f"Another export is writing to {partial}.") from None
        yield


def _empty(partial: Path) -> None:
    """Remove what an export that died left behind."""
    for left in partial.iterdir():
        if left.is_dir():
            shutil.rmtree(left)
        elif left.name != UNFINISHED:
            left.unlink()


def _settle(folder: Path) -> None:
    """Make sure that a power cut doesn’t undo what was done in a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""What can go wrong with the embedded server, said in words an administrator can act on."""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class EmbeddedPostgresError(Exception):
    """The embedded server can't be had: what happened, what was kept, and what to do."""


_NO_SPACE = (
    "The disk is full, so the database could not be started. What was saved before is kept. "
    "Free some space where {place} is, then run the command again."
)
_READ_ONLY = (
    "The disk that holds {place} can't be written to. Nothing was changed. "
    "Make it writable, or choose another data folder, then run the command again."
)
_NOT_ALLOWED = (
    "Access to the database in {place} was refused ({reason}). Nothing was changed. Run the "
    "command as the user who made that folder, check that the folders above it can be entered, "
    "or choose another data folder."
)

# What PostgreSQL itself says (its programs run with LC_ALL=C.UTF-8, hence always in English).
_EXPLANATIONS = (
    ("No space left on device|Disk quota exceeded", _NO_SPACE),
    ("Read-only file system", _READ_ONLY),
    (
        "database files are incompatible with server|is not compatible with this version",
        (
            "The database in {place} was made by another version of PostgreSQL. It was left as "
            "it is. Use that version again (set CONCORDAT_POSTGRES_BIN to its bin folder), "
            "or export there and import here."
        ),
    ),
    (
        "could not look up effective user ID",
        (
            "PostgreSQL needs its user to have a name, and the user running this has none in "
            "/etc/passwd. Nothing was changed. Add an entry for it, or run as another user."
        ),
    ),
    (
        "Cannot allocate memory|could not map anonymous shared memory",
        (
            "There is not enough memory to start the database. Nothing was lost. "
            "Close other programs, then run the command again."
        ),
    ),
    (
        "Address already in use|could not create any TCP/IP sockets",
        (
            "Every port that was tried on 127.0.0.1 is taken or forbidden. Nothing was lost. "
            "Find what holds them (ss -ltnp), then run the command again."
        ),
    ),
    (
        "server did not start in time|server is still starting up",
        (
            "The database has not finished starting in the time allowed, most likely because it is "
            "recovering after a crash or power cut. Nothing was lost and it carries on by itself. "
            "Run the command again in a few minutes."
        ),
    ),
    (
        "pre-existing shared memory block|lock file .* already exists|Is another postmaster",
        (
            "Processes of an earlier server still use the database in {place}. Nothing was lost. "
            "End them (ps -ef | grep postgres), then run the command again."
        ),
    ),
    ("Permission denied|Operation not permitted", _NOT_ALLOWED),
)


def failure(attempt: str, output: str, place: Path) -> EmbeddedPostgresError:
    """Turn what PostgreSQL's programs printed into an error for people.

    `attempt` names what was tried ("start the database"), `place` the folder it was tried in; the
    last lines of `output` are always included, for whoever has to look deeper.
    """
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    said = "\n".join(lines[-8:])
    for pattern, text in _EXPLANATIONS:
        found = re.search(pattern, output)
        if found:
            explained = text.format(place=place, reason=found.group(0))
            return EmbeddedPostgresError(f"{explained}\nPostgreSQL said:\n{said}")
    return EmbeddedPostgresError(
        f"PostgreSQL could not {attempt} in {place}. What was saved before is kept. "
        f"Put right what it reports, then run the command again.\nPostgreSQL said:\n{said}"
    )


@contextmanager
def system_errors_explained(place: Path) -> Iterator[None]:
    """Turn an `OSError` about the folder `place` into an `EmbeddedPostgresError`."""
    try:
        yield
    except OSError as error:
        texts = {
            errno.ENOSPC: _NO_SPACE,
            errno.EDQUOT: _NO_SPACE,
            errno.EROFS: _READ_ONLY,
            errno.EACCES: _NOT_ALLOWED,
            errno.EPERM: _NOT_ALLOWED,
        }
        text = texts.get(
            error.errno or 0,
            "The database in {place} can't be used ({reason}). What was saved before is kept. "
            "Put this right, then run the command again.",
        )
        raise EmbeddedPostgresError(text.format(place=place, reason=error)) from error

"""Where the cluster of a Concordat data folder lies.

In `home/postgres`, unless root runs Concordat and the server's account can't pass through `home` or
a folder above it. Opening somebody's folders to others is not ours to do, so the cluster then goes
to /var/lib/concordat, and `home/cluster-location` remembers where.
"""

import os
import secrets
from pathlib import Path

from concordat.server.embedded.account import Account
from concordat.server.embedded.errors import EmbeddedPostgresError

SYSTEM_FOLDER = Path("/var/lib/concordat")
_LOCATION_FILE = "cluster-location"
_MARKER = "cluster-of"


def existing_cluster(home: Path) -> Path | None:
    """Return the folder of the cluster that belongs to `home`, or None if there is none yet.

    Raises `EmbeddedPostgresError` if `home` names a cluster that is gone or is another's.
    """
    location = home / _LOCATION_FILE
    inside = home / "postgres"
    if not location.exists():
        if not inside.exists():
            return None
        if is_ours(inside):
            return inside
        if all(path.name == f".{_MARKER}.unfinished" for path in inside.iterdir()):
            return None  # empty, or we were interrupted before we could mark it
        msg = (
            f"The folder {inside} exists and was not made by Concordat. It was left as it is. "
            "Move it away, or choose another data folder."
        )
        raise EmbeddedPostgresError(msg)
    folder = Path(location.read_text().strip())
    if folder.parent != SYSTEM_FOLDER or not is_ours(folder):
        msg = (
            f"The file {location} says that the database is in {folder}, where there is none. "
            "Nothing was changed, and no empty database was made in its place. Restore that "
            "folder from a backup, or delete the file to start with an empty database."
        )
        raise EmbeddedPostgresError(msg)
    _adopt(folder, home)
    return folder


def create_cluster_folder(home: Path, account: Account) -> Path:
    """Make the folder for a new cluster of `home`, one that `account` can reach, and return it."""
    inside = account.is_mine or account.can_enter(home)
    folder = home / "postgres" if inside else SYSTEM_FOLDER / secrets.token_hex(8)
    if not inside:
        SYSTEM_FOLDER.mkdir(mode=0o711, parents=True, exist_ok=True)
        SYSTEM_FOLDER.chmod(0o711)  # the umask may have taken what the account needs
    folder.mkdir(exist_ok=True)
    # Root's own, and only to be passed through by the server: whoever breaks into the server can
    # then neither change its access rules nor lead root astray with symbolic links.
    if not account.is_mine:
        os.chown(folder, 0, account.gid)
    folder.chmod(0o700 if account.is_mine else 0o710)
    write_whole(folder / _MARKER, f"{home}\n")
    if not inside:
        write_whole(home / _LOCATION_FILE, f"{folder}\n")
    return folder


def is_ours(folder: Path) -> bool:
    """Whether Concordat made `folder` for a cluster."""
    return (folder / _MARKER).is_file()


def forget_location(home: Path) -> None:
    """Forget where the cluster of `home` was, once it has been deleted."""
    (home / _LOCATION_FILE).unlink(missing_ok=True)


def write_whole(file: Path, text: str, mode: int = 0o644) -> None:
    """Write `file` so that a reader, or a power cut, finds the old text or the new, never half."""
    unfinished = file.with_name(f".{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fchmod(handle, mode)
        os.fsync(handle)
    unfinished.replace(file)


def _adopt(folder: Path, home: Path) -> None:
    """Notice that `home` was moved (and follow it) or copied (and refuse: two would share one)."""
    marked = Path((folder / _MARKER).read_text().strip())
    if marked == home:
        return
    location = marked / _LOCATION_FILE
    if location.exists() and location.read_text().strip() == str(folder):
        msg = (
            f"{home} is a copy of {marked}, and a copy of the folder has no copy of its database "
            f"(in {folder}). Nothing was changed. Delete {home / _LOCATION_FILE} to give the copy "
            "an empty database, then export from the one and import into the other."
        )
        raise EmbeddedPostgresError(msg)
    write_whole(folder / _MARKER, f"{home}\n")

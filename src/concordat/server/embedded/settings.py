"""The settings Concordat gives its server, and who may log in to it."""

from pathlib import Path

HOST = "127.0.0.1"

ACCESS_RULES = """\
# Written by Concordat at every start of the server; changes here are lost.
host  all          all  127.0.0.1/32  scram-sha-256
host  replication  all  127.0.0.1/32  scram-sha-256
"""

_SETTINGS = {
    # Loopback only. No Unix socket: its path may be at most 107 bytes long, and ours may be longer.
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    # For a desktop or server with two cores that does other things as well.
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "wal_compression": "pglz",  # the wheel has neither LZ4 nor zstd
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # One file for each day of the week, begun anew a week later: at most seven.
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    # Failed statements, their parameters and the values in DETAIL lines hold personal data, which
    # may be read only where the reading is journalled: so none of them go to the log.
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "cluster_name": "concordat",
}

_DURABILITY = ("fsync", "synchronous_commit", "full_page_writes")


def render_settings(*, durable: bool, access_rules: Path) -> str:
    """Return the text of the settings file.

    `durable=False` trades the safety of the data in a power cut for speed, for tests.
    `access_rules` is the path of the file that holds `ACCESS_RULES`.
    """
    switch = "on" if durable else "off"
    settings = _SETTINGS | dict.fromkeys(_DURABILITY, switch) | {"hba_file": str(access_rules)}
    lines = [f"{name} = '{_quoted(value)}'" for name, value in settings.items()]
    head = "# Written by Concordat at every start of the server; changes here are lost."
    return "\n".join([head, *lines, ""])


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")


def initdb_options(version: int, *, durable: bool) -> list[str]:
    """Return the options that make a data folder of the major version `version`.

    The order and the case of letters come from PostgreSQL's own provider, so that an update of the
    operating system never makes an index wrong; versions before 17 have none, and take ICU.
    """
    if version >= 18:  # noqa: PLR2004 - PostgreSQL 18 brought PG_UNICODE_FAST
        provider = ["--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST"]
    elif version == 17:  # noqa: PLR2004 - PostgreSQL 17 brought the provider
        provider = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    else:
        provider = ["--locale-provider=icu", "--icu-locale=en-GB"]
    return [
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        *provider,
        "--auth=scram-sha-256",
        "--data-checksums",
        *([] if durable else ["--no-sync"]),
    ]

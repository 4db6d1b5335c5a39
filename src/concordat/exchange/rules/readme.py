"""What an export says of itself in words."""

from concordat.exchange.rules.layout import JOURNAL, exported
from concordat.exchange.rules.manifest import Manifest

AGREEMENTS = "administration/agreements.json"
"""The agreements that the force was party to, every version. Taken out to be read."""


def readme(manifest: Manifest) -> str:
    """Return the text that explains an export to whoever opens the folder."""
    lines = "\n".join(
        f"| `{table.file}` | {table.rows:,} | {_about(table.table)} |" for table in manifest.tables
    )
    return f"""\
# Everything that {manifest.force.name} owns

Taken out of Concordat at {manifest.made_at}. It holds personal data: keep it as safe as the
system that it comes from.

- `manifest.json` lists every file with the number of its rows and its SHA-256.
- `schema/` says of each file what its columns hold: one JSON Schema for each.
- `{JOURNAL}` and `{AGREEMENTS}` are there to be read; all other files are
  taken in by `concordat force import`, on an installation that gives bodies the same numbers.

Files are CSV (RFC 4180) in UTF-8, the first line names the columns. A field without a value is
written `\\N`, without quotation marks; an empty text is an empty field; the two letters \\N as a
text stand in quotation marks. Times are in UTC. Lists are written `{{a,b}}`, as PostgreSQL does.
`owner_id`, and other numbers of bodies, are explained by `bodies` in the manifest; what a `kind`
means, the schema says.

| File | Rows | What |
|---|---:|---|
{lines}
"""


def _about(table: str) -> str:
    found = exported(table)
    return found.about if found else ""

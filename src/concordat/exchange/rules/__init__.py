"""How an export is laid out, described and explained: plain data, without a database."""

from concordat.exchange.rules.layout import EXPORTED, JOURNAL, Exported, exported
from concordat.exchange.rules.manifest import (
    FORMAT,
    File,
    Force,
    Manifest,
    Table,
    as_json,
    read_manifest,
)
from concordat.exchange.rules.readme import AGREEMENTS, readme
from concordat.exchange.rules.schemas import Column, json_schema

__all__ = [
    "AGREEMENTS",
    "EXPORTED",
    "FORMAT",
    "JOURNAL",
    "Column",
    "Exported",
    "File",
    "Force",
    "Manifest",
    "Table",
    "as_json",
    "exported",
    "json_schema",
    "read_manifest",
    "readme",
]

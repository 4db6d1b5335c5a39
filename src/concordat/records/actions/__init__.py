"""Writing records."""

from concordat.records.actions.load_files import (
    FileReport,
    LoadReport,
    Progress,
    load_stop_search,
    load_street,
)

__all__ = ["FileReport", "LoadReport", "Progress", "load_stop_search", "load_street"]

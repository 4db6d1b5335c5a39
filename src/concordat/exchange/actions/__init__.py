"""Taking a whole force out, taking it in elsewhere, and letting it leave."""

from concordat.exchange.actions.exporting import Progress, export_force
from concordat.exchange.actions.importing import Imported, TableImported, import_force
from concordat.exchange.actions.withdrawing import Withdrawn, withdraw_force

__all__ = [
    "Imported",
    "Progress",
    "TableImported",
    "Withdrawn",
    "export_force",
    "import_force",
    "withdraw_force",
]

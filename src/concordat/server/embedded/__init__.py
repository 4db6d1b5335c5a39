"""The PostgreSQL that comes with Concordat: found, created, started, shared, stopped.

`EmbeddedPostgres` is the whole of it for most callers; `locate_binaries` serves those who need
`pg_dump`, `pg_restore` or `psql` of the same version. Standard library only, no Django: settings
are made with what this package returns.
"""

from concordat.server.embedded.address import ServerAddress
from concordat.server.embedded.binaries import Binaries, locate_binaries
from concordat.server.embedded.errors import EmbeddedPostgresError
from concordat.server.embedded.lifecycle import EmbeddedPostgres

__all__ = [
    "Binaries",
    "EmbeddedPostgres",
    "EmbeddedPostgresError",
    "ServerAddress",
    "locate_binaries",
]

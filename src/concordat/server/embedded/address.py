"""Where the server listens and how to log in."""

from dataclasses import dataclass, field
from urllib.parse import quote


@dataclass(frozen=True)
class ServerAddress:
    """A running server: where it listens, and its superuser.

    The password is kept out of `repr`, so that it reaches no log or traceback.
    """

    host: str
    port: int
    superuser: str
    password: str = field(repr=False)

    def url(self, database: str, user: str | None = None, password: str | None = None) -> str:
        """Return the `postgresql://` address of `database`, each part quoted.

        Without `user` it logs in as the superuser. A `user` without a `password` gives an address
        without one: the superuser's password is never lent to another role.
        """
        if user is None:
            user = self.superuser
            password = self.password if password is None else password
        login = quote(user, safe="")
        if password is not None:
            login += ":" + quote(password, safe="")
        return f"postgresql://{login}@{self.host}:{self.port}/{quote(database, safe='')}"

"""What the server said while it was being started."""

import re
import time
from contextlib import suppress
from pathlib import Path

from concordat.server.embedded.account import Account

_DAYS_KEPT = 6
_SECONDS_A_DAY = 86_400
_PORT_TAKEN = re.compile("Address already in use|could not create any TCP/IP sockets")
_OLD_SERVER_ENDING = re.compile(
    "pre-existing shared memory block|lock file .* already exists|lock file .* is empty"
)


class StartLog:
    """The output of one attempt to start the server.

    The server writes to `file` until its log collector takes over, then to files in `collected`;
    a refusal to start can be in either. Making a StartLog empties the first and notes the length of
    the others.
    """

    def __init__(self, file: Path, collected: Path, account: Account) -> None:
        self.file = file
        self._collected = collected
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        account.give(file)
        self._remove_old()
        self._lengths = {path: path.stat().st_size for path in self._files()}

    def text(self) -> str:
        """Return all that was said since this object was made."""
        said = self.file.read_text(errors="replace")
        for path in self._files():
            with path.open("rb") as stream:
                stream.seek(self._lengths.get(path, 0))
                said += stream.read().decode(errors="replace")
        return said

    @staticmethod
    def says_port_taken(said: str) -> bool:
        """Whether `said` shows that another program has the port."""
        return _PORT_TAKEN.search(said) is not None

    @staticmethod
    def says_old_server_ending(said: str) -> bool:
        """Whether `said` shows that processes of a killed server have not all ended yet."""
        return _OLD_SERVER_ENDING.search(said) is not None

    def _files(self) -> list[Path]:
        return sorted(self._collected.glob("*.log"))

    def _remove_old(self) -> None:
        # The server begins a day's file anew only if it is running at midnight, and most of ours
        # are not: last week's file of this weekday would be continued for ever.
        oldest = time.time() - _DAYS_KEPT * _SECONDS_A_DAY
        for path in self._files():
            with suppress(OSError):
                if path.lstat().st_mtime < oldest:
                    path.unlink()

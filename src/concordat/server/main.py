"""The entry point of the command `concordat`."""

import os
import sys

import django

from concordat.cli.link import ALONE, run_alone
from concordat.server import configuration


def main() -> None:
    """Set Django up, then hand over to the commands, which import its models.

    Commands on any table, without an installation, run without all that.
    """
    if sys.argv[1:2] and sys.argv[1] in ALONE:
        run_alone()
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "concordat.server.settings")
    try:
        if len(sys.argv) > 1 and "--help" not in sys.argv:
            configuration.secret_key(create=True)
        django.setup()
        from concordat.server.commands import run  # noqa: PLC0415 (needs Django set up)
    except configuration.WrongSetting as problem:
        sys.exit(f"concordat: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()

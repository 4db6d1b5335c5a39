"""The entry point of the command `concordat`."""

import os
import sys

import django

from concordat.server import configuration


def main() -> None:
    """Set Django up, then hand over to the commands, which import its models."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "concordat.server.settings")
    if len(sys.argv) > 1 and "--help" not in sys.argv:
        configuration.secret_key(create=True)
    django.setup()
    from concordat.server.commands import run  # noqa: PLC0415 (needs Django set up)

    run()


if __name__ == "__main__":
    main()

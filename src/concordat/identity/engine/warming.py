"""Compile the kernels ahead of time: `python -m concordat.identity.engine.warming`."""

import sys

from concordat.identity.engine.rehearsal import warm

if __name__ == "__main__":
    sys.stdout.write(f"Compiled the linkage kernels in {warm():.0f} s.\n")

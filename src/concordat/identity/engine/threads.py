"""How many threads the engine uses: kernels let go of the interpreter, so each can use a core."""

from typing import Final

THREADS: Final = 2

"""What the work cost: seconds and peak memory of each stage."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Stage:
    """One stage that is over: its name, its seconds, and the peak memory by its end, in bytes."""

    name: str
    seconds: float
    peak_bytes: int


@dataclass
class Stages:
    """The stages of one run, in order."""

    done: list[Stage] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Take the time of what is done in the block."""
        started = time.perf_counter()
        yield
        self.done.append(Stage(name, time.perf_counter() - started, peak_bytes()))

    @property
    def seconds(self) -> float:
        """All stages together."""
        return sum(stage.seconds for stage in self.done)


def peak_bytes() -> int:
    """Return the most memory this process has held so far (resident set), 0 if unknown."""
    try:
        import resource  # noqa: PLC0415 (not on every system)
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024

"""How thoroughly to measure, and saying what is going on meanwhile."""

import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """``is_quick`` is for trying whether a part works: too short for figures that mean anything."""

    is_quick: bool = False

    def rounds(self, usual: int) -> int:
        """Give how often to measure both sides."""
        return 2 if self.is_quick else usual

    def seconds(self, usual: float) -> float:
        """Give how long to load one side, in one round."""
        return min(usual, 1) if self.is_quick else usual

    @contextlib.contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Say on standard error what is measured, and how long it took."""
        print(f"  {what} ...", end="", file=sys.stderr, flush=True)
        began = time.monotonic()
        yield
        print(f" {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)

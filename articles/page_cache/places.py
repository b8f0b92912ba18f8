"""How many requests may wait for Django at a time: never so many that nobody is left for readers whose pages are ready."""

import contextlib
import logging
import os
import threading
import time
from collections.abc import Iterator

PATIENCE = 0.5
"""Seconds that a request waits for a place, at most. Where the last one took longer for its answer, or nobody came or went for as
long, the database is slow, or locked, and nobody waits: that would hold up the readers behind.
"""
TOLD_EVERY = 60
"""Seconds between two lines of the log that say so."""

logger = logging.getLogger(__name__)


class Places:
    """So many places; who finds none before long is to be turned away.

    Each request that waits for a database holds one of the worker's few threads. Were all of them held, readers of what needs no
    database would wait too.
    """

    def __init__(self, number: int) -> None:
        self._free = threading.BoundedSemaphore(number)
        self._took = self._moved_at = 0.0
        self._told_at = float(-TOLD_EVERY)

    @contextlib.contextmanager
    def place(self) -> Iterator[bool]:
        """Hold a place in this block, as far as the block is told that there was one."""
        if not (self._free.acquire(blocking=False) or self._wait()):
            self._tell()
            yield False
            return
        begun = self._moved_at = time.monotonic()
        try:
            yield True
        finally:
            self._moved_at = time.monotonic()
            self._took = self._moved_at - begun
            self._free.release()

    def _wait(self) -> bool:
        goes_on = self._took < PATIENCE and time.monotonic() - self._moved_at < PATIENCE
        return goes_on and self._free.acquire(timeout=PATIENCE)

    def _tell(self) -> None:
        now = time.monotonic()
        if now - self._told_at > TOLD_EVERY:
            self._told_at = now
            logger.warning("[%s] too many requests wait for the database: others are told to try again", os.getpid())

"""A few threads in which pages are made, each page by one of them at a time."""

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from django.db import connections

THREADS = 2
"""Pages that one process makes at the same time, at most."""
STUCK_AFTER = 2.0
"""Seconds without a page that was finished, while some are being made, after which more cannot be expected."""

Made = TypeVar("Made")


class Makers(Generic[Made]):
    """Makes what belongs to a path by calling ``make`` with it. Threads start when there is work, and keep their connections.

    Readers wait for a page as long as they like: the thread goes on when they have gone.
    """

    def __init__(self, make: Callable[[str], Made]) -> None:
        self._make = make
        self._state = threading.Condition()
        self._wanted: deque[str] = deque()
        self._making: dict[str, Future[Made]] = {}
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._moved_at = 0.0
        self._is_closed = False

    def is_making(self, path: str) -> bool:
        """Whether the page at a path is being made."""
        return path in self._making

    @property
    def is_stuck(self) -> bool:
        """Whether nothing has been finished for some time, though there is work: the database is slow, or locked."""
        return bool(self._making) and time.monotonic() - self._moved_at > STUCK_AFTER

    def make(self, path: str) -> "Future[Made]":
        """Have a page made, unless that is under way; gives what will hold it."""
        with self._state:
            if path in self._making:
                return self._making[path]
            if not self._making:
                self._moved_at = time.monotonic()
            future = self._making[path] = Future()
            self._wanted.append(path)
            if self._idle < len(self._wanted) and len(self._threads) < THREADS:
                self._threads.append(threading.Thread(target=self._work, name="page-maker", daemon=True))
                self._threads[-1].start()
            self._state.notify()
            return future

    def close(self) -> None:
        """End the threads, and their connections to the database."""
        with self._state:
            self._is_closed = True
            self._state.notify_all()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (path := self._next()) is not None:
            try:
                made, error = self._make(path), None
            except BaseException as raised:  # noqa: BLE001 - whoever waits is told
                made, error = None, raised
            with self._state:
                future = self._making.pop(path)
                self._moved_at = time.monotonic()
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(made)  # type: ignore[arg-type]
            time.sleep(0)  # readers first: greenlets would else wait until all that is wanted is made
        connections.close_all()

    def _next(self) -> str | None:
        with self._state:
            self._idle += 1
            self._state.wait_for(lambda: self._wanted or self._is_closed)
            self._idle -= 1
            return self._wanted.popleft() if self._wanted else None

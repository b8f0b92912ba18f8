"""One thread in which pages are made, one at a time, so that most of a worker's time is left to readers whose pages are ready."""

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from django.db import DatabaseError, InterfaceError, connection

from articles.page_cache.beside import giving_way

STUCK_AFTER = 2.0
"""Seconds without a page that was finished, while some are wanted, after which more cannot be expected."""
KEPT = 60
"""Seconds for which the thread keeps a database connection that it does not use."""

Made = TypeVar("Made")


class Maker(Generic[Made]):
    """Makes what belongs to a path by calling ``make`` with it, and gives way to readers meanwhile.

    Its thread starts when there is work. Readers wait for a page as long as they like: the thread goes on when they have gone.
    """

    def __init__(self, make: Callable[[str], Made]) -> None:
        self._make = make
        self._state = threading.Condition()
        self._wanted: deque[str] = deque()
        self._making: dict[str, Future[Made]] = {}
        self._thread: threading.Thread | None = None
        self._moved_at = 0.0
        self._is_closed = False

    def is_making(self, path: str) -> bool:
        """Whether the page at a path is being made, or soon will be."""
        return path in self._making

    @property
    def is_busy(self) -> bool:
        """Whether what is wanted now would have to wait for its turn."""
        return bool(self._making)

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
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="page-maker", daemon=True)
                self._thread.start()
            self._state.notify()
            return future

    def close(self) -> None:
        """End the thread, and its connection to the database."""
        with self._state:
            self._is_closed = True
            self._state.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while (path := self._next()) is not None:
            try:
                _keep_connection()
                with giving_way():
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
        connection.close()

    def _next(self) -> str | None:
        with self._state:
            self._state.wait_for(lambda: self._wanted or self._is_closed)
            return self._wanted.popleft() if self._wanted else None


def _keep_connection() -> None:
    """Have this thread's connection outlive the page that it is for; a gevent worker would open another for each."""
    with contextlib.suppress(DatabaseError, InterfaceError):  # whoever makes the page meets it, and knows what to do
        connection.ensure_connection()
        connection.close_at = time.monotonic() + KEPT

"""Following what changes, in one thread of each process, so that requests need not ask the database but when something has."""

import logging
import os
import threading
from collections.abc import Callable
from time import monotonic

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections

from articles.page_cache.calls import make_calls
from articles.page_cache.keeping import Pages
from articles.page_cache.pages import REST
from articles.page_cache.token import host_token
from articles.page_cache.versions import Watch

PAUSE = 0.25
"""Seconds between two looks: as long as a change on another host goes unnoticed, at most."""
PATIENCE = 1.0
"""Seconds that a request waits for a look, at most; a database that takes longer is slow, and readers get what we have."""
BLIND_AFTER = 2.0
"""Seconds without a look after which pages are marked as unchecked."""
MAX_AGE = 600
"""Seconds after which a page is made anew in any case: days pass, and reviews fall due."""
REPORTED_EVERY = 900
"""Seconds between two lines of the log that tell how many pages were found here."""
SETTLED_AFTER = 3
"""Seconds after which a page that stayed as it is is worth the best compression."""

logger = logging.getLogger(__name__)


class Watcher:
    """Looks for changes every quarter of a second, and at once when asked; tells ``pages``. Pages that change again and again it
    has made anew by calling ``make`` with their path.

    Its thread is a daemon and starts with the first request of a process, so that it is never inherited by a fork.
    """

    def __init__(self, pages: Pages, make: Callable[[str], object]) -> None:
        self._pages = pages
        self._make = make
        self._calls = make_calls()
        self._connection = connections.create_connection(DEFAULT_DB_ALIAS)
        self._connection.inc_thread_sharing()  # by one at a time: who holds `_looking`
        self._watch = Watch(self._connection)
        self._looking = threading.Lock()
        self._state = threading.Condition()
        self._asked = self._answered = 0
        self._is_blind = False
        self._seen_token: int | None = None
        self._thread: threading.Thread | None = None
        self._is_running = False  # to ask a thread whether it is alive makes a greenlet wait
        self._is_closed = False
        self._reported_at = monotonic()
        self.looked_at = 0.0

    def is_sure(self) -> bool:
        """Whether nothing has changed on this host since the last look, and that was lately. Each hit asks for it."""
        return host_token().value() == self._seen_token and monotonic() - self.looked_at < BLIND_AFTER

    @property
    def is_up_to_date(self) -> bool:
        """Whether nothing has changed on this host since the last look."""
        return host_token().value() == self._seen_token

    @property
    def is_blind(self) -> bool:
        """Whether the database has not told us for some time whether anything changed."""
        return monotonic() - self.looked_at > BLIND_AFTER

    def tell_blindness(self, why: object) -> None:
        """Say once in the log that the database does not tell us whether anything changed."""
        if not self._is_blind:
            self._is_blind = True
            logger.warning("[%s] the database does not answer (%s): readers get the last good pages", os.getpid(), why)

    def start(self) -> None:
        """Start the thread, where it does not run."""
        if self._is_running:
            return
        with self._state:
            if not self._is_running:
                is_first, self._is_running = self._thread is None, True
                self._thread = threading.Thread(target=self._run, name="page-cache", daemon=True)
                self._thread.start()
                if is_first:
                    self._calls.listen(self.look_soon)

    def look_soon(self) -> None:
        """Have a look taken now, and do not wait for it."""
        with self._state:
            self._asked += 1
            self._state.notify_all()

    def catch_up(self) -> None:
        """Have a look taken, where something has changed on this host since the last, and wait for it, a second at most.

        SQLite answers sooner than a thread awakes, and in a gevent worker all others would have their turn before.
        """
        self.start()
        if self._connection.vendor == "sqlite":
            self._look(is_needed=lambda: not self.is_up_to_date)
            return
        token = host_token().value()
        with self._state:
            self._asked += 1
            self._state.notify_all()
            if not self._state.wait_for(lambda: self.is_up_to_date, PATIENCE):
                self._seen_token = token  # the thread goes on trying

    def close(self) -> None:
        """End the thread, and its connection to the database."""
        with self._state:
            self._is_closed = True
            self._state.notify_all()
        if self._thread is not None:
            self._thread.join()
            self._calls.close()

    def _run(self) -> None:
        try:
            self._follow()
        finally:
            self._is_running = False
            with self._looking:
                self._connection.close()

    def _follow(self) -> None:
        while not self._is_closed:
            with self._state:
                asked = self._asked
            self._look()
            with self._state:
                self._answered = asked
                self._state.notify_all()
                self._state.wait_for(lambda: self._asked > self._answered or self._is_closed, PAUSE)
            self._tidy()

    def _look(self, is_needed: Callable[[], bool] = lambda: True) -> None:
        """Take a look, unless another has taken it meanwhile."""
        with self._looking:
            if is_needed():
                token = host_token().value()
                self._ask()
                self._seen_token = token  # whatever came of it

    def _ask(self) -> None:
        try:
            self._pages.note(self._watch.look())
        except (DatabaseError, InterfaceError) as error:
            self._connection.close()
            self.tell_blindness(error)
            return
        if self._is_blind:
            logger.warning("[%s] the database answers again", os.getpid())
        self._is_blind = False
        self.looked_at = monotonic()

    def _tidy(self) -> None:
        now = monotonic()
        self._pages.age(now - MAX_AGE)
        if not self._is_blind:
            for path in self._pages.find_due(now - REST + PAUSE):
                self._make(path)
        self._pages.make_one_smaller(now - SETTLED_AFTER)
        if now - self._reported_at > REPORTED_EVERY:
            self._reported_at = now
            logger.info("[%s] pages: %s", os.getpid(), self._pages)

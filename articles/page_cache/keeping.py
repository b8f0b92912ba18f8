"""Many pages in bounded memory, found by path, and by what they show."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from articles.page_cache.pages import Page

MAX_REMEMBERED = 10_000
"""Keys of which we remember when they last changed; past these, pages that were being made meanwhile are not kept."""
LARGEST_SHARE = 8
"""One page may take this part of the memory at most."""


@dataclass(frozen=True, slots=True)
class Change:
    """What changed; ``keys`` is None for everything. What ``is_gone`` must not be shown a moment longer."""

    keys: tuple[str, ...] | None
    is_gone: bool = False


class Pages:
    """The pages of one process, in ``max_bytes`` at most. The longest unused go first, by the clock algorithm.

    Getting a page takes no lock, and the counts of hits and misses, which are for people, may lose one to another thread.
    ``moment`` counts changes: who begins to make a page notes it, and hands it over with the page, so that a change meanwhile is
    not missed.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.hits = self.misses = self.evictions = 0
        self.size = self.moment = 0
        self._lock = threading.Lock()
        self._pages: dict[str, Page] = {}
        self._sizes: dict[str, int] = {}
        self._paths: defaultdict[str, set[str]] = defaultdict(set)
        self._changed: dict[str, int] = {}
        self._forgotten = 0
        self.get = self._pages.get

    def __len__(self) -> int:
        return len(self._pages)

    def put(self, path: str, page: Page, *, since: int) -> bool:
        """Keep a page that was begun at the moment ``since``; one whose subject has changed meanwhile is not fresh.

        Gives False for one that may show what is gone by now: it is not kept, and must not be sent. One that is too long is not
        kept either.
        """
        with self._lock:
            if since < self._forgotten:
                return False
            old = self._pages.get(path)
            if page.size > self.max_bytes // LARGEST_SHARE:
                self._remove(path)
                return True
            if old is not None:
                page.replace(old)
            if any(self._changed.get(key, 0) > since for key in page.keys):
                page.outdate()
            self._remove(path)
            self._pages[path] = page
            self._account(path, page)
            for key in page.keys:
                self._paths[key].add(path)
            self._make_room()
        return True

    def __str__(self) -> str:
        counts = f"{self.hits} hits, {self.misses} misses, {self.evictions} evictions"
        return f"{counts}; {len(self)} pages in {self.size // 1024} kB"

    def drop(self, path: str) -> None:
        """Forget a page."""
        with self._lock:
            self._remove(path)

    def note(self, changes: Iterable[Change]) -> None:
        """Take in changes, the oldest first: pages that show what changed are not fresh any more, or dropped."""
        with self._lock:
            for change in changes:
                self.moment += 1
                if change.keys is None or change.is_gone or len(self._changed) > MAX_REMEMBERED:
                    self._forgotten = self.moment  # what is being made now may be of before
                    self._changed.clear()
                paths = set(self._pages) if change.keys is None else self._find(change.keys)
                for path in paths:
                    if change.is_gone:
                        self._remove(path)
                    else:
                        self._pages[path].outdate()
                self._changed.update(dict.fromkeys(change.keys or (), self.moment))

    def age(self, made_before: float) -> None:
        """Have pages made anew that were made before a moment of the monotonic clock."""
        for page in list(self._pages.values()):
            if page.made_at < made_before:
                page.outdate()

    def find_due(self, made_before: float) -> list[str]:
        """Find pages that change again and again, and have changed once more: those made before a moment of the monotonic clock
        and asked for since.
        """
        now = time.monotonic()
        outdated = [(path, page) for path, page in list(self._pages.items()) if not page.is_fresh and page.is_used]
        return [
            path for path, page in outdated if page.made_at < made_before and page.try_again_at < now and page.changes_often()
        ]

    def make_one_smaller(self, made_before: float) -> bool:
        """Compress one page as well as can be that is still as it was made some time ago; gives whether there was one."""
        for path, page in list(self._pages.items()):
            if page.made_at < made_before and page.is_fresh and page.make_smallest():
                self.recount(path, page)
                return True
        return False

    def recount(self, path: str, page: Page) -> None:
        """Count the size of a page anew, which has been made ready in one more encoding."""
        with self._lock:
            if self._pages.get(path) is page:
                self.size -= self._sizes.pop(path)
                self._account(path, page)
                self._make_room()

    def _find(self, keys: Iterable[str]) -> set[str]:
        return {path for key in keys for path in self._paths.get(key, ())}

    def _account(self, path: str, page: Page) -> None:
        self._sizes[path] = page.size
        self.size += self._sizes[path]

    def _remove(self, path: str) -> None:
        page = self._pages.pop(path, None)
        if page is None:
            return
        self.size -= self._sizes.pop(path)
        for key in page.keys:
            self._paths[key].discard(path)
            if not self._paths[key]:
                del self._paths[key]

    def _make_room(self) -> None:
        """Go through the pages, the oldest first: who was used since gets a second chance, and the others go."""
        while self.size > self.max_bytes:
            path, page = next(iter(self._pages.items()))
            if page.is_used and len(self._pages) > 1:
                page.is_used = False
                self._pages[path] = self._pages.pop(path)  # to the end
            else:
                self._remove(path)
                self.evictions += 1

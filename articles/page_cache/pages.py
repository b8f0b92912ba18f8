"""One page, ready to send: its bytes in each encoding, with finished headers and a strong entity tag of its own."""

import hashlib
import time
from collections.abc import Collection

from articles.page_cache.compressing import compress, is_worth_it
from articles.page_cache.negotiation import BROTLI, IDENTITY

Headers = list[tuple[str, str]]

CACHE_CONTROL = "max-age=0, s-maxage=10, stale-while-revalidate=60, stale-if-error=60"
"""What caches on the way may do: show a page for 10 seconds, and for 60 more while they ask for a new one or cannot get it."""
CACHE_CONTROL_STALE = "max-age=0, s-maxage=1, stale-while-revalidate=60, stale-if-error=60"
REST = 1.0
"""Seconds between two times that a page which changes again and again is made anew; as long may readers see the old one."""
RENEWALS = 3
"""So often a page is made anew as soon as it is asked for; then it is one that changes again and again."""
CACHE_NAME = "pages"
"""What this cache is called in ``Cache-Status`` (RFC 9211)."""

OURS = frozenset({"cache-control", "cache-status", "content-encoding", "content-length", "etag", "vary"})
"""Headers that are set here."""
ROW_BYTES = 2_000
"""What a page takes beside its bodies, roughly."""


class Ready:
    """A page in one encoding: the headers of a hit, its body, and the headers of the answer that it has not changed."""

    __slots__ = ("body", "headers", "headers_unchanged", "tag")

    def __init__(self, headers: Headers, body: bytes, encoding: str, *, varies: bool, cache_control: str) -> None:
        self.tag = f'"{hashlib.blake2b(body, digest_size=9).hexdigest()}{"-" if encoding else ""}{encoding}"'
        self.body = [body]
        lasting = [("ETag", self.tag), ("Cache-Control", cache_control), ("Cache-Status", f"{CACHE_NAME}; hit")]
        if varies:
            lasting.insert(0, ("Vary", "Accept-Encoding"))
        self.headers_unchanged = lasting
        about_body = [("Content-Encoding", encoding)] if encoding else []
        self.headers = [*headers, *about_body, ("Content-Length", str(len(body))), *lasting]


class Page:
    """What anyone gets at a path.

    ``status`` is the status line, ``headers`` are those of the answer that Django gave, ``keys`` tell what it shows. ``ready``
    holds it by encoding, each made when it is first asked for. ``is_fresh`` tells that it shows what is in the database, as far
    as is known; ``outdated_at`` is since when it does not. ``renewals`` are the last few times at which it, or one before it,
    took the place of an outdated one.
    """

    __slots__ = (
        "_is_worth_compressing",
        "body",
        "cache_control",
        "headers",
        "is_best",
        "is_fresh",
        "is_used",
        "keys",
        "made_at",
        "outdated_at",
        "ready",
        "renewals",
        "status",
        "takes_any_query",
        "try_again_at",
    )

    def __init__(
        self, status: str, headers: Headers, body: bytes, keys: Collection[str], *, takes_any_query: bool = False
    ) -> None:
        sent = {name.lower(): value for name, value in headers}
        self.status, self.body, self.keys = status, body, frozenset(keys)
        self.headers = [(name, value) for name, value in headers if name.lower() not in OURS]
        self.cache_control = CACHE_CONTROL if self.is_found else sent.get("cache-control", "no-cache")
        self.takes_any_query = takes_any_query
        self.is_fresh, self.is_used, self.is_best = True, True, False
        self.made_at = time.monotonic()
        self.outdated_at = self.try_again_at = 0.0
        self.renewals: tuple[float, ...] = ()
        self._is_worth_compressing = is_worth_it(sent.get("content-type", ""), len(body))
        self.ready: dict[str, Ready] = {}

    @property
    def is_found(self) -> bool:
        """Whether it is a page, and not a redirect or an error."""
        return self.status.startswith("200 ")

    @property
    def is_failure(self) -> bool:
        """Whether the site could not make it."""
        return self.status.startswith("5")

    @property
    def size(self) -> int:
        """How many bytes it takes in memory, about."""
        return len(self.body) + sum(len(ready.body[0]) for ready in list(self.ready.values())) + ROW_BYTES

    def prepare(self, encoding: str) -> Ready:
        """Make it ready in an encoding; what is not worth compressing is sent as it is."""
        body, used = self.body, IDENTITY
        if encoding and self._is_worth_compressing:
            body, used = compress(self.body, encoding, is_best=self.is_best), encoding
        ready = Ready(self.headers, body, used, varies=self._is_worth_compressing, cache_control=self.cache_control)
        self.ready[encoding] = ready
        return ready

    def make_smallest(self) -> bool:
        """Compress anew, as well as can be, what was compressed fast; gives whether there was anything to do."""
        if self.is_best:
            return False
        self.is_best = True
        if BROTLI in self.ready and self._is_worth_compressing:
            self.prepare(BROTLI)
        return True

    def outdate(self) -> None:
        """Have it made anew before long, since what it shows has changed."""
        if self.is_fresh:
            self.is_fresh = False
            self.outdated_at = time.monotonic()

    def changes_often(self) -> bool:
        """Whether it was made anew several times lately: the next time then follows within a second, and no reader waits."""
        return len(self.renewals) == RENEWALS and time.monotonic() - self.renewals[0] < 2 * RENEWALS * REST

    def replace(self, old: "Page") -> None:
        """Take the place of an older version of the page, and what that has ready, where it is the same."""
        if not old.is_fresh:
            self.renewals = (*old.renewals, self.made_at)[-RENEWALS:]
            self.is_used = False
        if (old.body, old.headers, old.status) == (self.body, self.headers, self.status):
            self.ready, self.is_best = old.ready, old.is_best


def say_otherwise(headers: Headers, cache_status: str, *, is_stale: bool = False) -> Headers:
    """Give the headers of a hit for an answer that is none; ``cache_status`` says what it is."""
    others = {"Cache-Status": f"{CACHE_NAME}; {cache_status}"}
    if is_stale:
        others["Cache-Control"] = CACHE_CONTROL_STALE
    return [(name, others.get(name, value)) for name, value in headers]

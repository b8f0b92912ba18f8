"""The outermost WSGI layer: answers readers from memory, and asks Django for what it does not have.

Who is signed in, who sends something and who asks what no view marks for anyone gets through to Django untouched. What is kept is
made from the path alone: nothing else of a request reaches Django then, so nobody can make others see what they sent.
"""

import io
import logging
import os
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import TimeoutError as Late
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve

from articles.page_cache.keeping import Pages
from articles.page_cache.making import Maker
from articles.page_cache.marking import SHOWN, TURNED_AWAY
from articles.page_cache.negotiation import choose_encoding, has_already, is_wanted
from articles.page_cache.pages import CACHE_CONTROL, REST, Headers, Page, say_otherwise
from articles.page_cache.places import Places
from articles.page_cache.watching import PATIENCE, Watcher

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

SAFE = frozenset({"GET", "HEAD"})
LONGEST_WAIT = 30
"""Seconds that a reader waits for a page of which there is no older one."""
PAUSE_AFTER_FAILURE = 1.0
"""Seconds for which the last good page is shown before the next try."""
MAX_WAYS = 256
PLAIN: Headers = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
]
"""The headers of what is said without Django."""

logger = logging.getLogger(__name__)


class Made:
    """A page that was made, and whether it may still be sent: not where its subject was taken from readers meanwhile."""

    __slots__ = ("is_valid", "page")

    def __init__(self, page: Page, *, is_valid: bool) -> None:
        self.page, self.is_valid = page, is_valid


class PageCache:
    """Wraps a WSGI application. ``max_bytes`` is the memory that pages may take in each process, ``places`` how many requests may
    wait for the application at a time; what begins with one of ``free`` asks no database, and needs no place.
    """

    def __init__(self, application: Application, max_bytes: int, *, places: int = 8000, free: tuple[str, ...] = ()) -> None:
        self.application = application
        self._max_bytes, self._number_of_places, self._free = max_bytes, places, free
        self._signed_in = f"{settings.SESSION_COOKIE_NAME}="
        self._ways: dict[tuple[str, str, str], bool] = {}
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        """Begin with nothing; a forked process has none of the threads, and locks in any state."""
        self.pages = Pages(self._max_bytes)
        self._maker = Maker(self._ask)
        self._watcher = Watcher(self.pages, self._maker.make)
        self._places = Places(self._number_of_places)

    def close(self) -> None:
        """End the threads, and their connections to the database."""
        self._watcher.close()
        self._maker.close()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        method = environ["REQUEST_METHOD"]
        if method not in SAFE or self._signed_in in environ.get("HTTP_COOKIE", ""):
            return self._pass(environ, start_response)
        way = environ.get("HTTP_HOST", ""), environ["wsgi.url_scheme"], environ.get("HTTP_X_FORWARDED_PROTO", "")
        if not self._ways.get(way) and not self._is_ours(way):
            return self._pass(environ, start_response)
        watcher = self._watcher
        is_sure = watcher.is_sure()
        if not is_sure and not watcher.is_up_to_date:
            watcher.catch_up()
        page = self.pages.get(environ["PATH_INFO"])
        if page is None or (environ["QUERY_STRING"] and not page.takes_any_query):
            return self._miss(environ, start_response)
        if not page.is_fresh:
            return self._send_outdated(environ, start_response, page)
        self.pages.hits += 1
        page.is_used = True
        if not is_sure and watcher.is_blind:
            watcher.tell_blindness("it is slow, or locked")
            return self._send(environ, start_response, page, "hit; detail=unchecked", is_stale=True)
        return self._send(environ, start_response, page)

    def _send(
        self, environ: Environ, start_response: StartResponse, page: Page, said: str = "", *, is_stale: bool = False
    ) -> list[bytes]:
        """Send a page as the request asks for it; ``said`` is what ``Cache-Status`` tells where it is no mere hit."""
        encoding = choose_encoding(environ.get("HTTP_ACCEPT_ENCODING"))
        if encoding is None:
            return _say(environ, start_response, "406 Not Acceptable", "We have this page as it is, in gzip and in br.")
        ready = page.ready.get(encoding)
        if ready is None:
            ready = page.prepare(encoding)
            self.pages.recount(environ["PATH_INFO"], page)
        status, headers, body = page.status, ready.headers, ready.body
        if "HTTP_IF_MATCH" in environ and page.is_found and not is_wanted(environ["HTTP_IF_MATCH"], ready.tag):
            return _say(environ, start_response, "412 Precondition Failed", "This page has changed.")
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is not None and page.is_found and has_already(known, ready.tag):
            status, headers, body = "304 Not Modified", ready.headers_unchanged, []
        if said:
            headers = say_otherwise(headers, said, is_stale=is_stale)
        start_response(status, headers)
        return body if environ["REQUEST_METHOD"] == "GET" else []

    def _is_ours(self, way: tuple[str, str, str]) -> bool:
        """Whether Django would take a request to this host by this scheme, and not refuse it or send it elsewhere."""
        host, scheme, forwarded = way
        domain, _port = split_domain_port(host)
        is_ours = bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
        if settings.SECURE_SSL_REDIRECT:
            said = forwarded if settings.SECURE_PROXY_SSL_HEADER else scheme
            is_ours = is_ours and said == "https"
        if is_ours and len(self._ways) < MAX_WAYS:
            self._ways[way] = True
        return is_ours

    def _pass(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Let Django answer. What it marks for anyone may be kept on the way, unless it is for somebody signed in. Where there is
        no place, the answer is that the site cannot answer just now, and it gives back what was written.
        """
        if not environ.get("HTTP_HOST"):
            return _say(environ, start_response, "400 Bad Request", "A request names the host that it is for.")
        is_signed_in = self._signed_in in environ.get("HTTP_COOKIE", "")

        def begin(status: str, headers: Headers, *rest: Any) -> Any:
            if SHOWN in environ and status.startswith("200 ") and not any(name == "Cache-Control" for name, _value in headers):
                headers = [*headers, ("Cache-Control", "private, no-cache" if is_signed_in else CACHE_CONTROL)]
            return start_response(status, headers, *rest)

        if environ["PATH_INFO"].startswith(self._free):
            return self.application(environ, begin)
        with self._places.place() as has_place:
            if not has_place:
                environ[TURNED_AWAY] = True
            return self.application(environ, begin)

    def _miss(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer what is not there."""
        path = environ["PATH_INFO"]
        view = _find_view(path)
        if not getattr(view, "is_for_anyone", False) or (environ["QUERY_STRING"] and not view.takes_any_query):
            return self._pass(environ, start_response)
        self.pages.misses += 1
        self._watcher.start()
        logger.debug("[%s] miss %s", os.getpid(), path)
        with self._places.place() as has_place:
            page = self._wait_for(path) if has_place else self._apologise(path)
        return self._send(environ, start_response, page, "fwd=uri-miss")

    def _send_outdated(self, environ: Environ, start_response: StartResponse, old: Page) -> Iterable[bytes]:
        """Answer what is not fresh any more: with a new page, or with the old one while that is made."""
        path = environ["PATH_INFO"]
        self.pages.misses += 1
        self._watcher.start()
        logger.debug("[%s] miss %s", os.getpid(), path)
        page = self._renew(path, old)
        if page is not None:
            page.is_used = True
            return self._send(environ, start_response, page, "fwd=stale")
        old.is_used = True
        return self._send(environ, start_response, old, "hit; detail=stale", is_stale=True)

    def _wait_for(self, path: str) -> Page:
        """Give a page that is made now. One whose subject is taken from readers while it is made is made once more.

        Where no page gets finished nobody waits: a server has few threads, and those who ask for pages that are ready need them.
        """
        end = time.monotonic() + LONGEST_WAIT
        while True:
            making = self._maker.make(path)
            try:
                made = making.result(0 if self._maker.is_stuck else PATIENCE)
            except Late:
                if self._maker.is_stuck or time.monotonic() > end:
                    return self._apologise(path)
                continue
            if made.is_valid:
                return made.page

    def _renew(self, path: str, old: Page) -> Page | None:
        """Have a page made anew and give it to who asks first, or None where readers are to have the old one: while it is made
        for another or has to wait for others, where that takes longer than a second, where it fails, and for a second where it
        changes again and again. So few wait at a time: a server has few threads, and most ask for pages that are ready.
        """
        now = time.monotonic()
        if self._maker.is_making(path) or now < old.try_again_at or (old.changes_often() and now - old.outdated_at < REST):
            return None
        is_busy = self._maker.is_busy
        making = self._maker.make(path)
        if is_busy or self._maker.is_stuck:
            return None
        try:
            made = making.result(PATIENCE)
        except Late:
            self._leave_as_it_is(path, old, "it takes long")
            return None
        if not made.is_valid:
            return self._wait_for(path)
        return None if made.page.is_failure else made.page

    def _leave_as_it_is(self, path: str, old: Page, why: str) -> None:
        """Let readers have the last good page for a moment, and say so in the log."""
        old.try_again_at = time.monotonic() + PAUSE_AFTER_FAILURE
        logger.warning("[%s] a page cannot be made anew (%s): readers get the last good one of %s", os.getpid(), why, path)

    def _ask(self, path: str) -> Made:
        """Ask Django for the page at a path, and keep it where it may be kept."""
        since = self.pages.moment
        environ = _ask_for(path)
        try:
            status, headers, body = self._answer(environ)
        except Exception:
            logger.exception("[%s] a page failed: %s", os.getpid(), path)
            page = _failed()
        else:
            page = Page(status, headers, body, environ.get(SHOWN, ()), takes_any_query=_find_view(path).takes_any_query)
            if page.is_found and SHOWN in environ and _is_same_for_all(headers):
                return Made(page, is_valid=self.pages.put(path, page, since=since))
        old = self.pages.get(path)
        if page.is_failure and old is not None:
            self._leave_as_it_is(path, old, page.status)
        elif old is not None:
            self.pages.drop(path)
        return Made(page, is_valid=True)

    def _apologise(self, path: str) -> Page:
        """Make the page that says that we cannot show another now; the database is not asked for it."""
        status, headers, body = self._answer({**_ask_for(path), TURNED_AWAY: True})
        return Page(status, headers, body, ())

    def _answer(self, environ: Environ) -> tuple[str, Headers, bytes]:
        answered: list[tuple[str, Headers]] = []
        parts = self.application(environ, lambda status, headers, *_rest: answered.append((status, headers)))
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        return *answered[-1], body


def _ask_for(path: str) -> Environ:
    """Make the request for a page, as a reader sends it who has nothing but its address."""
    site = urlsplit(settings.SITE["url"])
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": site.hostname or "",
        "SERVER_PORT": str(site.port or 443),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": site.netloc,
        **({"HTTP_X_FORWARDED_PROTO": site.scheme} if settings.SECURE_PROXY_SSL_HEADER else {}),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": site.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _find_view(path: str) -> Any:
    """Find the view that answers at a path, or None."""
    try:
        return resolve(path.encode("latin-1").decode()).func
    except (Resolver404, UnicodeError):
        return None


def _failed() -> Page:
    headers = [*PLAIN, ("Retry-After", "30"), ("Cache-Control", "no-store")]
    return Page("500 Internal Server Error", headers, b"We cannot show this page just now. Please try again in a minute.\n", ())


def _is_same_for_all(headers: Headers) -> bool:
    """Whether nothing in an answer's headers says that it is for one reader."""
    sent = {name.lower(): value.lower() for name, value in headers}
    return "set-cookie" not in sent and sent.get("vary", "accept-encoding") == "accept-encoding"


def _say(environ: Environ, start_response: StartResponse, status: str, words: str) -> list[bytes]:
    body = f"{words}\n".encode()
    start_response(status, [*PLAIN, ("Content-Length", str(len(body)))])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

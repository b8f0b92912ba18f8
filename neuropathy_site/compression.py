"""Readers' pages go out compressed with brotli, which makes them a fifth smaller than gzip does.

The admin is left to Django's gzip: its pages hold secrets, whose length that gzip hides (the attack named BREACH). Readers' pages
hold none.
"""

import re
from collections.abc import Callable
from functools import lru_cache

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

COMPRESSED = re.compile(r"text/|application/(?:[a-z.-]+\+)?(?:json|xml)\b")
"""Kinds of answers that are worth compressing."""

MIN_BYTES = 200
BEST, FAST = 11, 5
"""Brotli's quality. The best takes about a tenth of a second for a long article, once; the fast one takes a hundredth."""

MAX_BYTES_FOR_BEST = 200_000
_ACCEPTED = re.compile(r"(?:^|[\s,])br\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)")


def brotli_for_readers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that compresses what readers get, where their browsers take brotli; it stands inside of that for gzip.

    Answers to a question (``?...``) differ without end, and those that nobody may store can hold what a reader wrote, so they are
    compressed fast and not kept.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not _is_worth_it(request, response):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if _ACCEPTED.search(request.headers.get("Accept-Encoding", "")):
            is_best = _may_be_kept(request, response) and len(response.content) <= MAX_BYTES_FOR_BEST
            response.content = _compress_best(response.content) if is_best else brotli.compress(response.content, quality=FAST)
            response.headers["Content-Encoding"] = "br"
            response.headers["Content-Length"] = str(len(response.content))
            if response.headers.get("ETag", "").startswith('"'):
                response.headers["ETag"] = f"W/{response.headers['ETag']}"
        return response

    return middleware


def _is_worth_it(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        not request.path.startswith("/admin/")
        and not response.streaming
        and not response.has_header("Content-Encoding")
        and len(response.content) >= MIN_BYTES
        and COMPRESSED.match(response.headers.get("Content-Type", "")) is not None
    )


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    return not request.META.get("QUERY_STRING") and "no-store" not in response.headers.get("Cache-Control", "")


@lru_cache(maxsize=64)  # a worker compresses each page once, as long as it is asked for
def _compress_best(body: bytes) -> bytes:
    compressed: bytes = brotli.compress(body, quality=BEST)
    return compressed

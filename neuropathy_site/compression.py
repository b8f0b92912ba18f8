"""Readers' pages go out compressed with brotli, which makes them a fifth smaller than gzip does.

The admin is left to Django's gzip: its pages hold secrets, whose length that gzip hides (the attack named BREACH). Readers' pages
hold none.
"""

from collections.abc import Callable
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from articles.page_cache.compressing import compress, is_worth_it
from articles.page_cache.negotiation import BROTLI, choose_encoding


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
        if choose_encoding(request.headers.get("Accept-Encoding")) == BROTLI:
            is_kept = _may_be_kept(request, response)
            response.content = _compress_best(response.content) if is_kept else compress(response.content, BROTLI)
            response.headers["Content-Encoding"] = BROTLI
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
        and is_worth_it(response.headers.get("Content-Type", ""), len(response.content))
    )


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    return not request.META.get("QUERY_STRING") and "no-store" not in response.headers.get("Cache-Control", "")


@lru_cache(maxsize=64)  # a worker compresses each page once, as long as it is asked for
def _compress_best(body: bytes) -> bytes:
    return compress(body, BROTLI, is_best=True)

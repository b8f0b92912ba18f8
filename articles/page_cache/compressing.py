"""Compressing answers: what is worth it, and how well."""

import re
import zlib

import brotli

from articles.page_cache.beside import run_beside
from articles.page_cache.negotiation import BROTLI

WORTH_IT = re.compile(r"text/|application/(?:[a-z.-]+\+)?(?:json|xml)\b")
"""Kinds of answers that are worth compressing."""

MIN_BYTES = 200
MAX_BYTES_FOR_BEST = 200_000
BEST, FAST = 11, 5
"""Brotli's quality. The best takes about a tenth of a second for a long article, the fast one a hundredth."""


def is_worth_it(content_type: str, size: int) -> bool:
    """Whether an answer of this kind and of ``size`` bytes gets smaller by much."""
    return size >= MIN_BYTES and WORTH_IT.match(content_type) is not None


def compress(body: bytes, encoding: str, *, is_best: bool = False) -> bytes:
    """Give a body in brotli or gzip. ``is_best`` takes its time over brotli, unless the body is very long."""
    if encoding == BROTLI:
        quality = BEST if is_best and len(body) <= MAX_BYTES_FOR_BEST else FAST
        return run_beside(lambda: brotli.compress(body, quality=quality))
    return run_beside(lambda: _gzip(body))


def _gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)  # gzip's frame, without a time in it
    return packer.compress(body) + packer.flush()

"""A cached article against gunicorn with an application that does nothing: what our layer costs beside the server itself."""

from dataclasses import replace

from benchmarks.measuring.answers import read_answer
from benchmarks.measuring.figures import Figure
from benchmarks.measuring.options import Options
from benchmarks.measuring.servers import Target, compare, require
from benchmarks.measuring.sites import Site, fetch, require_same

WORKERS = ("gthread", "gevent")
ENCODINGS = {"identity": (), "gzip": ("Accept-Encoding: gzip",)}


def measure(site: Site, options: Options) -> list[Figure]:
    """Give the ratios of capacity: each encoding and the 304, with both kinds of worker."""
    require("wrk")
    figures = []
    for worker in WORKERS:
        with site.served(WORKER_CLASS=worker) as ours:
            for encoding, headers in ENCODINGS.items():
                figures.append(_compare(site, replace(ours, headers=headers), "cached", encoding, worker, options))
            tag = read_answer(fetch(ours)).header("ETag")
            known = replace(ours, headers=(f"If-None-Match: {tag}",))
            figures.append(_compare(site, known, "unchanged", "", worker, options))
    return figures


def _compare(site: Site, ours: Target, key: str, encoding: str, worker: str, options: Options) -> Figure:
    variant = ", ".join(filter(None, (encoding, worker)))
    with site.bare(fetch(ours), WORKER_CLASS=worker) as bare:
        base = replace(bare, headers=ours.headers)
        require_same(ours, base)
        with options.timed(f"{key}, {variant}"):
            pair = compare(ours, base, rounds=options.rounds(12), seconds=options.seconds(2))
    measured, beside = pair.words()
    return Figure(key, measured, pair.capacity(), beside, variant)

"""The document with the figures: what they mean, with what and when they were measured."""

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.measuring.figures import Figure, write_table
from benchmarks.measuring.servers import CONNECTIONS, ROOT
from benchmarks.measuring.storm import RATE

PACKAGES = ("Django", "gunicorn", "gunicorn_h1c", "gevent", "whitenoise", "brotli")
PEERS = ("wagtail", "wagtail-cache")
WORDS = """\
# Benchmarks

`make bench` measures these and writes this page, in {minutes:.0f} minutes; `make bench BENCH="cached nginx"` measures some parts
and only prints. Each figure stands beside its base, measured in the same run: in turns, in the other order every second round.
The median of the rounds counts.

{table}
- **Capacity** is the CPU time of all processes of the base for a request, divided by ours: how many times as many requests the
  same machine answers. Each server is kept on one core and wrk, with {connections} connections kept open, on another. Requests a
  second are told beside it; they depend on what else the machine does.
- **Bare gunicorn** has the same worker class and the same configuration (`deploy/gunicorn.conf.py`), and answers with the same
  headers and body from a constant. Both raw answers are compared before anything is timed.
- **nginx** runs our `deploy/nginx.conf`: over https, as readers reach it, and over plain http, which costs both sides less and
  so shows more of what they differ by. The base is the same body as a file, with the same headers and the same TLS. CPU time is
  that of nginx and gunicorn together. Both are started six times.
- **Wagtail** is what `wagtail start` makes, in production, on SQLite and the same gunicorn, with a StreamField article of our
  article's text and the same size, without compression on either side. It is installed in an environment of its own.
- **Uncached** is our article view without the page cache (`PAGE_CACHE_MB=0`).
- **Publishing**: the article, or 200 pages in turns, asked for by as many clients with no pause, while the article is published
  ten times a second. Each time that changes some forty of the 200 pages, those of the works it cites among them. Errors are
  other statuses, other pages and broken connections; for these, the pages are asked for at {rate} requests a second, and each
  answer is looked at.
- **Memory** is what a worker shares with no other process (`Private_*` in `smaps_rollup`), the larger of two, after load.
- **Start** is `make serve` until the article answers, with everything installed.

{versions}

Measured on {date}.
"""


def write_report(figures: Iterable[Figure], seconds: float, versions: Mapping[str, str]) -> str:
    """Write the document."""
    return WORDS.format(
        minutes=seconds / 60,
        table=write_table(figures),
        connections=CONNECTIONS,
        rate=RATE,
        versions=", ".join(f"{name} {number}" for name, number in versions.items()) + ".",
        date=datetime.now(tz=UTC).date().isoformat(),
    )


def find_versions() -> dict[str, str]:
    """Find what was measured, and on which machine."""
    found = {"CPython": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    folder = ROOT / "benchmarks/wagtail"
    pinned = (folder / "requirements.txt").read_text() + (folder / "requirements-cache.txt").read_text()
    for package in PEERS:
        found[package] = _first(rf"(?m)^{package}==(\S+)", pinned)
    found["nginx"] = _first(r"nginx/(\S+)", _say("nginx", "-v"))
    found["wrk"] = _first(r"wrk (?:debian/)?(\S+)", _say("wrk", "--version"))
    found["Linux"] = platform.release()
    found["cores"] = str(len(os.sched_getaffinity(0)))
    found["processor"] = _first(r"(?m)^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text())
    return found


def _say(program: str, option: str) -> str:
    path = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if path is None:
        return ""
    said = subprocess.run([path, option], capture_output=True, text=True, check=False)  # noqa: S603
    return said.stdout + said.stderr


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    return found[1] if found else "not there"

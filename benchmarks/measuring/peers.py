"""Our article against the same text in Wagtail 8, as it comes and with wagtail-cache, in an environment of its own."""

import contextlib
import hashlib
import html
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring.answers import read_answer
from benchmarks.measuring.figures import Fault, Figure, Skipped
from benchmarks.measuring.options import Options
from benchmarks.measuring.servers import ROOT, Pair, Target, free_port, require, running, take_turns
from benchmarks.measuring.sites import Site, fetch

WAGTAIL = ROOT / "benchmarks/wagtail"
PINNED = (
    WAGTAIL / "requirements.txt",
    WAGTAIL / "requirements-cache.txt",
    ROOT / "requirements-build.txt",
    ROOT / "requirements-fast.txt",
)
SAME_SIZE = 0.03
"""By so much the two pages may differ in size."""


def measure(site: Site, options: Options) -> list[Figure]:
    """Give the ratios of capacity and of CPU time; no compression on either side."""
    require("wrk")
    python = _environment(options)
    with contextlib.ExitStack() as stack:
        cached = stack.enter_context(site.served(WORKER_CLASS="gthread"))
        uncached = stack.enter_context(site.served(WORKER_CLASS="gthread", PAGE_CACHE_MB="0"))
        page = fetch(cached)
        with options.timed("making the site in Wagtail"):
            project = _project(site.folder / "wagtail", python, page)
        plain = stack.enter_context(_served(project, python, site.folder / "wagtail.log"))
        with_cache = stack.enter_context(_served(project, python, site.folder / "wagtail-cache.log", WAGTAIL_CACHE="1"))
        _require_same_size(page, fetch(plain), fetch(with_cache))
        if "x-wagtail-cache: hit" not in fetch(with_cache).decode("latin-1").lower():
            raise Fault("wagtail-cache does not keep the page")
        return _compare(cached, uncached, plain, with_cache, options)


def _compare(cached: Target, uncached: Target, plain: Target, with_cache: Target, options: Options) -> list[Figure]:
    targets = (cached, uncached, plain, with_cache)
    seconds = options.seconds(4)
    with options.timed("ours and Wagtail, with page cache and without"):
        for target in targets:
            target.load(1)
        loads = take_turns(*(lambda target=target: target.load(seconds) for target in targets), rounds=options.rounds(6))
    kept, made, theirs, theirs_kept = loads
    against_plain, against_cache, views = Pair(kept, theirs), Pair(kept, theirs_kept), Pair(made, theirs)
    return [
        Figure("wagtail", against_plain.words()[0], against_plain.capacity(), against_plain.words()[1]),
        Figure("wagtail-cache", against_cache.words()[0], against_cache.capacity(), against_cache.words()[1]),
        Figure("uncached", views.words()[0], 1 / views.capacity(), views.words()[1]),
    ]


def _environment(options: Options) -> Path:
    """Give the Python of Wagtail's environment, made the first time and kept in the user's cache. Raises Skipped."""
    digest = hashlib.sha256(sys.version.encode() + b"".join(path.read_bytes() for path in PINNED)).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / f"neuropathy-bench/wagtail-{digest}"
    python = folder / "bin/python"
    if not (folder / "whole").exists():
        shutil.rmtree(folder, ignore_errors=True)
        with options.timed("installing Wagtail"):
            _install(folder, python)
        (folder / "whole").touch()
    return python


def _install(folder: Path, python: Path) -> None:
    install: list[str | Path] = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes"]
    commands: list[list[str | Path]] = [
        [sys.executable, "-m", "venv", folder],
        [*install, "-r", PINNED[0]],
        [*install, "--no-deps", "-r", PINNED[1]],
    ]
    if importlib.util.find_spec("gunicorn_h1c"):  # the parser that ours has
        commands += [[*install, "-r", PINNED[2]], [*install, "--no-build-isolation", "-r", PINNED[3]]]
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise Skipped(f"Wagtail could not be installed: {(done.stderr.strip().splitlines() or ['?'])[-1][:120]}")


def parts_of(page: str) -> list[dict[str, str]]:
    """Cut the page of an article at its headings, into values of a StreamField."""
    body = re.sub(r"(?s)^.*<body[^>]*>|</body>.*$", "", page)
    parts = []
    for number, piece in enumerate(re.split(r"(?s)<h2[^>]*>(.*?)</h2>", body)):
        is_heading = bool(number % 2)
        words = html.unescape(re.sub(r"<[^>]+>", "", piece)) if is_heading else piece
        parts.append({"type": "heading" if is_heading else "text", "value": words})
    return parts


def _project(folder: Path, python: Path, raw: bytes) -> Path:
    """Make a site as ``wagtail start`` does, with one more app for articles and our article's text in it."""
    folder.mkdir()
    _run([python.with_name("wagtail"), "start", "plain", folder], folder)
    shutil.copytree(WAGTAIL / "article", folder / "article")
    shutil.copy(WAGTAIL / "bench.py", folder / "plain/settings/bench.py")
    page = read_answer(raw).body.decode()
    for command in (["makemigrations", "article"], ["migrate"], ["collectstatic", "--noinput"]):
        _run([python, "manage.py", *command, "--settings=plain.settings.bench", "--verbosity=0"], folder)
    given = {"title": "The effects of methyl B12 on neuropathy", "body": parts_of(page)}
    _run([python, WAGTAIL / "make_article.py"], folder, json.dumps(given))
    return folder


def _run(command: list[object], folder: Path, given: str = "") -> None:
    done = subprocess.run(list(map(str, command)), cwd=folder, input=given, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise Fault(f"{' '.join(map(str, command[1:4]))}: {done.stderr[-600:]}")


@contextlib.contextmanager
def _served(project: Path, python: Path, log: Path, **variables: str) -> Iterator[Target]:
    """Serve it as ours is: the same worker, threads and parser, loaded before the fork."""
    port = free_port()
    parser = "fast" if importlib.util.find_spec("gunicorn_h1c") else "python"
    command = [python, "-m", "gunicorn", "plain.wsgi", "--chdir", project, "--bind", f"127.0.0.1:{port}", "--preload"]
    command += ["--workers", "1", "--worker-class", "gthread", "--threads", "4", "--keep-alive", "75"]
    command += ["--http-parser", parser, "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]  # noqa: S108
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GUNICORN"))}
    environment |= {"DJANGO_SETTINGS_MODULE": "plain.settings.bench"} | variables
    with running(command, environment, port, log) as pid:
        yield Target((pid,), port, "/article/")


def _require_same_size(ours: bytes, *theirs: bytes) -> None:
    size = len(read_answer(ours).body)
    for raw in theirs:
        other = len(read_answer(raw).body)
        if abs(other - size) > SAME_SIZE * size:
            raise Fault(f"the pages have {size} and {other} bytes")

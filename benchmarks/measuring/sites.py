"""Our site, served as it is served to readers, and a bare application under the very same gunicorn."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring.answers import Answer, ask, find_differences, read_answer, save
from benchmarks.measuring.figures import Fault
from benchmarks.measuring.servers import ROOT, Target, free_port, running

ARTICLE = "/articles/effects-of-methyl-b12-on-neuropathy/"
UNSET = (
    "ALLOWED_HOSTS CACHE_URL CONTENT_DIR DATABASE_URL DEBUG DJANGO_SETTINGS_MODULE EMAIL_URL HOST HSTS_SECONDS LOG_LEVEL "
    "PAGE_CACHE_MB PORT PYTHONWARNINGS REGION SCHEDULER SECRET_KEY SITE_NAME SITE_URL TIME_ZONE TRUST_PROXY WEB_CONCURRENCY "
    "WORKER_CLASS"
).split()
ONE_WORKER = {"WEB_CONCURRENCY": "1", "SCHEDULER": "false", "LOG_LEVEL": "ERROR"}
"""One worker for one core; the process that publishes at set times is no part of an answer."""
GUNICORN = (sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py")


@dataclass(frozen=True)
class Site:
    """The data of a site of ours, with static files collected."""

    folder: Path

    def environment(self, **variables: str) -> dict[str, str]:
        """Give the environment for its commands: nothing of the caller's settings, and ``variables``."""
        kept = {name: value for name, value in os.environ.items() if name not in UNSET}
        return kept | {"DATA_DIR": str(self.folder / "var")} | variables

    def manage(self, *arguments: str, **variables: str) -> None:
        """Run a management command. Raises Fault."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment(**variables), capture_output=True, check=False)  # noqa: S603
        if done.returncode:
            raise Fault(f"{arguments[0]}: {done.stderr.decode(errors='replace')[-600:]}")

    @contextlib.contextmanager
    def served(self, **variables: str) -> Iterator[Target]:
        """Serve it; gives what to ask for its shipped article."""
        with _gunicorn(self.environment(**ONE_WORKER | variables), self.folder / "site.log") as (pid, port):
            yield Target((pid,), port, ARTICLE)

    @contextlib.contextmanager
    def bare(self, raw: bytes, **variables: str) -> Iterator[Target]:
        """Serve a saved answer, and nothing else, from the same gunicorn with the same configuration."""
        saved = save(raw, self.folder / "answer.raw")
        ours = {"BARE_ANSWER": str(saved), "DJANGO_SETTINGS_MODULE": "neuropathy_site.settings"}
        environment = self.environment(**ONE_WORKER | ours | variables)
        with _gunicorn(environment, self.folder / "bare.log", "benchmarks.measuring.bare:application") as (pid, port):
            yield Target((pid,), port, ARTICLE)


def prepare(folder: Path) -> Site:
    """Make a new site with the shipped content."""
    site = Site(folder)
    site.manage("prepare_database", LOG_LEVEL="ERROR")
    site.manage("collectstatic", "--noinput", "--verbosity", "0")
    return site


def fetch(target: Target) -> bytes:
    """Get the raw answer that a target's load consists of; asked often enough that it comes from memory. Raises Fault."""
    headers = dict(header.split(": ", 1) for header in target.headers)
    for _time in range(3):
        raw = ask(target.port, target.path, headers, is_https=target.is_https)
    answer = read_answer(raw)
    if answer.status[:3] not in {"200", "304"}:
        raise Fault(f"{target.path} answered {answer.status}")
    return raw


def require_same(ours: Target, base: Target, *, but_for: frozenset[str] = frozenset()) -> Answer:
    """Save nothing and load nothing before two targets say the same; gives ours. Raises Fault with the differences."""
    mine, theirs = read_answer(fetch(ours)), read_answer(fetch(base))
    differences = find_differences(mine, theirs, but_for=but_for)
    if differences:
        raise Fault("the two answers differ: " + "; ".join(differences))
    return mine


@contextlib.contextmanager
def _gunicorn(environment: Mapping[str, str], log: Path, *arguments: str) -> Iterator[tuple[int, int]]:
    port = int(environment.get("PORT") or free_port())
    environment = {**environment, "PORT": str(port), "HOST": "127.0.0.1"}
    with running([*GUNICORN, *arguments], environment, port, log) as pid:
        yield pid, port

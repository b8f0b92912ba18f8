"""gunicorn with the process beside its workers that publishes what is due: one of it, and none left behind."""

import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from articles.models import Lease
from tests.processes import environment, running, wait_until

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def children(port: int) -> list[int]:
    """Find the processes that publish for the site on a port, by what they were started with."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            is_ours = f"PORT={port}\0" in (path / "environ").read_text(errors="replace") + "\0"
            if is_ours and "publish_scheduled" in (path / "cmdline").read_text(errors="replace"):
                found.append(int(path.name))
    return found


@contextlib.contextmanager
def served(log: Path, **variables: str) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    values = environment(PORT=str(port), WEB_CONCURRENCY="2", **variables)
    values.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    with log.open("w") as written:
        options = {"env": values, "stdout": written, "stderr": subprocess.STDOUT}
        with running("-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", **options) as server:
            wait_until(lambda: "The site is at" in log.read_text(), "it starts")
            yield server, port


def said(log: Path) -> list[str]:
    """Give what was logged, but for what these tests do not provide: collected files."""
    return [line for line in log.read_text().splitlines() if "No directory at" not in line and "root = " not in line]


@pytest.mark.parametrize("stop", ["SIGTERM", "SIGINT", "SIGQUIT"])
def test_one_child_is_kept_through_reloads_and_stopped(tmp_path: Path, stop: str) -> None:
    log = tmp_path / "log"
    with served(log) as (server, port):
        wait_until(Lease.objects.exists, "the child works")
        (child,) = children(port)
        if stop == "SIGTERM":
            server.send_signal(signal.SIGHUP)
            os.kill(child, signal.SIGKILL)
            wait_until(lambda: children(port) not in ([], [child]), "another is started")
            server.send_signal(signal.SIGHUP)
            wait_until(lambda: log.read_text().count("The site is at") == 1, "it does not start anew")
        assert len(children(port)) == 1
        server.send_signal(getattr(signal, stop))
        assert server.wait(timeout=20) == 0
        assert not children(port)
    assert "Traceback" not in log.read_text()
    assert "subprocess" not in log.read_text()
    if stop == "SIGTERM":  # after the others gunicorn leaves a socket of its own open
        assert len(said(log)) == 1, said(log)


def test_the_child_ends_with_a_server_that_is_killed(tmp_path: Path) -> None:
    with served(tmp_path / "log") as (server, port):
        wait_until(Lease.objects.exists, "the child works")
        server.kill()
        wait_until(lambda: not children(port), "the child ends")


def test_no_child_where_a_timer_publishes(tmp_path: Path) -> None:
    with served(tmp_path / "log", SCHEDULER="false") as (server, port):
        assert not children(port)
        server.terminate()
        assert server.wait(timeout=20) == 0
    assert not Lease.objects.exists()

"""gunicorn with the process beside its workers that publishes what is due: one of it, and none left behind."""

import contextlib
import os
import signal
from pathlib import Path

import pytest

from articles.models import Lease
from tests.processes import served, wait_until

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


@pytest.mark.parametrize("worker_class", ["gevent", "gthread"])
@pytest.mark.parametrize("stop", ["SIGTERM", "SIGINT", "SIGQUIT"])
def test_one_child_is_kept_through_reloads_and_stopped(tmp_path: Path, stop: str, worker_class: str) -> None:
    with served(tmp_path / "log", WORKER_CLASS=worker_class) as site:
        wait_until(Lease.objects.exists, "the child works")
        (child,) = children(site.port)
        if stop == "SIGTERM":
            site.server.send_signal(signal.SIGHUP)
            os.kill(child, signal.SIGKILL)
            wait_until(lambda: children(site.port) not in ([], [child]), "another is started")
            site.server.send_signal(signal.SIGHUP)
            wait_until(lambda: len(site.said()) == 1, "it does not start anew")
        assert len(children(site.port)) == 1
        site.server.send_signal(getattr(signal, stop))
        assert site.server.wait(timeout=20) == 0
        assert not children(site.port)
        said = "\n".join(site.said())
    assert "Traceback" not in said
    assert "subprocess" not in said
    if stop == "SIGTERM":  # after the others gunicorn leaves a socket of its own open
        assert len(said.splitlines()) == 1, said


def test_the_child_ends_with_a_server_that_is_killed(tmp_path: Path) -> None:
    with served(tmp_path / "log") as site:
        wait_until(Lease.objects.exists, "the child works")
        site.server.kill()
        wait_until(lambda: not children(site.port), "the child ends")


def test_no_child_where_a_timer_publishes(tmp_path: Path) -> None:
    with served(tmp_path / "log", SCHEDULER="false") as site:
        assert not children(site.port)
        site.server.terminate()
        assert site.server.wait(timeout=20) == 0
    assert not Lease.objects.exists()

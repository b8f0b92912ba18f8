"""gunicorn's workers, of both classes: requests at once, reloads, workers that are lost."""

import http.client
import os
import signal
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.processes import Served, served, wait_until

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

both = pytest.mark.parametrize("worker_class", ["gevent", "gthread"])


def get(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"Connection": "close"})
    body = connection.getresponse().read()
    connection.close()
    return body


@both
def test_requests_at_once_have_their_own_connections_to_the_database(tmp_path: Path, worker_class: str) -> None:
    variables = {"WORKER_CLASS": worker_class, "WEB_CONCURRENCY": "1", "SCHEDULER": "false"}
    with served(tmp_path / "log", "tests.slow_application:application", **variables) as site, ThreadPoolExecutor(3) as pool:
        began = time.monotonic()
        answers = list(pool.map(lambda _: get(site.port, "/connection").split(), range(3)))
        assert time.monotonic() - began < 1.4, "one after another they take a second and a half"
    assert len({process for process, _connection in answers}) == 1
    assert len({connection for _process, connection in answers}) == 3


@both
def test_a_worker_that_is_lost_is_replaced(tmp_path: Path, worker_class: str) -> None:
    with served(tmp_path / "log", WORKER_CLASS=worker_class, SCHEDULER="false") as site:
        wait_until(lambda: len(site.workers()) == 2, "both work")
        lost = site.workers()[0]
        os.kill(lost, signal.SIGKILL)
        wait_until(lambda: len(site.workers()) == 2 and lost not in site.workers(), "another takes its place")
        assert get(site.port, "/healthz") == b"alive\n"


@both
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGQUIT])
def test_workers_that_have_hardly_begun_stop_too(tmp_path: Path, worker_class: str, stop: signal.Signals) -> None:
    with served(tmp_path / "log", WORKER_CLASS=worker_class, WEB_CONCURRENCY="8", SCHEDULER="false") as site:
        site.server.send_signal(stop)
        assert site.server.wait(timeout=20) == 0  # gunicorn would wait for them for half a minute


def test_a_client_that_asks_without_end_is_not_served_alone(tmp_path: Path) -> None:
    wanted = 10_000
    variables = {"WORKER_CLASS": "gevent", "WEB_CONCURRENCY": "1", "SCHEDULER": "false"}
    with (
        served(tmp_path / "log", **variables) as site,
        socket.create_connection(("127.0.0.1", site.port), timeout=20) as greedy,
        greedy.makefile("rb") as answers,
        ThreadPoolExecutor(2) as pool,
    ):
        asking = pool.submit(greedy.sendall, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * wanted)
        first = next(answers)
        reading = pool.submit(lambda: sum(next(line for line in answers if line == b"alive\n") != b"" for _time in range(wanted)))
        assert first.startswith(b"HTTP/1.1 200")
        assert get(site.port, "/healthz") == b"alive\n"
        assert not reading.done(), "all of the other client's requests were answered first"
        assert (asking.result(), reading.result()) == (None, wanted)


def ask_on(site: Served, end: threading.Event, answers: "Counter[str]", *, is_kept: bool) -> None:
    """Ask again and again, each time on a new connection, or on one that is kept until the server says otherwise."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    while not end.is_set():
        try:
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            answer.read()
            answers[str(answer.status)] += 1
            if not is_kept or answer.getheader("Connection") == "close":
                connection.close()
        except (OSError, http.client.HTTPException) as fault:
            answers[f"{'kept' if is_kept else 'new'}: {fault!r}"] += 1
            connection.close()
    connection.close()


@both
def test_a_reload_fails_no_request(tmp_path: Path, worker_class: str) -> None:
    answers: Counter[str] = Counter()
    with served(tmp_path / "log", WORKER_CLASS=worker_class, SCHEDULER="false") as site:
        end = threading.Event()
        askers = [
            threading.Thread(target=ask_on, args=(site, end, answers), kwargs={"is_kept": is_kept})
            for is_kept in (True, True, False, False)
        ]
        for asker in askers:
            asker.start()
        try:
            for _reload in range(2):
                before = set(site.workers())
                site.server.send_signal(signal.SIGHUP)
                wait_until(lambda: not before & set(site.workers()), "the old workers go")  # noqa: B023 - asked at once
        finally:
            end.set()
            for asker in askers:
                asker.join()
    assert set(answers) == {"200"}, answers
    assert answers["200"] >= len(askers)

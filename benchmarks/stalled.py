"""How long a reader waits while other clients stall, with the site naked on its port as ``make serve`` leaves it.

Run as ``python benchmarks/stalled.py [--json] [--seconds 20] [--clients 8 64 9]`` (four minutes). For each kind of stalling and
each number of clients, these are held while another client asks for the first page ten times a second, each time on a new
connection. Prints the slowest of its answers, and exits 1 when one took longer than half a second. Who is hung up on comes back
at once, but for those that have asked and never close: these have what they came for.
"""

import argparse
import contextlib
import http.client
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST = 0.5
THREADS = 4
"""As in deploy/gunicorn.conf.py."""
LEFT_TO_DEFAULT = frozenset("ALLOWED_HOSTS DATABASE_URL DEBUG SITE_URL WEB_CONCURRENCY WORKER_CLASS".split())
KINDS = {
    "says nothing": b"",
    "half a request": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: ",
    "never closes": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
}


@contextlib.contextmanager
def site() -> Iterator[int]:
    """Serve a new site with the shipped content; gives its port."""
    with socket.socket() as listener, tempfile.TemporaryDirectory() as folder:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
        listener.close()
        environment = {name: value for name, value in os.environ.items() if name not in LEFT_TO_DEFAULT}
        environment |= {"DATA_DIR": folder, "PORT": str(port), "HOST": "127.0.0.1"}
        for command in (["prepare_database"], ["collectstatic", "--noinput", "--verbosity", "0"]):
            manage = [sys.executable, "manage.py", *command]
            subprocess.run(manage, cwd=ROOT, env=environment, check=True, stdout=sys.stderr)  # noqa: S603 - our own
        command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as server:  # noqa: S603
            assert server.stdout is not None
            assert server.stdout.readline().startswith(b"The site is at"), "it did not start"
            yield port
            server.send_signal(signal.SIGINT)


@contextlib.contextmanager
def stalling(port: int, kind: str, clients: int) -> Iterator[None]:
    """Hold a number of stalled clients until the block ends."""
    end = threading.Event()
    holder = threading.Thread(target=_hold, args=(port, kind, clients, end))
    holder.start()
    try:
        yield
    finally:
        end.set()
        holder.join()


def _hold(port: int, kind: str, clients: int, end: threading.Event) -> None:
    poll = select.poll()
    held: dict[int, socket.socket] = {}

    def connect() -> None:
        client = socket.create_connection(("127.0.0.1", port), timeout=30)
        client.sendall(KINDS[kind])
        held[client.fileno()] = client
        if kind != "never closes":
            poll.register(client, select.POLLRDHUP)

    for _client in range(clients):
        connect()
    while not end.is_set():
        for descriptor, _event in poll.poll(50):
            poll.unregister(descriptor)
            held.pop(descriptor).close()
            connect()
    for client in held.values():
        client.close()


def slowest_answer(port: int, seconds: float) -> float:
    """Ask ten times a second for a while; gives how many seconds the slowest answer took. Raises OSError when there is none."""
    slowest = 0.0
    end = time.monotonic() + seconds
    while (began := time.monotonic()) < end:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/", headers={"Connection": "close"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        assert answer.status == 200, answer.status
        slowest = max(slowest, time.monotonic() - began)
        time.sleep(max(0.0, began + 0.1 - time.monotonic()))
    return slowest


def main() -> int:
    """Run the benchmark; gives the exit code."""
    workers = max(2, len(os.sched_getaffinity(0)))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--clients", type=int, nargs="+", default=[8, 64, THREADS * workers + 1])
    asked = parser.parse_args()
    figures = []
    with site() as port:
        alone = slowest_answer(port, 2)
        for kind in KINDS:
            for clients in asked.clients:
                with stalling(port, kind, clients):
                    slowest = slowest_answer(port, asked.seconds)
                figures.append({"kind": kind, "clients": clients, "slowest": round(slowest, 4), "must": MOST})
                if not asked.json:
                    print(f"{clients:5} x {kind:15} slowest other answer {slowest * 1000:6.0f} ms", flush=True)
    if asked.json:
        print(json.dumps({"alone": round(alone, 4), "figures": figures}))
    return int(any(float(str(figure["slowest"])) > MOST for figure in figures))


if __name__ == "__main__":
    sys.exit(main())

"""Real processes on the database of the test that starts them, which has to commit what they are to see."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 20


def environment(**variables: str) -> dict[str, str]:
    """Give an environment in which the site runs on the test's database."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        url = f"sqlite:///{name}"
    else:
        url = re.sub(r"[^/?]*(\?.*)?$", rf"{name}\1", os.environ["DATABASE_URL"], count=1)
    ours = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "neuropathy_site.settings", "DATA_DIR": str(settings.DATA_DIR)}
    return os.environ | ours | {"PYTHONWARNINGS": "default"} | variables


@contextlib.contextmanager
def running(*arguments: str, **options: Any) -> Iterator["subprocess.Popen[str]"]:
    """Run Python with ``arguments`` until the block ends; what still runs then is killed."""
    usual: dict[str, Any] = {"env": environment(), "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen([sys.executable, *arguments], cwd=ROOT, text=True, **usual | options) as process:
        try:
            yield process
        finally:
            process.kill()


@dataclass(frozen=True)
class Served:
    """A site that gunicorn serves, and what it logged so far."""

    server: "subprocess.Popen[str]"
    port: int
    log: Path

    def said(self) -> list[str]:
        """Give the lines that were logged."""
        return self.log.read_text().splitlines()

    def workers(self) -> list[int]:
        """Find the worker processes; one may end while they are looked at."""
        found = []
        for pid in Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.append(int(pid))
        return found


@contextlib.contextmanager
def redis(folder: Path, port: int) -> Iterator[None]:
    """Run Redis until the block ends."""
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL) as process:

        def answers() -> bool:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as wire:
                wire.sendall(b"PING\r\n")
                return wire.recv(20).startswith(b"+PONG")
            return False

        wait_until(answers, "Redis starts")
        yield
        process.terminate()


@contextlib.contextmanager
def served(log: Path, *arguments: str, **variables: str) -> Iterator[Served]:
    """Serve the site with gunicorn and our configuration on a free port, with style sheets that nobody collected."""
    port = free_port()
    values = environment(PORT=str(port), **{"WEB_CONCURRENCY": "2", "DEBUG": "true"} | variables)
    values.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    with log.open("w") as written:
        options = {"env": values, "stdout": written, "stderr": subprocess.STDOUT}
        with running("-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", *arguments, **options) as server:
            wait_until(lambda: "The site is at" in log.read_text(), "it starts")
            yield Served(server, port, log)


def free_port() -> int:
    """Find a port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until(is_so: Callable[[], Any], what: str) -> None:
    """Wait until something is so; fail when it takes too long."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(0.05)

"""Starting a server on a core of its own, loading it with wrk from another, and taking the CPU time of all its processes."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

from benchmarks.measuring.figures import Fault, Skipped

Result = TypeVar("Result")
ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(__file__).with_name("summary.lua")
TICKS = os.sysconf("SC_CLK_TCK")
CORES = sorted(os.sched_getaffinity(0))
CONNECTIONS = 32
SERVER_CORE, CLIENT_CORE = CORES[0], CORES[-1]
PATIENCE = 60
"""Seconds that a server may take to start."""


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def require(program: str, package: str = "") -> str:
    """Find a program, installing its Debian package where that may be done. Raises Skipped."""
    package = package or program
    search = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])
    if shutil.which(program, path=search) is None:
        subprocess.run([ROOT / "tests/install_packages.sh", package], check=False, stdout=sys.stderr)  # noqa: S603
    found = shutil.which(program, path=search)
    if found is None:
        raise Skipped(f"{program} is not there: apt-get install {package}")
    return found


def pinned(core: int, command: Sequence[object]) -> list[str]:
    """Give a command that keeps a program, and all it starts, on one core."""
    return ["taskset", "-c", str(core), *map(str, command)]


@contextlib.contextmanager
def running(command: Sequence[object], environment: Mapping[str, str], port: int, log: Path) -> Iterator[int]:
    """Run a server on its core until the block ends; gives its process id once it takes connections. Raises Fault."""
    with log.open("wb") as written:
        options = {"cwd": ROOT, "env": dict(environment), "stdout": written, "stderr": subprocess.STDOUT}
        process = subprocess.Popen(pinned(SERVER_CORE, command), stdin=subprocess.DEVNULL, **options)  # type: ignore[call-overload]  # noqa: S603
    try:
        _wait_for(process, port, log)
        yield process.pid
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise Fault(f"a server did not start: {log.read_text(errors='replace')[-600:]}")


def tree(pid: int) -> list[int]:
    """List a process and all that came of it and still runs."""
    with contextlib.suppress(OSError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *(each for child in children for each in tree(int(child)))]
    return []


def cpu_seconds(pid: int) -> float:
    """Give the CPU seconds of a process and all that came of it, those that have ended included."""
    ticks = 0
    for each in tree(pid):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(int(field) for field in fields[11:15])  # utime, stime, and those of children waited for
    return ticks / TICKS


def private_megabytes(pid: int) -> float:
    """Give the memory in MB that a process shares with no other. Raises OSError."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(kilobytes) for kilobytes in re.findall(r"^Private_\w+:\s+(\d+) kB", text, re.MULTILINE)) / 1024


@dataclass(frozen=True)
class Load:
    """What came of loading a server: requests answered, seconds, its CPU seconds meanwhile."""

    requests: int
    seconds: float
    cpu: float
    p99: float = 0.0
    """Milliseconds; with as many clients as there are here and no pause between requests."""

    @property
    def microseconds(self) -> float:
        """CPU time a request."""
        return 1e6 * self.cpu / self.requests


@dataclass(frozen=True)
class Target:
    """What is asked of a server: of which processes, at which port and path, with which headers."""

    pids: tuple[int, ...]
    port: int
    path: str
    headers: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    """Asked in turns instead of the one path, where there are any."""
    is_https: bool = False

    def load(self, seconds: float) -> Load:
        """Have wrk ask as fast as it is answered, over connections that are kept. Raises Fault where an answer is an error."""
        before = sum(map(cpu_seconds, self.pids))
        said = self._ask(seconds)
        cpu = sum(map(cpu_seconds, self.pids)) - before
        if said["errors"] or not said["requests"]:
            raise Fault(f"{self.path}: {said['errors']} errors in {said['requests']} requests")
        return Load(said["requests"], said["microseconds"] / 1e6, cpu, said["p99"] / 1e3)

    def _ask(self, seconds: float) -> dict[str, int]:
        scheme = "https" if self.is_https else "http"
        asked = [part for header in self.headers for part in ("-H", header)]
        command = [require("wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--timeout", "20s"]
        command = pinned(CLIENT_CORE, [*command, "-s", SCRIPT, *asked, f"{scheme}://127.0.0.1:{self.port}{self.path}"])
        command += ["--", *self.paths] if self.paths else []
        answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if answer.returncode:
            raise Fault(f"wrk failed: {answer.stderr[-300:]}")
        said: dict[str, int] = json.loads(answer.stdout.splitlines()[-1])
        return said


@dataclass(frozen=True)
class Pair:
    """Loads of ours and of a base, taken in turns."""

    ours: list[Load]
    base: list[Load]

    def __add__(self, other: "Pair") -> "Pair":
        """Give the loads of both."""
        return Pair(self.ours + other.ours, self.base + other.base)

    def capacity(self) -> float:
        """Give how many times the requests of the base ours answers in the same CPU time: the median of the rounds."""
        return median(base.microseconds / ours.microseconds for ours, base in zip(self.ours, self.base, strict=True))

    def words(self) -> tuple[str, str]:
        """Say what each took, for the table."""
        return _say(self.ours), _say(self.base)


def _say(loads: Sequence[Load]) -> str:
    rate = median(load.requests / load.seconds for load in loads)
    return f"{median(load.microseconds for load in loads):,.0f} µs, {rate:,.0f}/s"


def take_turns(*sides: Callable[[], Result], rounds: int) -> list[list[Result]]:
    """Call each side in each round, in the other order every second round; gives the results of each side."""
    results: list[list[Result]] = [[] for _side in sides]
    for number in range(rounds):
        order = list(enumerate(sides))
        for place, side in order if number % 2 == 0 else reversed(order):
            results[place].append(side())
    return results


def compare(ours: Target, base: Target, *, rounds: int, seconds: float) -> Pair:
    """Load two servers in turns, after a second that does not count."""
    for target in (ours, base):
        target.load(1)
    return Pair(*take_turns(lambda: ours.load(seconds), lambda: base.load(seconds), rounds=rounds))

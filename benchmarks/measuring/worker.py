"""What a worker holds for itself, and how long ``make serve`` takes to the first page."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from statistics import median

from benchmarks.measuring.answers import ask, read_answer
from benchmarks.measuring.cached import WORKERS
from benchmarks.measuring.figures import Fault, Figure
from benchmarks.measuring.options import Options
from benchmarks.measuring.servers import ROOT, free_port, private_megabytes, require, tree
from benchmarks.measuring.sites import ARTICLE, Site

ENCODINGS = ("", "gzip", "br")


def measure_memory(site: Site, options: Options) -> list[Figure]:
    """Give the memory of the larger of two workers after load, of both kinds."""
    require("wrk")
    figures = []
    for worker in WORKERS:
        with site.served(WORKER_CLASS=worker, WEB_CONCURRENCY="2") as ours, options.timed(f"memory, {worker}"):
            for path in ("/", ARTICLE, "/search/?q=numb"):
                for encoding in ENCODINGS:
                    for _time in range(20):
                        ask(ours.port, path, {"Accept-Encoding": encoding, "Connection": "close"})
            ours.load(options.seconds(5))
            workers = tree(ours.pids[0])[1:]
            if len(workers) != 2:
                raise Fault(f"there are {len(workers)} workers instead of 2")
            largest = max(private_megabytes(pid) for pid in workers)
        figures.append(Figure("memory", f"{largest:.1f} MB", largest, variant=worker))
    return figures


def measure_start(site: Site, options: Options) -> list[Figure]:
    """Give the seconds from the command to the article, with everything installed and the data there."""
    require("make")
    with options.timed("make serve"):
        seconds = [_start(site) for _round in range(options.rounds(5))]
    return [Figure("start", f"{median(seconds):.2f} s", median(seconds))]


def _start(site: Site) -> float:
    port = free_port()
    environment = site.environment(PORT=str(port), LOG_LEVEL="ERROR", MAKEFLAGS="", MAKELEVEL="")
    # With the interpreter of this process: what it has is installed.
    command = ["make", "--silent", "--old-file=.venv/.runtime", f"PY={sys.executable}", "serve"]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    began = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, **quiet) as process:  # type: ignore[call-overload]  # noqa: S603
        try:
            return _wait_for_article(process, port) - began
        finally:
            os.killpg(process.pid, signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=20)


def _wait_for_article(process: "subprocess.Popen[bytes]", port: int) -> float:
    while process.poll() is None:
        with contextlib.suppress(OSError):
            answer = read_answer(ask(port, ARTICLE))
            if answer.status != "200 OK":
                raise Fault(f"the first page was {answer.status}")
            return time.monotonic()
        time.sleep(0.01)
    raise Fault("make serve ended")

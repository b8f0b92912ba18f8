"""What one answer costs with 10, 1,000, 10,000 and 100,000 articles: CPU time of a WSGI call, without the page cache.

Run as ``python benchmarks/scale.py [--json] [SIZES...]``. Each size has a process and a SQLite database of its own, and they are
measured in turn, so that what else the machine does troubles all alike. Articles are made from the shipped one: as many
statements, sections and works; their renderings are short, but for the article that is viewed. The search index is left out
(``benchmarks/search.py``).

Lists are cut into pages, so with 10 articles they show less: they are compared with 1,000, all else with 10.
"""

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SIZES = (10, 1_000, 10_000, 100_000)
ROUNDS = 5
NOT_LISTS = {"article view", "any article", "publish"}
FULL = 1_000
"""With so many articles or more, each page of a list is full."""
MOST = 1.3


def measure(sizes: tuple[int, ...] = SIZES) -> list[dict[str, Any]]:
    """Give for each thing its CPU time at each size (``median``, ``p99`` in ms), and what the largest costs to its base."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    sites = {size: _start(size, folder) for size in sizes}
    times: dict[str, dict[int, list[float]]] = {}
    for _round in range(ROUNDS):
        for size, site in sites.items():
            for name, taken in _ask(site).items():
                times.setdefault(name, {}).setdefault(size, []).extend(taken)
    for site in sites.values():
        site.communicate("stop\n")
    return [_row(name, by_size) for name, by_size in times.items()]


def _start(size: int, folder: str) -> subprocess.Popen[str]:
    """Start a process that has so many articles."""
    Path(folder, str(size)).mkdir()
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": f"{folder}/{size}", "LOG_LEVEL": "ERROR"}
    environment |= {"DJANGO_SETTINGS_MODULE": "neuropathy_site.settings", "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
    command = [sys.executable, str(ROOT / "benchmarks" / "scale_site.py"), str(size)]
    site = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)  # noqa: S603 - our own
    assert site.stdout is not None
    if (said := site.stdout.readline()) != "ready\n":
        raise RuntimeError(f"the site of {size} articles did not start: {said}")
    return site


def _ask(site: "subprocess.Popen[str]") -> dict[str, list[float]]:
    assert site.stdin is not None
    assert site.stdout is not None
    site.stdin.write("go\n")
    site.stdin.flush()
    found: dict[str, list[float]] = json.loads(site.stdout.readline())
    return found


def _row(name: str, by_size: dict[int, list[float]]) -> dict[str, Any]:
    sizes = sorted(by_size)
    base = next((size for size in sizes[:-1] if size >= FULL), sizes[0]) if name not in NOT_LISTS else sizes[0]
    medians = {size: median(taken) for size, taken in by_size.items()}
    return {
        "name": name,
        "median": {str(size): round(medians[size], 2) for size in sizes},
        "p99": {str(size): round(quantiles(by_size[size], n=100, method="inclusive")[98], 2) for size in sizes},
        "base": base,
        "ratio": round(medians[sizes[-1]] / medians[base], 2),
        "most": MOST,
    }


def main(arguments: list[str]) -> int:
    """Measure and print."""
    rows = measure(tuple(int(size) for size in arguments if size.isdigit()) or SIZES)
    if "--json" in arguments:
        print(json.dumps(rows, indent=1))
        return 0
    sizes = list(rows[0]["median"])
    print("CPU ms of one answer (median / p99)".ljust(30) + "".join(f"{int(size):>16,}" for size in sizes) + "   ratio to")
    for row in rows:
        cells = "".join(f"{row['median'][size]:9.2f} /{row['p99'][size]:5.1f}" for size in sizes)
        shorter = row["base"] < FULL and row["name"] not in NOT_LISTS
        print(f"{row['name']:30}{cells}   {row['ratio']:.2f} {row['base']:,}{' (a shorter page)' if shorter else ''}")
    return int(any(row["ratio"] > row["most"] for row in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

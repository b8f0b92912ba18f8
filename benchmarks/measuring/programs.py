"""Benchmarks that are programs of their own: what they print, as figures of the table."""

import json
import re
import subprocess
import sys
from typing import Any

from benchmarks.measuring.figures import Fault, Figure
from benchmarks.measuring.options import Options
from benchmarks.measuring.servers import ROOT
from benchmarks.measuring.sites import Site


def measure_import(site: Site, options: Options) -> list[Figure]:
    """Give the CPU time of importing an article, new and unchanged."""
    with options.timed("import"):
        said = _run(site, "import_content.py", "50" if options.is_quick else "1000")
    return import_figures(said)


def import_figures(said: str) -> list[Figure]:
    """Read what the import's benchmark prints. Raises Fault."""
    found = dict(re.findall(r"(?m)^(new|unchanged): +(-?[\d.]+) ms", said))
    if len(found) != 2:
        raise Fault(f"import_content.py said: {said[-300:]}")
    times = {f"import-{kind}": float(milliseconds) for kind, milliseconds in found.items()}
    return [Figure(key, f"{milliseconds:g} ms", milliseconds) for key, milliseconds in times.items()]


def measure_scale(site: Site, options: Options) -> list[Figure]:
    """Give the ratio of the article view at 100,000 articles to that at 10."""
    with options.timed("scale"):
        said = _run(site, "scale.py", "--json", *(["10", "100"] if options.is_quick else ["10", "1000", "100000"]))
    return scale_figures(json.loads(said))


def scale_figures(rows: list[dict[str, Any]]) -> list[Figure]:
    """Read what the benchmark of scale prints."""
    row = next(row for row in rows if row["name"] == "article view")
    small, *_between, large = row["median"].values()
    return [Figure("scale", f"{large:.2f} ms", large / small, f"{small:.2f} ms")]


def measure_search(site: Site, options: Options) -> list[Figure]:
    """Give the CPU time of searches."""
    with options.timed("search"):
        said = _run(site, "search.py", "--json", "500" if options.is_quick else "100000")
    return search_figures(json.loads(said))


def search_figures(measured: dict[str, Any]) -> list[Figure]:
    """Read what the benchmark of the search prints."""
    times = {kind: measured["milliseconds"][f"1 {kind} word"]["cpu_p99"] for kind in ("common", "rare")}
    return [Figure(f"search-{kind}", f"{milliseconds:g} ms", milliseconds) for kind, milliseconds in times.items()]


def measure_stalled(site: Site, options: Options) -> list[Figure]:
    """Give the slowest answer beside clients that stall, of each kind of stalling."""
    with options.timed("stalled clients"):
        said = _run(site, "stalled.py", "--json", *(["--seconds", "2", "--clients", "8"] if options.is_quick else []))
    return stalled_figures(json.loads(said))


def stalled_figures(measured: dict[str, Any]) -> list[Figure]:
    """Read what the benchmark of stalled clients prints: of each kind the worst."""
    kinds = dict.fromkeys(row["kind"] for row in measured["figures"])
    alone = f"{measured['alone']:.3f} s without any"
    figures = []
    for kind in kinds:
        slowest, clients = max((row["slowest"], row["clients"]) for row in measured["figures"] if row["kind"] == kind)
        figures.append(Figure("stalled", f"{slowest:.3f} s beside {clients}; {alone}", slowest, variant=kind))
    return figures


def _run(site: Site, name: str, *arguments: str) -> str:
    """Run a program of this folder; gives what it printed. It exits with 1 where its own limits are not met. Raises Fault."""
    command = [sys.executable, f"benchmarks/{name}", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=site.environment(), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode not in {0, 1} or not done.stdout:
        raise Fault(f"{name}: {done.stderr[-400:]}")
    return done.stdout

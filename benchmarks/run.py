"""Every figure of the table of limits beside its base, measured in the same run; ``make bench`` runs this.

Run as ``python -m benchmarks.run [PART ...] [--quick]``. Without parts all are measured, and the table goes to
docs/benchmarks.md; with some it is only printed. ``--quick`` tries whether the parts work, and writes nothing. Parts that cannot
run here are named in the table with the reason. Exits 1 when a figure is outside of its limit, and 2 when a part went wrong.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.measuring import cached, peers, programs, proxied, storm, worker
from benchmarks.measuring.figures import Fault, Figure, Skipped, all_met, skipped, write_table
from benchmarks.measuring.options import Options
from benchmarks.measuring.report import find_versions, write_report
from benchmarks.measuring.servers import ROOT
from benchmarks.measuring.sites import Site, prepare

REPORT = ROOT / "docs/benchmarks.md"


class Part(NamedTuple):
    """A part: the keys of its figures, and what measures them."""

    keys: tuple[str, ...]
    measure: Callable[[Site, Options], list[Figure]]


PARTS = {
    "cached": Part(("cached", "unchanged"), cached.measure),
    "nginx": Part(("nginx",), proxied.measure),
    "wagtail": Part(("wagtail", "wagtail-cache", "uncached"), peers.measure),
    "storm": Part(("storm", "storm-errors"), storm.measure),
    "memory": Part(("memory",), worker.measure_memory),
    "import": Part(("import-new", "import-unchanged"), programs.measure_import),
    "scale": Part(("scale",), programs.measure_scale),
    "search": Part(("search-common", "search-rare"), programs.measure_search),
    "start": Part(("start",), worker.measure_start),
    "stalled": Part(("stalled",), programs.measure_stalled),
}


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    options = Options(is_quick=asked.quick)
    figures: list[Figure] = []
    faults: list[str] = []
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        site = prepare(Path(folder))
        for name in asked.parts or PARTS:
            try:
                measured = run(name, site, options)
                figures += measured
                print(*(" | ".join(figure.row()) for figure in measured), sep="\n", file=sys.stderr, flush=True)
            except Fault as fault:
                faults.append(f"{name} went wrong: {fault}")
                print(faults[-1], file=sys.stderr)
    print(write_table(figures), *faults, sep="\n")
    if not (asked.parts or asked.quick or faults):
        REPORT.write_text(write_report(figures, time.monotonic() - began, find_versions()), encoding="utf-8")
        print(f"written to {REPORT.relative_to(ROOT)}")
    return 2 if faults else int(not all_met(figures))


def run(name: str, site: Site, options: Options) -> list[Figure]:
    """Run one part; one that cannot run here gives figures that say so. Raises Fault."""
    part = PARTS[name]
    print(f"{name}:", file=sys.stderr, flush=True)
    try:
        return part.measure(site, options)
    except Skipped as reason:
        print(f"  skipped: {reason}", file=sys.stderr)
        return skipped(part.keys, str(reason))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

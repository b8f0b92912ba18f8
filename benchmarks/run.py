"""Every figure of the table of limits beside its base, measured in the same run; ``make bench`` runs this.

Run as ``python -m benchmarks.run [PART ...] [--quick]``. Without parts all are measured, and the table goes to docs/benchmarks.md;
with some it is only printed. ``--quick`` tries whether the parts work, and writes nothing. Parts that cannot run here are named in
the table with the reason. Exits 1 when a figure is outside of its limit, and 2 when a part went wrong.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.measuring import cached, peers, proxied
from benchmarks.measuring.figures import Figure, Skipped, all_met, skipped, write_table
from benchmarks.measuring.options import Options
from benchmarks.measuring.sites import Site, prepare


class Part(NamedTuple):
    """A part: the keys of its figures, and what measures them."""

    keys: tuple[str, ...]
    measure: Callable[[Site, Options], list[Figure]]


PARTS = {
    "cached": Part(("cached", "unchanged"), cached.measure),
    "nginx": Part(("nginx",), proxied.measure),
    "wagtail": Part(("wagtail", "wagtail-cache", "uncached"), peers.measure),
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
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        site = prepare(Path(folder))
        for name in asked.parts or PARTS:
            figures += run(name, site, options)
    print(write_table(figures))
    return 0 if all_met(figures) else 1


def run(name: str, site: Site, options: Options) -> list[Figure]:
    """Run one part; one that cannot run here gives figures that say so."""
    part = PARTS[name]
    print(f"{name}:", file=sys.stderr, flush=True)
    try:
        return part.measure(site, options)
    except Skipped as reason:
        print(f"  skipped: {reason}", file=sys.stderr)
        return skipped(part.keys, str(reason))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

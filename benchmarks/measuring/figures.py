"""The limits of the figures, what was measured, and the table of both. Nothing in here measures anything."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


class Skipped(Exception):
    """A part cannot run here; says why."""


class Fault(Exception):
    """A part went wrong, so that its figures would mean nothing; says how."""


@dataclass(frozen=True)
class Limit:
    """What a figure must be, and what it is to be; ``is_floor`` tells that more is better."""

    name: str
    must: float
    aim: float | None
    unit: str = ""
    is_floor: bool = False

    def judge(self, value: float) -> str:
        """Say whether a value is within: the aim is met, the limit is, or it is not."""
        if self.aim is not None and self._is_within(value, self.aim):
            return "aim met"
        return "met" if self._is_within(value, self.must) else "**not met**"

    def say(self, bound: float | None) -> str:
        """Write one of the two bounds."""
        return "" if bound is None else f"{'≥' if self.is_floor else '≤'} {bound:g}{self.unit}"

    def _is_within(self, value: float, bound: float) -> bool:
        return value >= bound if self.is_floor else value <= bound


LIMITS = {
    "cached": Limit("cached article / bare gunicorn, capacity", 0.90, 0.97, is_floor=True),
    "unchanged": Limit("304 answer / bare gunicorn 304, capacity", 0.90, 0.97, is_floor=True),
    "nginx": Limit("through nginx proxy_cache / nginx static, capacity", 0.85, 0.95, is_floor=True),
    "wagtail": Limit("cached article / Wagtail 8 default, capacity", 55, 70, is_floor=True),
    "wagtail-cache": Limit("cached article / Wagtail 8 with wagtail-cache, capacity", 2.7, 3.2, is_floor=True),
    "uncached": Limit("uncached article view / Wagtail 8 default, CPU", 0.3, 0.15),
    "storm": Limit("p99 under 10 publishes a second / none", 1.5, 1.2),
    "storm-errors": Limit("errors under 10 publishes a second", 0, 0),
    "memory": Limit("memory of a worker's own, preloaded", 25, 16, " MB"),
    "import-new": Limit("import of 1,000 new articles of 11 KB, CPU each", 30, 22, " ms"),
    "import-unchanged": Limit("import of 1,000 unchanged articles, CPU each", 1, 0.5, " ms"),
    "scale": Limit("article view at 100,000 articles / at 10, CPU", 1.3, 1.05),
    "search-common": Limit("search at 100,000 articles, common word, p99 CPU", 100, 40, " ms"),
    "search-rare": Limit("search at 100,000 articles, rare word, p99 CPU", 5, 3, " ms"),
    "start": Limit("start to first page, warm environment", 3, 1.5, " s"),
    "stalled": Limit("slowest other answer beside stalled clients", 0.5, None, " s"),
}
"""By key. What a ratio of capacities is: CPU time a request of the base, divided by ours."""

COLUMNS = ("figure", "measured", "base", "ratio", "must", "aim", "")


@dataclass(frozen=True)
class Figure:
    """What was measured for one limit.

    ``value`` is what the limit is about, None where it could not be measured (``measured`` then says why). ``measured`` and
    ``base`` are words for the table; ``variant`` tells figures of one limit apart.
    """

    key: str
    measured: str
    value: float | None
    base: str = ""
    variant: str = ""

    def row(self) -> tuple[str, ...]:
        """Give the cells of its row in the table."""
        limit = LIMITS[self.key]
        name = f"{limit.name} ({self.variant})" if self.variant else limit.name
        ratio = f"{self.value:.3g}" if self.value is not None and self.base else ""
        verdict = "skipped" if self.value is None else limit.judge(self.value)
        return name, self.measured, self.base, ratio, limit.say(limit.must), limit.say(limit.aim), verdict


def skipped(keys: Iterable[str], reason: str) -> list[Figure]:
    """Give the figures of a part that could not run, so that the table names them."""
    return [Figure(key, f"skipped: {reason}", None) for key in keys]


def all_met(figures: Iterable[Figure]) -> bool:
    """Whether no measured figure is outside of its limit; those that were skipped do not count."""
    return not any("not" in LIMITS[figure.key].judge(figure.value) for figure in figures if figure.value is not None)


def middle_ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """Give the median of the ratios of values measured in pairs, one after the other: what disturbs a pair disturbs both."""
    return median(one / other for one, other in zip(above, below, strict=True))


def percentile(values: Sequence[float], share: float) -> float:
    """Give the value that this share of ``values`` (0 to 1) does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def write_table(figures: Iterable[Figure]) -> str:
    """Write figures as a Markdown table, in the order of the limits."""
    order = list(LIMITS)
    rows = [figure.row() for figure in sorted(figures, key=lambda figure: order.index(figure.key))]
    lines = [COLUMNS, tuple("---" for _column in COLUMNS), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)

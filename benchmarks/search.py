"""How much CPU time searches take over many articles.

Run as ``python benchmarks/search.py [ARTICLES]`` (100,000 unless said otherwise, which are 1,000,000 entries and take SQLite 6 GB
and some minutes; ``DATABASE_URL`` names an empty PostgreSQL instead). Each article is ten entries, itself and nine sections, each
of some 250 words, with words as unevenly common as they are in texts: "common" is in 31 % of the entries, a rare word in 100 of
them. Each kind of search is asked 300 times, the kinds in turn, with other words each time; the first five of each are not
counted. Of PostgreSQL, CPU time is the asking process's alone, so look at the wall time.

Prints the median and the 99th percentile in milliseconds, or JSON (``--json``). Exits 1 when SQLite takes more CPU time than
is allowed (``MOST``).
"""

import argparse
import atexit
import gc
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path
from statistics import quantiles
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
FOLDER = tempfile.mkdtemp()
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ |= {"DATA_DIR": FOLDER, "DJANGO_SETTINGS_MODULE": "neuropathy_site.settings", "LOG_LEVEL": "ERROR"}

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from articles.models import Article, Publication, Revision, SearchEntry  # noqa: E402
from articles.search import search  # noqa: E402

ROUNDS, WARM = 300, 5
MOST = {"1 common word": 100.0, "1 rare word": 5.0}
"""How many milliseconds of CPU time the slowest of a hundred searches may take."""

SECTIONS, LINES = 10, 18
WORDS = 20_000
WEIGHTS = list(accumulate(1 / (place + 10) for place in range(WORDS)))
RARE, SEEN = 200, 100
"""How many rare words there are, and in how many entries each of them is."""

CHANCE = random.Random(12)  # noqa: S311 - the same words on every run


def make_words(count: int) -> list[str]:
    """Make words that look like words and are all different."""
    parts = [first + second for first in "bcdfghklmnprstv" for second in "aeiou"]
    words: dict[str, None] = {}
    while len(words) < count:
        words["".join(CHANCE.choices(parts, k=CHANCE.randint(2, 4))) + CHANCE.choice("nrkt")] = None
    return list(words)


class Texts:
    """What the entries say: lines are chosen from a store of many, since to make each anew takes longer than to store it."""

    def __init__(self, words: list[str], rare: list[str], entries: int) -> None:
        """Make the store, and choose the entries that have a rare word."""
        drawn = CHANCE.choices(words, cum_weights=WEIGHTS, k=14 * 40_000)
        self._lines = [" ".join(drawn[place : place + 14]) for place in range(0, len(drawn), 14)]
        self._names = [" ".join(CHANCE.choices(words, cum_weights=WEIGHTS, k=4)) for _name in range(20_000)]
        self._rare: dict[int, str] = {}
        for word in rare:
            self._rare |= {CHANCE.randrange(entries): word for _entry in range(SEEN)}
        self._made = 0

    def name(self) -> str:
        """Give a title or heading."""
        return CHANCE.choice(self._names)

    def lines(self) -> list[str]:
        """Give the lines of the next entry."""
        lines = CHANCE.choices(self._lines, k=LINES)
        extra = [word for word, share in (("common", 0.31), ("usual", 0.2)) if CHANCE.random() < share]
        if rare := self._rare.get(self._made):
            extra.append(rare)
        for word in extra:
            lines[CHANCE.randrange(LINES)] += f" {word}"
        self._made += 1
        return lines


def fill(articles: int, texts: Texts) -> None:
    """Store so many articles with their entries."""
    for first in range(0, articles, 500):
        stored = make_articles(range(first, min(first + 500, articles)))
        rows = [row for article in stored for row in make_rows(article, texts)]
        with transaction.atomic():
            SearchEntry.objects.bulk_create(rows, batch_size=500)


def make_articles(numbers: range) -> list[Article]:
    """Store published articles without a text."""
    now = timezone.now()
    same = {"summary": "s", "topic": "T", "topic_slug": "t", "published_at": now, "changed_at": now}
    articles = Article.objects.bulk_create(Article(slug=f"a-{number}", title=f"Article {number}", **same) for number in numbers)
    texts = Revision.objects.bulk_create(
        Revision(article=article, number=1, source="", digest="", created_at=now, created_by_name="x") for article in articles
    )
    publications = Publication.objects.bulk_create(
        Publication(article=text.article, revision=text, number=1, published_at=now, by_name="x") for text in texts
    )
    for article, publication in zip(articles, publications, strict=True):
        article.publication = publication
    Article.objects.bulk_update(articles, ["publication"])
    return articles


def make_rows(article: Article, texts: Texts) -> Iterator[SearchEntry]:
    """Make the entries of an article, not yet stored."""
    title = texts.name()
    for position in range(SECTIONS):
        lines = texts.lines()
        heading = texts.name() if position else ""
        yield SearchEntry(
            kind="section" if position else "article",
            article=article,
            publication=article.publication,
            position=position,
            section_id=f"s{position}" if position else "",
            heading=heading,
            topic="T",
            topic_slug="t",
            lines=[f"{line.capitalize()}." for line in lines],
            title_words="" if position else title,
            heading_words=heading,
            body_words="\n".join(lines),
            context_words=title if position else "",
            version=1,
        )


def measure(articles: int) -> dict[str, Any]:
    """Fill a database and ask; gives what was measured, in milliseconds by kind of search."""
    call_command("migrate", verbosity=0)
    made = make_words(WORDS + RARE)
    words, rare = made[:WORDS], made[WORDS:]
    fill(articles, Texts(words, rare, articles * SECTIONS))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    kinds: dict[str, Callable[[], str]] = {
        "1 common word": lambda: "common",
        "2 common words": lambda: "common usual",
        "1 middling word": lambda: CHANCE.choice(words[50:150]),
        "1 rare word": lambda: CHANCE.choice(rare),
        "common and rare": lambda: f"common {CHANCE.choice(rare)}",
        "some of the words": lambda: f"common usual {CHANCE.choice(rare)} xqzj",
        "phrase": lambda: '"common usual"',
        "beginning of words": lambda: CHANCE.choice(rare)[:3],
        "absent word": lambda: "xqzjw",
    }
    taken: dict[str, list[tuple[float, float]]] = {kind: [] for kind in kinds}
    for number in range(WARM + ROUNDS):
        if number == WARM:
            gc.collect()
            gc.freeze()  # as in the workers of a site
        for kind, make in kinds.items():
            taken[kind].append(ask(make()))
    found = {kind: summarise(times[WARM:]) for kind, times in taken.items()}
    return {"database": connection.vendor, "articles": articles, "entries": articles * SECTIONS, "milliseconds": found}


def ask(typed: str) -> tuple[float, float]:
    """Search; gives the milliseconds of CPU time and by the clock."""
    cpu, wall = time.thread_time(), time.perf_counter()
    search(typed, language="en")
    return 1000 * (time.thread_time() - cpu), 1000 * (time.perf_counter() - wall)


def summarise(times: list[tuple[float, float]]) -> dict[str, float]:
    """Give the median and the 99th percentile of both."""
    result: dict[str, float] = {}
    for name, values in zip(("cpu", "wall"), zip(*times, strict=True), strict=True):
        marks = quantiles(values, n=100)
        result |= {f"{name}_p50": round(marks[49], 2), f"{name}_p99": round(marks[98], 2)}
    return result


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How much CPU time searches take over many articles.")
    parser.add_argument("articles", nargs="?", type=int, default=100_000)
    parser.add_argument("--json", action="store_true", help="print what was measured as JSON")
    asked = parser.parse_args()
    measured = measure(asked.articles)
    found = measured["milliseconds"]
    if asked.json:
        print(json.dumps(measured))
    else:
        print(f"{measured['articles']:,} articles, {measured['entries']:,} entries, on {measured['database']}; milliseconds")
        print(f"{'':20} CPU p50    p99   wall p50    p99")
        for kind, row in found.items():
            print(f"{kind:20} {row['cpu_p50']:7.1f} {row['cpu_p99']:6.1f}    {row['wall_p50']:7.1f} {row['wall_p99']:6.1f}")
    is_slow = any(found[kind]["cpu_p99"] > most for kind, most in MOST.items())
    return int(is_slow and measured["database"] == "sqlite")


if __name__ == "__main__":
    sys.exit(main())

"""How long searches take over many entries, and the ratio of a common word to a rare one, in one run.

Run as ``python benchmarks/search.py [ENTRIES]`` (10,000 unless said otherwise), on a new SQLite database, or with
``DATABASE_URL`` on an empty PostgreSQL. The entries are generated, of some 250 words, with words as unevenly common as they are
in texts: "common" is in 31 % of them. Each kind of search is asked 30 times, the kinds in turn, with other words each time.
Prints the median and the 99th percentile of the wall time in milliseconds, and exits 1 when the median of a common word is above
``MOST`` times that of a rare one.
"""

import atexit
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
FOLDER = tempfile.mkdtemp()
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ |= {"DATA_DIR": FOLDER, "DJANGO_SETTINGS_MODULE": "neuropathy_site.settings", "LOG_LEVEL": "ERROR"}

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from articles.models import Article, Publication, Revision, SearchEntry  # noqa: E402
from articles.search import search  # noqa: E402

ROUNDS = 30
MOST = 10.0
SECTIONS = 10
WORDS = 20_000
WEIGHTS = list(accumulate(1 / (place + 10) for place in range(WORDS)))
CHANCE = random.Random(12)  # noqa: S311 - the same words on every run


def make_words() -> list[str]:
    """Make words that look like words and are all different."""
    parts = [first + second for first in "bcdfghklmnprstv" for second in "aeiou"]
    words: dict[str, None] = {}
    while len(words) < WORDS:
        words["".join(CHANCE.choices(parts, k=CHANCE.randint(2, 4))) + CHANCE.choice("nrkt")] = None
    return list(words)


def choose(words: list[str], count: int) -> str:
    """Give some words, the first ones of the list more often."""
    return " ".join(CHANCE.choices(words, cum_weights=WEIGHTS, k=count))


def fill(entries: int, words: list[str]) -> None:
    """Store so many entries, ten to an article: one of the article itself and nine of its sections."""
    for first in range(0, entries // SECTIONS, 200):
        articles = make_articles(range(first, min(first + 200, entries // SECTIONS)))
        rows = [row for article in articles for row in make_rows(article, words)]
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


def make_rows(article: Article, words: list[str]) -> Iterator[SearchEntry]:
    """Make the entries of an article, not yet stored."""
    title = choose(words, 5)
    for position in range(SECTIONS):
        lines = [choose(words, 14) for _line in range(18)]
        for word, share in (("common", 0.31), ("usual", 0.2)):
            if CHANCE.random() < share:
                lines[CHANCE.randrange(18)] += f" {word}"
        heading = choose(words, 4) if position else ""
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


def main(entries: int) -> int:
    """Measure and print."""
    call_command("migrate", verbosity=0)
    words = make_words()
    fill(entries, words)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    print(f"{entries:,} entries on {connection.vendor}")
    kinds: dict[str, Callable[[], str]] = {
        "1 common word": lambda: "common",
        "2 common words": lambda: "common usual",
        "1 middling word": lambda: CHANCE.choice(words[50:150]),
        "1 rare word": lambda: CHANCE.choice(words[-3000:]),
        "common and rare": lambda: f"common {CHANCE.choice(words[-3000:])}",
        "some of the words": lambda: f"common usual {CHANCE.choice(words[-3000:])} xqzj",
        "phrase": lambda: '"common usual"',
        "beginning of words": lambda: CHANCE.choice(words[-3000:])[:3],
        "absent word": lambda: "xqzjw",
    }
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _round in range(ROUNDS):
        for kind, make in kinds.items():
            typed = make()
            begun = time.perf_counter()
            search(typed, language="en")
            times[kind].append(1000 * (time.perf_counter() - begun))
    for kind, taken in times.items():
        print(f"{kind:20} p50 {median(taken):7.1f} ms   p99 {quantiles(taken, n=100)[98]:7.1f} ms")
    ratio = median(times["1 common word"]) / median(times["1 rare word"])
    print(f"common to rare: {ratio:.1f} (at most {MOST:.0f})")
    return int(ratio > MOST)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))

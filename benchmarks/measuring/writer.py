"""Publishes a new text of the shipped article ten times a second, for so many seconds as each line on standard input says.

The texts are saved and made ready before, and "ready" is printed; what is timed is the publishing. Then it prints how many were
published. Run in the environment of a site, as a program.
"""

import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "neuropathy_site.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from articles import workflow  # noqa: E402
from articles.models import Article  # noqa: E402

SLUG = "effects-of-methyl-b12-on-neuropathy"
A_SECOND = 10
BY = workflow.Actor.command("benchmark")


def publish_for(article: Article, seconds: int, first: int) -> int:
    """Publish new texts; gives how many."""
    base = Article.objects.get(pk=article.pk).latest_revision
    assert base is not None
    made = []
    for number in range(first, first + seconds * A_SECOND):
        text = base.source.partition("\n\nNote ")[0].rstrip("\n")
        source = workflow.check_source(f"{text}\n\nNote {number} [no-citation: about-this-page].\n", "article", article=article)
        made.append((source, workflow.prepare(source)))
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.monotonic()
    for number, (source, prepared) in enumerate(made):
        now = timezone.now()
        base = workflow.save_revision(article=article, source=source, based_on=base, by=BY, now=now)
        assert base is not None
        workflow.publish(article=article, revision=base, by=BY, now=now, prepared=prepared)
        time.sleep(max(0.0, began + (number + 1) / A_SECOND - time.monotonic()))
    return len(made)


def main() -> None:
    """Publish as often as asked."""
    article = Article.objects.get(slug=SLUG)
    first = 1
    for line in iter(sys.stdin.readline, ""):
        published = publish_for(article, int(line), first)
        first += published
        print(published, flush=True)


if __name__ == "__main__":
    main()

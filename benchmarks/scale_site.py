"""A site with so many articles, which measures itself: ``benchmarks/scale.py`` starts one for each size, and tells it when."""

import gc
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402
from django.utils import timezone  # noqa: E402

from articles import workflow  # noqa: E402
from articles.models import Article, Publication  # noqa: E402
from tests.many_articles import fill  # noqa: E402

NAME = "effects-of-methyl-b12-on-neuropathy"
CALLS = {"publish": 4}
"""How often things are done in a round, where it is not ``USUAL``."""
USUAL = 20


def serve(size: int) -> None:
    """Make a site with so many articles, and measure a round at each line that comes in."""
    things = dict(_make_site(size))
    for done in things.values():  # once, to warm up
        done()
    gc.collect()
    gc.freeze()  # as in the workers of a site
    print("ready", flush=True)
    while sys.stdin.readline() == "go\n":
        times: dict[str, list[float]] = {name: [] for name in things}
        for name, do in things.items():
            for _call in range(CALLS.get(name, USUAL)):
                begun = time.process_time()
                do()
                times[name].append(1000 * (time.process_time() - begun))
        print(json.dumps(times), flush=True)


def _make_site(size: int) -> Iterator[tuple[str, Callable[[], None]]]:
    """Make a site with so many articles; gives what is to be measured, by its name."""
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("prepare_database", verbosity=0, stdout=sys.stderr)
    pattern = Article.objects.get(slug=NAME)
    fill(pattern, size, works=max(size // 10, 100), now=timezone.now())
    middle = Publication.objects.get(article__slug=f"a-{size // 200 * 100 + 1}").pk
    application, cookie = get_wsgi_application(), _sign_in()
    numbers = iter(range(10**9))
    paths: dict[str, Callable[[], str]] = {
        "article view": lambda: f"/articles/{NAME}/",
        "any article": lambda: f"/articles/a-{next(numbers) * 7919 % size // 100 * 100 + 1 if size > 100 else 1}/",
        "home": lambda: "/",
        "topics": lambda: "/topics/",
        "topic": lambda: "/topics/balance-and-falls/",
        "topic, far in": lambda: f"/topics/balance-and-falls/?after=a-{size // 200 * 100 + 1}",
        "a to z": lambda: "/articles/",
        "a to z, far in": lambda: f"/articles/?from={'n' if size > 26 else 'b'}",
        "changes": lambda: "/changes/",
        "changes, far in": lambda: f"/changes/?after={middle}",
        "works": lambda: "/references/",
        "one work": lambda: "/references/WORK-3/",
        "words": lambda: "/glossary/",
        "feed": lambda: "/changes/feed/",
        "feed of a topic": lambda: "/topics/balance-and-falls/feed/",
        "sitemap": lambda: "/sitemap.xml",
        "sitemap, first file": lambda: "/sitemap-2.xml",
        "sitemap, last file": lambda: f"/sitemap-{-(-size // 1000) * 2 if size > 1000 else 2}.xml",
        "data: articles": lambda: "/api/v1/articles/",
        "data: statements": lambda: "/api/v1/claims/",
        "data: statements, very sure": lambda: "/api/v1/claims/?certainty=high",
        "data: changes": lambda: "/api/v1/changes/?since=2026-01-01",
        "desk: articles": lambda: "/admin/articles/article/",
        "desk: first page": lambda: "/admin/",
    }
    for name, path in paths.items():
        yield name, _asking(application, path, cookie if name.startswith("desk") else "")
    yield "publish", _publishing(pattern)


def _asking(application: Any, path: Callable[[], str], cookie: str) -> Callable[[], None]:
    """Give what asks for a page once, and sees that it is one."""
    factory = RequestFactory(SERVER_NAME="localhost", HTTP_COOKIE=cookie)

    def ask() -> None:
        said: list[str] = []
        environ = factory.get(path()).environ
        answer = application(environ, lambda status, headers, info=None: said.append(status))
        for _part in answer:
            pass
        answer.close()
        if said[0] != "200 OK":
            raise RuntimeError(f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}: {said[0]}")

    return ask


def _sign_in() -> str:
    """Make an account that may do all; gives the cookie of its session."""
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("boss"))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def _publishing(pattern: Any) -> Callable[[], None]:
    """Give what saves and publishes another text of an article."""
    by, numbers = workflow.Actor.command("import"), iter(range(10**9))

    def publish() -> None:
        article = Article.objects.select_related("published_revision").get(pk=pattern.pk)
        latest = article.published_revision
        assert latest is not None
        title = f"{pattern.title} {next(numbers)}"
        head, rest = latest.source.split("title:", 1)
        text = f"{head}title: {title}\n{rest.partition(chr(10))[2]}"
        source = workflow.check_source(text, article.kind, article=article)
        saved = workflow.save_revision(article=article, source=source, based_on=latest, by=by, now=timezone.now(), note="More.")
        workflow.publish(article=article, revision=saved, by=by, now=timezone.now())

    return publish


if __name__ == "__main__":
    serve(int(sys.argv[1]))

"""Kept pages in real workers: what an act has made anew on each of them, on other hosts too, and when the database is gone."""

import contextlib
import http.client
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from articles import workflow
from articles.forms import FeedbackForm
from articles.models import Article
from articles.page_cache import places
from tests.processes import ROOT, Served, environment, free_port, redis, running, served, wait_until
from tests.support import IMPORT, TEXT, edit, make_article, make_evidence, publish

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

PATH = "/articles/b12/"
ARTICLES, TOPICS = 180, 30
SECOND = 1.0


@pytest.fixture(scope="session")
def static_files() -> Path:
    """Collect the style sheets once: only a site for readers keeps pages, and that serves collected files."""
    values = os.environ | {"DJANGO_SETTINGS_MODULE": "neuropathy_site.settings", "DATA_DIR": str(settings.DATA_DIR)}
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=ROOT, env=values, check=True)
    return Path(settings.STATIC_ROOT)


@contextlib.contextmanager
def for_readers(log: Path, **variables: str) -> Iterator[Served]:
    """Serve the site as readers get it."""
    usual = {"DEBUG": "false", "LOG_LEVEL": "DEBUG", "WORKER_CLASS": "gthread", "SCHEDULER": "false"}
    with served(log, **usual | variables) as site:
        yield site


def ask(port: int, path: str = PATH) -> tuple[int, str, str]:
    """Ask on a connection of its own; gives the status, what the cache says, and the words."""
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    wire.request("GET", path)
    answer = wire.getresponse()
    found = answer.status, answer.getheader("Cache-Status", ""), answer.read().decode()
    wire.close()
    return found


def misses(site: Served) -> set[tuple[str, str]]:
    """Give which process had to make which page, by the log."""
    lines = [line.partition("] miss ") for line in site.said() if "] miss " in line]
    return {(before.rpartition("[")[2], path) for before, _miss, path in lines}


def test_a_publication_has_its_pages_made_anew_on_each_worker_and_no_other(tmp_path: Path, static_files: Path) -> None:
    make_evidence()
    for number in range(ARTICLES):
        text = TEXT.replace("Vitamin B12 and", f"Number {number} and").replace(
            "topic: Vitamin B12", f"topic: Topic {number % TOPICS}"
        )
        make_article(f"n{number}", text)
    paths = [f"/articles/n{number}/" for number in range(ARTICLES)]
    paths += [f"/topics/topic-{number}/" for number in range(13)]
    paths += ["/", "/topics/", "/articles/", "/changes/", "/changes/feed/", "/glossary/", "/references/"]
    assert len(paths) == 200
    with for_readers(tmp_path / "log") as site:
        wait_until(lambda: len(site.workers()) == 2, "both workers are there")
        pids = [str(pid) for pid in site.workers()]
        wanted = {(pid, path) for pid in pids for path in paths}
        for _round in range(60):
            for path in {path for _pid, path in wanted - misses(site)}:
                assert ask(site.port, path)[0] == 200
            if misses(site) >= wanted:
                break
        assert misses(site) == wanted, "each worker has each page"
        site.log.write_text("")
        article = Article.objects.get(slug="n7")
        edit(
            article, TEXT.replace("Vitamin B12 and", "Number 7 and").replace("topic: Vitamin B12", "topic: Topic 7") + "\nAnd?\n"
        )
        publish(article)
        shown = {"/articles/n7/", "/topics/topic-7/", "/", "/topics/", "/articles/", "/changes/", "/changes/feed/"}
        made_anew = {(pid, path) for pid in pids for path in shown}
        answers = []
        for round_ in range(60):  # which worker answers is chance
            answers += [(path, *ask(site.port, path)[:2]) for path in paths]
            if round_ >= 5 and misses(site) >= made_anew:
                break
    assert misses(site) == made_anew
    assert {path for path, _status, said in answers if said != "pages; hit"} == shown
    assert {status for _path, status, _said in answers} == {200}


@pytest.mark.parametrize("worker_class", ["gevent", "gthread"])
def test_a_withdrawn_article_is_shown_by_no_worker_any_more(tmp_path: Path, static_files: Path, worker_class: str) -> None:
    make_evidence()
    article = make_article()
    with for_readers(tmp_path / "log", WORKER_CLASS=worker_class) as site:
        wait_until(lambda: ask(site.port)[0] == 200 and len(misses(site)) == 2, "both have it")
        for _round in range(5):
            workflow.withdraw(article=article, reason="Old.", by=IMPORT, now=timezone.now())
            assert {ask(site.port)[0] for _ in range(10)} == {410}
            workflow.bring_back(article=article, note="Right.", by=IMPORT, now=timezone.now())
            assert {ask(site.port)[0] for _ in range(10)} == {200}


@pytest.mark.parametrize("has_redis", [False, True])
def test_two_hosts_on_one_database_follow_each_other_within_a_second(tmp_path: Path, static_files: Path, has_redis: bool) -> None:
    make_evidence()
    article = make_article()
    other = tmp_path / "other"
    other.mkdir()
    shutil.copytree(static_files, other / "static")
    port = free_port()
    url = {"CACHE_URL": f"redis://127.0.0.1:{port}/0"} if has_redis else {}
    hosts = for_readers(tmp_path / "a", **url), for_readers(tmp_path / "b", DATA_DIR=str(other), **url)
    commands = ["manage.py", "publish_scheduled", "--forever", "--every", "0.5"]
    scheduler = running(*commands, env=environment(**url))
    with redis(tmp_path, port) if has_redis else contextlib.nullcontext(), hosts[0] as one, hosts[1] as two, scheduler:

        def crosses(status: int, words: str) -> None:
            """See that all workers of both hosts show something within a second."""
            for site in (one, two):
                end = time.monotonic() + SECOND
                while any(found[0] != status or words not in found[2] for found in [ask(site.port) for _ in range(6)]):
                    assert time.monotonic() < end, (site.port, status, words)

        for site in (one, two):
            wait_until(lambda site=site: ask(site.port) and len(misses(site)) == 2, "both of its workers have it")  # type: ignore[misc]
        edit(article, TEXT.replace("People were asked", "People were told"))
        publish(article)
        crosses(200, "People were told")
        workflow.withdraw(article=article, reason="It was old.", by=IMPORT, now=timezone.now())
        crosses(410, "It was old.")
        workflow.bring_back(article=article, note="Right.", by=IMPORT, now=timezone.now())
        crosses(200, "People were told")
        revision = edit(article, TEXT.replace("People were asked", "People were heard"))
        due = timezone.now() + timedelta(seconds=1)
        workflow.schedule(revision=revision, publish_at=due, by=IMPORT, now=timezone.now())
        wait_until(lambda: Article.objects.get(pk=article.pk).published_revision_id == revision.pk, "its time has come")
        crosses(200, "People were heard")
        workflow.withdraw(
            article=article,
            reason="Its time is over.",
            by=IMPORT,
            now=timezone.now(),
            due_at=timezone.now() + timedelta(seconds=1),
        )
        wait_until(lambda: Article.objects.get(pk=article.pk).withdrawn_at, "its time is over")
        crosses(410, "Its time is over.")


@contextlib.contextmanager
def database_that_goes(folder: Path) -> Iterator[tuple[str, contextlib.AbstractContextManager[None]]]:
    """Give the address of a database of its own, a copy of the test's, and what takes it away for a while."""
    if connection.vendor == "sqlite":
        there, away = folder / "there", folder / "away"
        there.mkdir()
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM INTO '{there / 'site.sqlite3'}'")

        @contextlib.contextmanager
        def gone() -> Iterator[None]:
            there.rename(away)
            yield
            away.rename(there)

        yield f"sqlite:///{there / 'site.sqlite3'}", gone()
        return
    name = str(connection.settings_dict["NAME"])

    def order(sql: str) -> None:
        with connections["default"]._nodb_cursor() as cursor:
            cursor.execute(sql)

    @contextlib.contextmanager
    def cut_off() -> Iterator[None]:
        connection.close()
        order(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        order(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        yield
        order(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')

    yield environment()["DATABASE_URL"], cut_off()


@pytest.mark.parametrize("worker_class", ["gevent", "gthread"])
def test_readers_go_on_reading_while_the_database_is_gone(tmp_path: Path, static_files: Path, worker_class: str) -> None:
    make_evidence()
    make_article()
    with database_that_goes(tmp_path) as (url, gone):
        site_there = for_readers(tmp_path / "log", DATABASE_URL=url, WEB_CONCURRENCY="1", WORKER_CLASS=worker_class)
        with site_there as site:
            _status, _said, words = ask(site.port)
            with gone:
                for _round in range(30):
                    assert ask(site.port)[::2] == (200, words)
                    status, said, sorry = ask(site.port, "/topics/")
                    assert (status, said) == (503, "pages; fwd=uri-miss")
                    assert "We cannot reach our records just now" in sorry
                    assert "data-disclaimer" in sorry, "help to talk to a doctor is in view"
                    time.sleep(0.1)
                if connection.vendor == "postgresql":
                    assert ask(site.port)[1] == "pages; hit; detail=unchecked"
                    assert "the database does not answer" in site.log.read_text()
            wait_until(lambda: ask(site.port)[1] == "pages; hit", "it is back")
            wait_until(lambda: ask(site.port, "/topics/")[0] == 200, "all is back")


@contextlib.contextmanager
def locked() -> Iterator[None]:
    """Have everybody wait who wants to send something."""
    if connection.vendor == "sqlite":
        with contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            yield
        return
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("LOCK TABLE articles_feedback IN ACCESS EXCLUSIVE MODE")
        yield
    finally:
        other.close()


def test_readers_go_on_reading_while_all_that_is_sent_waits(tmp_path: Path, static_files: Path) -> None:
    make_evidence()
    stamp = FeedbackForm(make_article(), now=timezone.now() - timedelta(seconds=30)).stamp_to_show
    answers: list[tuple[int, str]] = []

    def send(port: int) -> None:
        said = urlencode({"is_helpful": "no", "comment": "Nobody has to write this again.", "stamp": stamp})
        wire = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        own = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        wire.request("POST", f"{PATH}feedback/", said, {**own, "Origin": f"http://127.0.0.1:{port}"})
        answer = wire.getresponse()
        answers.append((answer.status, answer.read().decode()))
        wire.close()

    with for_readers(tmp_path / "log", WEB_CONCURRENCY="1") as site:
        assert ask(site.port)[0] == 200
        with locked():
            senders = [threading.Thread(target=send, args=(site.port,)) for _number in range(12)]
            for sender in senders:
                sender.start()
            slowest, end = 0.0, time.monotonic() + 2.5
            while time.monotonic() < end:
                start = time.monotonic()
                assert ask(site.port)[:2] == (200, "pages; hit")
                slowest = max(slowest, time.monotonic() - start)
                assert ask(site.port, "/healthz")[0] == 200
        for sender in senders:
            sender.join()
        assert ask(site.port, f"{PATH}feedback/")[0] == 200
    assert slowest < 3 * places.PATIENCE, "who has no place goes before long"
    turned_away = [text for status, text in answers if status == 503]
    assert len(turned_away) >= 6
    assert all("Nobody has to write this again." in text for text in turned_away)

"""``manage.py publish_scheduled``: by hand, from several processes at once, and going on for ever."""

import signal
import subprocess
import time
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles import workflow
from articles.models import Article, AuditEvent, Lease, Publication, Reference, Revision, RevisionState
from tests.processes import environment, running, wait_until
from tests.support import IMPORT, TEXT, make_article, make_evidence

COMMAND = ("manage.py", "publish_scheduled")
FOREVER = (*COMMAND, "--forever", "--every", "0.4")
committed = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def schedule(slug: str, *, is_due: bool = True) -> Article:
    """Make an article that is scheduled, and let its time come unless said otherwise."""
    article = make_article(slug, TEXT.replace("Vitamin B12 and your nerves", f"On {slug}"), is_published=False)
    now = timezone.now()
    assert article.draft_revision
    workflow.schedule(revision=article.draft_revision, publish_at=now + timedelta(hours=1), by=IMPORT, now=now)
    if is_due:
        make_due(article)
    return article


def make_due(article: Article) -> None:
    RevisionState.objects.filter(article=article).update(publish_at=timezone.now() - timedelta(days=3))


def is_public(article: Article) -> bool:
    return Article.objects.published().filter(pk=article.pk).exists()


@pytest.mark.django_db
def test_what_is_due_is_published_and_withdrawn_however_late(capsys: pytest.CaptureFixture[str]) -> None:
    make_evidence()
    late, later = schedule("late"), schedule("later", is_due=False)
    gone, now = make_article("gone"), timezone.now()
    plan = workflow.withdraw(article=gone, reason="Old.", by=IMPORT, now=now, due_at=now + timedelta(hours=1))
    type(plan).objects.update(due_at=now - timedelta(days=1))
    call_command("publish_scheduled")
    said = capsys.readouterr()
    assert said.out == "published: On late (/articles/late/)\nwithdrawn: Vitamin B12 and your nerves (/articles/gone/)\n"
    assert [is_public(article) for article in (late, later, gone)] == [True, False, False]
    call_command("publish_scheduled")
    assert capsys.readouterr() == ("", "")


@pytest.mark.django_db
def test_one_that_cannot_be_published_does_not_stop_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    make_evidence()
    first, broken = schedule("first"), schedule("broken")
    last = schedule("last")
    text = TEXT.replace("PEOPLE-2020", "LOST-1999")
    revision = Revision.objects.create(
        article=broken, number=9, source=text, digest="x", created_at=timezone.now(), created_by_name="Erin"
    )
    RevisionState.objects.filter(article=broken).update(revision=revision)
    Article.objects.filter(pk=broken.pk).update(draft_revision=revision)
    with pytest.raises(CommandError, match="^1 text could not be published"):
        call_command("publish_scheduled")
    said = capsys.readouterr()
    assert "not published: On broken" in said.err
    assert "LOST-1999" in said.err
    assert is_public(first)
    assert is_public(last)
    assert Reference.objects.count() == 2
    call_command("publish_scheduled")  # it left the schedule, with the reason


@pytest.mark.django_db
def test_a_failure_that_nobody_foresaw_is_logged_and_tried_again(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    make_evidence()
    odd, last = schedule("odd"), schedule("last")
    revision = Revision.objects.create(
        article=odd, number=9, source=TEXT, digest="of another text", created_at=timezone.now(), created_by_name="Erin"
    )
    RevisionState.objects.filter(article=odd).update(revision=revision)
    Article.objects.filter(pk=odd.pk).update(draft_revision=revision)
    for _run in range(2):
        with pytest.raises(CommandError):
            call_command("publish_scheduled")
        assert "prepared from another text" in capsys.readouterr().err
    assert "is tried again" in caplog.text
    assert is_public(last)


@committed
def test_two_processes_at_once_publish_each_text_once() -> None:
    make_evidence()
    articles = [schedule(f"text-{number}") for number in range(8)]
    with running(*COMMAND) as one, running(*COMMAND) as other:
        said = [process.communicate(timeout=60)[0] for process in (one, other)]
    call_command("publish_scheduled")  # what found the database busy is tried again
    assert all(is_public(article) for article in articles), said
    assert Publication.objects.count() == len(articles)
    assert AuditEvent.objects.filter(act="publish").count() == len(articles)
    assert "".join(said).count("published: ") >= 1


def holder() -> str:
    lease = Lease.objects.first()
    return lease.holder if lease else ""


def pid_of(process: "subprocess.Popen[str]") -> str:
    return f" {process.pid} "


@committed
def test_one_works_while_another_waits_and_takes_over_when_it_is_killed() -> None:
    make_evidence()
    late = schedule("late")
    with running(*FOREVER) as first:
        wait_until(lambda: pid_of(first) in holder(), "the first process takes the work")
        with running(*FOREVER) as second:
            wait_until(lambda: is_public(late), "what was due before it began is caught up on")
            time.sleep(1)
            assert second.poll() is None
            assert pid_of(first) in holder(), "the second waits"
            first.kill()
            wait_until(lambda: pid_of(second) in holder(), "the second takes over")
            soon = schedule("soon")
            wait_until(lambda: is_public(soon), "the second publishes")
            second.terminate()
            said, _none = second.communicate(timeout=10)
    assert second.returncode == 0, said
    assert said == "published: On soon (/articles/soon/)\n"
    assert not Lease.objects.exists(), "what is stopped gives the work back"


@committed
@pytest.mark.parametrize("way", ["SIGTERM", "SIGINT", "end of input"])
def test_it_stops_at_once_and_quietly(way: str) -> None:
    with running(*COMMAND, "--forever", "--until-eof", stdin=subprocess.PIPE) as process:
        wait_until(holder, "it takes the work")
        begun = time.monotonic()
        if way == "end of input":
            assert process.stdin
            process.stdin.close()
        else:
            process.send_signal(getattr(signal, way))
        assert process.wait(timeout=5) == 0
        assert time.monotonic() - begun < 2
        assert process.stdout
        assert process.stdout.read() == ""
    assert not Lease.objects.exists()


@pytest.mark.parametrize("every", ["0", "-1", "nan", "soon", "3601"])
def test_odd_seconds_are_refused(every: str) -> None:
    with pytest.raises(CommandError, match="no number of seconds"):
        call_command("publish_scheduled", "--forever", "--every", every)


def test_lost_database_is_met_again() -> None:
    """A database that is not there is a line in the log, and no end."""
    with running(*FOREVER, env=environment(DATABASE_URL="postgres://site@127.0.0.1:1/nothing")) as process:
        assert process.stdout
        for _beat in range(2):
            assert "publish_scheduled tries again: " in process.stdout.readline()
        process.terminate()
        assert process.wait(timeout=5) == 0
        assert "Traceback" not in process.stdout.read()

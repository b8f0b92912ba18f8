"""Saving: revisions, conflicts, addresses, and what a change may be called."""

import threading

import pytest
from django.db import IntegrityError, connection

from articles import workflow
from articles.models import Article, AuditEvent, FormerSlug, Revision, RevisionState
from tests.support import IMPORT, NOW, TEXT, checked, edit, make_article, make_evidence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def evidence() -> None:
    make_evidence()


def test_a_new_article_is_a_draft_that_readers_do_not_see() -> None:
    article = make_article(is_published=False)
    assert article.draft_revision is not None
    assert article.draft_revision.number == 1
    assert article.draft_revision.source == TEXT
    assert article.open_state.status == RevisionState.Status.DRAFT
    assert not Article.objects.published().exists()
    assert list(AuditEvent.objects.values_list("act", "actor_name")) == [("save", "system: import")]


def test_saving_the_same_text_saves_nothing() -> None:
    article = make_article()
    assert edit(article, TEXT) == article.published_revision
    assert Revision.objects.count() == 1


def test_a_save_on_an_outdated_revision_is_refused_and_names_the_newer_one() -> None:
    article = make_article()
    first = article.published_revision
    newer = edit(article, TEXT + "\nOne [@PEOPLE-2020].\n")
    with pytest.raises(workflow.ConflictError) as caught:
        workflow.save_revision(
            article=article, source=checked(TEXT + "\nTwo [@PEOPLE-2020].\n"), based_on=first, by=IMPORT, now=NOW
        )
    assert caught.value.latest == newer
    assert Revision.objects.count() == 2


def test_an_address_is_used_once() -> None:
    make_article()
    with pytest.raises(IntegrityError):
        make_article()


def test_a_new_address_keeps_the_old_one() -> None:
    article = make_article()
    workflow.rename(article=article, slug="vitamin-b12", by=IMPORT, now=NOW)
    article.refresh_from_db()
    assert article.slug == "vitamin-b12"
    assert FormerSlug.objects.get().slug == "b12"
    workflow.rename(article=article, slug="b12", by=IMPORT, now=NOW)
    assert FormerSlug.objects.get().slug == "vitamin-b12"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_saves_at_once_make_one_revision_and_one_conflict() -> None:
    article = make_article()
    based_on = article.published_revision
    barrier = threading.Barrier(2)
    results: list[str] = []

    def save(word: str) -> None:
        source = checked(f"{TEXT}\n{word} [@PEOPLE-2020].\n")
        barrier.wait()
        try:
            workflow.save_revision(article=article, source=source, based_on=based_on, by=IMPORT, now=NOW)
            results.append("saved")
        except workflow.ConflictError:
            results.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[word]) for word in ("One", "Two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["conflict", "saved"]
    assert list(Revision.objects.values_list("number", flat=True)) == [2, 1]

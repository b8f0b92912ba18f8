"""Every act: what it changes, who may do it, and what stops it."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection

from articles import workflow
from articles.models import Article, AuditEvent, FormerSlug, Publication, Reference, Rendering, Revision, RevisionState
from articles.text.problems import SourceError
from articles.text.render import RENDERER_VERSION
from tests.support import IMPORT, NOW, TEXT, checked, edit, make_article, make_evidence, make_user, publish

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


def test_publishing_moves_the_pointer_and_closes_the_draft() -> None:
    article = make_article()
    assert article.published_revision == article.revisions.get()
    assert article.draft_revision is None
    assert not RevisionState.objects.exists()
    assert (article.published_at, article.changed_at) == (NOW, NOW)
    assert Publication.objects.get().number == 1
    event = AuditEvent.objects.get(act="publish")
    assert (event.from_revision, event.to_revision) == (None, article.published_revision)


def test_a_draft_of_a_published_article_changes_nothing_readers_see() -> None:
    article = make_article()
    edit(article, TEXT.replace("Vitamin B12 and your nerves", "Another title"))
    article.refresh_from_db()
    assert article.title == "Vitamin B12 and your nerves"
    assert article.published_revision is not None
    assert article.published_revision.number == 1
    publish(article, now=NOW + timedelta(days=2))
    article.refresh_from_db()
    assert article.title == "Another title"
    assert (article.published_at, article.changed_at) == (NOW, NOW + timedelta(days=2))
    assert list(Publication.objects.values_list("number", "revision__number")) == [(2, 2), (1, 1)]


def test_saving_the_same_text_saves_nothing() -> None:
    article = make_article()
    assert edit(article, TEXT) == article.published_revision
    assert Revision.objects.count() == 1


def test_publishing_what_is_published_changes_nothing() -> None:
    article = make_article()
    publish(article)
    assert Publication.objects.count() == 1


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


def test_only_the_latest_revision_of_the_same_article_is_published() -> None:
    article = make_article()
    other = make_article("other")
    old = article.published_revision
    assert old is not None
    edit(article, TEXT + "\nOne [@PEOPLE-2020].\n")
    with pytest.raises(workflow.ConflictError):
        workflow.publish(article=article, revision=old, by=IMPORT, now=NOW)
    with pytest.raises(ValueError, match="is not a revision of"):
        workflow.publish(article=other, revision=old, by=IMPORT, now=NOW)


@pytest.mark.parametrize(
    ("groups", "may"),
    [
        (["Editors"], {"save"}),
        (["Publishers"], {"publish"}),
        (["Reviewers"], set()),
        ([], set()),
        (["Editors", "Publishers"], {"save", "publish"}),
    ],
)
def test_rights_follow_from_the_act(groups: list[str], may: set[str]) -> None:
    article = make_article()
    edit(article, TEXT + "\nDraft [@PEOPLE-2020].\n")
    by = workflow.Actor.person(make_user(*groups))
    acts: dict[str, Any] = {"publish": publish, "save": lambda row, by: edit(row, TEXT + "\nMore [@PEOPLE-2020].\n", by)}
    for name, act in acts.items():
        if name in may:
            act(article, by=by)
        else:
            with pytest.raises(PermissionDenied, match="Your account may not do this"):
                act(article, by=by)


def test_a_work_that_is_gone_stops_publishing() -> None:
    article = make_article(is_published=False)
    Reference.objects.get(key="RATS-1994").delete()
    with pytest.raises(SourceError, match="the work `RATS-1994` is not known"):
        publish(article)
    assert not Article.objects.published().exists()
    assert not Rendering.objects.exists()


def test_an_article_keeps_its_language() -> None:
    article = make_article()
    with pytest.raises(SourceError, match="`language` changed from en to es"):
        checked(TEXT.replace("topic:", "language: es\ntopic:"), article=article)


def test_an_account_that_goes_away_leaves_its_name() -> None:
    user = make_user("Editors", "Publishers", username="edith")
    article = workflow.create_article(slug="b12", source=checked(), by=workflow.Actor.person(user), now=NOW)
    publish(article, by=workflow.Actor.person(user))
    user.delete()
    revision = Revision.objects.get()
    assert (revision.created_by, revision.created_by_name) == (None, "edith")
    assert Publication.objects.get().by_name == "edith"


def test_a_new_address_keeps_the_old_one() -> None:
    article = make_article()
    workflow.rename(article=article, slug="vitamin-b12", by=IMPORT, now=NOW)
    article.refresh_from_db()
    assert article.slug == "vitamin-b12"
    assert FormerSlug.objects.get().slug == "b12"
    workflow.rename(article=article, slug="b12", by=IMPORT, now=NOW)
    assert FormerSlug.objects.get().slug == "vitamin-b12"


def test_former_addresses_of_the_text_lead_to_the_article_from_publishing_on() -> None:
    text = TEXT.replace("topic:", "former_slugs: [old-b12]\ntopic:")
    article = make_article(text=text, is_published=False)
    assert not FormerSlug.objects.exists()
    publish(article)
    assert FormerSlug.objects.get().article == article


def test_a_former_address_in_use_is_refused() -> None:
    make_article("other")
    with pytest.raises(SourceError, match="the former address `other` is in use by “Vitamin B12 and your nerves”"):
        checked(TEXT.replace("topic:", "former_slugs: [other]\ntopic:"))


def test_an_address_is_used_once() -> None:
    make_article()
    with pytest.raises(IntegrityError):
        make_article()


def test_a_changed_work_remakes_the_pages_that_cite_it_and_no_others() -> None:
    make_article()
    make_article("about", "---\ntitle: About\nsummary: Who.\n---\n\n## Who {#who}\n\nWe.\n", "page")
    Reference.objects.filter(key="RATS-1994").update(populations=["mice"])
    assert workflow.take_in_changed_sources(["RATS-1994"], by=IMPORT, now=NOW) == 1
    rendering = Rendering.objects.get(publication__number=2)
    assert "studied in mice, not people" in rendering.sections[1]["html"]
    assert "rats, not people" not in str(rendering.sections)


def test_pages_of_an_older_renderer_are_remade_once() -> None:
    make_article()
    Rendering.objects.update(renderer_version=RENDERER_VERSION - 1, summary="")
    assert workflow.remake_stale_renderings() == 1
    assert workflow.remake_stale_renderings() == 0
    assert Rendering.objects.get().summary == "Your nerves need vitamin B12."


def test_a_preview_stores_nothing() -> None:
    article = make_article()
    shown, prepared = workflow.preview(checked(TEXT.replace("your nerves", "nerves")), article)
    assert shown.title == "Vitamin B12 and nerves"
    assert "studied in rats, not people" in prepared.rendering.key_message
    assert (Revision.objects.count(), Rendering.objects.count()) == (1, 1)


def test_a_faulty_body_can_be_previewed() -> None:
    assert "studied in rats, not people" in workflow.preview_body("## A\n\nIn rats [@RATS-1994].\n\n!!! nonsense\n")
    assert workflow.preview_body("[" * 10_000) == ""


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


def test_publishing_refuses_a_statement_without_a_source() -> None:
    article = make_article(text=TEXT.replace(" injected [@RATS-1994].", " injected."), is_published=False)
    with pytest.raises(SourceError, match="23: a sentence without a source: “The rats were injected.”"):
        publish(article)
    assert not Article.objects.published().exists()


def test_publishing_refuses_more_certainty_than_the_works_carry() -> None:
    text = TEXT.replace("certainty=very-low", "certainty=low").replace(" People were asked [@PEOPLE-2020].", "")
    with pytest.raises(SourceError, match="low certainty on works that carry very low certainty at most; certainty=very-low"):
        make_article(text=text)


def test_publishing_refuses_a_withdrawn_work() -> None:
    Reference.objects.filter(key="PEOPLE-2020").update(retracted_on=NOW.date())
    with pytest.raises(SourceError, match="PEOPLE-2020 was withdrawn by its journal on 2026-11-22"):
        make_article()

"""Publishing: what readers see from then on, what is kept of it, and what stops it."""

from datetime import timedelta

import pytest

from articles import workflow
from articles.models import Article, AuditEvent, FormerSlug, Publication, Reference, Rendering, RevisionState
from articles.text.problems import SourceError
from articles.text.render import RENDERER_VERSION
from tests.support import IMPORT, NOW, TEXT, edit, make_article, make_evidence, publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def evidence() -> None:
    make_evidence()


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


def test_publishing_what_is_published_changes_nothing() -> None:
    article = make_article()
    publish(article)
    assert Publication.objects.count() == 1


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


def test_a_work_that_is_gone_stops_publishing() -> None:
    article = make_article(is_published=False)
    Reference.objects.get(key="RATS-1994").delete()
    with pytest.raises(SourceError, match="the work `RATS-1994` is not known"):
        publish(article)
    assert not Article.objects.published().exists()
    assert not Rendering.objects.exists()


def test_former_addresses_of_the_text_lead_to_the_article_from_publishing_on() -> None:
    text = TEXT.replace("topic:", "former_slugs: [old-b12]\ntopic:")
    article = make_article(text=text, is_published=False)
    assert not FormerSlug.objects.exists()
    publish(article)
    assert FormerSlug.objects.get().article == article


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

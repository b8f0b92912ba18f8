"""An earlier text becomes the draft again."""

import pytest
from django.core.exceptions import PermissionDenied

from articles import workflow
from articles.models import Article, AuditEvent, Reference, Revision, RevisionState
from articles.text.problems import SourceError
from tests.support import IMPORT, NOW, TEXT, edit, make_article, make_evidence, make_user, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    """An article with two publications and a draft."""
    make_evidence()
    article = make_article()
    edit(article, f"{TEXT}\nOne [@PEOPLE-2020].\n")
    publish(article)
    edit(article, f"{TEXT}\nTwo [@PEOPLE-2020].\n")
    article.refresh_from_db()
    return article


def restore(article: Article, number: int, by: workflow.Actor = IMPORT) -> Revision:
    return workflow.restore_revision(
        article=article,
        revision=article.revisions.get(number=number),
        based_on=article.latest_revision,
        by=by,
        now=NOW,
    )


def test_an_earlier_text_is_saved_as_a_new_draft(article: Article) -> None:
    before = article.latest_revision
    edda = workflow.Actor.person(make_user("Editors", username="edda"))
    made = restore(article, 1, edda)
    article.refresh_from_db()
    assert (made.number, made.source, made.based_on, made.note) == (4, TEXT, before, "Restored revision 1.")
    assert article.draft_revision == made
    assert article.published_revision == article.revisions.get(number=2)
    assert RevisionState.objects.get(article=article).status == "draft"
    event = AuditEvent.objects.filter(actor_name="edda").get()
    assert (event.act, event.from_revision, event.to_revision, event.detail) == ("save", before, made, "Restored revision 1.")


@pytest.mark.parametrize("groups", [["Reviewers"], ["Publishers"], []], ids="+".join)
def test_nobody_but_editors_restores(groups: list[str], article: Article) -> None:
    with pytest.raises(PermissionDenied, match="change article"):
        restore(article, 1, workflow.Actor.person(make_user(*groups)))
    assert article.revisions.count() == 3


def test_a_text_that_no_longer_passes_is_refused_with_all_its_problems(article: Article) -> None:
    Reference.objects.filter(key="PEOPLE-2020").update(key="OTHER-2020")
    Reference.objects.filter(key="RATS-1994").update(key="MICE-1994")
    with pytest.raises(SourceError) as refused:
        restore(article, 1)
    assert len(refused.value.problems) > 2
    assert "PEOPLE-2020" in str(refused.value)
    assert "RATS-1994" in str(refused.value)
    assert article.revisions.count() == 3


def test_a_text_that_somebody_saved_meanwhile_is_not_passed_over(article: Article) -> None:
    edit(article, f"{TEXT}\nThree [@PEOPLE-2020].\n")
    with pytest.raises(workflow.ConflictError) as conflict:
        workflow.restore_revision(
            article=article,
            revision=article.revisions.get(number=1),
            based_on=article.revisions.get(number=3),
            by=IMPORT,
            now=NOW,
        )
    assert conflict.value.latest == article.revisions.get(number=4)
    assert article.revisions.count() == 4


def test_the_latest_text_cannot_be_restored(article: Article) -> None:
    with pytest.raises(ValueError, match="The latest text is the same"):
        restore(article, 3)
    restore(article, 1)
    article.refresh_from_db()
    with pytest.raises(ValueError, match="The latest text is the same"):
        restore(article, 1)


def test_another_articles_text_is_not_taken(article: Article) -> None:
    other = make_article("other")
    with pytest.raises(ValueError, match="not a revision of"):
        workflow.restore_revision(
            article=article, revision=other.revisions.get(), based_on=article.latest_revision, by=IMPORT, now=NOW
        )


def test_an_approval_of_the_old_text_is_none_of_the_restored_one(article: Article) -> None:
    publish(article)
    made = restore(Article.objects.get(pk=article.pk), 1)
    assert workflow.find_approval(made) is None

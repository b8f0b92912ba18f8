"""Taking articles from readers, and bringing them back."""

from datetime import timedelta

import pytest

from articles import workflow
from articles.models import Article, AuditEvent, Publication, Reference, Review, RevisionState, SearchEntry, Withdrawal
from articles.text.problems import SourceError
from articles.workflow import MoveRefusedError
from tests.support import IMPORT, NOW, TEXT, edit, make_article, make_evidence, make_user, publish
from tests.workflow.support import judge

pytestmark = pytest.mark.django_db

LATER, STILL_LATER = NOW + timedelta(days=1), NOW + timedelta(days=2)


@pytest.fixture
def article() -> Article:
    make_evidence()
    return make_article()


def withdraw(article: Article, **more: object) -> Withdrawal:
    return workflow.withdraw(article=article, **({"reason": "It was wrong.", "by": IMPORT, "now": LATER} | more))  # type: ignore[arg-type]


def test_a_withdrawn_article_is_gone_for_readers_at_once_and_says_why(article: Article) -> None:
    made = withdraw(article)
    article.refresh_from_db()
    assert (article.withdrawn_at, article.withdrawn_reason) == (LATER, "It was wrong.")
    assert (made.done_at, made.decided_by_name, made.ended_at) == (LATER, IMPORT.name, None)
    assert not Article.objects.published().exists()
    assert not SearchEntry.objects.filter(article=article).exists()
    event = AuditEvent.objects.first()
    assert event is not None
    assert (event.act, event.from_revision, event.to_revision) == ("withdraw", article.published_revision, None)
    assert event.detail == "It was wrong."


@pytest.mark.parametrize("reason", ["", "  ", "\x00\x1b"])
def test_nothing_is_withdrawn_without_a_reason(reason: str, article: Article) -> None:
    with pytest.raises(ValueError, match="Say why"):
        withdraw(article, reason=reason)
    assert Article.objects.published().exists()


def test_a_planned_withdrawal_comes_at_its_time_and_can_be_cancelled(article: Article) -> None:
    withdraw(article, due_at=STILL_LATER)
    assert Article.objects.published().exists()
    workflow.cancel_withdrawal(article=article, by=IMPORT, now=LATER)
    assert workflow.publish_due(now=STILL_LATER) == []
    withdraw(article, due_at=STILL_LATER)
    assert len(workflow.publish_due(now=STILL_LATER)) == 1
    assert not Article.objects.published().exists()
    with pytest.raises(ValueError, match="This time has passed"):
        withdraw(make_article("other"), due_at=LATER)


def test_an_urgent_withdrawal_takes_the_place_of_a_planned_one(article: Article) -> None:
    plan = withdraw(article, due_at=STILL_LATER)
    withdraw(article, reason="It is dangerous.")
    plan.refresh_from_db()
    assert plan.cancelled_at == LATER
    article.refresh_from_db()
    assert article.withdrawn_reason == "It is dangerous."
    assert workflow.publish_due(now=STILL_LATER) == []


def test_a_plan_to_publish_ends_with_the_withdrawal(article: Article) -> None:
    revision = edit(article, f"{TEXT}\nOne [@PEOPLE-2020].\n")
    workflow.schedule(revision=revision, publish_at=STILL_LATER, by=IMPORT, now=NOW)
    withdraw(article)
    assert RevisionState.objects.get().status == "draft"
    assert workflow.publish_due(now=STILL_LATER) == []


def test_an_article_comes_back_with_a_new_entry_of_its_history(article: Article) -> None:
    withdraw(article)
    made = workflow.bring_back(article=article, note="It was right after all.", by=IMPORT, now=STILL_LATER)
    article.refresh_from_db()
    assert (article.withdrawn_at, article.withdrawn_reason, article.publication) == (None, "", made)
    assert (made.number, made.note, made.revision) == (2, "It was right after all.", article.published_revision)
    assert SearchEntry.objects.filter(article=article).exists()
    assert (Withdrawal.objects.get().ended_at, Withdrawal.objects.get().ended_by_name) == (STILL_LATER, IMPORT.name)
    assert AuditEvent.objects.filter(act="bring_back", detail="It was right after all.").exists()
    assert withdraw(article, now=STILL_LATER + timedelta(days=1)).pk != Withdrawal.objects.earliest("pk").pk


def test_an_article_comes_back_with_its_draft_left_as_it_is(article: Article) -> None:
    draft = edit(article, f"{TEXT}\nOne [@PEOPLE-2020].\n")
    withdraw(article)
    workflow.bring_back(article=article, note="It is mended.", by=IMPORT, now=STILL_LATER)
    article.refresh_from_db()
    assert article.draft_revision == draft
    assert RevisionState.objects.get().revision == draft


@pytest.mark.parametrize("has_draft", [False, True])
def test_a_text_that_a_reviewer_wants_changed_does_not_come_back_as_it_was(has_draft: bool, article: Article) -> None:
    judge(article, make_user("Reviewers", username="rita"), Review.Decision.CHANGES_REQUESTED)
    withdraw(article)
    if has_draft:
        edit(article, f"{TEXT}\nOne [@PEOPLE-2020].\n")
    paula = workflow.Actor.person(make_user("Publishers", username="paula"))
    with pytest.raises(MoveRefusedError, match="A reviewer asked for changes"):
        workflow.bring_back(article=article, note="It is back.", by=paula, now=STILL_LATER)
    assert not Article.objects.published().exists()
    assert RevisionState.objects.get().status == ("draft" if has_draft else "changes_requested")


def test_a_review_that_is_asked_for_goes_on_when_the_article_is_back(article: Article) -> None:
    assert article.latest_revision
    workflow.submit(revision=article.latest_revision, reviewer=None, by=IMPORT, now=NOW)
    withdraw(article)
    workflow.bring_back(article=article, note="It is back.", by=IMPORT, now=STILL_LATER)
    assert RevisionState.objects.get().status == "in_review"


def test_a_new_text_brings_an_article_back(article: Article) -> None:
    withdraw(article)
    edit(article, f"{TEXT}\nOne [@PEOPLE-2020].\n")
    publish(article)
    assert Article.objects.published().get().withdrawn_reason == ""
    assert Withdrawal.objects.get().ended_at is not None


def test_what_rests_on_withdrawn_work_does_not_come_back(article: Article) -> None:
    withdraw(article)
    Reference.objects.filter(key="RATS-1994").update(retracted_on=NOW.date())
    article.refresh_from_db()
    with pytest.raises(SourceError, match="RATS-1994 was withdrawn by its journal"):
        workflow.bring_back(article=article, note="It is back.", by=IMPORT, now=STILL_LATER)
    with pytest.raises(ValueError, match="Say why"):
        workflow.bring_back(article=article, note=" ", by=IMPORT, now=STILL_LATER)
    assert Publication.objects.count() == 1

"""Publishing at a time: on the minute, after downtime, once, and never what may not be published."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from articles import workflow
from articles.models import Article, AuditEvent, Publication, Reference, Revision, RevisionState
from articles.workflow import MoveName
from tests.support import IMPORT, NOW, TEXT, edit, make_article, make_evidence, make_user, publish

pytestmark = pytest.mark.django_db

AT = NOW + timedelta(hours=2)
ONE = timedelta(seconds=1)


@pytest.fixture
def draft() -> Revision:
    make_evidence()
    revision: Revision = edit(make_article(), f"{TEXT}\nOne [@PEOPLE-2020].\n")
    return revision


def paula() -> workflow.Actor:
    return workflow.Actor.person(make_user("Publishers", username="paula"))


def plan(revision: Revision, publish_at: datetime = AT, by: workflow.Actor = IMPORT) -> RevisionState:
    return workflow.schedule(revision=revision, publish_at=publish_at, by=by, now=NOW)


def test_a_scheduled_text_is_published_at_its_time_by_whom_planned_it(draft: Revision) -> None:
    plan(draft, by=paula())
    assert workflow.publish_due(now=AT - ONE) == []
    assert [(due.article, due.move, due.problem) for due in workflow.publish_due(now=AT)] == [
        (draft.article, MoveName.PUBLISH, "")
    ]
    made = Publication.objects.get(number=2)
    assert (made.revision, made.by_name, made.published_at) == (draft, "paula", AT)
    assert not RevisionState.objects.exists()
    assert workflow.publish_due(now=AT) == []


def test_what_fell_due_while_the_site_was_down_is_caught_up_in_its_order(draft: Revision) -> None:
    article = draft.article
    plan(draft)
    workflow.withdraw(article=article, reason="It is over.", due_at=AT + ONE, by=IMPORT, now=NOW)
    done = workflow.publish_due(now=AT + timedelta(days=30))
    assert [due.move for due in done] == [MoveName.PUBLISH, MoveName.WITHDRAW]
    article.refresh_from_db()
    assert article.published_revision == draft
    assert article.withdrawn_reason == "It is over."


def test_another_time_replaces_the_first(draft: Revision) -> None:
    plan(draft)
    plan(draft, AT + ONE)
    assert workflow.publish_due(now=AT) == []
    assert len(workflow.publish_due(now=AT + ONE)) == 1


@pytest.mark.parametrize("publish_at", [NOW, NOW - ONE], ids=["now", "past"])
def test_a_time_that_has_passed_is_refused(publish_at: datetime, draft: Revision) -> None:
    with pytest.raises(ValueError, match="This time has passed"):
        plan(draft, publish_at)


def test_a_saved_change_takes_the_text_out_of_the_schedule(draft: Revision) -> None:
    plan(draft)
    edit(draft.article, f"{TEXT}\nTwo [@PEOPLE-2020].\n")
    assert workflow.publish_due(now=AT) == []
    assert RevisionState.objects.get().publish_at is None


def test_what_was_taken_back_is_not_published(draft: Revision) -> None:
    plan(draft)
    workflow.unschedule(revision=draft, by=IMPORT, now=NOW)
    assert workflow.publish_due(now=AT) == []
    assert Publication.objects.count() == 1


def test_a_text_whose_source_was_withdrawn_meanwhile_misses_its_time_and_its_writers_are_told(
    draft: Revision, django_capture_on_commit_callbacks: Any
) -> None:
    edda = make_user("Editors", username="edda")
    edda.email = "edda@example.org"
    edda.save()
    by = workflow.Actor.person(edda)
    revision = edit(draft.article, f"{TEXT}\nTwo [@PEOPLE-2020].\n", by)
    plan(revision)
    Reference.objects.filter(key="PEOPLE-2020").update(retracted_on=timezone.localdate())
    with django_capture_on_commit_callbacks(execute=True):
        done = workflow.publish_due(now=AT)
    assert [due.move for due in done] == [MoveName.PUBLISH]
    assert "PEOPLE-2020 was withdrawn by its journal" in done[0].problem
    state = RevisionState.objects.get()
    assert (state.status, state.publish_at, state.problem) == ("draft", None, done[0].problem)
    assert Publication.objects.count() == 1
    event = AuditEvent.objects.first()
    assert event is not None
    assert (event.act, event.actor_name) == ("miss", "system: publish_scheduled")
    assert [letter.to for letter in mail.outbox] == [["edda@example.org"]]
    assert workflow.publish_due(now=AT + ONE) == [], "it is not tried again until somebody plans it again"


def test_one_text_that_cannot_be_published_keeps_no_other_back(draft: Revision) -> None:
    other = make_article("other", TEXT.replace("[@RATS-1994]", "[@PEOPLE-2020]"), is_published=False)
    assert other.draft_revision is not None
    plan(other.draft_revision, AT - ONE)
    plan(draft)
    Reference.objects.filter(key="RATS-1994").update(retracted_on=timezone.localdate())
    done = {due.article.pk: due.problem for due in workflow.publish_due(now=AT)}
    assert done[other.pk] == ""
    assert "RATS-1994 was withdrawn" in done[draft.article_id]


def test_a_faulty_text_is_not_scheduled(draft: Revision) -> None:
    revision = edit(draft.article, f"{TEXT}\nA bare statement.\n")
    with pytest.raises(ValueError, match="without a source"):
        plan(revision)


def test_publishing_by_hand_before_the_time_leaves_nothing_due(draft: Revision) -> None:
    plan(draft)
    publish(draft.article)
    assert workflow.publish_due(now=AT) == []
    assert Publication.objects.count() == 2


@pytest.mark.parametrize(("zone", "said"), [("UTC", "1 July 2027, 08:00 UTC"), ("Europe/London", "1 July 2027, 09:00 BST")])
def test_times_are_said_in_the_site_s_zone(zone: str, said: str, settings: Any) -> None:
    settings.TIME_ZONE = zone
    assert workflow.in_site_zone(datetime.fromisoformat("2027-07-01T08:00:00+00:00")) == said


def test_an_article_is_scheduled_for_the_first_time(draft: Revision) -> None:
    new = make_article("new", is_published=False)
    assert new.draft_revision is not None
    plan(new.draft_revision)
    workflow.publish_due(now=AT)
    assert Article.objects.published().filter(slug="new").exists()


def test_a_fault_of_ours_keeps_no_other_plan_back_and_is_tried_again(draft: Revision, caplog: pytest.LogCaptureFixture) -> None:
    other = make_article("other", is_published=False)
    assert other.draft_revision is not None
    plan(other.draft_revision, AT - ONE)
    plan(draft)
    Article.objects.filter(pk=other.pk).update(draft_revision=None)  # which no act of ours does
    done = {due.article.pk: due.problem for due in workflow.publish_due(now=AT)}
    assert "saved meanwhile" in done[other.pk]
    assert done[draft.article_id] == ""
    assert "failed and is tried again" in caplog.text
    assert len(workflow.publish_due(now=AT + ONE)) == 1

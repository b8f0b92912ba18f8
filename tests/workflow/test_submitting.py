"""Asking for a review: of whom, what they are told, and what stops it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from articles import workflow
from articles.models import Article, AuditEvent, Revision, RevisionState
from articles.text.problems import SourceError
from tests.support import IMPORT, NOW, TEXT, edit, make_article, make_evidence, make_user
from tests.workflow.support import judge

pytestmark = pytest.mark.django_db

BARE = f"{TEXT}\nA bare statement.\n"


@pytest.fixture
def draft() -> Revision:
    """A draft by Edda."""
    make_evidence()
    article = make_article()
    edda = make_user("Editors", "Reviewers", username="edda")
    revision: Revision = edit(article, f"{TEXT}\nOne [@PEOPLE-2020].\n", workflow.Actor.person(edda))
    return revision


@pytest.fixture
def rhea() -> Any:
    """A reviewer with an e-mail address."""
    user = make_user("Reviewers", username="rhea")
    user.email = "rhea@example.org"
    user.save()
    return user


def test_reviewers_are_those_who_may_and_did_not_write(draft: Revision, rhea: Any) -> None:
    gone = make_user("Reviewers", username="gone")
    gone.is_active = False
    gone.save()
    make_user("Editors", "Publishers", username="paul")
    assert [user.username for user in workflow.find_reviewers(draft)] == ["rhea"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_chosen_reviewer_gets_a_letter_with_a_link(draft: Revision, rhea: Any) -> None:
    by = workflow.Actor.person(draft.created_by)
    workflow.submit(revision=draft, reviewer=rhea, words="Look at balance.", by=by, now=NOW)
    state = RevisionState.objects.get()
    assert (state.status, state.reviewer, state.reviewer_name, state.moved_by_name) == ("in_review", rhea, "rhea", "edda")
    assert [letter.to for letter in mail.outbox] == [["rhea@example.org"]]
    assert f"/admin/articles/article/{draft.article_id}/review/" in mail.outbox[0].body
    assert "Look at balance." in mail.outbox[0].body
    event = AuditEvent.objects.first()
    assert event is not None
    assert (event.act, event.actor_name, event.to_revision, event.detail) == ("submit", "edda", draft, "rhea")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_author_gets_a_letter_with_the_verdict(draft: Revision, rhea: Any) -> None:
    edda = draft.created_by
    assert edda is not None
    edda.email = "edda@example.org"
    edda.save()
    judge(draft.article, rhea, "changes_requested")
    assert [letter.to for letter in mail.outbox] == [["edda@example.org"]]
    assert "Say how many." in mail.outbox[0].body


def test_whoever_is_free_gets_no_letter(draft: Revision, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        workflow.submit(revision=draft, reviewer=None, by=IMPORT, now=NOW)
    assert not mail.outbox
    assert RevisionState.objects.get().reviewer_name == ""


def test_a_deleted_reviewer_leaves_their_name_and_the_text_in_review(draft: Revision, rhea: Any) -> None:
    workflow.submit(revision=draft, reviewer=rhea, by=IMPORT, now=NOW)
    rhea.delete()
    state = RevisionState.objects.get()
    assert (state.status, state.reviewer, state.reviewer_name) == ("in_review", None, "rhea")


@pytest.mark.parametrize("groups", [["Editors"], ["Publishers"], []], ids=str)
def test_nobody_is_asked_who_may_not_review(groups: list[str], draft: Revision) -> None:
    with pytest.raises(ValueError, match="may not review this text; choose somebody else"):
        workflow.submit(revision=draft, reviewer=make_user(*groups, username="other"), by=IMPORT, now=NOW)
    with pytest.raises(ValueError, match="may not review this text"):
        workflow.submit(revision=draft, reviewer=draft.created_by, by=IMPORT, now=NOW)
    assert RevisionState.objects.get().status == "draft"


def test_a_text_that_could_not_be_published_is_not_sent(draft: Revision) -> None:
    revision = edit(draft.article, BARE)
    with pytest.raises(SourceError, match="without a source"):
        workflow.submit(revision=revision, reviewer=None, by=IMPORT, now=NOW)


def test_a_text_that_is_not_the_latest_is_neither_sent_nor_called_back(draft: Revision) -> None:
    edit(draft.article, f"{TEXT}\nTwo [@PEOPLE-2020].\n")
    with pytest.raises(workflow.ConflictError):
        workflow.submit(revision=draft, reviewer=None, by=IMPORT, now=NOW)
    with pytest.raises(workflow.ConflictError):
        workflow.call_back(revision=draft, by=IMPORT, now=NOW)


def test_a_text_approved_before_rests_as_approved_when_called_back(draft: Revision, rhea: Any) -> None:
    judge(draft.article, rhea)
    workflow.submit(revision=draft, reviewer=None, by=IMPORT, now=NOW + timedelta(days=1))
    workflow.call_back(revision=draft, by=IMPORT, now=NOW + timedelta(days=2))
    assert workflow.stage_of(Article.objects.get(pk=draft.article_id)) is workflow.Stage.APPROVED

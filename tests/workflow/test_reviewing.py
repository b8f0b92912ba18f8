"""Reviews and ratings: who may judge, what a verdict changes, and what changes no verdict."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from articles import workflow
from articles.models import CHECKLIST, Article, AuditEvent, Publication, Rating, Reference, Review, RevisionState
from tests.support import IMPORT, NOW, TEXT, checked, edit, make_article, make_evidence, make_user, publish
from tests.workflow.support import WHO, judge, verdict

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=40)
ONE_MORE = f"{TEXT}\nOne [@PEOPLE-2020].\n"
TWO_MORE = f"{TEXT}\nOne [@PEOPLE-2020]. Two [@PEOPLE-2020].\n"
APPROVED, CHANGES = Review.Decision


@pytest.fixture(autouse=True)
def evidence() -> None:
    make_evidence()


@pytest.fixture
def rita() -> Any:
    """A reviewer who writes nothing."""
    return make_user("Reviewers", username="rita")


@pytest.fixture
def anna() -> Any:
    """Somebody who writes and reviews."""
    return make_user("Editors", "Reviewers", username="anna")


@pytest.fixture
def article() -> Article:
    return make_article()


def status(article: Article) -> str:
    return str(RevisionState.objects.get(article=article).status)


# Who may


@pytest.mark.parametrize("groups", [["Editors"], ["Publishers"], ["Editors", "Publishers"], []], ids="+".join)
def test_only_reviewers_review(groups: list[str], article: Article) -> None:
    with pytest.raises(PermissionDenied, match="it lacks the right: review article"):
        judge(article, make_user(*groups))
    assert not Review.objects.exists()


def test_no_command_reviews_or_rates(article: Article) -> None:
    revision, by = article.published_revision, IMPORT
    assert revision is not None
    with pytest.raises(PermissionDenied, match="A review is made by a person"):
        workflow.review(revision=revision, verdict=verdict(), by=by, now=NOW)
    with pytest.raises(PermissionDenied, match="A rating is made by a person"):
        workflow.rate(revision=revision, standard="jama", answers={1: ("yes", "x")}, printed_name="x", by=by, now=NOW)


@pytest.mark.parametrize("decision", Review.Decision)
def test_nobody_reviews_what_they_wrote(decision: str, article: Article, anna: Any) -> None:
    edit(article, ONE_MORE, workflow.Actor.person(anna))
    with pytest.raises(PermissionDenied, match="You wrote part of this text"):
        judge(article, anna, decision)


def test_nobody_reviews_what_they_wrote_when_somebody_else_saved_last(article: Article, anna: Any, rita: Any) -> None:
    edit(article, ONE_MORE, workflow.Actor.person(anna))
    edit(article, TWO_MORE, workflow.Actor.person(make_user("Editors")))
    with pytest.raises(PermissionDenied, match="You wrote part of this text"):
        judge(article, anna)
    judge(article, rita)


def test_a_first_author_is_an_author_however_long_ago(anna: Any) -> None:
    workflow.create_article(slug="a", source=checked(), by=workflow.Actor.person(make_user("Editors", "Reviewers")), now=NOW)
    article = Article.objects.get()
    for text in (ONE_MORE, TWO_MORE):
        edit(article, text)
    publish(article)
    author = article.revisions.get(number=1).created_by
    with pytest.raises(PermissionDenied, match="You wrote part of this text"):
        judge(article, author)
    judge(article, anna)


def test_what_was_approved_since_makes_nobody_its_author(article: Article, anna: Any, rita: Any) -> None:
    edit(article, ONE_MORE, workflow.Actor.person(anna))
    judge(article, rita)
    edit(article, TWO_MORE)
    judge(article, anna)


@pytest.mark.parametrize("decisions", [[CHANGES], [APPROVED, CHANGES]])
def test_a_text_that_does_not_stand_approved_keeps_its_authors(
    decisions: list[str], article: Article, anna: Any, rita: Any
) -> None:
    edit(article, ONE_MORE, workflow.Actor.person(anna))
    for day, decision in enumerate(decisions):
        judge(article, rita, decision, NOW + timedelta(days=day))
    edit(article, TWO_MORE)
    with pytest.raises(PermissionDenied, match="You wrote part of this text"):
        judge(article, anna)


# What a verdict needs


@pytest.mark.parametrize("missing", CHECKLIST)
def test_an_approval_rechecks_everything(missing: str) -> None:
    with pytest.raises(ValueError, match="re-checks everything"):
        workflow.Verdict(decision=APPROVED, checklist=set(CHECKLIST) - {missing}, **WHO)


def test_a_request_says_what_to_change_and_needs_no_checks() -> None:
    with pytest.raises(ValueError, match="says what is to be changed"):
        workflow.Verdict(decision=CHANGES, checklist=CHECKLIST, **WHO)
    workflow.Verdict(decision=CHANGES, checklist=[], comment="Say how many.", **WHO)


def test_a_review_keeps_who_decided_what_and_when(article: Article, rita: Any) -> None:
    made = judge(article, rita, now=LATER)
    assert {name: getattr(made, name) for name in WHO} == WHO
    assert (made.reviewer, made.revision, made.decided_at) == (rita, article.published_revision, LATER)
    assert made.checklist == list(CHECKLIST)
    event = AuditEvent.objects.get(act="review")
    assert (event.actor_name, event.to_revision, event.at) == ("rita", made.revision, LATER)


def test_an_older_revision_than_the_latest_is_not_reviewed(article: Article, rita: Any) -> None:
    old = article.published_revision
    assert old is not None
    newer = edit(article, ONE_MORE)
    with pytest.raises(workflow.ConflictError) as caught:
        workflow.review(revision=old, verdict=verdict(), by=workflow.Actor.person(rita), now=NOW)
    assert caught.value.latest == newer
    assert not Review.objects.exists()


# What a verdict changes


def publisher_of_reviewed_texts() -> workflow.Actor:
    """Somebody who may publish what has been approved, and nothing else."""
    user = make_user(username="pia")
    user.user_permissions.add(*Permission.objects.filter(codename__in=["view_article", "publish_article"]))
    return workflow.Actor.person(user)


def test_an_approved_draft_is_published_without_the_right_to_publish_unreviewed_text(article: Article, rita: Any) -> None:
    edit(article, ONE_MORE)
    by = publisher_of_reviewed_texts()
    with pytest.raises(PermissionDenied, match="it lacks the right: publish unreviewed article"):
        publish(article, by)
    judge(article, rita)
    assert status(article) == "approved"
    assert publish(article, by).number == 2


def test_an_edit_after_the_approval_is_not_approved(article: Article, rita: Any) -> None:
    edit(article, ONE_MORE)
    judge(article, rita)
    edit(article, TWO_MORE)
    assert status(article) == "draft"
    with pytest.raises(PermissionDenied, match="it lacks the right: publish unreviewed article"):
        publish(article, publisher_of_reviewed_texts())


@pytest.mark.parametrize("decisions", [[CHANGES], [APPROVED, CHANGES]])
def test_a_request_for_changes_is_no_approval(decisions: list[str], article: Article, rita: Any) -> None:
    edit(article, ONE_MORE)
    for day, decision in enumerate(decisions):
        judge(article, rita, decision, NOW + timedelta(days=day))
    assert status(article) == "changes_requested"
    with pytest.raises(PermissionDenied, match="it lacks the right: publish unreviewed article"):
        publish(article, publisher_of_reviewed_texts())


def test_an_approval_after_a_request_for_changes_counts(article: Article, rita: Any) -> None:
    edit(article, ONE_MORE)
    judge(article, rita, CHANGES)
    judge(article, rita, APPROVED)  # at the same moment, so that the order of the rows decides
    assert status(article) == "approved"
    publish(article, publisher_of_reviewed_texts())


@pytest.mark.parametrize("decision", Review.Decision)
def test_a_review_of_what_readers_see_shows_at_once(decision: str, article: Article, rita: Any) -> None:
    made = judge(article, rita, decision)
    assert article.last_review == made
    open_state = RevisionState.objects.filter(article=article, revision=article.published_revision).first()
    assert (open_state.status if open_state else "approved") == decision


def test_a_review_of_a_draft_shows_once_the_draft_is_published(article: Article, rita: Any) -> None:
    edit(article, ONE_MORE)
    made = judge(article, rita, now=LATER)
    assert article.last_review is None
    assert article.review_due_on == date(2027, 11, 22)
    publish(article, now=LATER + timedelta(days=9))
    article.refresh_from_db()
    assert article.last_review == made
    assert article.review_due_on == date(2028, 1, 1)


def test_later_edits_neither_reset_nor_renew_a_review(article: Article, rita: Any) -> None:
    made = judge(article, rita, now=LATER)
    due = article.review_due_on
    for text in (ONE_MORE, TWO_MORE):
        edit(article, text)
        publish(article, now=LATER + timedelta(days=90))
        article.refresh_from_db()
        assert (article.last_review, article.review_due_on) == (made, due)
    assert due == date(2028, 1, 1)


def test_a_draft_s_review_moves_no_day_when_another_text_is_published(article: Article, rita: Any) -> None:
    edit(article, ONE_MORE)
    judge(article, rita, now=LATER)
    edit(article, TWO_MORE)
    publish(article, now=LATER)
    article.refresh_from_db()
    assert (article.last_review, article.review_due_on) == (None, date(2027, 11, 22))


def test_changed_works_neither_reset_nor_renew_a_review(article: Article, rita: Any) -> None:
    made = judge(article, rita, now=LATER)
    Reference.objects.filter(key="RATS-1994").update(issued="1994")
    assert workflow.take_in_changed_sources(["RATS-1994"], by=IMPORT, now=LATER + timedelta(days=90)).published
    article.refresh_from_db()
    assert (article.last_review, article.review_due_on) == (made, date(2028, 1, 1))


def test_a_request_for_changes_renews_nothing_and_takes_back_what_the_approval_before_it_renewed(
    article: Article, rita: Any
) -> None:
    judge(article, rita, CHANGES, now=LATER)
    assert article.review_due_on == date(2027, 11, 22)
    judge(article, rita, APPROVED, now=LATER)
    assert article.review_due_on == date(2028, 1, 1)
    judge(article, rita, CHANGES, now=LATER + timedelta(days=30))
    assert article.review_due_on == date(2027, 11, 22)


@pytest.mark.parametrize(
    ("decided_on", "months", "due"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2027, 8, 31), 1, date(2027, 9, 30)),
        (date(2027, 12, 15), 1, date(2028, 1, 15)),
        (date(2027, 11, 30), 1, date(2027, 12, 30)),
        (date(2027, 12, 31), 60, date(2032, 12, 31)),
    ],
)
def test_a_review_is_due_on_the_same_day_of_a_later_month(decided_on: date, months: int, due: date, rita: Any) -> None:
    article = make_article("timed", TEXT.replace("topic:", f"review_every: {months}\ntopic:"))
    judge(article, rita, now=datetime(decided_on.year, decided_on.month, decided_on.day, 12, tzinfo=UTC))
    assert article.review_due_on == due


def test_the_day_is_that_of_the_site_s_clock(article: Article, rita: Any) -> None:
    with timezone.override(ZoneInfo("Pacific/Auckland")):
        judge(article, rita, now=datetime(2027, 5, 31, 20, tzinfo=UTC))
    assert article.review_due_on == date(2028, 6, 1)


# What nothing takes away


def test_a_reviewer_s_account_goes_away_and_loses_nothing(article: Article, rita: Any) -> None:
    made = judge(article, rita)
    workflow.rate(
        revision=made.revision,
        standard="jama",
        answers={1: ("yes", "x")},
        printed_name="R",
        by=workflow.Actor.person(rita),
        now=NOW,
    )
    rita.delete()
    kept = Review.objects.get()
    assert (kept.pk, kept.reviewer, kept.printed_name, kept.decision) == (made.pk, None, "Dr Ada Example", "approved")
    assert (Rating.objects.get().rater, Rating.objects.get().printed_name) == (None, "R")
    article.refresh_from_db()
    assert article.last_review == kept
    edit(article, ONE_MORE)
    assert list(Publication.objects.values_list("revision__reviews__printed_name", flat=True)) == ["Dr Ada Example"]


def test_a_reviewer_s_account_is_renamed_and_the_review_keeps_its_name(article: Article, rita: Any) -> None:
    judge(article, rita)
    rita.username, rita.last_name = "other", "Other"
    rita.save()
    assert Review.objects.get().printed_name == "Dr Ada Example"
    assert AuditEvent.objects.get(act="review").actor_name == "rita"


# Ratings


def test_a_rating_keeps_each_answer_with_its_reason_and_who_gave_it(article: Article, rita: Any) -> None:
    revision, by = article.published_revision, workflow.Actor.person(rita)
    assert revision is not None
    answers = {1: ("yes", "They are named."), 2: ("no", "Two are missing.")}
    workflow.rate(revision=revision, standard="jama", answers=answers, printed_name="Dr Ada Example", by=by, now=LATER)
    rows = revision.ratings.values_list("standard", "question", "answer", "reason", "printed_name", "rater", "rated_at")
    assert list(rows) == [
        ("jama", "1", "yes", "They are named.", "Dr Ada Example", rita.pk, LATER),
        ("jama", "2", "no", "Two are missing.", "Dr Ada Example", rita.pk, LATER),
    ]
    assert AuditEvent.objects.get(act="rate").actor_name == "rita"


@pytest.mark.parametrize("groups", [["Editors"], ["Publishers"], []], ids="+".join)
def test_only_reviewers_rate(groups: list[str], article: Article) -> None:
    assert article.published_revision is not None
    by = workflow.Actor.person(make_user(*groups))
    with pytest.raises(PermissionDenied, match="it lacks the right: add rating"):
        workflow.rate(
            revision=article.published_revision, standard="jama", answers={1: ("yes", "x")}, printed_name="x", by=by, now=NOW
        )
    assert not Rating.objects.exists()

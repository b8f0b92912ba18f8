"""Which move is allowed from where and to whom: the whole table, tried one by one, and what each leaves behind."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from articles import workflow
from articles.models import Article, AuditEvent, Review, Revision, RevisionState
from articles.workflow import MOVES, MoveName, MoveRefusedError, Shown, Stage
from tests.support import IMPORT, NOW, TEXT, edit, make_article, make_evidence, make_user, publish
from tests.workflow.support import judge, verdict

pytestmark = pytest.mark.django_db

SOON, LATER = NOW + timedelta(hours=1), NOW + timedelta(days=40)
MORE = f"{TEXT}\nOne [@PEOPLE-2020].\n"


@pytest.fixture(autouse=True)
def evidence() -> None:
    make_evidence()


def person(*groups: str) -> workflow.Actor:
    return workflow.Actor.person(make_user(*groups, username="-".join(groups).lower() + "-one"))


def everybody() -> workflow.Actor:
    """Somebody of every group, who wrote nothing."""
    return person("Editors", "Reviewers", "Publishers")


def latest(article: Article) -> Revision:
    article = Article.objects.get(pk=article.pk)
    assert article.latest_revision is not None
    return article.latest_revision


def stage(article: Article) -> Stage:
    return workflow.stage_of(Article.objects.get(pk=article.pk))


def bring_to(stage: Stage, shown: Shown) -> Article:
    """Make an article that stands there, by the acts themselves."""
    article = make_article(is_published=shown is not Shown.NEVER)
    if shown is not Shown.NEVER and stage is not Stage.AT_REST:
        edit(article, MORE)
    text = latest(article)
    if stage is Stage.IN_REVIEW:
        workflow.submit(revision=text, reviewer=None, by=IMPORT, now=NOW)
    elif stage in {Stage.APPROVED, Stage.CHANGES_REQUESTED}:
        judge(article, make_user("Reviewers", username="judge"), stage.value)
    if shown is Shown.WITHDRAWN:
        workflow.withdraw(article=article, reason="It was wrong.", by=IMPORT, now=NOW)
    if stage is Stage.SCHEDULED:
        workflow.schedule(revision=text, publish_at=LATER, by=IMPORT, now=NOW)
    return Article.objects.get(pk=article.pk)


ACTS: dict[MoveName, Callable[[Article, workflow.Actor], Any]] = {
    MoveName.SUBMIT: lambda a, by: workflow.submit(revision=latest(a), reviewer=None, by=by, now=SOON),
    MoveName.CALL_BACK: lambda a, by: workflow.call_back(revision=latest(a), by=by, now=SOON),
    MoveName.REVIEW: lambda a, by: workflow.review(revision=latest(a), verdict=verdict(), by=by, now=SOON),
    MoveName.PUBLISH: lambda a, by: workflow.publish(article=a, revision=latest(a), by=by, now=SOON),
    MoveName.SCHEDULE: lambda a, by: workflow.schedule(revision=latest(a), publish_at=LATER, by=by, now=SOON),
    MoveName.UNSCHEDULE: lambda a, by: workflow.unschedule(revision=latest(a), by=by, now=SOON),
    MoveName.WITHDRAW: lambda a, by: workflow.withdraw(article=a, reason="It was wrong.", by=by, now=SOON),
    MoveName.CANCEL_WITHDRAWAL: lambda a, by: workflow.cancel_withdrawal(article=a, by=by, now=SOON),
    MoveName.BRING_BACK: lambda a, by: workflow.bring_back(article=a, note="It is mended.", by=by, now=SOON),
}
LEADS_TO: dict[MoveName, dict[Stage, Stage]] = {
    MoveName.SUBMIT: dict.fromkeys(Stage, Stage.IN_REVIEW),
    MoveName.CALL_BACK: {Stage.IN_REVIEW: Stage.DRAFT},
    MoveName.REVIEW: dict.fromkeys(Stage, Stage.APPROVED) | {Stage.SCHEDULED: Stage.SCHEDULED, Stage.AT_REST: Stage.AT_REST},
    MoveName.PUBLISH: dict.fromkeys(Stage, Stage.AT_REST),
    MoveName.SCHEDULE: dict.fromkeys(Stage, Stage.SCHEDULED),
    MoveName.UNSCHEDULE: {Stage.SCHEDULED: Stage.DRAFT},
    MoveName.WITHDRAW: {each: each for each in Stage} | {Stage.SCHEDULED: Stage.DRAFT},
    MoveName.BRING_BACK: {each: each for each in Stage},
}
PLACES = [place for place in product(Stage, Shown) if place != (Stage.AT_REST, Shown.NEVER)]


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("place", PLACES, ids="-".join)
def test_each_move_is_made_where_the_table_allows_it_and_refused_in_words_elsewhere(
    name: MoveName, place: tuple[Stage, Shown]
) -> None:
    article, by = bring_to(*place), everybody()
    move = MOVES[name]
    is_allowed = place[0] in move.stages and place[1] in move.shown and not move.is_plan_needed
    is_nothing_to_do = name is MoveName.PUBLISH and place == (Stage.AT_REST, Shown.PUBLIC)
    assert (not workflow.find_refusals(name, article, by)) == is_allowed
    assert (name in workflow.find_moves(article, by)) == is_allowed
    events, state = AuditEvent.objects.count(), list(RevisionState.objects.values())
    if is_allowed:
        ACTS[name](article, by)
        assert stage(article) == LEADS_TO[name][place[0]]
        assert AuditEvent.objects.count() > events
    elif is_nothing_to_do:
        assert ACTS[name](article, by) == article.publication
    else:
        with pytest.raises(MoveRefusedError, match=r"\.$"):
            ACTS[name](article, by)
        assert (AuditEvent.objects.count(), list(RevisionState.objects.values())) == (events, state)


RIGHTS = {"Editors": "change_article", "Reviewers": "review_article", "Publishers": "publish_article"}


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("group", RIGHTS)
def test_each_move_needs_its_right(name: MoveName, group: str) -> None:
    places = {
        MoveName.CALL_BACK: (Stage.IN_REVIEW, Shown.PUBLIC),
        MoveName.UNSCHEDULE: (Stage.SCHEDULED, Shown.PUBLIC),
        MoveName.BRING_BACK: (Stage.AT_REST, Shown.WITHDRAWN),
    }
    article = bring_to(*places.get(name, (Stage.DRAFT, Shown.PUBLIC)))
    if name is MoveName.CANCEL_WITHDRAWAL:
        workflow.withdraw(article=article, reason="It was wrong.", due_at=LATER, by=IMPORT, now=NOW)
    by = person(group)
    if RIGHTS[group] in MOVES[name].rights:
        assert not workflow.find_refusals(name, article, by)
        ACTS[name](article, by)
    else:
        with pytest.raises(PermissionDenied, match="Your account may not do this"):
            ACTS[name](article, by)


def test_an_author_is_offered_no_review_of_their_own_text() -> None:
    article, by = make_article(), person("Editors", "Reviewers")
    edit(article, MORE, by)
    article.refresh_from_db()
    assert workflow.find_refusals(MoveName.REVIEW, article, by) == [
        "You wrote part of this text, so somebody else has to review it."
    ]


def test_what_no_clinician_approved_is_not_offered_to_who_publishes_approved_texts_alone() -> None:
    article, by = bring_to(Stage.DRAFT, Shown.PUBLIC), person("Publishers")
    by.user.groups.first().permissions.remove(*by.user.groups.first().permissions.filter(codename="publish_unreviewed_article"))
    refusals = workflow.find_refusals(MoveName.PUBLISH, article, by)
    assert refusals == ["No clinician has approved this text, and your account may publish approved texts only."]
    judge(article, make_user("Reviewers", username="rita"))
    assert not workflow.find_refusals(MoveName.PUBLISH, Article.objects.get(pk=article.pk), by)


def test_a_request_for_changes_takes_a_text_out_of_the_schedule() -> None:
    article = bring_to(Stage.SCHEDULED, Shown.PUBLIC)
    judge(article, make_user("Reviewers", username="rita"), Review.Decision.CHANGES_REQUESTED)
    assert stage(article) is Stage.CHANGES_REQUESTED
    assert RevisionState.objects.get().publish_at is None


def test_a_saved_change_is_a_draft_again_and_keeps_the_chosen_reviewer() -> None:
    article, rita = bring_to(Stage.DRAFT, Shown.PUBLIC), make_user("Reviewers", username="rita")
    workflow.submit(revision=latest(article), reviewer=rita, by=IMPORT, now=NOW)
    edit(article, f"{MORE}\nTwo [@PEOPLE-2020].\n", now=SOON)
    state = RevisionState.objects.get()
    assert (state.status, state.reviewer, state.moved_at, state.moved_by_name) == ("draft", rita, SOON, IMPORT.name)


def test_what_readers_see_may_be_sent_for_another_review() -> None:
    article = make_article()
    workflow.submit(revision=latest(article), reviewer=None, by=IMPORT, now=NOW)
    assert stage(article) is Stage.IN_REVIEW
    judge(article, make_user("Reviewers", username="rita"))
    assert stage(article) is Stage.AT_REST
    article.refresh_from_db()
    assert article.last_review is not None


def test_not_even_the_operator_publishes_what_is_in_review() -> None:
    with pytest.raises(MoveRefusedError, match="This text is in review"):
        publish(bring_to(Stage.IN_REVIEW, Shown.PUBLIC))


def test_not_even_the_operator_withdraws_what_readers_do_not_see() -> None:
    with pytest.raises(MoveRefusedError, match="Readers have never seen this article"):
        workflow.withdraw(article=make_article(is_published=False), reason="It was wrong.", by=IMPORT, now=NOW)

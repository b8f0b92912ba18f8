"""Texts kept beside a draft: kept once, settled once, and nobody approves their own words by way of another's merge."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from articles import workflow
from articles.models import Article, AuditEvent, Conflict, Revision
from articles.text.changes import Significance
from articles.text.merge import Side, merge
from articles.text.problems import SourceError
from articles.workflow.approval import find_authors
from tests.support import IMPORT, NOW, TEXT, checked, edit, make_article, make_evidence, make_user
from tests.workflow.support import judge

pytestmark = pytest.mark.django_db

SAVED = TEXT.replace("The body needs it", "Your body needs it")
KEPT = TEXT.replace("The rats were injected", "The rats had injections")
BOTH = SAVED.replace("The rats were injected", "The rats had injections")


@pytest.fixture
def article() -> Article:
    make_evidence()
    return make_article()


def person(name: str, *groups: str) -> workflow.Actor:
    return workflow.Actor.person(make_user(*(groups or ("Editors", "Reviewers")), username=name))


def keep(article: Article, by: workflow.Actor, text: str = KEPT, base: int = 1, **more: Any) -> Conflict:
    based_on = Revision.objects.filter(article=article, number=base).first()
    return workflow.keep_text(article=article, source=checked(text, article=article), based_on=based_on, by=by, now=NOW, **more)


def settle(conflict: Conflict, by: workflow.Actor, text: str | None = BOTH, **more: Any) -> Revision | None:
    article = Article.objects.get(pk=conflict.article_id)
    source = checked(text, article=article) if text else None
    return workflow.settle(
        conflict=conflict, source=source, by=by, now=NOW, **{"based_on": article.latest_revision, "note": "Both.", **more}
    )


def replace(conflict: Conflict, by: workflow.Actor, base: Revision, text: str = BOTH) -> Conflict:
    source = checked(text, article=conflict.article)
    return workflow.replace_kept(conflict=conflict, source=source, based_on=base, by=by, now=NOW)


def acts() -> list[tuple[str, int | None, int | None]]:
    kinds = (AuditEvent.Act.KEEP, AuditEvent.Act.MERGE)
    found = AuditEvent.objects.filter(act__in=kinds).order_by("pk")
    return [
        (event.act, getattr(event.from_revision, "number", None), getattr(event.to_revision, "number", None)) for event in found
    ]


# Keeping


def test_a_kept_text_is_a_revision_beside_the_draft(article: Article) -> None:
    saved = edit(article, SAVED, person("anna"))
    conflict = keep(article, person("ben"), note="Clearer.", significance=Significance.CLARIFICATION)
    article.refresh_from_db()
    assert article.latest_revision == saved
    assert (article.open_state.revision, article.title) == (saved, "Vitamin B12 and your nerves")
    assert (conflict.kept.number, conflict.kept.source, conflict.kept.note) == (3, KEPT, "Clearer.")
    assert (conflict.kept.significance, conflict.kept.created_by_name) == ("clarification", "ben")
    assert (conflict.base, conflict.kept.based_on) == (article.published_revision, article.published_revision)
    assert conflict.cause == Conflict.Cause.DESK
    assert acts() == [("keep", 1, 3)]
    assert AuditEvent.objects.get(act="keep").detail == "two people edited at once"
    assert edit(article, BOTH).number == 4


def test_the_same_text_sent_twice_is_kept_once(article: Article) -> None:
    edit(article, SAVED)
    ben = person("ben")
    first = keep(article, ben)
    assert keep(article, ben) == first
    assert keep(article, person("carl")) != first, "somebody else's words, though they are the same"
    assert keep(article, ben, base=2) != first
    settle(first, ben, None)
    assert keep(article, ben) != first, "let go, and sent again"
    assert Conflict.objects.count() == 4


def test_a_text_without_a_known_base_is_kept_too(article: Article) -> None:
    conflict = keep(article, IMPORT, base=99, cause=Conflict.Cause.IMPORT)
    assert conflict.base is None
    assert keep(article, IMPORT, base=99, cause=Conflict.Cause.IMPORT) == conflict


@pytest.mark.parametrize("groups", [["Reviewers"], ["Publishers"], []], ids="+".join)
def test_only_who_may_edit_keeps_and_settles(groups: list[str], article: Article) -> None:
    other = workflow.Actor.person(make_user(*groups, username="other"))
    with pytest.raises(PermissionDenied):
        keep(article, other)
    conflict = keep(article, IMPORT)
    for text in (BOTH, None):
        with pytest.raises(PermissionDenied):
            settle(conflict, other, text)
    with pytest.raises(PermissionDenied):
        replace(conflict, other, conflict.kept)
    assert Conflict.objects.open().count() == 1


# Settling


def test_settling_makes_the_new_draft(article: Article) -> None:
    edit(article, SAVED)
    conflict = keep(article, person("ben"))
    made = settle(conflict, person("carla"), significance=Significance.CORRECTION)
    conflict.refresh_from_db()
    article.refresh_from_db()
    assert made
    assert made == article.latest_revision == conflict.outcome
    assert (made.number, made.source, made.note, made.significance) == (4, BOTH, "Both.", "correction")
    assert (conflict.resolved_at, conflict.resolved_by_name) == (NOW, "carla")
    assert acts() == [("keep", 1, 3), ("merge", 3, 4)]
    assert not Conflict.objects.open().exists()


@pytest.mark.parametrize("text", [None, SAVED], ids=["let go", "the draft's own text"])
def test_a_kept_text_that_is_let_go_stays_a_revision(text: str | None, article: Article) -> None:
    saved = edit(article, SAVED)
    conflict = keep(article, person("ben"))
    assert settle(conflict, person("carla"), text) is None
    conflict.refresh_from_db()
    article.refresh_from_db()
    assert (article.latest_revision, conflict.outcome, conflict.resolved_by_name) == (saved, None, "carla")
    assert Revision.objects.filter(source=KEPT).exists()
    assert acts()[-1] == ("merge", 3, None)


def test_a_draft_that_moved_on_is_not_overwritten(article: Article) -> None:
    saved = edit(article, SAVED)
    conflict = keep(article, person("ben"))
    latest = edit(article, SAVED.replace("People were asked", "They asked people"))
    with pytest.raises(workflow.ConflictError) as caught:
        settle(conflict, person("carla"), based_on=saved)
    assert caught.value.latest == latest
    conflict.refresh_from_db()
    assert conflict.resolved_at is None
    assert Revision.objects.count() == 4


def test_what_was_merged_meanwhile_replaces_what_went_into_it(article: Article) -> None:
    saved = edit(article, SAVED)
    first = keep(article, person("ben"))
    edit(article, SAVED.replace("People were asked", "They asked people"))
    carla = person("carla")
    second = replace(first, carla, saved)
    first.refresh_from_db()
    assert (second.cause, second.base) == (first.cause, saved)
    assert (first.outcome, first.resolved_by_name) == (second.kept, "carla")
    assert list(Conflict.objects.open()) == [second]
    with pytest.raises(workflow.SettledError):
        replace(first, carla, saved)
    assert list(Conflict.objects.open()) == [second]


def test_a_conflict_is_settled_once(article: Article) -> None:
    edit(article, SAVED)
    conflict = keep(article, person("ben"))
    carla = person("carla")
    made = settle(conflict, carla)
    for text in (BOTH, None, KEPT):
        with pytest.raises(workflow.SettledError) as caught:
            settle(conflict, carla, text)
        assert caught.value.conflict.outcome == made
    assert Revision.objects.count() == 4


def test_a_merged_change_of_meaning_is_never_called_small(article: Article) -> None:
    edit(article, SAVED)
    conflict = keep(article, person("ben"))
    with pytest.raises(SourceError, match="This change touches"):
        settle(conflict, IMPORT, significance=Significance.TYPO)
    assert Conflict.objects.open().exists()


# Nobody approves their own words


def authors(article: Article) -> set[str]:
    article.refresh_from_db()
    assert article.latest_revision
    found = Revision.objects.filter(created_by__in=find_authors(article.latest_revision)[0])
    return set(found.values_list("created_by_name", flat=True))


def test_who_wrote_the_kept_text_cannot_approve_what_somebody_else_made_of_it(article: Article) -> None:
    anna, ben, carla = person("anna"), person("ben"), person("carla")
    edit(article, SAVED, anna)
    conflict = keep(article, ben)
    assert authors(article) == {"anna"}, "the kept text is no part of the draft yet"
    judge(article, ben.user)
    settle(conflict, carla)
    assert authors(article) == {"ben", "carla"}, "what ben approved is judged; what went in of his is not"
    for user in (ben.user, carla.user):
        with pytest.raises(PermissionDenied, match="You wrote part"):
            judge(article, user)
    judge(article, anna.user)
    edit(article, SAVED, carla)
    judge(article, ben.user)


def test_who_wrote_a_text_that_was_let_go_is_no_author(article: Article) -> None:
    edit(article, SAVED, person("anna"))
    ben = person("ben")
    settle(keep(article, ben), person("carla"), None)
    assert authors(article) == {"anna"}
    judge(article, ben.user)


def test_a_kept_text_that_somebody_restores_has_its_author(article: Article) -> None:
    edit(article, SAVED, person("anna"))
    ben = person("ben")
    conflict = keep(article, ben)
    settle(conflict, person("carla"), None)
    edit(article, KEPT, person("dora"))
    assert authors(article) == {"anna", "ben", "dora"}
    with pytest.raises(PermissionDenied, match="You wrote part"):
        judge(article, ben.user)


def test_words_that_went_in_by_way_of_two_merges_have_their_author(article: Article) -> None:
    anna, ben, carla, dora = (person(name) for name in ("anna", "ben", "carla", "dora"))
    saved = edit(article, SAVED, anna)
    first = keep(article, ben)
    latest = edit(article, SAVED.replace("People were asked", "They asked people"), anna)
    second = replace(first, carla, saved)
    assert authors(article) == {"anna"}
    text = merge(SAVED, latest.source, BOTH).compose(dict.fromkeys(["section-nerve-regeneration"], Side.THEIRS))
    settle(second, dora, text)
    assert authors(article) == {"anna", "ben", "carla", "dora"}

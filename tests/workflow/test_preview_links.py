"""Links to drafts: who makes and revokes them, what is stored of them, and which of them work."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from articles import workflow
from articles.models import Article, AuditEvent, PreviewLink, Revision
from tests.support import IMPORT, NOW, TEXT, edit, make_article, make_evidence, make_user, publish

pytestmark = pytest.mark.django_db

DRAFT = TEXT + "\nA draft [@PEOPLE-2020].\n"


@pytest.fixture
def article() -> Article:
    """A published article with a draft."""
    make_evidence()
    article = make_article()
    edit(article, DRAFT)
    article.refresh_from_db()
    return article


@pytest.fixture
def draft(article: Article) -> Revision:
    assert article.draft_revision is not None
    return article.draft_revision


@pytest.fixture
def edda() -> workflow.Actor:
    return workflow.Actor.person(make_user("Editors", username="edda"))


def make(draft: Revision, by: workflow.Actor = IMPORT, days: int = 7) -> tuple[PreviewLink, str]:
    return workflow.make_preview_link(revision=draft, days=days, by=by, now=NOW)


def is_open(token: str, after: timedelta = timedelta()) -> bool:
    return PreviewLink.objects.open(NOW + after).with_token(token).exists()


@pytest.mark.parametrize("days", workflow.LINK_DAYS)
def test_a_link_works_for_its_days_and_not_a_moment_longer(days: int, draft: Revision, edda: workflow.Actor) -> None:
    link, token = make(draft, edda, days)
    assert (link.revision, link.made_by, link.made_by_name) == (draft, edda.user, "edda")
    assert is_open(token)
    assert is_open(token, timedelta(days=days) - timedelta(microseconds=1))
    assert not is_open(token, timedelta(days=days))


def test_the_secret_has_256_bits_and_is_stored_nowhere(draft: Revision) -> None:
    tokens = [make(draft)[1] for _each in range(3)]
    assert len(set(tokens)) == 3
    assert {len(token) for token in tokens} == {43}
    stored = repr([*PreviewLink.objects.values(), *AuditEvent.objects.values()])
    assert not [token for token in tokens if token in stored]


@pytest.mark.parametrize("token", ["", "x", "\x00", "é" * 50, "a" * 10_000])
def test_other_secrets_open_nothing(token: str, draft: Revision) -> None:
    link, made = make(draft)
    assert not is_open(token)
    assert not is_open(link.token_digest)
    assert not is_open(made[:-1])
    assert not is_open(made.swapcase())


def test_a_link_that_is_taken_back_works_no_more(draft: Revision, edda: workflow.Actor) -> None:
    link, token = make(draft)
    other = make(draft)[1]
    workflow.revoke_preview_link(link=link, by=edda, now=NOW)
    link.refresh_from_db()
    assert (link.revoked_at, link.revoked_by_name) == (NOW, "edda")
    assert not is_open(token)
    assert is_open(other)
    with pytest.raises(ValueError, match="taken back already"):
        workflow.revoke_preview_link(link=link, by=edda, now=NOW)


def test_both_acts_are_in_the_log(draft: Revision, edda: workflow.Actor) -> None:
    link, _token = make(draft, edda)
    workflow.revoke_preview_link(link=link, by=edda, now=NOW)
    events = AuditEvent.objects.filter(act__in=["share", "unshare"]).order_by("pk")
    assert [(event.act, event.actor_name, event.from_revision, event.to_revision) for event in events] == [
        ("share", "edda", None, draft),
        ("unshare", "edda", draft, None),
    ]


@pytest.mark.parametrize(
    ("groups", "may"),
    [(["Editors"], True), (["Publishers"], True), (["Reviewers"], False), ([], False)],
    ids=str,
)
def test_editors_and_publishers_make_and_take_back(groups: list[str], may: bool, draft: Revision) -> None:
    link, _token = make(draft)
    by = workflow.Actor.person(make_user(*groups))
    if may:
        make(draft, by)
        workflow.revoke_preview_link(link=link, by=by, now=NOW)
        return
    with pytest.raises(PermissionDenied, match="add previewlink"):
        make(draft, by)
    with pytest.raises(PermissionDenied, match="change previewlink"):
        workflow.revoke_preview_link(link=link, by=by, now=NOW)
    assert PreviewLink.objects.filter(revoked_at__isnull=True).count() == 1


@pytest.mark.parametrize("days", [0, -1, 2, 31, 365])
def test_no_other_number_of_days_is_taken(days: int, draft: Revision) -> None:
    with pytest.raises(ValueError, match="days"):
        make(draft, days=days)
    assert not PreviewLink.objects.exists()


def test_only_the_latest_draft_is_shared(article: Article, draft: Revision) -> None:
    assert article.published_revision is not None
    with pytest.raises(workflow.ConflictError):
        make(article.published_revision)
    edit(article, DRAFT + "\nNewer [@PEOPLE-2020].\n")
    with pytest.raises(workflow.ConflictError):
        make(draft)
    assert not PreviewLink.objects.exists()


def test_a_link_outlives_newer_drafts_and_publication(article: Article, draft: Revision) -> None:
    _link, token = make(draft)
    publish(article)
    edit(article, DRAFT + "\nNewer [@PEOPLE-2020].\n")
    assert is_open(token)


def test_what_is_kept_from_readers_is_kept_from_links(article: Article, draft: Revision) -> None:
    _link, token = make(draft)
    publication = publish(article)
    edit(article, TEXT)
    publish(article)
    assert is_open(token)
    workflow.withhold(publication=publication, reason="It named somebody.", by=IMPORT, now=NOW)
    assert not is_open(token)
    workflow.show_again(publication=publication, by=IMPORT, now=NOW)
    assert is_open(token)


def test_a_withdrawn_article_has_no_links(article: Article, draft: Revision) -> None:
    _link, token = make(draft)
    Article.objects.filter(pk=article.pk).update(withdrawn_at=NOW, withdrawn_reason="Out of date.")
    assert not is_open(token)
    with pytest.raises(ValueError, match="withdrawn"):
        make(draft)


def test_the_name_outlives_the_account(draft: Revision, edda: workflow.Actor) -> None:
    link, token = make(draft, edda)
    edda.user.delete()
    link.refresh_from_db()
    assert (link.made_by, link.made_by_name) == (None, "edda")
    assert is_open(token)


@pytest.mark.parametrize(
    "changed",
    [
        {"made_by_name": ""},
        {"expires_at": NOW},
        {"expires_at": NOW - timedelta(days=1)},
        {"revoked_at": NOW},
        {"revoked_by_name": "edda"},
    ],
    ids=str,
)
def test_the_database_refuses_what_cannot_be(changed: dict[str, Any], draft: Revision) -> None:
    link, _token = make(draft)
    with pytest.raises(IntegrityError), transaction.atomic():
        PreviewLink.objects.filter(pk=link.pk).update(**changed)

"""What the database itself refuses."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from articles.models import (
    Article,
    AuditEvent,
    Citation,
    Claim,
    FormerSlug,
    Notice,
    NoticeCheck,
    Publication,
    Rating,
    Reference,
    ReferenceSnapshot,
    Rendering,
    Review,
    Revision,
    RevisionState,
    Section,
)
from articles.models.append_only import AppendOnlyError
from tests.support import NOW, TEXT, edit, make_article, make_evidence

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    make_evidence()
    article = make_article()
    make_review(article)
    make_rating(article)
    make_notice()
    NoticeCheck.objects.create(reference=rats(), checked_at=NOW, asked="Crossref", result="found")
    return article


def revision_of(article: Article) -> Revision:
    revision = article.published_revision
    assert revision is not None
    return revision


def rats() -> Reference:
    return Reference.objects.get(key="RATS-1994")


def make_review(article: Article, **changed: Any) -> Review:
    who = {"printed_name": "Dr Ada Example", "role": "neurologist", "credentials": "MD", "interests": "None"}
    values = {**who, "decision": "approved", "checklist": [], "decided_at": NOW, **changed}
    return Review.objects.create(revision=revision_of(article), **values)


def make_rating(article: Article, **changed: Any) -> Rating:
    values = {"printed_name": "x", "standard": "jama", "question": "1", "answer": "yes", "reason": "x", **changed}
    return Rating.objects.create(revision=revision_of(article), rated_at=NOW, **values)


def make_notice(**changed: Any) -> Notice:
    values = {"kind": "retraction", "notice_doi": "10.1000/n", "told_by": "Crossref", **changed}
    return Notice.objects.create(reference=rats(), found_at=NOW, **values)


def add_again(model: Any, **changed: Any) -> Any:
    """Insert a row once more under another id."""
    row = model.objects.order_by("pk").last()
    row.pk, row._state.adding = None, True
    for name, value in changed.items():
        setattr(row, name, value)
    return row.save()


BREACHES: dict[str, Callable[[Article], Any]] = {
    "withdrawn without a reason": lambda a: Article.objects.filter(pk=a.pk).update(withdrawn_at=NOW),
    "a reason without a withdrawal": lambda a: Article.objects.filter(pk=a.pk).update(withdrawn_reason="x"),
    "published without a date": lambda a: Article.objects.filter(pk=a.pk).update(changed_at=None),
    "an address twice": lambda a: Article.objects.create(slug=a.slug, title="x", summary="x"),
    "a number twice": lambda a: Revision.objects.create(
        article=a, number=1, source="x", digest="x", created_at=NOW, created_by_name="x"
    ),
    "a revision by nobody": lambda a: Revision.objects.create(article=a, number=9, source="x", digest="x", created_at=NOW),
    "a publication by nobody": lambda a: Publication.objects.create(
        article=a, revision=revision_of(a), number=9, published_at=NOW
    ),
    "withheld without a reason": lambda a: Publication.objects.update(withheld_at=NOW),
    "a reason without withholding": lambda a: Publication.objects.update(withheld_reason="x"),
    "a publication's number twice": lambda a: add_again(Publication),
    "a section's id twice in a publication": lambda a: add_again(Section, position=9),
    "a claim's place twice in a publication": lambda a: add_again(Claim),
    "a work twice at a claim": lambda a: add_again(Citation, position=9),
    "a work twice as it was": lambda a: add_again(ReferenceSnapshot),
    "two articles with one publication": lambda a: Article.objects.create(
        slug="other", title="x", summary="x", publication=a.publication
    ),
    "a review without a name": lambda a: make_review(a, printed_name=""),
    "a review without a role": lambda a: make_review(a, role=""),
    "a review without credentials": lambda a: make_review(a, credentials=""),
    "a review silent on interests": lambda a: make_review(a, interests=""),
    "a request that asks for nothing": lambda a: make_review(a, decision="changes_requested"),
    "a rating by nobody": lambda a: make_rating(a, printed_name=""),
    "a rating without a reason": lambda a: make_rating(a, reason=""),
    "a notice twice": lambda a: make_notice(),
    "scheduled without a time": lambda a: RevisionState.objects.create(article=a, revision=revision_of(a), status="scheduled"),
    "a time without a schedule": lambda a: RevisionState.objects.create(article=a, revision=revision_of(a), publish_at=NOW),
    "an event by nobody": lambda a: AuditEvent.objects.create(at=NOW, act="save", article=a),
    "a former address twice": lambda a: FormerSlug.objects.bulk_create(
        [FormerSlug(language="en", slug="x", article=a), FormerSlug(language="en", slug="x", article=a)]
    ),
    "a DOI in capitals": lambda a: Reference.objects.filter(key="PEOPLE-2020").update(doi="10.1000/PEOPLE"),
    "an empty DOI": lambda a: Reference.objects.filter(key="PEOPLE-2020").update(doi=""),
    "a DOI twice": lambda a: Reference.objects.filter(key="RATS-1994").update(doi="10.1000/people"),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_the_database_refuses(breach: str, article: Article) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        BREACHES[breach](article)


def test_an_article_has_at_most_one_open_state(article: Article) -> None:
    edit(article, TEXT + "\nOne [@PEOPLE-2020].\n")
    with pytest.raises(IntegrityError), transaction.atomic():
        RevisionState.objects.create(article=article, revision=revision_of(article))


@pytest.mark.parametrize("model", [Revision, AuditEvent, Review, Rating, ReferenceSnapshot, Notice, NoticeCheck])
def test_rows_of_history_are_never_changed_or_deleted(model: Any, article: Article) -> None:
    before = list(model.objects.values())
    row = model.objects.first()
    rows = model.objects.all()
    for attempt in (row.save, row.delete, rows.delete, lambda: rows.update(pk=7), lambda: rows.bulk_update([row], ["id"])):
        with pytest.raises(AppendOnlyError):
            attempt()
    assert list(model.objects.values()) == before


def test_history_holds_on_to_what_it_speaks_of(article: Article) -> None:
    for row in (rats(), Publication.objects.get(), article):
        with pytest.raises(ProtectedError):
            row.delete()


def test_what_is_derived_can_be_dropped(article: Article) -> None:
    for model in (Rendering, Claim, Section):
        assert model.objects.exists()
        model.objects.all().delete()
    assert Publication.objects.exists()


def test_works_keep_their_value() -> None:
    make_evidence()
    for row in Reference.objects.all():
        columns = Reference.columns(row.value())
        assert {name: getattr(row, name) for name in columns} == columns

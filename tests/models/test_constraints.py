"""What the database itself refuses."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from articles.models import Article, AuditEvent, FormerSlug, Publication, Reference, Revision, RevisionState
from articles.models.append_only import AppendOnlyError
from tests.support import NOW, TEXT, edit, make_article, make_evidence

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    make_evidence()
    return make_article()


def revision_of(article: Article) -> Revision:
    revision = article.published_revision
    assert revision is not None
    return revision


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


@pytest.mark.parametrize("model", [Revision, AuditEvent])
def test_rows_of_history_are_never_changed_or_deleted(model: Any, article: Article) -> None:
    row = model.objects.first()
    for attempt in (row.save, row.delete, model.objects.all().delete, lambda: model.objects.update(pk=7)):
        with pytest.raises(AppendOnlyError):
            attempt()


def test_works_keep_their_value() -> None:
    make_evidence()
    for row in Reference.objects.all():
        columns = Reference.columns(row.value())
        assert {name: getattr(row, name) for name in columns} == columns

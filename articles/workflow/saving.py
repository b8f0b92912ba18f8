"""Making articles, saving texts as revisions, changing addresses."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext

from articles.models import Article, AuditEvent, FormerSlug, Reference, Revision
from articles.text.changes import Significance, find_changes_of_meaning, is_small
from articles.text.citations import find_citations
from articles.text.problems import Problem, SourceError
from articles.text.source import Source
from articles.workflow.actor import Actor, ConflictError, record, record_all, tidy
from articles.workflow.checking import check_source, text_of
from articles.workflow.moves import Stage, move_to, start_drafts
from articles.workflow.page_versions import listed, renew_pages
from articles.workflow.preparing import copy_fields

MAX_NOTE = 400


def create_article(*, slug: str, source: Source, by: Actor, now: datetime, note: str = "") -> Article:
    """Make an article with its first revision, a draft, from a checked text.

    Raises PermissionDenied, and IntegrityError for an address in use.
    """
    return create_all([(slug, source)], by=by, now=now, note=note)[0]


def create_all(texts: Sequence[tuple[str, Source]], *, by: Actor, now: datetime, note: str = "") -> list[Article]:
    """Make an article from each checked text, which comes with its address: as ``create_article`` does with one."""
    by.require("add_article")
    note = tidy(note)[:MAX_NOTE]
    keys = {key for _slug, source in texts for _line, cited in find_citations(source.front_matter.summary) for key in cited.keys}
    works = {row.key: row.value() for row in Reference.objects.filter(key__in=keys)}
    articles = [Article(kind=source.kind, slug=slug, language=source.front_matter.language) for slug, source in texts]
    for article, (_slug, source) in zip(articles, texts, strict=True):
        copy_fields(article, source, works)
    with transaction.atomic():
        Article.objects.bulk_create(articles)
        revisions = [
            _make_revision(article, source, 1, None, note, Significance.CHANGE, by, now)
            for article, (_slug, source) in zip(articles, texts, strict=True)
        ]
        Revision.objects.bulk_create(revisions)
        start_drafts(revisions, by, now)
        first = Revision.objects.filter(article=OuterRef("pk"), number=1).values("pk")
        made = Article.objects.filter(pk__in=[article.pk for article in articles])
        made.update(draft_revision=Subquery(first))
        for article, revision in zip(articles, revisions, strict=True):
            article.draft_revision = revision
        acts = [(article, None, revision, "") for article, revision in zip(articles, revisions, strict=True)]
        record_all(AuditEvent.Act.SAVE, acts, by, now)
    return articles


def save_revision(
    *,
    article: Article,
    source: Source,
    based_on: Revision | None,
    by: Actor,
    now: datetime,
    note: str = "",
    significance: Significance = Significance.CHANGE,
) -> Revision:
    """Save a checked text as the article's new draft; the latest revision's own text saves nothing and gives that revision,
    unless it is a draft of which something else is to be said.

    ``based_on`` is the revision the text was made from; ``note`` and ``significance`` tell readers what it changes of what they
    see now. Raises ConflictError when ``based_on`` is no longer the latest, SourceError when a change of meaning is called
    small, and PermissionDenied.
    """
    by.require("change_article")
    note = tidy(note)[:MAX_NOTE]
    check_significance(article, source, significance)
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        latest = article.latest_revision
        if latest != based_on:
            raise ConflictError(latest)
        if latest is not None and latest.digest == source.digest:
            said_anew = note and (note, significance) != (latest.note, latest.significance)
            if latest == article.published_revision or not said_anew:
                return latest
        return _add_revision(article, source, note, significance, by, now)


def restore_revision(*, article: Article, revision: Revision, based_on: Revision | None, by: Actor, now: datetime) -> Revision:
    """Make an earlier text of an article its draft again, as a new revision; nothing that came since is lost.

    ``based_on`` is the latest revision as whoever restores knows it. Raises PermissionDenied, SourceError with every problem
    where the text would not be taken today, ConflictError when somebody saved meanwhile, and ValueError, in words, for the
    latest text itself.
    """
    by.require("change_article")
    if revision.article_id != article.pk:
        raise ValueError(f"{revision} is not a revision of {article}")
    source = check_source(revision.source, article.kind, article=article)
    words = gettext("Restored revision %s.") % revision.number
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        latest = article.latest_revision
        if latest != based_on:
            raise ConflictError(latest)
        if latest is not None and latest.digest == source.digest:
            raise ValueError(gettext("The latest text is the same as this one."))
        return _add_revision(article, source, words, Significance.CHANGE, by, now, detail=words)


def check_significance(article: Article, source: Source, significance: Significance) -> None:
    """Raise SourceError when ``source`` changes the meaning of what readers see, and ``significance`` says that it does not."""
    if article.published_revision is None or not is_small(significance):
        return
    if changed := find_changes_of_meaning(text_of(article.published_revision), source):
        what = f"This change touches {', '.join(changed)}"
        raise SourceError([Problem(1, what, "choose “Changed content”, “Correction of a mistake” or “Urgent correction”")])


def _add_revision(
    article: Article, source: Source, note: str, significance: Significance, by: Actor, now: datetime, *, detail: str = ""
) -> Revision:
    based_on = article.latest_revision
    revision = store_revision(article, source, based_on, note, significance, by, now)
    move_to(Stage.DRAFT, revision, by, now)
    article.draft_revision = revision
    if article.published_revision is None:
        copy_fields(article, source)
    article.save()
    record(AuditEvent.Act.SAVE, article, by, now, based_on, revision, detail=detail)
    return revision


def store_revision(
    article: Article, source: Source, based_on: Revision | None, note: str, significance: str, by: Actor, now: datetime
) -> Revision:
    """Store a text under the article's next number, and nothing else. The article is locked."""
    last = article.revisions.order_by("-number").values_list("number", flat=True).first() or 0
    revision = _make_revision(article, source, last + 1, based_on, note, significance, by, now)
    revision.save()
    return revision


def _make_revision(
    article: Article,
    source: Source,
    number: int,
    based_on: Revision | None,
    note: str,
    significance: str,
    by: Actor,
    now: datetime,
) -> Revision:
    return Revision(
        article=article,
        number=number,
        source=source.text,
        digest=source.digest,
        based_on=based_on,
        note=note,
        significance=significance,
        created_at=now,
        created_by=by.user,
        created_by_name=by.name,
    )


def rename(*, article: Article, slug: str, by: Actor, now: datetime) -> None:
    """Give an article another address; the old one leads there for ever."""
    by.require("change_article")
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        FormerSlug.objects.filter(language=article.language, slug=slug).delete()
        FormerSlug.objects.update_or_create(language=article.language, slug=article.slug, defaults={"article": article})
        before = listed(article)
        article.slug = slug
        article.save()
        renew_pages(article, before, listed(article))
        record(AuditEvent.Act.RENAME, article, by, now, article.latest_revision, article.latest_revision)

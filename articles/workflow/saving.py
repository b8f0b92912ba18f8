"""Making articles, saving texts as revisions, changing addresses."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from articles.models import Article, AuditEvent, FormerSlug, Revision
from articles.text.changes import Significance, find_changes_of_meaning, is_small
from articles.text.problems import Problem, SourceError
from articles.text.source import Source
from articles.workflow.actor import Actor, ConflictError, record, tidy
from articles.workflow.checking import check_source, text_of
from articles.workflow.moves import Stage, move_to
from articles.workflow.page_versions import listed, renew_pages
from articles.workflow.preparing import copy_fields

MAX_NOTE = 400


def create_article(*, slug: str, source: Source, by: Actor, now: datetime, note: str = "") -> Article:
    """Make an article with its first revision, a draft, from a checked text.

    Raises PermissionDenied, and IntegrityError for an address in use.
    """
    by.require("add_article")
    note = tidy(note)[:MAX_NOTE]
    with transaction.atomic():
        article = Article(kind=source.kind, slug=slug, language=source.front_matter.language)
        copy_fields(article, source)
        article.save()
        _add_revision(article, source, note, Significance.CHANGE, by, now)
    return article


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
    revision: Revision = Revision.objects.create(
        article=article,
        number=last + 1,
        source=source.text,
        digest=source.digest,
        based_on=based_on,
        note=note,
        significance=significance,
        created_at=now,
        created_by=by.user,
        created_by_name=by.name,
    )
    return revision


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

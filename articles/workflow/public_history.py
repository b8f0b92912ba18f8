"""What happens to the public history beside new texts: changed works, withheld texts, pinned corrections, remade pages."""

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, override

from articles import search
from articles.models import (
    Article,
    AuditEvent,
    GlossaryTerm,
    Notice,
    Publication,
    Reference,
    ReferenceSnapshot,
    Rendering,
    WordUse,
)
from articles.text import bibliography
from articles.text.alphabet import sort_key
from articles.text.changes import Significance
from articles.text.problems import SourceError
from articles.text.render import RENDERER_VERSION
from articles.text.source import Known
from articles.workflow.actor import Actor, record, tidy
from articles.workflow.checking import text_of
from articles.workflow.page_versions import (
    renew_everything,
    renew_record,
    renew_texts,
    renew_uses,
    renew_works,
)
from articles.workflow.preparing import Prepared, prepare
from articles.workflow.public_words import hide_words_of, show_words_of, show_words_with
from articles.workflow.publishing import Turn, find_source_check, next_publication, point_at
from articles.workflow.reviewing import set_review_due
from articles.workflow.storing import store, store_evidence
from articles.workflow.word_uses import save_rendering

MAX_REASON = 400
logger = logging.getLogger(__name__)


@dataclass(slots=True)
class TakenIn:
    """What came of changed works: the articles published anew, those of them that break a rule since, and unreadable ones."""

    published: list[Article] = field(default_factory=list)
    broken: list[Article] = field(default_factory=list)
    unread: list[Article] = field(default_factory=list)


def take_in_changed_sources(keys: Collection[str], *, by: Actor, now: datetime) -> TakenIn:
    """Bring changed works before readers, and into the history of each article that cites them.

    An article whose works are as they were is left alone. Old copies keep the works as they were, but a work that has been
    withdrawn since says so there too, until a person takes that back.
    """
    uses = ReferenceSnapshot.objects.filter(reference__key__in=keys)
    citing = Article.objects.published().filter(publication__in=uses.values("publication")).order_by("pk")
    taken_in = TakenIn()
    for article in citing:
        _take_in(article, by, now, taken_in)
    was_withdrawn = Q(notices__kind=Notice.Kind.RETRACTION) | Q(snapshots__facts__retracted_on__isnull=False)
    marked = Reference.objects.filter(Q(pk__in=Reference.objects.withdrawn()) | was_withdrawn, key__in=keys)
    _remake(Publication.objects.filter(pk__in=ReferenceSnapshot.objects.filter(reference__in=marked).values("publication")))
    renew_works(keys)
    return taken_in


def _take_in(article: Article, by: Actor, now: datetime, taken_in: TakenIn) -> None:
    """Publish an article's text anew with its works as they are now, where any of them has changed.

    A text that would no longer pass the checks is shown all the same, with as much certainty as its works carry now.
    """
    assert article.publication is not None
    try:
        source = text_of(article.publication.revision)
    except SourceError:
        taken_in.unread.append(article)
        return
    was = {row.facts["key"]: row.value() for row in article.publication.snapshots.all()}
    prepared = prepare(source, is_capped=True)
    with override(article.language):
        pairs = [(was[key], value) for key, value in prepared.references.items() if key in was]
        notes = [note for before, after in pairs for note in bibliography.diff_facts(before, after, gettext)]
    if not notes:
        return
    with transaction.atomic():
        locked = Article.objects.select_for_update().get(pk=article.pk)
        if locked.withdrawn_at is not None:
            return
        if locked.publication_id != article.publication_id:  # somebody published meanwhile
            _take_in(locked, by, now, taken_in)
            return
        assert locked.published_revision is not None
        publication = next_publication(locked, locked.published_revision, by, now)
        publication.cause, publication.note = Publication.Cause.SOURCES, "\n".join(notes)
        publication.significance = Significance.CORRECTION
        store([(publication, prepared)])
        point_at([Turn(locked, publication, prepared)])
        record(AuditEvent.Act.SOURCES, locked, by, now, publication.revision, publication.revision)
    taken_in.published.append(locked)
    if locked.source_problems:
        taken_in.broken.append(locked)


def remake_with_terms(keys: Collection[str]) -> int:
    """Remake what readers see where a changed word of the glossary is explained; gives how many pages."""
    return _remake(Publication.objects.filter(pk__in=WordUse.objects.filter(key__in=keys).values("publication")), in_lists=False)


def lock_articles(found: QuerySet[Article]) -> None:
    """Lock articles in a fixed order, inside a transaction, before a work or word that they use is locked.

    Acts on an article come to its works and words last; two acts that each hold what the other needs next would wait for ever.
    """
    list(Article.objects.select_for_update().filter(pk__in=found.values("pk")).order_by("pk").values_list("pk"))


def lock_articles_with_terms(keys: Collection[str]) -> None:
    """Lock the articles in which readers find words of the glossary explained, inside a transaction."""
    lock_articles(Article.objects.filter(publication__in=WordUse.objects.filter(key__in=keys).values("publication")))


def remake_stale_renderings() -> int:
    """Remake the renderings that are missing or of an older renderer, old copies included; gives how many."""
    stale = Rendering.objects.exclude(renderer_version=RENDERER_VERSION).values("pk")
    return _remake(Publication.objects.filter(Q(pk__in=stale) | Q(rendering__isnull=True)))


def _remake(publications: QuerySet[Publication], *, in_lists: bool = True) -> int:
    """Remake renderings from the works as they were then; what was published before claims and due days were kept gets
    those too. ``in_lists`` says whether lists may tell of what is new in them.
    """
    remade, articles = 0, {}
    for publication in publications.select_related("revision__article").iterator(chunk_size=100):
        article = publication.revision.article
        try:
            source = text_of(publication.revision)
        except SourceError:
            if article.publication_id == publication.pk:
                logger.warning("%s cannot be read any more; what was made of it stays. Publish it anew.", publication)
            continue
        snapshots = {row.facts["key"]: row for row in publication.snapshots.select_related("reference")}
        terms = {row.key: row.value() for row in GlossaryTerm.objects.filter(key__in=source.term_keys)}
        if snapshots:
            references = {key: row.value_now() for key, row in snapshots.items()}
        else:
            references = {row.key: row.value() for row in Reference.objects.filter(key__in=source.cited_keys)}
        is_sources = publication.cause == Publication.Cause.SOURCES
        prepared = prepare(source, Known(references, terms, {}), is_capped=is_sources)
        with transaction.atomic():
            prepared.rendering.publication = publication
            save_rendering(prepared.rendering)
            if not publication.sections.exists():
                store_evidence([(publication, prepared)])
            if article.publication_id == publication.pk:
                _complete(article, prepared)
        remade += 1
        articles[article.pk] = article
    renew_texts(articles.values(), in_lists=in_lists)
    return remade


def _complete(article: Article, prepared: Prepared) -> None:
    """Give an article what an older version of the site, which may have published it, did not know of."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    if article.publication_id != prepared.rendering.publication_id:  # somebody published meanwhile
        return
    article.sort_title = sort_key(article.title)
    if article.review_due_on is None:
        set_review_due(article, prepared.rendering.review_months)
    article.save(update_fields=["sort_title", "review_due_on"])
    if article.withdrawn_at is None:
        show_words_with(prepared.rendering.term_keys)
        search.store_entries([(article, prepared.entries)])


def withhold(*, publication: Publication, reason: str, by: Actor, now: datetime) -> None:
    """Keep an old text from readers, in every publication of it; their entries in the history stay, with the reason.

    Words that no other text explains leave the glossary with it.

    Raises PermissionDenied, and ValueError without a reason, for what readers see now, and for what is withheld already.
    """
    by.require("change_publication")
    reason = tidy(reason)[:MAX_REASON]
    if not reason:
        raise ValueError("an old text is withheld for a reason that readers are told")
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=publication.article_id)
        if article.published_revision_id == publication.revision_id:
            raise ValueError("what readers see now cannot be withheld; publish another text first")
        texts = article.publications.filter(revision=publication.revision_id)
        if not texts.filter(withheld_at__isnull=True).update(withheld_at=now, withheld_reason=reason):
            raise ValueError("the text is withheld already")
        if article.pinned is not None and article.pinned.revision_id == publication.revision_id:
            article.pinned = None
            article.save(update_fields=["pinned"])
        hide_words_of(Rendering.objects.filter(publication__in=texts))
        _renew_with_works(texts, is_gone=True)
        record(AuditEvent.Act.WITHHOLD, article, by, now, publication.revision, None)


def show_again(*, publication: Publication, by: Actor, now: datetime) -> None:
    """Let readers see a withheld text of the history again. Raises PermissionDenied, and ValueError for one that is shown."""
    by.require("change_publication")
    with transaction.atomic():
        texts = Publication.objects.filter(article=publication.article_id, revision=publication.revision_id)
        if not texts.filter(withheld_at__isnull=False).update(withheld_at=None, withheld_reason=""):
            raise ValueError("the text is not withheld")
        show_words_of(Rendering.objects.filter(publication__in=texts))
        _renew_with_works(texts)
        record(AuditEvent.Act.SHOW_AGAIN, publication.article, by, now, None, publication.revision)


def _renew_with_works(texts: QuerySet[Publication], *, is_gone: bool = False) -> None:
    """Have the pages made anew that show some texts, and those of works that may be seen for their sake alone."""
    renew_texts(Article.objects.filter(publications__in=texts).distinct(), is_gone=is_gone)
    works = Reference.objects.filter(snapshots__publication__in=texts)
    renew_uses(works.distinct().values_list("key", flat=True), is_gone=is_gone)


def pin(*, publication: Publication, by: Actor, now: datetime) -> None:
    """Show a publication's note as a banner on its article, in the place of another that was pinned.

    Raises PermissionDenied, and ValueError for a publication without a note or withheld.
    """
    by.require("change_publication")
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=publication.article_id)
        publication = article.publications.select_related("revision").get(pk=publication.pk)
        if not publication.note or publication.withheld_at:
            raise ValueError("a publication with a note that readers may see can be pinned")
        article.pinned = publication
        article.save(update_fields=["pinned"])
        renew_record(article)
        record(AuditEvent.Act.PIN, article, by, now, None, publication.revision)


def unpin(*, article: Article, by: Actor, now: datetime) -> None:
    """Take the banner of a correction down. Raises PermissionDenied."""
    by.require("change_publication")
    with transaction.atomic():
        article = Article.objects.select_for_update(of=("self",)).select_related("pinned__revision").get(pk=article.pk)
        before = article.pinned.revision if article.pinned else None
        article.pinned = None
        article.save(update_fields=["pinned"])
        renew_record(article)
        record(AuditEvent.Act.UNPIN, article, by, now, before, None)


def record_notices(*, found: Iterable[tuple[str, str]], by: Actor, now: datetime) -> None:
    """Log the notices on works that were found: the key of each work, and what was found, in words."""
    told = list(found)
    for key, words in told:
        record(AuditEvent.Act.NOTICE, None, by, now, about=f"work {key}", detail=words)
    renew_works({key for key, _words in told})


def record_source_check() -> None:
    """Note on each published article when its works were last checked for withdrawals."""
    for article in Article.objects.published().select_related("publication").iterator(chunk_size=500):
        assert article.publication is not None
        checked_at, unchecked = find_source_check(article.publication)
        Article.objects.filter(pk=article.pk).update(sources_checked_at=checked_at, sources_unchecked=unchecked)
    renew_everything()  # the day stands on each page with works

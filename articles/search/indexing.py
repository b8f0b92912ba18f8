"""What can be found, kept as readers see it.

Entries are rows beside what they are made from, and are written in the same transaction: page and index cannot disagree, and what
is rolled back is rolled back in both.
"""

import logging
from collections.abc import Collection, Iterable, Mapping

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.text import capfirst
from django.utils.translation import gettext, override

from articles.models import Article, GlossaryTerm, SearchEntry, SearchSpelling
from articles.search.spelling import learn, learn_misspellings
from articles.text import bibliography
from articles.text.front_matter import Kind
from articles.text.passages import Passage, find_passages
from articles.text.problems import SourceError
from articles.text.search_terms import to_tokens
from articles.text.source import Source, parse_source

VERSION = 1
"""Grows with every change of what is stored for the same text; ``refresh`` then makes all entries anew."""

MAX_BODY = 12_000
"""How many words of a section are searched; PostgreSQL counts places no further than 16,383."""

logger = logging.getLogger(__name__)


def make_entries(source: Source, works: Mapping[str, bibliography.Reference]) -> list[SearchEntry]:
    """Make the entries of a text as readers see it, not yet stored: one of the article, and one of each section."""
    head = source.front_matter
    with override(head.language):
        first, *passages = find_passages(source, works, gettext)
    title, names = to_tokens(head.title, head.language), _lines_of_tokens(head.also_called, head.language)
    context = "\n".join(part for part in (title, names, to_tokens(head.topic, head.language)) if part)
    article = _entry(SearchEntry.Kind(source.kind), first, first.lines[1:], head.language)
    article.title_words, article.heading_words, article.names = title, names, list(head.also_called)
    entries = [article]
    for position, (passage, parsed) in enumerate(zip(passages, source.sections, strict=True), 1):
        entry = _entry(SearchEntry.Kind.SECTION, passage, passage.lines, head.language)
        entry.position, entry.certainty = position, parsed.section.certainty or ""
        entry.heading_words, entry.context_words = to_tokens(passage.heading, head.language), context
        entries.append(entry)
    return entries


def _entry(kind: SearchEntry.Kind, passage: Passage, lines: Iterable[str], language: str) -> SearchEntry:
    kept = [line for line in lines if line]
    return SearchEntry(
        kind=kind,
        language=language,
        section_id=passage.id,
        heading=passage.heading,
        lines=kept,
        body_words=_body(kept, language),
        version=VERSION,
    )


def _body(lines: Iterable[str], language: str) -> str:
    """Give the tokens of a text, those of each line on a line."""
    room, kept = MAX_BODY, []
    for line in lines:
        words = to_tokens(line, language).split()[:room]
        room -= len(words)
        kept.append(" ".join(words))
    return "\n".join(kept).rstrip("\n")


def _lines_of_tokens(names: Iterable[str], language: str) -> str:
    tokens = (to_tokens(name, language) for name in names)
    return "\n".join(dict.fromkeys(words for words in tokens if words))


def store_entries(article: Article, entries: Collection[SearchEntry]) -> None:
    """Let a published article be found by ``entries``, made of its current publication, and by nothing older."""
    for entry in entries:
        entry.article, entry.publication_id = article, article.publication_id
        entry.topic, entry.topic_slug = article.topic, article.topic_slug
    remove(article)
    SearchEntry.objects.bulk_create(entries)
    texts = (text for entry in entries for text in (entry.heading, *entry.names, *entry.lines))
    learn([article.title, article.topic, *texts], article.language)


def remove(article: Article) -> None:
    """Let an article be found no more."""
    SearchEntry.objects.filter(article=article).delete()


def index_article(article: Article) -> None:
    """Make and store the entries of an article anew from what readers see of it; what cannot be read any more is left out."""
    publication = article.publication
    assert publication is not None
    try:
        source = parse_source(publication.revision.source, Kind(article.kind))
    except SourceError:
        logger.warning("%s cannot be read any more, so it cannot be found. Publish it anew.", publication)
        remove(article)
        return
    snapshots = publication.snapshots.select_related("reference").order_by("pk")
    entries = make_entries(source, {row.facts["key"]: row.value_now() for row in snapshots})
    certainties = dict(publication.sections.values_list("section_id", "certainty"))
    for entry in entries:  # what is shown may have become less sure than the text says
        entry.certainty = certainties.get(entry.section_id, entry.certainty)
    with transaction.atomic():
        store_entries(article, entries)


def index_terms(terms: Iterable[GlossaryTerm]) -> None:
    """Let words of the glossary be found, and by their misspellings. Readers find those that they see explained."""
    language = settings.LANGUAGE_CODE
    for term in terms:
        medical = [name for name in term.medical.split(" or ") if name]
        entry = SearchEntry(
            kind=SearchEntry.Kind.TERM,
            term=term,
            names=[*medical, *term.synonyms],
            lines=[f"{capfirst(term.explanation)}."],
            title_words=to_tokens(term.term, language),
            heading_words=_lines_of_tokens([*medical, *term.synonyms], language),
            body_words=_body([term.explanation], language),
            version=VERSION,
        )
        with transaction.atomic():
            SearchEntry.objects.filter(term=term).delete()
            entry.save()
            learn([term.term, term.explanation, *entry.names], language)
            learn_misspellings(term, [term.term, *entry.names], language)


def refresh() -> int:
    """Make the entries that are missing or of an older version, and drop those left behind; gives how many things were indexed.

    It does nothing where nothing is to be done, so it runs before each start: an older process may have published meanwhile.
    """
    right = SearchEntry.objects.filter(version=VERSION)
    kept = right.filter(publication=F("article__publication"), article__withdrawn_at__isnull=True)
    SearchEntry.objects.exclude(Q(pk__in=kept.values("pk")) | Q(pk__in=right.filter(term__isnull=False).values("pk"))).delete()
    indexed = SearchEntry.objects.filter(article__isnull=False).values("article")
    articles = Article.objects.published().exclude(pk__in=indexed).select_related("publication__revision")
    terms = GlossaryTerm.objects.exclude(pk__in=SearchEntry.objects.filter(term__isnull=False).values("term"))
    count = 0
    for article in articles.order_by("pk").iterator(chunk_size=100):
        index_article(article)
        count += 1
    missing = list(terms.order_by("pk"))
    index_terms(missing)
    return count + len(missing)


def rebuild() -> int:
    """Drop everything and index it anew; gives how many articles and words were indexed."""
    SearchEntry.objects.all().delete()
    SearchSpelling.objects.all().delete()
    return refresh()

"""What can be found, kept as readers see it.

Entries are rows beside what they are made from, and are written in the same transaction: page and index cannot disagree, and what
is rolled back is rolled back in both.
"""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext, override

from articles.models import Article, GlossaryTerm, SearchEntry, SearchSpelling
from articles.search.engines import repair
from articles.search.spelling import learn, learn_misspellings
from articles.text import bibliography
from articles.text.front_matter import Kind
from articles.text.passages import Passage, find_passages
from articles.text.problems import SourceError
from articles.text.search_terms import to_tokens
from articles.text.source import Source, parse_source

VERSION = 2
"""Grows with every change of what is stored for the same text; ``refresh`` then makes all entries anew."""

MAX_BODY = 12_000
"""How many words of a section are searched; PostgreSQL counts places no further than 16,383."""

logger = logging.getLogger(__name__)


def make_entries(source: Source, works: Mapping[str, bibliography.Reference]) -> list[SearchEntry]:
    """Make the entries of a text as readers see it, not yet stored: one of the article, and one of each section."""
    head = source.front_matter
    with override(head.language):
        first, *passages = find_passages(source, works, cache(gettext))
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


def store_entries(found: Sequence[tuple[Article, Collection[SearchEntry]]]) -> None:
    """Let published articles, which are locked, be found by entries of their current publications, and by nothing older."""
    older = Q()
    words: dict[str, tuple[list[str], list[str]]] = {}
    for article, entries in found:
        for entry in entries:
            entry.article, entry.publication_id = article, article.publication_id
            entry.topic, entry.topic_slug = article.topic, article.topic_slug
        older |= Q(article=article.pk, position__gte=len(entries))
        names, lines = words.setdefault(article.language, ([], []))
        names += [article.title, article.topic, *(name for entry in entries for name in (entry.heading, *entry.names))]
        lines += [line for entry in entries for line in entry.lines]
    if found:
        _put([entry for _article, entries in found for entry in entries], "article", "position")
        SearchEntry.objects.filter(older).delete()
    for language, (names, lines) in words.items():
        learn(names, lines, language)


def _put(entries: Collection[SearchEntry], *key: str) -> None:
    """Store entries in the place of those of the same ``key``, whose ids stay: a search that has found them goes on."""
    fields = [field.name for field in SearchEntry._meta.concrete_fields if field.name not in {"id", *key}]
    SearchEntry.objects.bulk_create(entries, update_conflicts=True, unique_fields=key, update_fields=fields)


def remove(article: Article) -> None:
    """Let an article be found no more."""
    SearchEntry.objects.filter(article=article).delete()


def index_article(article: Article) -> None:
    """Make and store the entries of an article anew from what readers see of it, if anything.

    What cannot be read any more is left out. What is published meanwhile has its own entries already, so nothing is stored then.
    """
    entries = _entries_of(article)
    with transaction.atomic():
        now = Article.objects.select_for_update().get(pk=article.pk)
        if (now.publication_id, now.withdrawn_at) == (article.publication_id, article.withdrawn_at):
            if entries:
                store_entries([(now, entries)])
            else:
                remove(now)


def _entries_of(article: Article) -> list[SearchEntry]:
    publication = article.publication
    if publication is None or article.withdrawn_at is not None:
        return []
    try:
        source = parse_source(publication.revision.source, Kind(article.kind))
    except SourceError:
        logger.warning("%s cannot be read any more, so it cannot be found. Publish it anew.", publication)
        return []
    snapshots = publication.snapshots.select_related("reference").order_by("pk")
    entries = make_entries(source, {row.facts["key"]: row.value_now() for row in snapshots})
    certainties = dict(publication.sections.values_list("section_id", "certainty"))
    for entry in entries:  # what is shown may have become less sure than the text says
        entry.certainty = certainties.get(entry.section_id, entry.certainty)
    return entries


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
            _put([entry], "term")
            learn([term.term, *entry.names], [term.explanation], language)
            learn_misspellings(term, [term.term, *entry.names], language)


def refresh() -> int:
    """Make the entries that are missing or of an older version, and drop those left behind; gives how many things were indexed.

    It does nothing where nothing is to be done, so it runs before each start: an older process may have published meanwhile.
    """
    of_articles = SearchEntry.objects.filter(article__isnull=False)
    current = of_articles.filter(publication=F("article__publication"), article__withdrawn_at__isnull=True)
    of_articles.exclude(pk__in=current.values("pk")).delete()
    articles = Article.objects.published().exclude(pk__in=current.filter(version=VERSION).values("article"))
    right = SearchEntry.objects.filter(term__isnull=False, version=VERSION)
    return _index(articles, GlossaryTerm.objects.exclude(pk__in=right.values("term")))


def rebuild() -> int:
    """Make everything anew, one thing after the other, so that readers go on searching; gives how many things were indexed."""
    repair()
    SearchSpelling.objects.filter(term__isnull=True).delete()
    return _index(Article.objects.published(), GlossaryTerm.objects.all()) + refresh()


def _index(articles: QuerySet[Article], terms: QuerySet[GlossaryTerm]) -> int:
    numbers = list(articles.order_by("pk").values_list("pk", flat=True))
    for pk in numbers:
        index_article(Article.objects.select_related("publication__revision").get(pk=pk))
    words = list(terms.order_by("pk"))
    index_terms(words)
    return len(numbers) + len(words)

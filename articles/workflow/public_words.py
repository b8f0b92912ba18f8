"""Which words stand in the readers' glossary: those that a text explains which readers may see, now or in a history."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from articles.models import Article, GlossaryTerm, Rendering, WordUse
from articles.workflow.page_versions import renew_words


def hide_words(article: Article) -> None:
    """Take words that no other article explains from the readers' glossary with an article that was just withdrawn.

    The article is locked, and its ``withdrawn_at`` is stored. Works that it alone cites need no such step: readers see those
    of articles that they see.
    """
    hide_words_of(Rendering.objects.filter(publication__article=article))


def show_words(article: Article) -> None:
    """Let readers see the words that an article explains again, which was just brought back. The article is locked."""
    show_words_of(Rendering.objects.filter(publication__article=article))


def hide_words_of(renderings: QuerySet[Rendering]) -> None:
    """Hide the words of some texts that no text explains which readers may see. Other acts on those words wait meanwhile."""
    words = GlossaryTerm.objects.filter(key__in=_words_of(renderings))
    list(words.select_for_update().order_by("pk"))
    unused = words.filter(is_public=True).exclude(Exists(_seen_by_readers(WordUse.objects.filter(key=OuterRef("key")))))
    keys = list(unused.values_list("key", flat=True))
    GlossaryTerm.objects.filter(key__in=keys).update(is_public=False)
    renew_words(keys)


def show_words_of(renderings: QuerySet[Rendering]) -> None:
    """Show the words of those of some texts that readers may see."""
    show_words_with(_words_of(_seen_by_readers(renderings)))


def show_words_with(keys: Any) -> None:
    """Show the words with some keys."""
    hidden = GlossaryTerm.objects.filter(key__in=keys, is_public=False)
    if found := list(hidden.values_list("key", flat=True)):
        hidden.update(is_public=True)
        renew_words(found)


def _seen_by_readers(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Narrow rows of publications to those of texts that readers see now, or see in the history of an article."""
    return rows.filter(publication__withheld_at__isnull=True, publication__article__withdrawn_at__isnull=True)


def _words_of(renderings: QuerySet[Rendering]) -> set[str]:
    return {key for keys in renderings.values_list("term_keys", flat=True) for key in keys}

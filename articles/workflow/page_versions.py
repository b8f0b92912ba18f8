"""Which readers' pages an act has made anew: those that show what it changed, and no others."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from articles import page_cache
from articles.models import Article, Reference

MAX_ARTICLES = 500
"""Of more articles than these, all pages are made anew, which is one row instead of very many."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What lists show of an article that readers see, and the works that it rests on."""

    language: str
    slug: str
    title: str
    topic_slug: str
    works: frozenset[str]


def listed(article: Article) -> Listed | None:
    """Give what lists show of an article as it is stored, or None where readers do not see it."""
    fields = ("language", "slug", "title", "topic_slug", "publication")
    row = Article.objects.published().filter(pk=article.pk).only(*fields).first()
    if row is None:
        return None
    works = Reference.objects.filter(snapshots__publication=row.publication_id)
    return Listed(row.language, row.slug, row.title, row.topic_slug, frozenset(works.values_list("key", flat=True)))


def renew_pages(article: Article, before: Listed | None, after: Listed | None, *, is_gone: bool = False) -> None:
    """Have the pages made anew that show an article, inside the transaction that changed what ``listed`` gives of it."""
    keys = {page_cache.of_article(article)}
    works = (before.works if before else frozenset()) ^ (after.works if after else frozenset())
    keys |= {f"uses:{key}" for key in works} | ({"works"} if works else set())
    shown = [one for one in (before, after) if one]
    if article.kind == Article.Kind.PAGE:
        keys |= {"pages"} if before is None or after is None else set()
    else:
        keys |= {"lists", *(page_cache.of_topic(one.language, one.topic_slug) for one in shown)}
        if before is None or after is None or _place(before) != _place(after):
            keys |= {page_cache.of_title(one.language, one.slug) for one in shown}
            keys |= {page_cache.of_titles(one.language, one.topic_slug) for one in shown}
    page_cache.changed(*keys, is_gone=is_gone)


def renew_record(article: Article) -> None:
    """Have the pages made anew that show an article's own record, inside a transaction."""
    page_cache.changed(page_cache.of_record(article))


def renew_review(article: Article) -> None:
    """Have the pages made anew that show whether an article was reviewed, inside a transaction."""
    page_cache.changed(page_cache.of_record(article), *_lists_of([article]))


def renew_texts(articles: Collection[Article], *, in_lists: bool = True, is_gone: bool = False) -> None:
    """Have the pages made anew that show texts of articles, present or old; ``in_lists`` those lists too that tell of them."""
    if len(articles) > MAX_ARTICLES:
        page_cache.changed_everything(is_gone=is_gone)
        return
    keys = {page_cache.of_article(article) for article in articles}
    page_cache.changed(*keys, *(_lists_of(articles) if in_lists else ()), is_gone=is_gone)


def _lists_of(articles: Iterable[Article]) -> set[str]:
    topics = {page_cache.of_topic(article.language, article.topic_slug) for article in articles if article.topic_slug}
    return topics | {"lists"} if topics else set()


def renew_works(keys: Iterable[str], *, is_gone: bool = False) -> None:
    """Have the pages made anew that show some works, inside a transaction."""
    names = [f"work:{key}" for key in keys]
    page_cache.changed(*names, *(["works"] if names else []), is_gone=is_gone)


def renew_uses(keys: Iterable[str], *, is_gone: bool = False) -> None:
    """Have the pages made anew that show which statements rest on some works, inside a transaction."""
    names = [f"uses:{key}" for key in keys]
    page_cache.changed(*names, *(["works"] if names else []), is_gone=is_gone)


def renew_words(keys: Iterable[str]) -> None:
    """Have the glossary made anew, inside a transaction. Articles that explain a changed word are renewed by themselves."""
    names = [f"word:{key}" for key in keys]
    page_cache.changed(*names, *(["words"] if names else []))


def renew_everything() -> None:
    """Have all pages made anew, inside a transaction."""
    page_cache.changed_everything()


def _place(one: Listed) -> tuple[str, str, str, str]:
    return one.language, one.slug, one.title, one.topic_slug

"""Keeping track of links inside the site: what readers see links where, and which of these links lead nowhere any more."""

from collections.abc import Collection, Sequence

from articles.models import Article, FormerSlug, InsideLink, Section
from articles.text.source import Source

KINDS = frozenset(Article.Kind.values)


def store_links(texts: Sequence[tuple[Article, Source]]) -> None:
    """Store the links of what readers see of articles from now on, inside a transaction."""
    InsideLink.objects.filter(article__in=[article.pk for article, _source in texts]).delete()
    for article, source in texts:
        links = sorted({(link.kind, link.slug, link.section) for link in source.links if link.kind in KINDS})
        if links:
            rows = [InsideLink(article=article, kind=kind, slug=slug, section=section) for kind, slug, section in links]
            _mark(rows, article.language)
            InsideLink.objects.bulk_create(rows)


def check_links_to(articles: Sequence[Article]) -> None:
    """Mark which links of others to articles lead nowhere, inside a transaction that changed what readers see of them."""
    slugs = {article.pk: {article.slug} for article in articles}
    for pk, slug in FormerSlug.objects.filter(article__in=list(slugs)).values_list("article", "slug"):
        slugs[pk].add(slug)
    linked = InsideLink.objects.filter(slug__in=set().union(*slugs.values()))
    named = set(linked.order_by().values_list("slug", flat=True).distinct())
    for article in articles:
        if meant := slugs[article.pk] & named:
            _check_links_to(article, meant)


def _check_links_to(article: Article, slugs: Collection[str]) -> None:
    links = InsideLink.objects.filter(article__language=article.language, kind=article.kind, slug__in=slugs)
    is_public = article.publication_id is not None and article.withdrawn_at is None
    links.exclude(is_dead=not is_public).update(is_dead=not is_public)
    if is_public:
        there = Section.objects.filter(publication=article.publication_id).values("section_id")
        links.exclude(section="").exclude(section__in=there).update(is_dead=True)


def _mark(links: list[InsideLink], language: str) -> None:
    """Say of links not yet stored which of them lead nowhere."""
    slugs = {link.slug for link in links}
    public = Article.objects.published().filter(language=language)
    targets = {
        (row.kind, row.slug): row.publication_id for row in public.filter(slug__in=slugs).only("kind", "slug", "publication")
    }
    seen = FormerSlug.objects.filter(article__publication__isnull=False, article__withdrawn_at__isnull=True)
    former = seen.filter(language=language, slug__in=slugs).select_related("article")
    for old in former:
        targets.setdefault((old.article.kind, old.slug), old.article.publication_id)
    named = {link.section for link in links if link.section}
    sections = Section.objects.filter(publication__in=targets.values(), section_id__in=named)
    there = set(sections.values_list("publication", "section_id"))
    for link in links:
        target = targets.get((link.kind, link.slug))
        link.is_dead = target is None or (link.section != "" and (target, link.section) not in there)

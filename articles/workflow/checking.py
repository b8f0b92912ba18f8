"""A text against the database: what it points at must be there."""

from collections.abc import Collection

from articles.models import Article, FormerSlug, GlossaryTerm, Reference, Revision
from articles.text.front_matter import Kind
from articles.text.problems import Problem, SourceError
from articles.text.source import Known, Source, find_unknown, parse_source, read_source


def check_source(text: str, kind: str, *, article: Article | None = None, path: str = "") -> Source:
    """Read a text and check what it points at against the database.

    ``article`` is the one it is a text of, where there is one. Raises SourceError with every problem.
    """
    source, problems = read_source(text, Kind(kind))
    if source is None:
        raise SourceError(problems, path)
    problems += find_unknown(source, known_to(source)) + find_taken_slugs(source, article)
    language = source.front_matter.language
    if article is not None and article.language != language:
        right = "an article keeps its language; a translation is an article of its own"
        problems.append(Problem(1, f"`language` changed from {article.language} to {language}", right))
    if problems:
        raise SourceError(problems, path)
    return source


def find_missing(source: Source) -> list[Problem]:
    """Find what a text that was checked when it was saved points at and is not there any more, such as a withdrawn article."""
    return find_unknown(source, known_to(source))


def text_of(revision: Revision) -> Source:
    """Read a stored revision's text, which was checked when it was saved.

    Raises SourceError where the format has changed since.
    """
    return parse_source(revision.source, Kind(revision.article.kind))


def find_taken_slugs(source: Source, article: Article | None) -> list[Problem]:
    """Find former addresses that are another article's address, now or formerly, or the article's own."""
    slugs = source.front_matter.former_slugs
    if not slugs:
        return []
    language = source.front_matter.language
    in_use = dict(Article.objects.filter(language=language, slug__in=slugs).values_list("slug", "title"))
    former = FormerSlug.objects.filter(language=language, slug__in=slugs).exclude(article=article)
    in_use |= dict(former.values_list("slug", "article__title"))
    right = "an address that no article has; delete it from `former_slugs`"
    return [Problem(1, f"the former address `{slug}` is in use by “{in_use[slug]}”", right) for slug in slugs if slug in in_use]


def known_to(source: Source) -> Known:
    """Fetch what ``source`` may point at, and no more than it does."""
    terms = GlossaryTerm.objects.filter(key__in=source.term_keys)
    slugs = {link.slug for link in source.links} | set(source.front_matter.related)
    articles = (
        Article.objects.filter(language=source.front_matter.language, slug__in=slugs)
        .filter(withdrawn_at__isnull=True)
        .select_related("published_revision", "draft_revision")
    )
    return Known(
        {row.key: row.value() for row in Reference.objects.filter(key__in=source.cited_keys)},
        {row.key: row.value() for row in terms},
        {(article.kind, article.slug): section_ids(article) for article in articles},
    )


def section_ids(article: Article) -> Collection[str]:
    """Give the ids of an article's sections, those of its draft included."""
    ids: set[str] = set()
    for revision in (article.published_revision, article.draft_revision):
        if revision is not None:
            ids.update(parsed.section.id for parsed in parse_source(revision.source, Kind(article.kind)).sections)
    return ids

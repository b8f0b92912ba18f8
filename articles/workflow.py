"""The one door for every change of state. One function per act: keyword-only, ``by=`` and ``now=``, one transaction.

Rights follow from the act, and are checked here, whoever calls. Rendering happens before a transaction begins, so that
writes stay
short.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext, override

from articles.models import (
    Article,
    AuditEvent,
    FormerSlug,
    GlossaryTerm,
    Publication,
    Reference,
    Rendering,
    Revision,
    RevisionState,
)
from articles.text import bibliography
from articles.text.citations import find_citations
from articles.text.front_matter import Kind
from articles.text.glossary import Term
from articles.text.links import find_inside_links
from articles.text.lint import lint_source
from articles.text.problems import Problem, SourceError
from articles.text.render import RENDERER_VERSION, Rendered, plain_text, render_article, render_markdown
from articles.text.sections import slugify
from articles.text.source import Known, Source, find_unknown, parse_source, read_source

MAX_NOTE = 400


class ConflictError(Exception):
    """Somebody saved the article since the text at hand was taken from it. ``latest`` is their revision."""

    def __init__(self, latest: Revision | None) -> None:
        self.latest = latest
        super().__init__(f"saved meanwhile: {latest}")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with an account, or a command. ``name`` is printed in histories and outlives the account."""

    name: str
    user: Any = None

    @classmethod
    def person(cls, user: Any) -> "Actor":
        """Make the actor of a signed-in account."""
        return cls(user.get_full_name() or user.get_username(), user)

    @classmethod
    def command(cls, name: str) -> "Actor":
        """Make the actor of a management command; commands are run by the operator and may do everything."""
        return cls(f"system: {name}")

    def require(self, *permissions: str) -> None:
        """Raise PermissionDenied, in words, when the actor lacks one of the permissions."""
        missing = [name for name in permissions if self.user is not None and not self.user.has_perm(f"articles.{name}")]
        if missing:
            raise PermissionDenied(gettext("Your account may not do this (it lacks %s).") % ", ".join(missing))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A checked text, what readers are shown of it, and what keeps it from being published.

    Made before a transaction begins, so that the write is short.
    """

    source: Source
    rendering: Rendering
    problems: tuple[Problem, ...]


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
    links = list(find_inside_links(source.body, source.body_line))
    terms = GlossaryTerm.objects.filter(key__in={link.slug for link in links if link.kind == "glossary"})
    slugs = {link.slug for link in links} | set(source.front_matter.related)
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


def create_article(*, slug: str, source: Source, by: Actor, now: datetime, note: str = "") -> Article:
    """Make an article with its first revision, a draft, from a checked text.

    Raises PermissionDenied, and IntegrityError for an address in use.
    """
    by.require("add_article")
    with transaction.atomic():
        article = Article(kind=source.kind, slug=slug, language=source.front_matter.language)
        FormerSlug.objects.filter(language=article.language, slug=slug).delete()
        _copy_fields(article, source)
        article.save()
        _add_revision(article, source, note, by, now)
    return article


def save_revision(
    *, article: Article, source: Source, based_on: Revision | None, by: Actor, now: datetime, note: str = ""
) -> Revision:
    """Save a checked text as the article's new draft; the latest revision's own text saves nothing and gives that revision.

    ``based_on`` is the revision the text was made from. Raises ConflictError when it is no longer the latest, and
    PermissionDenied.
    """
    by.require("change_article")
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        latest = article.latest_revision
        if latest != based_on:
            raise ConflictError(latest)
        if latest is not None and latest.digest == source.digest:
            return latest
        return _add_revision(article, source, note, by, now)


def _add_revision(article: Article, source: Source, note: str, by: Actor, now: datetime) -> Revision:
    based_on = article.latest_revision
    last = article.revisions.order_by("-number").values_list("number", flat=True).first() or 0
    revision = Revision.objects.create(
        article=article,
        number=last + 1,
        source=source.text,
        digest=source.digest,
        based_on=based_on,
        note=note[:MAX_NOTE],
        created_at=now,
        created_by=by.user,
        created_by_name=by.name,
    )
    RevisionState.objects.update_or_create(
        article=article, defaults={"revision": revision, "status": RevisionState.Status.DRAFT, "publish_at": None}
    )
    article.draft_revision = revision
    if article.published_revision is None:
        _copy_fields(article, source)
    article.save()
    _record(AuditEvent.Act.SAVE, article, by, now, based_on, revision)
    return revision


def publish(*, article: Article, revision: Revision, by: Actor, now: datetime, prepared: Prepared | None = None) -> Publication:
    """Put a revision before readers.

    ``prepared`` is what ``prepare`` made of the revision's text, where that was done before.

    Raises PermissionDenied (no clinician has reviewed the revision, so this needs the right to publish unreviewed text),
    SourceError for a statement without a source, too much certainty, a withdrawn work or what is no longer there,
    ConflictError when it is not the latest, and ValueError for another article's or text.
    """
    by.require("publish_article", "publish_unreviewed_article")
    if revision.article_id != article.pk:
        raise ValueError(f"{revision} is not a revision of {article}")
    if prepared is None:
        prepared = prepare(check_source(revision.source, article.kind, article=article))
    if prepared.problems:
        raise SourceError(prepared.problems)
    if prepared.source.digest != revision.digest:
        raise ValueError(f"prepared from another text than {revision}")
    source, rendering = prepared.source, prepared.rendering
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        if article.latest_revision != revision:
            raise ConflictError(article.latest_revision)
        before = article.published_revision
        if before == revision:
            return article.publications.order_by("-number")[0]
        rendering.revision = revision
        rendering.save()
        number = article.publications.order_by("-number").values_list("number", flat=True).first() or 0
        publication = Publication.objects.create(
            article=article, revision=revision, number=number + 1, published_at=now, by_name=by.name
        )
        RevisionState.objects.filter(article=article).delete()
        _copy_fields(article, source)
        article.summary = rendering.summary
        article.published_revision, article.draft_revision = revision, None
        article.published_at, article.changed_at = article.published_at or now, now
        article.save()
        _keep_former_slugs(article, source.front_matter.former_slugs)
        _record(AuditEvent.Act.PUBLISH, article, by, now, before, revision)
    return publication


def rename(*, article: Article, slug: str, by: Actor, now: datetime) -> None:
    """Give an article another address; the old one leads there for ever."""
    by.require("change_article")
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        FormerSlug.objects.filter(language=article.language, slug=slug).delete()
        FormerSlug.objects.update_or_create(language=article.language, slug=article.slug, defaults={"article": article})
        article.slug = slug
        article.save()
        _record(AuditEvent.Act.RENAME, article, by, now, article.latest_revision, article.latest_revision)


def _keep_former_slugs(article: Article, slugs: Collection[str]) -> None:
    for slug in slugs:
        FormerSlug.objects.get_or_create(language=article.language, slug=slug, defaults={"article": article})


def _copy_fields(article: Article, source: Source) -> None:
    article.title = source.front_matter.title
    article.summary = plain_text(source.front_matter.summary)
    article.topic = source.front_matter.topic
    article.topic_slug = slugify(article.topic) if article.topic else ""


def _record(act: str, article: Article, by: Actor, now: datetime, before: Revision | None, after: Revision | None) -> None:
    AuditEvent.objects.create(at=now, actor_name=by.name, act=act, article=article, from_revision=before, to_revision=after)


def preview(source: Source, article: Article) -> tuple[Article, Prepared]:
    """Make what readers would see of a checked text in the place of ``article``; nothing is stored."""
    shown = Article(
        pk=article.pk,
        kind=source.kind,
        slug=article.slug or "preview",
        language=source.front_matter.language,
        published_at=article.published_at or timezone.now(),
        changed_at=timezone.now(),
    )
    _copy_fields(shown, source)
    return shown, prepare(source)


def preview_body(body: str) -> SafeString:
    """Render a body that has faults, as well as may be; "" when it is over the limits. Nothing is stored."""
    keys = {key for _line, citation in find_citations(body) for key in citation.keys}
    words = {link.slug for link in find_inside_links(body) if link.kind == "glossary"}
    references = {row.key: row.value() for row in Reference.objects.filter(key__in=keys)}
    terms = {row.key: row.value() for row in GlossaryTerm.objects.filter(key__in=words)}
    try:
        return render_markdown(body, references=references, glossary=terms)
    except SourceError:
        return SafeString()


def prepare(source: Source, known: Known | None = None) -> Prepared:
    """Make what readers are shown of a checked text, not yet stored. ``known`` is what it points at, else it is fetched."""
    known = known or known_to(source)
    references = {key: known.references[key] for key in source.cited_keys if key in known.references}
    words = {link.slug for link in find_inside_links(source.body) if link.kind == "glossary"}
    terms = {word: known.glossary[word] for word in sorted(words) if word in known.glossary}
    rendered = _render(source, references, terms)
    rendering = Rendering(
        sections=[asdict(section) for section in rendered.sections],
        sources=list(rendered.sources),
        key_message=rendered.key_message,
        summary=rendered.summary,
        reading_minutes=source.reading_minutes,
        review_months=source.front_matter.review_every,
        related_slugs=list(source.front_matter.related),
        cited_keys=list(references),
        term_keys=list(terms),
        renderer_version=RENDERER_VERSION,
        facts_digest=_digest_facts(references, terms),
    )
    return Prepared(source, rendering, tuple(lint_source(source, references)))


def _render(source: Source, references: Mapping[str, bibliography.Reference], terms: Mapping[str, Term]) -> Rendered:
    with override(source.front_matter.language):
        return render_article(source, references=references, glossary=terms, translate=gettext)


def _digest_facts(references: Mapping[str, bibliography.Reference], terms: Mapping[str, Term]) -> str:
    facts = [repr(facts[key]) for facts in (references, terms) for key in sorted(facts)]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def remake_stale_renderings(changed_keys: Collection[str] | None = None) -> int:
    """Remake the published renderings that are out of date; gives how many.

    With ``changed_keys`` (of works and words) those that use one of them are remade, else those of an older renderer.
    """
    published = Article.objects.filter(published_revision__isnull=False)
    if changed_keys is None:
        published = published.exclude(published_revision__rendering__renderer_version=RENDERER_VERSION)
    remade = 0
    for article in published.select_related("published_revision__rendering").iterator(chunk_size=200):
        revision = article.published_revision
        assert revision is not None
        old = getattr(revision, "rendering", None)
        if changed_keys is not None and old and not set(changed_keys) & {*old.cited_keys, *old.term_keys}:
            continue
        rendering = prepare(parse_source(revision.source, Kind(article.kind))).rendering
        rendering.revision = revision
        rendering.save()
        remade += 1
    return remade

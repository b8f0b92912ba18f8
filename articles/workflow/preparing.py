"""What readers will be shown of a text, made before a transaction begins, so that writes stay short."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext, override

from articles import search
from articles.models import Article, GlossaryTerm, Reference, Rendering, SearchEntry, Section
from articles.text import bibliography
from articles.text.alphabet import sort_key
from articles.text.blocks import BlockKind
from articles.text.citations import find_citations
from articles.text.claims import Claim, find_claims, said_in_block
from articles.text.links import find_inside_links
from articles.text.lint import cap_certainty, lint_source
from articles.text.problems import Problem, SourceError
from articles.text.render import RENDERER_VERSION, render_article, render_markdown, with_labels
from articles.text.sections import slugify
from articles.text.source import Known, Source
from articles.text.visit_sheet import make_visit_sheet
from articles.workflow.checking import known_to

GRADE = ("short_heading", "certainty", "certainty_words")
"""What lists say of a section that has a certainty."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A checked text, what readers are shown of it, what it claims on which works, and what keeps it from being published.

    ``rendering``, ``sections`` and ``entries`` (what the search finds) are rows that are not stored yet.
    """

    source: Source
    rendering: Rendering
    sections: tuple[Section, ...]
    entries: tuple[SearchEntry, ...]
    claims: tuple[Claim, ...]
    references: Mapping[str, bibliography.Reference]
    problems: tuple[Problem, ...]


def prepare(source: Source, known: Known | None = None, *, is_capped: bool = False) -> Prepared:
    """Make what readers are shown of a checked text, not yet stored. ``known`` is what it points at, else it is fetched.

    ``is_capped`` shows no more certainty than the works carry, where they have changed since the text was published.
    """
    known = known or known_to(source)
    references = {key: known.references[key] for key in source.cited_keys if key in known.references}
    problems = tuple(lint_source(source, references))
    source = cap_certainty(source, references) if is_capped else source
    terms = {word: known.glossary[word] for word in sorted(source.term_keys) if word in known.glossary}
    with override(source.front_matter.language):
        translate = cache(gettext)  # our few words come again and again
        rendered = render_article(source, references=references, glossary=terms, translate=translate)
        claims = tuple(find_claims(source, references, translate))
        sections = tuple(_sections(source, references, translate))
        sheet = make_visit_sheet(source, references, translate)
    rendering = Rendering(
        title=source.front_matter.title,
        sections=[asdict(section) for section in rendered.sections],
        grades=[{name: getattr(section, name) for name in GRADE} for section in rendered.sections if section.certainty],
        sources=list(rendered.sources),
        key_message=rendered.key_message,
        summary=rendered.summary,
        reading_minutes=source.reading_minutes,
        review_months=source.front_matter.review_every,
        related_slugs=list(source.front_matter.related),
        term_keys=list(terms),
        about={"conditions": source.front_matter.conditions, "medicines": source.front_matter.medicines},
        visit_sheet=asdict(sheet),
        withdrawn_keys=[key for key, work in references.items() if work.retracted_on],
        renderer_version=RENDERER_VERSION,
    )
    entries = tuple(search.make_entries(source, references))
    return Prepared(source, rendering, sections, entries, claims, references, problems)


def _sections(
    source: Source, references: Mapping[str, bibliography.Reference], translate: bibliography.Translate
) -> list[Section]:
    return [
        Section(
            position=position,
            section_id=parsed.section.id,
            heading=parsed.section.heading,
            certainty=parsed.section.certainty or "",
            answer=said_in_block(parsed, BlockKind.ANSWER, references, translate),
            why=said_in_block(parsed, BlockKind.WHY, references, translate),
        )
        for position, parsed in enumerate(source.sections)
    ]


def copy_fields(article: Article, source: Source, references: Mapping[str, bibliography.Reference] | None = None) -> None:
    """Copy what lists show of a text to its article, not yet saved; the summary keeps the words on who was studied.

    ``references`` are the works it cites, else they are fetched.
    """
    article.title = source.front_matter.title
    article.sort_title = sort_key(article.title)
    if references is None:
        keys = {key for _line, citation in find_citations(source.front_matter.summary) for key in citation.keys}
        references = {row.key: row.value() for row in Reference.objects.filter(key__in=keys)} if keys else {}
    with override(source.front_matter.language):
        article.summary = with_labels(source.front_matter.summary, references, gettext)
    article.topic = source.front_matter.topic
    article.topic_slug = slugify(article.topic) if article.topic else ""


def preview(source: Source, article: Article) -> tuple[Article, Prepared]:
    """Make what readers would see of a checked text in the place of ``article``; nothing is stored."""
    shown = Article(
        pk=article.pk,
        kind=source.kind,
        slug=article.slug or "preview",
        language=source.front_matter.language,
        published_at=article.published_at or timezone.now(),
        changed_at=timezone.now(),
        published_revision=article.published_revision,
        publication=article.publication,
        last_review=article.last_review,
        review_due_on=article.review_due_on,
    )
    copy_fields(shown, source)
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

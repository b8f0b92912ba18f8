"""What the files point at, checked against each other together with the database."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from articles import workflow
from articles.content_sync.comparing import articles_without_texts, is_to_be_published
from articles.content_sync.planned import Change, ContentFile, Plan, Progress
from articles.content_sync.reading import tell
from articles.models import FormerSlug, GlossaryTerm, Reference
from articles.text.lint import lint_source
from articles.text.problems import Problem
from articles.text.sections import slugify
from articles.text.source import Known, Source, find_unknown


def check_what_is_named(result: Plan) -> None:
    """Check works, words, links and former addresses against the files together with the database."""
    result.known = _gather_known(result)
    if _refuse_faulty_merges(result):
        result.known = _gather_known(result)
    for content in result.files:
        known = result.known[content.source.front_matter.language]
        problems = find_unknown(content.source, known)
        problems += _find_taken_slugs(content, content.source, known)
        result.faults += tell(content.path, problems)
    _check_topics(result)
    _check_lists(result)


def _refuse_faulty_merges(result: Plan) -> bool:
    """Leave to a person what was put together and points at something that is not there; whether there is any."""
    refused = False
    for content in result.files:
        known = result.known[content.source.front_matter.language]
        if content.merged and (find_unknown(content.merged, known) or any(_find_taken_slugs(content, content.merged, known))):
            content.merged, content.change, refused = None, Change.CONFLICT, True
    return refused


def _check_lists(result: Plan) -> None:
    rows = dict(Reference.objects.values_list("key", "doi"))
    for key, term in result.glossary.items():
        if term.source and term.source not in rows and term.source not in result.references:
            what = f"the source `{term.source}` of {key} is not known"
            result.faults.append(f"{result.places['glossary.yaml', key]}: {what}; a key of references.yaml")
    owners = {doi: key for key, doi in rows.items() if doi and key not in result.references}
    for key, reference in result.references.items():
        if owner := owners.get(reference.doi):
            what = f"{key} has the DOI of {owner}, which was imported before"
            result.faults.append(f"{result.places['references.yaml', key]}: {what}; the old key: keys are addresses")


def lint(result: Plan, progress: Progress | None = None) -> None:
    """Note what would stop publishing as faults of the files that are to be published; where there is none, prepare them."""
    for done, content in enumerate(result.files, 1):
        if is_to_be_published(content):
            known = result.known[content.source.front_matter.language]
            if result.faults:
                result.faults += tell(content.path, lint_source(content.source, known.references))
            else:
                content.prepared = workflow.prepare(content.source, known)
                result.faults += tell(content.path, content.prepared.problems)
        if progress:
            progress(done, len(result.files))


class _Anything(frozenset[str]):
    """The sections of a file that cannot be read: its own faults are told, not those of links to it."""

    def __contains__(self, section: object) -> bool:
        return True


def _gather_known(result: Plan) -> dict[str, Known]:
    rows = {row.key: row for row in Reference.objects.all()}
    references = {key: row.value() for key, row in rows.items()}
    for key, work in result.references.items():  # a notice that was found still holds
        noticed = rows[key].noticed_retraction_on if key in rows else None
        references[key] = replace(work, retracted_on=work.retracted_on or noticed)
    terms = {row.key: row.value() for row in GlossaryTerm.objects.all()} | result.glossary
    sections: dict[str, dict[tuple[str, str], Collection[str]]] = {}
    matched = {content.article.pk for content in result.files if content.article}
    for content in result.files:
        in_language = sections.setdefault(content.source.front_matter.language, {})
        if content.change in {Change.KEPT, Change.CONFLICT} and content.article:
            in_language[content.kind, content.slug] = workflow.section_ids(content.article)
        else:
            source = content.merged or content.source
            in_language[content.kind, content.slug] = {parsed.section.id for parsed in source.sections}
    for row in articles_without_texts().filter(withdrawn_at__isnull=True):
        if row.pk not in matched:  # a row with a file is known by its file, under the address it is going to have
            sections.setdefault(row.language, {})[row.kind, row.slug] = workflow.section_ids(row)
    for in_language in sections.values():
        in_language.update(dict.fromkeys(result.unread - in_language.keys(), _Anything()))
    return {language: Known(references, terms, in_language) for language, in_language in sections.items()}


def _find_taken_slugs(content: ContentFile, source: Source, known: Known) -> Iterator[Problem]:
    right = "an address that no article has; delete it from `former_slugs`"
    slugs = source.front_matter.former_slugs
    in_use = {slug for _kind, slug in known.sections}
    if slugs:
        others = FormerSlug.objects.filter(language=source.front_matter.language, slug__in=slugs)
        in_use |= set(others.exclude(article=content.article).values_list("slug", flat=True))
    for slug in slugs:
        if slug in in_use:
            line = source.front_matter.line("former_slugs")
            yield Problem(line, f"the former address `{slug}` is in use", right)


def _check_topics(result: Plan) -> None:
    first: dict[str, tuple[str, str]] = {}
    for content in result.files:
        topic = content.source.front_matter.topic
        name, path = first.setdefault(slugify(topic), (topic, content.path))
        if topic and name != topic:
            line = content.source.front_matter.line("topic")
            result.faults.append(f"{content.path}:{line}: the topic “{topic}” is “{name}” in {path}; spell it alike")

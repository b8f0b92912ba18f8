"""Files in ``content/`` and rows in the database: make a plan, look at it, carry it out whole or not at all.

Three digests decide what happens to an article: the one both sides had at the last sync (base), the file's and the database's. A
side that still has the base has not been edited. Nothing is written while any file has a fault.
"""

import hashlib
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from articles import search, workflow
from articles.models import Article, FormerSlug, GlossaryTerm, Reference
from articles.text import bibliography
from articles.text.fields import MAX_SLUG, SLUG
from articles.text.folder import find_files, is_there, read_file, shown
from articles.text.front_matter import Kind
from articles.text.glossary import Term, parse_glossary
from articles.text.limits import decode
from articles.text.lint import lint_source
from articles.text.problems import Problem, shorten
from articles.text.sections import slugify
from articles.text.source import Known, Source, find_unknown, read_source

RESERVED_PAGE_SLUGS = frozenset(
    "admin api articles changes glossary healthz preview readyz references search static topics".split()
)
T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Called with how many of how many files have been done."""


class Change(StrEnum):
    """What a sync does with one article, work or word."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    CONFLICT = "conflict"
    MISSING = "missing"


@dataclass(slots=True)
class ContentFile:
    """A readable file: where it is, what it holds, and which row it belongs to."""

    path: str
    kind: Kind
    slug: str
    source: Source
    article: Article | None = None
    change: Change = Change.CREATED


@dataclass(slots=True)
class Plan:
    """What a sync would do, and the faults that keep it from being done (each ``path:line: what; right``).

    ``known`` is what the files of each language may point at, once the plan is carried out; ``unread`` are the kinds and slugs of
    files that no sense can be made of, and ``places`` says in which line (``path:line``) of which list each key stands. Where
    nothing has been touched since the last import, ``files`` is empty and ``untouched`` says how many there are. ``broken`` are,
    once it has been carried out, the published articles that break a rule since a work changed.
    """

    files: list[ContentFile] = field(default_factory=list)
    references: dict[str, bibliography.Reference] = field(default_factory=dict)
    glossary: dict[str, Term] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    missing: list[Article] = field(default_factory=list)
    changed_facts: dict[tuple[str, str], Change] = field(default_factory=dict)
    known: dict[str, Known] = field(default_factory=dict)
    unread: set[tuple[str, str]] = field(default_factory=set)
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    untouched: int = 0
    broken: list[Article] = field(default_factory=list)


def plan(folder: Path, progress: Progress | None = None, *, for_publishing: bool = False) -> Plan:
    """Read and check everything under ``folder`` against itself and the database, and decide what to do. Writes nothing.

    ``for_publishing`` makes a fault of what would stop publishing, such as a statement without a source.
    """
    result = Plan()
    if not os.path.isdir(folder):
        result.faults.append(f"{folder}:1: not a folder; the folder that holds articles/ and references.yaml")
        return result
    found = list(find_files(folder, result.faults))
    result.references = _read_list(folder, "references.yaml", bibliography.parse_references, result)
    result.glossary = _read_list(folder, "glossary.yaml", parse_glossary, result)
    result.changed_facts = _compare_facts(result)
    if not result.faults and _is_untouched(folder, found, result, for_publishing=for_publishing):
        result.untouched = len(found)
        return result
    for done, (path, kind) in enumerate(found, 1):
        if content := _read_article(path, folder, kind, result.faults):
            result.files.append(content)
        else:
            result.unread.add((kind, path.name.removesuffix(".md")))
        if progress:
            progress(done, len(found))
    _match_articles(result)
    _check_what_is_named(result)
    if for_publishing:
        _lint(result)
    result.faults.sort(key=_in_order)
    return result


def _is_untouched(folder: Path, found: list[tuple[Path, Kind]], result: Plan, *, for_publishing: bool) -> bool:
    """Whether no file, work, word or article with a file has changed since an import without faults: nor is there one now."""
    rows = {row.file_path: row for row in _articles_without_texts().exclude(file_path="")}
    if len(rows) != len(found) or set(result.changed_facts.values()) - {Change.UNCHANGED, Change.KEPT}:
        return False
    for path, kind in found:
        row = rows.get(shown(path, folder))
        if row is None or (row.kind, row.slug, row.withdrawn_at) != (kind, path.name.removesuffix(".md"), None):
            return False
        try:
            digest = hashlib.sha256(read_file(path, folder)).hexdigest()
        except ValueError:
            return False
        wanted = (row.published_revision, row.latest_revision) if for_publishing else (row.latest_revision,)
        if digest != row.synced_digest or any(revision is None or revision.digest != digest for revision in wanted):
            return False
    return True


def _in_order(fault: str) -> tuple[str, int, str]:
    """What faults are sorted by: their file, and the number of their line."""
    path, line, words = re.split(r":(\d+): ", fault, maxsplit=1)
    return path, int(line), words


def _told(path: str, problems: Iterable[Problem]) -> list[str]:
    return [f"{path}:{problem}" for problem in shorten(problems)]


def _read_list(folder: Path, name: str, parse: Callable[[str], tuple[dict[str, T], list[Problem]]], result: Plan) -> dict[str, T]:
    path = folder / name
    if not is_there(path):
        return {}
    place = shown(path, folder)
    try:
        data = read_file(path, folder, bibliography.MAX_REFERENCES_BYTES)
    except ValueError as error:
        result.faults.append(f"{place}:1: {error}")
        return {}
    text, problems = decode(data, bibliography.MAX_REFERENCES_BYTES)
    values: dict[str, T] = {}
    if not problems:
        values, problems = parse(text)
    result.faults += _told(place, problems)
    for number, line in enumerate(text.split("\n"), 1):
        key = line.partition(":")[0].strip("\"'")
        if key in values:
            result.places[name, key] = f"{place}:{number}"
    return values


def _read_article(path: Path, folder: Path, kind: Kind, faults: list[str]) -> ContentFile | None:
    place = shown(path, folder)
    slug = path.name.removesuffix(".md")
    if not SLUG.fullmatch(slug) or len(slug) > MAX_SLUG or (kind is Kind.PAGE and slug in RESERVED_PAGE_SLUGS):
        right = f"small letters, digits and single hyphens, at most {MAX_SLUG}, and no address of the site's own"
        faults.append(f"{place}:1: the file's name makes no address; {right}")
    try:
        data = read_file(path, folder)
    except ValueError as error:
        faults.append(f"{place}:1: {error}")
        return None
    text, problems = decode(data)
    source = None
    if not problems:
        source, problems = read_source(text, kind)
    faults += _told(place, problems)
    return ContentFile(place, kind, slug, source) if source else None


def _match_articles(result: Plan) -> None:
    """Find the row of each file, by its address or a former one, and decide by the three digests what is to be done."""
    rows = {(row.language, row.slug): row for row in _articles_without_texts()}
    addresses: dict[tuple[str, str], str] = {}
    owners: dict[int, str] = {}
    for content in result.files:
        language = content.source.front_matter.language
        other = addresses.setdefault((language, content.slug), content.path)
        if other != content.path:
            result.faults.append(f"{content.path}:1: the address `{content.slug}` is also that of {other}; rename one")
            continue
        names = (content.slug, *content.source.front_matter.former_slugs)
        row = next((rows[language, name] for name in names if (language, name) in rows), None)
        if row is not None and row.kind != content.kind:
            result.faults.append(
                f"{content.path}:1: the address `{content.slug}` is that of another kind ({row.kind}); rename the file"
            )
            continue
        if row is not None and (other := owners.setdefault(row.pk, content.path)) != content.path:
            result.faults.append(f"{content.path}:1: `former_slugs` claims the article of {other}; delete the slug from one")
            continue
        content.article = row
        _decide(content, result.faults)
    result.missing = [row for row in rows.values() if row.file_path and row.pk not in owners]


def _articles_without_texts() -> QuerySet[Article]:
    texts = ("published_revision__source", "draft_revision__source")
    return Article.objects.select_related("published_revision", "draft_revision").defer(*texts)


def _decide(content: ContentFile, faults: list[str]) -> None:
    article = content.article
    latest = article.latest_revision if article else None
    if article is None or latest is None:
        return
    file, base = content.source.digest, article.synced_digest
    if file == latest.digest:
        content.change = Change.UNCHANGED if article.slug == content.slug else Change.UPDATED
    elif latest.digest == base:
        content.change = Change.UPDATED
    elif not article.is_file_edited(file):
        content.change = Change.KEPT
    else:
        what = f"conflict: the file and the article were both edited since the last import (article: revision {latest.number}"
        right = "bring the article's text into the file, or the file's into the article"
        faults.append(f"{content.path}:1: {what} by {latest.created_by_name}); {right}")


def _check_what_is_named(result: Plan) -> None:
    """Check works, words, links and former addresses against the files together with the database."""
    result.known = _gather_known(result)
    for content in result.files:
        known = result.known[content.source.front_matter.language]
        problems = find_unknown(content.source, known)
        problems += _find_taken_slugs(content, known)
        result.faults += _told(content.path, problems)
    _check_topics(result)
    _check_lists(result)


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


def _lint(result: Plan) -> None:
    for content in result.files:
        if _is_to_be_published(content):
            problems = lint_source(content.source, result.known[content.source.front_matter.language].references)
            result.faults += _told(content.path, problems)


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
        if content.change is Change.KEPT and content.article:
            in_language[content.kind, content.slug] = workflow.section_ids(content.article)
        else:
            in_language[content.kind, content.slug] = {parsed.section.id for parsed in content.source.sections}
    for row in _articles_without_texts().filter(withdrawn_at__isnull=True):
        if row.pk not in matched:  # a row with a file is known by its file, under the address it is going to have
            sections.setdefault(row.language, {})[row.kind, row.slug] = workflow.section_ids(row)
    for in_language in sections.values():
        in_language.update(dict.fromkeys(result.unread - in_language.keys(), _Anything()))
    return {language: Known(references, terms, in_language) for language, in_language in sections.items()}


def _find_taken_slugs(content: ContentFile, known: Known) -> Iterator[Problem]:
    right = "an address that no article has; delete it from `former_slugs`"
    slugs = content.source.front_matter.former_slugs
    in_use = {slug for _kind, slug in known.sections}
    if slugs:
        others = FormerSlug.objects.filter(language=content.source.front_matter.language, slug__in=slugs)
        in_use |= set(others.exclude(article=content.article).values_list("slug", flat=True))
    for slug in slugs:
        if slug in in_use:
            line = content.source.front_matter.line("former_slugs")
            yield Problem(line, f"the former address `{slug}` is in use", right)


def _check_topics(result: Plan) -> None:
    first: dict[str, tuple[str, str]] = {}
    for content in result.files:
        topic = content.source.front_matter.topic
        name, path = first.setdefault(slugify(topic), (topic, content.path))
        if topic and name != topic:
            line = content.source.front_matter.line("topic")
            result.faults.append(f"{content.path}:{line}: the topic “{topic}” is “{name}” in {path}; spell it alike")


def _compare_facts(result: Plan) -> dict[tuple[str, str], Change]:
    """Say what becomes of each work and word, by ("work", key) and ("word", key). What is kept leaves the plan's lists.

    An edit in the admin is kept while the file says what it said before; where both have changed, that is a fault.
    """
    changes: dict[tuple[str, str], Change] = {}
    works = {row.key: (row.listed(), row.file_facts) for row in Reference.objects.all()}
    words = {row.key: (row.value(), row.file_facts) for row in GlossaryTerm.objects.all()}
    for key, work in result.references.items():
        changes["work", key] = _compare(work, bibliography.as_facts(work), works.get(key))
    for key, term in result.glossary.items():
        changes["word", key] = _compare(term, GlossaryTerm.columns(term), words.get(key))
    for (what, key), change in changes.items():
        values, name = (result.references, "references.yaml") if what == "work" else (result.glossary, "glossary.yaml")
        if change is Change.CONFLICT:
            said = f"conflict: {key} was edited here and in the admin since the last import"
            result.faults.append(f"{result.places[name, key]}: {said}; make both say the same")
        elif change is Change.KEPT:
            del values[key]
    return changes


def _compare(value: object, facts: object, row: tuple[object, object] | None) -> Change:
    if row is None:
        return Change.CREATED
    now, file_facts = row
    if now == value or file_facts is None:
        return Change.UNCHANGED if now == value else Change.UPDATED
    return Change.KEPT if facts == file_facts else Change.CONFLICT


def apply(
    result: Plan,
    *,
    by: workflow.Actor,
    now: datetime,
    publish: bool = False,
    note: str = "",
    progress: Progress | None = None,
) -> int:
    """Carry out a plan without faults, in one transaction; gives how many articles were published.

    ``publish`` puts before readers what was created or updated, and what an earlier import left as a draft; ``note`` tells them
    what changed and why.
    """
    if result.faults:
        raise ValueError("a plan with faults cannot be carried out")
    prepared = _prepare(result, progress) if publish else {}
    with transaction.atomic():
        _apply_facts(result)
        saved = [(content, _apply_article(content, by, now, note)) for content in result.files]
        for content, article in saved:
            if content.path in prepared:
                revision = article.latest_revision
                assert revision is not None
                workflow.publish(article=article, revision=revision, by=by, now=now, prepared=prepared[content.path])
        changed = [name for name, change in result.changed_facts.items() if change is Change.UPDATED]
        works = [key for what, key in changed if what == "work"]
        result.broken = workflow.take_in_changed_sources(works, by=by, now=now).broken
        workflow.remake_with_terms([key for what, key in changed if what == "word"])
    return len(prepared)


def _prepare(result: Plan, progress: Progress | None) -> dict[str, workflow.Prepared]:
    """Render what is to be published, by path, before the database is locked for writing."""
    wanted = [content for content in result.files if _is_to_be_published(content)]
    prepared = {}
    for done, content in enumerate(wanted, 1):
        prepared[content.path] = workflow.prepare(content.source, result.known[content.source.front_matter.language])
        if progress:
            progress(done, len(wanted))
    return prepared


def _is_to_be_published(content: ContentFile) -> bool:
    """Whether readers see another text than the file's; what was edited in the admin since is the editors' to publish."""
    published = content.article.published_revision if content.article else None
    return content.change is not Change.KEPT and (published is None or published.digest != content.source.digest)


def _apply_facts(result: Plan) -> None:
    works = [key for key in result.references if result.changed_facts["work", key] is not Change.UNCHANGED]
    Reference.objects.filter(key__in=works).update(doi=None)  # so that two works may exchange theirs
    for key in works:
        Reference.objects.update_or_create(key=key, defaults=Reference.columns(result.references[key]))
    for key, term in result.glossary.items():
        if result.changed_facts["word", key] is not Change.UNCHANGED:
            row, _is_new = GlossaryTerm.objects.update_or_create(key=key, defaults=GlossaryTerm.columns(term))
            search.index_terms([row])
    for rows, values in ((Reference.objects, result.references), (GlossaryTerm.objects, result.glossary)):
        rows.filter(key__in=list(values), file_facts__isnull=False).update(file_facts=None)  # both say the same again


def _apply_article(content: ContentFile, by: workflow.Actor, now: datetime, note: str) -> Article:
    """Save one file's text, where it is not saved already and the database's own is not kept; gives the article."""
    source, article = content.source, content.article
    if article is not None and (
        content.change is Change.KEPT
        or (content.change is Change.UNCHANGED and (article.file_path, article.synced_digest) == (content.path, source.digest))
    ):
        return article
    if article is None:
        article = workflow.create_article(slug=content.slug, source=source, by=by, now=now, note=note)
    else:
        if article.slug != content.slug:
            workflow.rename(article=article, slug=content.slug, by=by, now=now)
        workflow.save_revision(article=article, source=source, based_on=article.latest_revision, by=by, now=now, note=note)
    Article.objects.filter(pk=article.pk).update(file_path=content.path, synced_digest=source.digest)
    return Article.objects.select_related("published_revision", "draft_revision").get(pk=article.pk)

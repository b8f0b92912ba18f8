"""Works and words edited at the desk. A change reaches readers at once, and the history of each article that cites the work."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from articles import search
from articles.models import Article, AuditEvent, GlossaryTerm, Reference, Revision
from articles.text import bibliography
from articles.text.glossary import Term
from articles.workflow.actor import Actor, record
from articles.workflow.page_versions import renew_words, renew_works
from articles.workflow.public_history import (
    TakenIn,
    lock_articles,
    lock_articles_with_terms,
    remake_with_terms,
    take_in_changed_sources,
)


class ChangedMeanwhileError(Exception):
    """The work or word is not any more, or not yet, what whoever edits it was shown."""


class InUseError(Exception):
    """What is used cannot be deleted. ``uses`` says by what."""

    def __init__(self, uses: "list[Use]") -> None:
        self.uses = uses
        super().__init__("; ".join(use.words for use in uses))


@dataclass(frozen=True, slots=True)
class Use:
    """A use of a work or word, in words, and the article or word that uses it, where that can be opened."""

    words: str
    user: Article | GlossaryTerm | None = None


def save_reference(*, work: bibliography.Reference, was: bibliography.Reference | None, by: Actor, now: datetime) -> TakenIn:
    """Store a work, new or as it was when editing began (``was``); gives what came of it for the articles that cite it.

    Raises PermissionDenied, ChangedMeanwhileError, and IntegrityError for a DOI that another work has.
    """
    by.require("change_reference" if was else "add_reference")
    with transaction.atomic():
        lock_articles(Article.objects.filter(publication__snapshots__reference__key=work.key))
        row = Reference.objects.select_for_update().filter(key=work.key).first()
        if (row.listed() if row else None) != was:
            raise ChangedMeanwhileError(work.key)
        if work == was:
            return TakenIn()
        row = row or Reference(file_facts={})
        _store(row, Reference.columns(work), bibliography.as_facts(was) if was else {}, bibliography.as_facts(work))
        _record_edit(f"work {work.key}", bibliography.as_facts(was) if was else None, bibliography.as_facts(work), by, now)
        return take_in_changed_sources([work.key], by=by, now=now)


def delete_reference(*, reference: Reference, by: Actor, now: datetime) -> None:
    """Delete a work that nothing uses. Raises PermissionDenied, and InUseError with the uses."""
    by.require("delete_reference")
    with transaction.atomic():
        row = Reference.objects.select_for_update().get(pk=reference.pk)
        if uses := find_uses_of_work(row):
            raise InUseError(uses)
        row.delete()
        renew_works([reference.key])
        record(AuditEvent.Act.DELETE, None, by, now, about=f"work {reference.key}", detail=reference.title)


def find_uses_of_work(reference: Reference) -> list[Use]:
    """Give the articles with a text that cites a work (an old one or a draft too), the words it is the source of, and records."""
    uses = _find_texts(f"@{reference.key}")
    for term in GlossaryTerm.objects.filter(source=reference.key):
        uses.append(Use(gettext("source of the word “%s”") % term, term))
    if reference.checks.exists() or reference.notices.exists():
        uses.append(Use(gettext("the record of checks for withdrawals, which is kept")))
    return uses


def save_term(*, term: Term, was: Term | None, by: Actor, now: datetime) -> int:
    """Store a word, new or as it was when editing began (``was``); gives how many pages that explain it were made anew.

    Raises PermissionDenied, and ChangedMeanwhileError, for a source that is no work too.
    """
    by.require("change_glossaryterm" if was else "add_glossaryterm")
    with transaction.atomic():
        lock_articles_with_terms([term.key])
        row = GlossaryTerm.objects.select_for_update().filter(key=term.key).first()
        if (row.value() if row else None) != was:
            raise ChangedMeanwhileError(term.key)
        if term.source and not Reference.objects.filter(key=term.source).exists():
            raise ChangedMeanwhileError(term.source)
        if term == was:
            return 0
        row = row or GlossaryTerm(file_facts={})
        columns = GlossaryTerm.columns(term)
        _store(row, columns, GlossaryTerm.columns(was) if was else {}, columns)
        _record_edit(f"word {term.key}", GlossaryTerm.columns(was) if was else None, columns, by, now)
        search.index_terms([row])
        renew_words([row.key])
        return remake_with_terms([term.key])


def delete_term(*, term: GlossaryTerm, by: Actor, now: datetime) -> None:
    """Delete a word that no text explains. Raises PermissionDenied, and InUseError with the uses."""
    by.require("delete_glossaryterm")
    with transaction.atomic():
        row = GlossaryTerm.objects.select_for_update().get(pk=term.pk)
        if uses := find_uses_of_term(row):
            raise InUseError(uses)
        row.delete()
        renew_words([term.key])
        record(AuditEvent.Act.DELETE, None, by, now, about=f"word {term.key}", detail=term.explanation)


def find_uses_of_term(term: GlossaryTerm) -> list[Use]:
    """Give the articles with a text, old ones and drafts included, that explains a word."""
    return _find_texts(f"glossary:{term.key}")


def _record_edit(about: str, before: dict[str, Any] | None, after: dict[str, Any], by: Actor, now: datetime) -> None:
    """Log that an entry was added, or which of its fields were changed."""
    if before is None:
        detail = gettext("added")
    else:
        detail = ", ".join(name for name in sorted(before | after) if before.get(name) != after.get(name))
    record(AuditEvent.Act.EDIT, None, by, now, about=about, detail=detail)


def record_import(*, created: Iterable[str], updated: Iterable[str], by: Actor, now: datetime) -> None:
    """Log the works and words that an import stored, each as what it is and its key: "work RATS-1994"."""
    told = [*((about, gettext("added")) for about in created), *((about, gettext("changed")) for about in updated)]
    entries = [about.partition(" ") for about, _detail in told]
    renew_works(key for what, _space, key in entries if what == "work")
    renew_words(key for what, _space, key in entries if what == "word")
    AuditEvent.objects.bulk_create(
        AuditEvent(at=now, actor_name=by.name, act=AuditEvent.Act.EDIT, about=about, detail=detail) for about, detail in told
    )


def _store(row: Reference | GlossaryTerm, columns: dict[str, Any], before: dict[str, Any], now: dict[str, Any]) -> None:
    """Store an entry, and what its file says of it for as long as that is something else. ``before`` and ``now`` are facts."""
    in_file = before if row.file_facts is None else row.file_facts
    for name, value in columns.items():
        setattr(row, name, value)
    row.file_facts = None if in_file == now else in_file
    row.save()


def _find_texts(mark: str) -> list[Use]:
    """Find the articles with a revision that has ``mark``, and say in which revisions."""
    whole = re.compile(re.escape(mark) + r"(?![A-Za-z0-9-])")
    found: dict[Article, list[Revision]] = {}
    texts = Revision.objects.filter(source__contains=mark).select_related("article").order_by("article__title", "number")
    for revision in texts.iterator(chunk_size=100):
        if whole.search(revision.source):
            found.setdefault(revision.article, []).append(revision)
    return [Use(_name_revisions(article, revisions), article) for article, revisions in found.items()]


def _name_revisions(article: Article, revisions: list[Revision]) -> str:
    if article.published_revision_id in {revision.pk for revision in revisions}:
        where = gettext("in the text that readers see")
    elif article.draft_revision_id in {revision.pk for revision in revisions}:
        where = gettext("in a draft")
    else:
        where = gettext("in an older text, which is kept")
    return f"{article} ({where})"

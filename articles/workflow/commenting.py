"""What people in the admin say to each other about the words of a text."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from articles.models import AuditEvent, Comment, Revision
from articles.models.comment import MAX_QUOTE
from articles.text.quotes import has_words, is_quoted
from articles.workflow.actor import Actor, record, tidy
from articles.workflow.checking import text_of
from articles.workflow.preparing import Prepared, prepare

MAX_WORDS = 4000
SHOWN_IN_LOG = 100


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text that can be commented on, as readers see it: the head, whose id is "", or a section."""

    id: str
    heading: str
    html: str


def comment(*, revision: Revision, section_id: str, quote: str, words: str, by: Actor, now: datetime) -> Comment:
    """Say something of a part of a revision's text; ``quote`` is what it is about, as readers see it or as the text has it.

    Raises PermissionDenied, SourceError for a text that cannot be read any more, and ValueError, in words, for nothing or too
    much, for a part that is not there, and for words that do not stand in it.
    """
    by.require("add_comment")
    words, quote = _checked(words), " ".join(tidy(quote).split())
    if len(quote) > MAX_QUOTE:
        raise ValueError(gettext("The quotation is too long. Quote up to %s characters, such as how it begins.") % MAX_QUOTE)
    part = next((part for part in parts_of(prepare(text_of(revision))) if part.id == section_id), None)
    if part is None:
        raise ValueError(gettext("This text has no such section."))
    if quote and not (has_words(quote) and is_quoted(part.html, quote)):
        raise ValueError(gettext("These words do not stand in this section: “%s”. Copy them from the text.") % quote)
    with transaction.atomic():
        made = Comment.objects.create(
            revision=revision,
            section_id=section_id,
            quote=quote,
            words=words,
            made_at=now,
            made_by=by.user,
            made_by_name=by.name,
        )
        _record(AuditEvent.Act.COMMENT, made, by, now)
    return made


def answer(*, to: Comment, words: str, by: Actor, now: datetime) -> Comment:
    """Answer a comment. Raises PermissionDenied, and ValueError, in words, for nothing, too much, or a closed comment."""
    by.require("add_comment")
    words = _checked(words)
    with transaction.atomic():
        first = Comment.objects.select_for_update(of=("self",)).select_related("revision").get(pk=to.answers_to_id or to.pk)
        if first.resolved_at is not None:
            raise ValueError(gettext("The comment is closed. Open it again first."))
        made = Comment.objects.create(
            revision=first.revision,
            section_id=first.section_id,
            answers_to=first,
            words=words,
            made_at=now,
            made_by=by.user,
            made_by_name=by.name,
        )
        _record(AuditEvent.Act.COMMENT, made, by, now)
    return made


def close_comment(*, comment: Comment, by: Actor, now: datetime) -> None:
    """Close a comment with its answers. Raises PermissionDenied, and ValueError, in words, where that was done already."""
    by.require("change_comment")
    with transaction.atomic():
        still_open = Comment.objects.filter(pk=comment.pk, answers_to__isnull=True, resolved_at__isnull=True)
        if not still_open.update(resolved_at=now, resolved_by_name=by.name):
            raise ValueError(gettext("The comment is closed already."))
        _record(AuditEvent.Act.RESOLVE, comment, by, now)


def reopen_comment(*, comment: Comment, by: Actor, now: datetime) -> None:
    """Open a closed comment again. Raises PermissionDenied, and ValueError, in words, for one that is open."""
    by.require("change_comment")
    with transaction.atomic():
        closed = Comment.objects.filter(pk=comment.pk, resolved_at__isnull=False)
        if not closed.update(resolved_at=None, resolved_by_name=""):
            raise ValueError(gettext("The comment is open already."))
        _record(AuditEvent.Act.REOPEN, comment, by, now)


def parts_of(prepared: Prepared) -> list[Part]:
    """Give the parts of a text that can be commented on, in order."""
    shown = prepared.rendering
    head = format_html("<p>{}</p>\n<p>{}</p>\n<p>{}</p>", shown.title, shown.summary, mark_safe(shown.key_message))  # noqa: S308 - ours
    sections = [Part(section["id"], section["heading"], section["html"]) for section in shown.sections]
    return [Part("", gettext("Title, summary and key message"), head), *sections]


def _checked(words: str) -> str:
    words = tidy(words)
    if not words:
        raise ValueError(gettext("Write what you want to say."))
    if len(words) > MAX_WORDS:
        raise ValueError(gettext("That is too long. Write up to %s characters.") % MAX_WORDS)
    return words


def _record(act: str, comment: Comment, by: Actor, now: datetime) -> None:
    revision = comment.revision
    record(act, revision.article, by, now, revision, revision, detail=comment.words[:SHOWN_IN_LOG])

"""Two people who edited one article at once, or an editor and a file: both texts are kept, and put together here.

Nothing here writes to the database but ``workflow``.
"""

import contextlib
import re
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext

from articles import workflow
from articles.admin.article_form import ArticleForm
from articles.admin.merge_form import MergeForm, may_be_written, name_part, read_value
from articles.admin.record import find_latest, show_page
from articles.models import Article, Conflict, Revision
from articles.text.changes import Significance
from articles.text.diff import LineDiff, diff_passages
from articles.text.merge import Merge, Part, PartKind, Side, State, merge
from articles.text.passages import Passage

MAX_TRIES = 4
MAX_NUMBER = 9
"""How many digits a number in a form may have."""

_SENTENCE = re.compile(r"(?<=[.!?]) +(?=[^a-z ])")
_BEGINS = re.compile(r"[ \t]*(?:#|!!!|[-*+] |\d+[.)] |\||>|```|~~~)")
_ALONE = re.compile(r"#|!!!|```|~~~")


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part that differs: its name, how each side changed it, what it was before, and the fields of its choice."""

    name: str
    state: State
    ours: tuple[LineDiff, ...]
    theirs: tuple[LineDiff, ...]
    before: str
    choice: BoundField | None = None
    text: BoundField | None = None


def addresses(admin: ModelAdmin) -> list[URLPattern]:
    """Give the addresses of the pages, under the articles of the admin."""
    site = admin.admin_site.admin_view
    return [
        path("<int:pk>/conflicts/", site(partial(conflicts, admin)), name="articles_article_conflicts"),
        path("<int:pk>/conflicts/<int:number>/", site(partial(conflict, admin)), name="articles_article_conflict"),
    ]


def take_clash(admin: ModelAdmin, request: HttpRequest, article: Article | None) -> HttpResponse | None:
    """Keep a text that the form refused since it was made from an older one than the latest, and lead to where both are put
    together.

    None where there is no clash, or where the form has to show faults.
    """
    if article is None or not admin.has_change_permission(request, article):
        return None
    latest = article.latest_revision
    if latest is None or request.POST.get("based_on") == str(latest.number):
        return None
    form = ArticleForm(request.POST, instance=article)
    form.is_valid()
    base = form.base if str(form.base.number if form.base else "") == request.POST.get("based_on") else None
    if form.source is None:
        return None
    names = {"name": latest.created_by_name, "number": latest.number}
    if form.source.digest in {latest.digest, base.digest if base else ""}:  # sent twice, or nothing was changed
        words = gettext("Nothing new to save: this is revision %(number)s, saved by %(name)s.") % names
        admin.message_user(request, words, messages.INFO)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
    said = request.POST.get("significance", "")
    kept = workflow.keep_text(
        article=article,
        source=form.source,
        based_on=base,
        by=workflow.Actor.person(request.user),
        now=timezone.now(),
        note=request.POST.get("note", ""),
        significance=Significance(said) if said in set(Significance) else Significance.CHANGE,
    )
    words = gettext("%(name)s saved revision %(number)s while you were writing. Both texts are kept: nothing is lost.") % names
    admin.message_user(request, words, messages.WARNING)
    return _go_to(kept)


def count_open(article: Article) -> int:
    """Count the texts that are kept beside an article's draft and wait for somebody."""
    return article.conflicts.open().count()


def conflicts(admin: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Show the texts that are kept beside an article's draft, and let one go."""
    article, revision = _find(admin, request, pk)
    found = article.conflicts.select_related("kept", "outcome").defer("kept__source", "outcome__source")
    if request.method == "POST":
        _let_go(admin, request, found)
        return HttpResponseRedirect(reverse("admin:articles_article_conflicts", args=[pk]))
    context = {
        "open": found.open(),
        "settled": found.filter(resolved_at__isnull=False)[:20],
        "may_settle": admin.has_change_permission(request, article),
    }
    return show_page(admin, request, article, revision, "conflicts", gettext("Texts to put together"), **context)


def _let_go(admin: ModelAdmin, request: HttpRequest, found: Any) -> None:
    number = request.POST.get("_let_go", "")
    if not _is_number(number):
        raise Http404
    one = get_object_or_404(found, pk=int(number))
    by = workflow.Actor.person(request.user)
    try:
        workflow.settle(conflict=one, source=None, based_on=None, by=by, now=timezone.now())
    except workflow.SettledError:
        admin.message_user(request, gettext("Somebody settled this already."), messages.INFO)
    else:
        words = gettext("Let go. The text stays among the revisions, as number %s.") % one.kept.number
        admin.message_user(request, words, messages.SUCCESS)


def conflict(admin: ModelAdmin, request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show a kept text beside the saved one, part by part, and save what is chosen as the new draft."""
    article, latest = _find(admin, request, pk)
    rows = Conflict.objects.select_related("article", "base", "kept__created_by", "outcome")
    one = get_object_or_404(rows, article=article, pk=number)
    if request.method == "POST" and not admin.has_change_permission(request, article):
        raise PermissionDenied
    if one.resolved_at is not None and request.method != "POST":
        return show_page(admin, request, article, latest, "conflict_settled", gettext("Put together"), conflict=one)
    if request.method == "POST":
        latest = _find_shown(article, request.POST.get("based_on", "")) or latest
    merged = merge(one.base.source if one.base else None, latest.source, one.kept.source)
    labels = {Side.OURS: _name(latest, request), Side.THEIRS: _name(one.kept, request, one)}
    form = MergeForm(request.POST or None, article=article, merged=merged, labels=labels, latest=latest, conflict=one)
    if request.method == "POST" and form.is_valid():
        for _attempt in range(MAX_TRIES - 1):
            with contextlib.suppress(OperationalError):  # locked for longer than a save waits: what was typed must not be lost
                return _save(admin, request, one, form)
        return _save(admin, request, one, form)
    parts = _show(merged, latest, one, form)
    context = {
        "conflict": one,
        "form": form,
        "labels": {side.value: label for side, label in labels.items()},
        "clashes": [part for part in parts if part.state is State.CONFLICT],
        "done": [part for part in parts if part.state is not State.CONFLICT],
        "whole": merged.compose() if merged.is_clean else "",
        "is_nothing_new": merged.is_clean and merged.compose() == latest.source,
        "may_settle": admin.has_change_permission(request, article),
    }
    return show_page(admin, request, article, latest, "conflict", gettext("Put two texts together"), **context)


def _save(admin: ModelAdmin, request: HttpRequest, one: Conflict, form: MergeForm) -> HttpResponse:
    """Save what was put together; where there is a newer text by now, keep it beside that one."""
    assert form.source is not None
    by, now = workflow.Actor.person(request.user), timezone.now()
    said: dict[str, Any] = {
        "source": form.source,
        "based_on": form.latest,
        "note": form.cleaned_data["note"],
        "significance": Significance(form.cleaned_data["significance"]),
    }
    try:
        workflow.settle(conflict=one, by=by, now=now, **said)
    except workflow.ConflictError:
        kept = workflow.replace_kept(conflict=one, by=by, now=now, **said)
    except workflow.SettledError as settled:
        if form.source.digest in {_digest(settled.conflict.outcome), _digest(settled.conflict.article.latest_revision)}:
            return _go_to(settled.conflict)
        if settled.conflict.outcome is None:
            kept = workflow.replace_kept(conflict=one, by=by, now=now, **said)
        else:
            kept = workflow.keep_text(article=form.article, by=by, now=now, **said)
    else:
        admin.message_user(request, gettext("Saved as a draft. Readers do not see it yet."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[form.article.pk]))
    words = gettext("Somebody saved a newer text while you were choosing. What you put together is kept: nothing is lost.")
    admin.message_user(request, words, messages.WARNING)
    return _go_to(kept)


def _find(admin: ModelAdmin, request: HttpRequest, pk: int) -> tuple[Article, Revision]:
    article, latest = find_latest(admin, request, pk)
    if not request.user.has_perm("articles.view_conflict"):
        raise PermissionDenied
    return article, latest


def _find_shown(article: Article, number: str) -> Revision | None:
    """Find the revision that the page was about."""
    return article.revisions.filter(number=int(number)).first() if _is_number(number) else None


def _is_number(number: str) -> bool:
    return number.isascii() and number.isdigit() and len(number) <= MAX_NUMBER


def _digest(revision: Revision | None) -> str:
    return revision.digest if revision else ""


def _go_to(one: Conflict) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:articles_article_conflict", args=[one.article_id, one.pk]))


def _name(revision: Revision, request: HttpRequest, one: Conflict | None = None) -> str:
    """Say whose text a revision is, and since when: the saved one, or the one that ``one`` keeps."""
    said = {"name": revision.created_by_name, "when": date_format(timezone.localtime(revision.created_at), "j F, H:i T")}
    if one and one.cause == Conflict.Cause.IMPORT and revision.created_by_id is None:
        return gettext("The file’s text, imported on %(when)s") % said
    if one and revision.created_by_id == request.user.pk:
        return gettext("Your text, kept on %(when)s") % said
    if one:
        return gettext("The text by %(name)s, kept on %(when)s") % said
    return gettext("The text saved by %(name)s on %(when)s") % said


def _show(merged: Merge, latest: Revision, one: Conflict, form: MergeForm) -> list[ShownPart]:
    """Give the parts that differ, with what each side changed of the base; of the saved text where the base is not known."""
    parts = [part for part in merged.parts if part.state is not State.SAME]
    base = one.base or latest
    before = [_passage(part, part.base if one.base else part.ours, base) for part in parts]
    ours = diff_passages(before, [_passage(part, part.ours, latest) for part in parts])
    theirs = diff_passages(before, [_passage(part, part.theirs, one.kept) for part in parts])
    shown = []
    for part, was, mine, yours in zip(parts, before, ours, theirs, strict=True):
        is_open = part.state is State.CONFLICT
        shown.append(
            ShownPart(
                name=name_part(part),
                state=part.state,
                ours=mine.lines,
                theirs=yours.lines,
                before="\n".join(was.lines) if one.base else "",
                choice=form[f"choice-{part.key}"] if is_open else None,
                text=form[f"text-{part.key}"] if is_open and may_be_written(part) else None,
            )
        )
    return shown


def _passage(part: Part, text: str | None, revision: Revision) -> Passage:
    """Give a part as the comparison takes it, sentence by sentence; a field by its value."""
    if text is not None and part.kind is PartKind.FIELD and part.name:
        value = read_value(revision, part.name)
        text = "\n".join(value) if isinstance(value, list) else value
    elif text is not None and part.kind is not PartKind.ORDER:
        text = "\n".join(_unwrap(text))
    lines = [line for line in (text or "").split("\n") if line.strip()]
    return Passage(part.key, part.heading, "", tuple(words for line in lines for words in _SENTENCE.split(line)))


def _unwrap(text: str) -> list[str]:
    """Give the lines of Markdown with those of one paragraph joined, so that a sentence is on one of them."""
    lines = [""]
    for line in text.split("\n"):
        if _BEGINS.match(line) or not lines[-1] or not line.strip():
            lines.append(line.strip())
        else:
            lines[-1] += f" {line.strip()}"
        if _ALONE.match(line):
            lines.append("")
    return lines

"""What the article form asks while somebody writes: what there is to insert, and what is to be said of the text as it stands.

Nothing here writes to the database. The report is in the page as well, of the text as last saved, for those without script.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse

from articles.admin.article_form import ArticleForm, Remark
from articles.admin.desk_search import find
from articles.models import Article, GlossaryTerm, Reference
from articles.text.findings import Finding, Verdict, gather
from articles.text.front_matter import Kind
from articles.text.lint import lint_source
from articles.text.places import read_layout
from articles.text.problems import Problem
from articles.text.readability import Readability, read_ease
from articles.text.source import Source, read_source
from articles.text.standards import check_standards
from articles.text.starters import SKELETON

NOT_OF_THE_TEXT = frozenset({"note", "significance", "based_on", "slug", "kind"})
"""Fields whose faults stop a save but are no faults of the text."""

WORST_FIRST = (Verdict.NOT_MET, Verdict.LOOK)


@dataclass(frozen=True, slots=True)
class Advice:
    """One of our rules that found something: its title, its verdict and what it found."""

    title: str
    verdict: Verdict
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What is to be said of a text: what stops publishing, our rules' advice, and how hard it is to read (None: unreadable)."""

    stops: tuple[Remark, ...]
    advice: tuple[Advice, ...]
    ease: Readability | None
    minutes: int

    @property
    def count(self) -> int:
        """How many places the advice names."""
        return sum(len(one.remarks) for one in self.advice)


def find_to_insert(admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Answer what the query finds, for those who may write; raises Http404 for a kind that is none."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    if not (admin.has_change_permission(request) or admin.has_add_permission(request)):
        raise PermissionDenied
    try:
        found = find(request.GET.get("kind", ""), request.GET.get("q", ""))
    except KeyError:
        raise Http404 from None
    return JsonResponse({"found": found})


def check(admin: Any, request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Answer, in one, the preview of the text that was sent and the report on it; nothing is stored."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    article = get_object_or_404(Article, pk=pk) if pk else None
    if not (admin.has_change_permission(request, article) if article else admin.has_add_permission(request)):
        raise PermissionDenied
    form = ArticleForm(request.POST, instance=article)
    form.is_valid()
    page = admin.preview_form(request, article, form).content.decode()
    report = report_on_form(form, article.kind if article else request.POST.get("kind", ""))
    return JsonResponse({"page": page, "report": show_report(report)})


def show_desk(article: Article | None) -> dict[str, Any]:
    """Give what the template of the form needs for all this."""
    name = "admin:articles_article_check"
    return {
        "check_url": reverse(name, args=[article.pk]) if article else reverse(f"{name}_new"),
        "report": report_on_saved(article),
        "skeleton": SKELETON,
        "layout": say_layout(article.latest_revision.source) if article and article.latest_revision else "",
    }


def say_layout(text: str) -> str:
    """Say on which lines of a file its fields and its body begin: ``title:2 summary:3 body:7``."""
    layout = read_layout(text)
    fields = zip((*layout.names, "body"), (*layout.starts, layout.body_line), strict=True)
    return " ".join(f"{name}:{line}" for name, line in fields)


def show_report(report: Report) -> str:
    """Give a report as a piece of a page."""
    return render_to_string("admin/articles/article/report.html", {"report": report})


def report_on_saved(article: Article | None) -> Report | None:
    """Report on an article's latest text; None where there is none, or where the format has changed since."""
    if article is None or article.latest_revision is None:
        return None
    form = ArticleForm(instance=article)
    form.text = article.latest_revision.source
    source, faults = read_source(form.text, Kind(article.kind))
    return _report(source, form.remark_on(faults), form, is_right=not faults) if source else None


def report_on_form(form: ArticleForm, kind: str) -> Report:
    """Report on a form that was checked: what stops its text from being published, saved or not."""
    stops = [remark for remark in form.remarks if remark.place.field not in NOT_OF_THE_TEXT]
    source = form.source
    if source is None:
        source, _faults = read_source(form.text, Kind(kind) if kind in set(Kind) else Kind.ARTICLE)
    return _report(source, stops, form, is_right=form.source is not None and not form.problems)


def _report(source: Source | None, stops: list[Remark], form: ArticleForm, *, is_right: bool) -> Report:
    """Report on a text; of one that is right in form, what else stops publishing is found here."""
    if source is None:
        return Report(tuple(stops), (), None, 0)
    works = {row.key: row.value() for row in Reference.objects.filter(key__in=source.cited_keys)}
    glossary = {row.key: row.value() for row in GlossaryTerm.objects.filter(key__in=source.term_keys)}
    if is_right:
        stops = [*stops, *form.remark_on(lint_source(source, works))]
    checks = [check for check in check_standards(source, works, glossary) if check.findings]
    checks.sort(key=lambda check: WORST_FIRST.index(check.verdict))
    advice = tuple(Advice(check.title, check.verdict, tuple(form.remark_on(_as_problems(check.findings)))) for check in checks)
    return Report(tuple(stops), advice, read_ease(gather(source, works, glossary).sentences), source.reading_minutes)


def _as_problems(findings: Iterable[Finding]) -> list[Problem]:
    return [Problem(finding.line, finding.what, finding.right) for finding in findings]

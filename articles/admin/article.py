"""Articles in the admin: find, edit, preview, save as a revision, publish."""

import contextlib
from functools import partial
from http import HTTPStatus
from typing import Any

from csp.decorators import csp_replace, csp_update
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin

from articles import feedback, workflow
from articles.admin import audit, comments, conflicts, desk, moves, preview_links, record, revisions
from articles.admin.article_filters import AttentionFilter, AuthorFilter, StatusFilter, TopicFilter
from articles.admin.article_form import ArticleForm, lines_in_body
from articles.admin.lists import ListAdmin
from articles.admin.patience import MAX_TRIES, View, patient
from articles.models import Article, Reference, Revision, Topic
from articles.text.changes import Significance
from articles.text.problems import SourceError
from articles.text.source import Source

framing = csp_update({"frame-src": ["'self'"]})
"""Lets a page show the preview in a frame."""

EDIT_FIELDSETS = [
    (_("In short"), {"fields": ["title", "summary", "key_message", "topic"]}),
    (_("Text"), {"fields": ["body"], "classes": ["text"]}),
    (
        _("Finding and reviewing"),
        {
            "fields": ["also_called", "conditions", "medicines", "related", "former_slugs", "review_every"],
            "classes": ["collapse"],
        },
    ),
    (_("This change"), {"fields": ["note", "significance", "based_on"]}),
]
ADD_FIELDSETS = [
    (_("Where it stands"), {"fields": ["kind", "slug"]}),
    *EDIT_FIELDSETS[:-1],
    (_("This text"), {"fields": ["note", "based_on"]}),
]
VIEW_FIELDSETS = [
    (None, {"fields": ["title", "summary", "topic", "kind", "slug"]}),
    (_("The text as it is written"), {"fields": ["whole_text"], "classes": ["collapse"]}),
]


@admin.register(Article)
class ArticleAdmin(ListAdmin):
    """Every save is a new revision; nothing here writes to the database but ``workflow``."""

    form = ArticleForm
    change_form_template = "admin/articles/article/change_form.html"
    list_display = ("title", "topic", "stands", "needs", "reviewed", "changed")
    list_filter = (AttentionFilter, StatusFilter, AuthorFilter, "kind", TopicFilter)
    list_select_related = ("published_revision", "draft_revision", "open_state", "last_review", "publication__rendering")
    search_fields = ("title", "summary", "slug", "topic")
    search_help_text = _("Searches title, summary, address and topic.")
    readonly_fields = ("whole_text",)
    actions = None
    save_on_top = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """Give all articles, without the long texts that no list shows."""
        rendered = (f"publication__rendering__{name}" for name in ("sections", "sources", "key_message", "visit_sheet", "about"))
        return super().get_queryset(request).defer("published_revision__source", "draft_revision__source", *rendered)

    # What is shown

    @admin.display(description=_("status"))
    def stands(self, article: Article) -> str:
        """Say where an article stands."""
        return moves.name_stage(article)

    @admin.display(description=_("needs"))
    def needs(self, article: Article) -> str:
        """Say what an editor has to look at: withdrawn work, or a rule that is broken since a work changed."""
        rendering = article.publication.rendering if article.publication else None
        if rendering and rendering.withdrawn_keys:
            return gettext("withdrawn: %s") % ", ".join(rendering.withdrawn_keys)
        return gettext("a source changed: see the article") if article.source_problems else ""

    @admin.display(description=_("changed for readers"), ordering="changed_at")
    def changed(self, article: Article) -> str:
        """Say on which day readers last got a change."""
        return date_format(timezone.localtime(article.changed_at), "j F Y") if article.changed_at else ""

    @admin.display(description=_("review"), ordering="review_due_on")
    def reviewed(self, article: Article) -> str:
        """Say when an article's review is due or overdue, and what came of the last one."""
        if article.review_due_on is None or article.kind == Article.Kind.PAGE:
            return ""
        due = date_format(article.review_due_on, "j F Y")
        last = article.last_review
        state = last.get_decision_display() if last else gettext("never reviewed")
        if article.is_changed_since_review:
            state = gettext("changed since the last review")
        words = gettext("overdue since %s") if article.is_overdue else gettext("due %s")
        return f"{state}; {words % due}"

    @admin.display(description=_("text"))
    def whole_text(self, article: Article) -> str:
        """Give the latest revision's text, for those who may look and not edit."""
        return article.latest_revision.source if article.latest_revision else ""

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Give the fields: all for a new article, no address for an old one, plain text for those who may only look."""
        if obj is None:
            return ADD_FIELDSETS
        return EDIT_FIELDSETS if self.has_change_permission(request, obj) else VIEW_FIELDSETS

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Articles are withdrawn, never deleted: their addresses and history are promises."""
        return False

    def view_on_site(self, obj: Article) -> str | None:
        """Give the readers' page, where there is one."""
        return obj.get_absolute_url() if obj.published_revision_id else None

    # Addresses

    def get_urls(self) -> list[URLPattern]:
        """Add preview and publish."""

        def site(view: View) -> View:
            return self.admin_site.admin_view(patient(view))

        return [
            path("preview/", site(self.preview), name="articles_article_preview_new"),
            path("<int:pk>/preview/", site(self.preview), name="articles_article_preview"),
            path("check/", site(partial(desk.check, self)), name="articles_article_check_new"),
            path("<int:pk>/check/", site(partial(desk.check, self)), name="articles_article_check"),
            path("find/", site(partial(desk.find_to_insert, self)), name="articles_article_find"),
            path("<int:pk>/move/<str:name>/", site(partial(moves.move, self)), name="articles_article_move"),
            path("<int:pk>/review/", site(framing(partial(record.review, self))), name="articles_article_review"),
            path("<int:pk>/standards/", site(partial(record.standards, self)), name="articles_article_standards"),
            path("<int:pk>/rate/<slug:standard>/", site(partial(record.rate, self)), name="articles_article_rate"),
            path("<int:pk>/share/", site(partial(preview_links.share, self)), name="articles_article_share"),
            path("<int:pk>/publications/", site(partial(record.publications, self)), name="articles_article_publications"),
            *audit.addresses(self),
            *comments.addresses(self),
            *revisions.addresses(self),
            *conflicts.addresses(self),
            *super().get_urls(),
        ]

    @method_decorator(framing)
    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Show or take the form.

        What comes between check and write (a save, an article at the same address, a notice on a work) is treated as if it had
        come before. A database that is locked for longer than a save waits is asked again: what somebody has typed must not be
        lost to somebody else's import.
        """
        article = self.get_object(request, object_id) if object_id else None
        context = (extra_context or {}) | self._form_context(request, article)
        for _attempt in range(MAX_TRIES - 1):
            with contextlib.suppress(workflow.ConflictError, SourceError, IntegrityError, OperationalError):
                return self._show_or_take(request, object_id, form_url, context)
        return self._show_or_take(request, object_id, form_url, context)

    def _show_or_take(self, request: HttpRequest, object_id: str | None, form_url: str, context: dict[str, Any]) -> Any:
        answer = super().changeform_view(request, object_id, form_url, context)
        if request.method != "POST" or answer.status_code != HTTPStatus.OK:
            return answer
        article = self.get_object(request, object_id) if object_id else None
        return conflicts.take_clash(self, request, article) or answer

    def _form_context(self, request: HttpRequest, article: Article | None) -> dict[str, Any]:
        name = "admin:articles_article_preview"
        latest = article.latest_revision if article else None
        return {
            "preview_url": reverse(name, args=[article.pk]) if article else reverse(f"{name}_new"),
            **desk.show_desk(article),
            "may_publish": self._may_publish(request, latest),
            "latest": latest,
            "open_conflicts": conflicts.count_open(article) if article else 0,
            "places": record.find_places(request, article) if article and latest else [],
            "stands": self.stands(article) if article else "",
            **moves.show_moves(article, workflow.Actor.person(request.user)),
            "topics": Topic.objects.filter(count__gt=0).order_by("name").values_list("name", flat=True),
            "revisions": article.revisions.defer("source")[:10] if article else [],
            "withdrawn": self._withdrawn(article) if article else [],
            "may_read_feedback": request.user.has_perm("articles.view_feedback"),
            "told": feedback.summaries(article).get(article.publication_id) if article and article.publication_id else None,
        }

    def _withdrawn(self, article: Article) -> list[str]:
        """Give the keys of the withdrawn works that what readers see rests on."""
        cited = Reference.objects.filter(snapshots__publication=article.publication_id).withdrawn()
        return list(cited.order_by("key").values_list("key", flat=True))

    def _may_publish(self, request: HttpRequest, latest: Revision | None) -> bool:
        """Whether the buttons are shown: saving makes a new text, which nobody has reviewed; a saved one may be approved."""
        is_approved = latest is not None and workflow.find_approval(latest) is not None
        unreviewed = [] if is_approved else ["articles.publish_unreviewed_article"]
        return request.user.has_perms(["articles.publish_article", *unreviewed])

    # Acts

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Save the text as a revision, and publish it when that button was pressed."""
        by, now, note = workflow.Actor.person(request.user), timezone.now(), form.cleaned_data["note"]
        if change:
            significance = Significance(form.cleaned_data["significance"])
            revision = workflow.save_revision(
                article=obj, source=form.source, based_on=form.base, note=note, significance=significance, by=by, now=now
            )
        else:
            made = workflow.create_article(slug=form.cleaned_data["slug"], source=form.source, note=note, by=by, now=now)
            obj.pk, obj._state.adding = made.pk, False
            revision = made.revisions.get()
        if "_publish" in request.POST:
            try:
                workflow.publish(article=obj, revision=revision, by=by, now=now)
            except workflow.MoveRefusedError as refusal:
                self.message_user(request, gettext("Not published. %s") % refusal, messages.ERROR)
        obj.refresh_from_db()

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        """Stay on the form, and say what became of the text."""
        return self._stay(request, obj)

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        """Go to the new article's form, and say what became of the text."""
        return self._stay(request, obj)

    def _stay(self, request: HttpRequest, article: Article) -> HttpResponse:
        if article.draft_revision_id is None and "_publish" not in request.POST:
            words = gettext("Nothing was saved: this is the text that readers see.")
        elif article.draft_revision_id is None:
            words = gettext("Published. Readers see this text from now on.")
        elif article.published_revision_id is None:
            words = gettext("Saved as a draft. Readers do not see it yet.")
        else:
            words = gettext("Saved as a draft. Readers still see the published text.")
        self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))

    @method_decorator(csp_replace({"frame-ancestors": ["'self'"]}))
    @method_decorator(xframe_options_sameorigin)
    @method_decorator(never_cache)
    def preview(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Show what readers would see: of the text that was sent, else of the latest revision."""
        article = get_object_or_404(Article, pk=pk) if pk else None
        if not (self.has_view_permission(request, article) if article else self.has_add_permission(request)):
            raise PermissionDenied
        if request.method != "POST":
            if article is None or article.latest_revision is None:
                return render(request, "admin/articles/preview_faulty.html", {"problems": [], "html": ""})
            return self._preview(request, article, workflow.text_of(article.latest_revision))
        form = ArticleForm(request.POST, instance=article)
        form.is_valid()
        return self.preview_form(request, article, form)

    def preview_form(self, request: HttpRequest, article: Article | None, form: ArticleForm) -> HttpResponse:
        """Show what readers would see of a form that was checked, or its faults."""
        if form.source is None:
            remarks = [one for one in form.remarks if one.place.field not in desk.NOT_OF_THE_TEXT]
            problems = [f"{one.where}: {one.words}" if one.where else one.words for one in remarks]
            html = workflow.preview_body(form.markdown)
            return render(request, "admin/articles/preview_faulty.html", {"problems": problems, "html": html})
        return self._preview(request, article or Article(), form.source)

    def _preview(self, request: HttpRequest, article: Article, source: Source) -> HttpResponse:
        shown, prepared = workflow.preview(source, article)
        problems = lines_in_body([*workflow.find_missing(source), *prepared.problems], source.body_line)
        name = "article_detail" if shown.kind == Article.Kind.ARTICLE else "page_detail"
        published = article.published_revision.digest if article.published_revision else ""
        context = {
            "article": shown,
            "rendering": prepared.rendering,
            "is_preview": True,
            "is_public": source.digest == published,
            "problems": problems,
        }
        return render(request, f"articles/{name}.html", context)

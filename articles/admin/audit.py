"""The log of every act: to look through, for all articles or one. Nobody writes in it but ``workflow``, and nobody changes it."""

from functools import partial

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.admin.evidence import LookUpAdmin
from articles.admin.record import find_latest, show_page
from articles.models import Article, AuditEvent
from articles.workflow import in_site_zone

MAX_ON_PAGE = 200
COLUMNS = ("at", "actor_name", "act", "about", "detail", "article__title", "from_revision__number", "to_revision__number")


@admin.register(AuditEvent)
class AuditEventAdmin(LookUpAdmin):
    """Who did what, when, from which text to which, the newest first."""

    list_display = ("when", "actor_name", "act", "what", "revisions", "detail")
    list_display_links = None
    list_filter = ("act", "at")
    search_fields = ("actor_name", "article__title", "about")
    search_help_text = _("Searches who did it, the article’s title, and the key of a work or word.")
    list_per_page = 100
    sortable_by = ()
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEvent]:
        """Give all entries, without the texts."""
        return super().get_queryset(request).select_related("article", "from_revision", "to_revision").only(*COLUMNS)

    @admin.display(description=_("when"))
    def when(self, event: AuditEvent) -> str:
        """Say when it was done."""
        return in_site_zone(event.at)

    @admin.display(description=_("to what"))
    def what(self, event: AuditEvent) -> str:
        """Name what it was done to, with a link where that is an article."""
        if event.article is None:
            return event.about
        address = reverse("admin:articles_article_log", args=[event.article.pk])
        return format_html('<a href="{}">{}</a>', address, event.article.title)

    @admin.display(description=_("revisions"))
    def revisions(self, event: AuditEvent) -> str:
        """Say from which text to which."""
        return name_revisions(event)


def name_revisions(event: AuditEvent) -> str:
    """Say from which revision to which an act led: "3 → 4", or one number where it stayed with a text."""
    numbers = [revision.number for revision in (event.from_revision, event.to_revision) if revision]
    return " → ".join(str(number) for number in dict.fromkeys(numbers))


def addresses(owner: ModelAdmin) -> list[URLPattern]:
    """Give the address of an article's log."""
    view = owner.admin_site.admin_view(partial(log, owner))
    return [path("<int:pk>/log/", view, name="articles_article_log")]


def log(owner: ModelAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Show the newest acts on an article."""
    if not request.user.has_perm("articles.view_auditevent"):
        raise PermissionDenied
    article, revision = find_latest(owner, request, pk)
    entries = list(_of(article)[: MAX_ON_PAGE + 1])
    context = {
        "entries": [(entry, in_site_zone(entry.at), name_revisions(entry)) for entry in entries[:MAX_ON_PAGE]],
        "is_cut": len(entries) > MAX_ON_PAGE,
        "all_url": f"{reverse('admin:articles_auditevent_changelist')}?article__id__exact={pk}",
    }
    return show_page(owner, request, article, revision, "log", gettext("Log"), **context)


def _of(article: Article) -> QuerySet[AuditEvent]:
    return article.audit_events.select_related("from_revision", "to_revision").only(
        "article", "at", "actor_name", "act", "detail", "from_revision__number", "to_revision__number"
    )

"""How the list of articles is narrowed: by where they stand, by what waits for somebody, by who wrote them."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.admin.waiting import WAITING, of_author
from articles.models import Article, RevisionState, Topic
from articles.text.sections import slugify

STATUSES = {
    "published": (_("published"), Q(published_revision__isnull=False, withdrawn_at__isnull=True)),
    "withdrawn": (_("withdrawn"), Q(withdrawn_at__isnull=False)),
    "unpublished": (_("never published"), Q(published_revision__isnull=True)),
}
STAGES = {
    "draft": _("with a draft"),
    "in_review": _("in review"),
    "changes_requested": _("changes requested"),
    "approved": _("approved, not published"),
    "scheduled": _("scheduled"),
}


class StatusFilter(admin.SimpleListFilter):
    """What readers get of an article, and where its open text stands."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Give the choices."""
        return [*((key, words) for key, (words, _condition) in STATUSES.items()), *STAGES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Narrow the list to the choice."""
        value = self.value()
        if value in STATUSES:
            return queryset.filter(STATUSES[value][1])
        if value in STAGES:
            return queryset.filter(pk__in=RevisionState.objects.filter(status=value).values("article"))
        return queryset


class AttentionFilter(admin.SimpleListFilter):
    """What the first page lists for whoever looks."""

    title = _("what waits")
    parameter_name = "attention"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Give the choices that the account's rights let it see."""
        may = request.user.has_perm
        return [(key, waiting.title) for key, waiting in WAITING.items() if any(may(name) for name in waiting.rights)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Narrow the list to the choice."""
        value, today = self.value(), timezone.localdate()
        if value in dict(self.lookup_choices):
            return queryset.filter(pk__in=WAITING[str(value)].find(request.user, today).order_by().values("pk"))
        return queryset


class TopicFilter(admin.SimpleListFilter):
    """The articles of a topic that readers find articles in."""

    title = _("topic")
    parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Give the choices."""
        names = Topic.objects.filter(count__gt=0).order_by("name").values_list("name", flat=True)
        return [(name, name) for name in dict.fromkeys(names)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Narrow the list to the choice."""
        value = self.value()
        return queryset.filter(topic_slug=slugify(value), topic=value) if value else queryset


class AuthorFilter(admin.SimpleListFilter):
    """Articles that whoever looks wrote any text of."""

    title = _("author")
    parameter_name = "author"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Give the one choice."""
        return [("me", _("my texts"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Narrow the list to the choice."""
        return queryset.filter(pk__in=of_author(request.user).values("pk")) if self.value() == "me" else queryset

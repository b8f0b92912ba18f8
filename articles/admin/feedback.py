"""What readers said of pages, for editors to read, mark as read and delete. Nobody writes or changes it."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from articles import workflow
from articles.admin.lists import ListAdmin
from articles.models import Feedback


@admin.register(Feedback)
class FeedbackAdmin(ListAdmin):
    """Answers to "Did this page help?", those that no editor has read first."""

    list_display = ("received_on", "is_helpful", "is_read", "start_of_comment", "copy")
    list_filter = ("is_read", "is_helpful", "received_on", ("publication__article", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("publication__article",)
    list_per_page = 50
    fields = ("copy", "is_helpful", "comment", "received_on", "is_read")
    readonly_fields = ("copy",)
    actions = ("mark_as_read",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: only readers say what readers said."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: nobody puts words into readers' mouths."""
        return False

    def has_mark_permission(self, request: HttpRequest) -> bool:
        """Whether the account may mark answers as read."""
        return request.user.has_perm("articles.change_feedback")

    @admin.display(description=_("about"), ordering="publication__article__title")
    def copy(self, feedback: Feedback) -> str:
        """Link to what the reader saw."""
        publication = feedback.publication
        words = gettext("%(title)s, copy %(number)s") % {"title": publication.article, "number": publication.number}
        return format_html('<a href="{}">{}</a>', publication.get_absolute_url(), words)

    @admin.display(description=_("comment"))
    def start_of_comment(self, feedback: Feedback) -> str:
        """Give the first words of the comment."""
        return Truncator(feedback.comment).chars(160)

    def delete_model(self, request: HttpRequest, obj: Feedback) -> None:
        """Delete an answer."""
        self.delete_queryset(request, Feedback.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Feedback]) -> None:
        """Delete answers."""
        workflow.delete_answers(answers=queryset, by=workflow.Actor.person(request.user), now=timezone.now())

    @admin.action(description=_("Mark as read"), permissions=["mark"])
    def mark_as_read(self, request: HttpRequest, queryset: QuerySet[Feedback]) -> None:
        """Mark the chosen answers as read."""
        by = workflow.Actor.person(request.user)
        number = workflow.mark_answers_read(answers=queryset, by=by, now=timezone.now())
        words = ngettext("%d answer is marked as read.", "%d answers are marked as read.", number)
        self.message_user(request, words % number, messages.SUCCESS)

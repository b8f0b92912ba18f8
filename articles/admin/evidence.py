"""Works and words, to look up: they are kept in ``content/references.yaml`` and ``content/glossary.yaml`` and imported
from there.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.dateformat import format as date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models import GlossaryTerm, Notice, Reference
from articles.text import components
from articles.text.bibliography import kind_in_words


class LookUpAdmin(admin.ModelAdmin):
    """Shows and searches; changes nothing."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


class WithdrawnFilter(admin.SimpleListFilter):
    """Works that were withdrawn, that have other notices, or that cannot be checked."""

    title = _("notices")
    parameter_name = "notices"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Give the choices."""
        return [("withdrawn", _("withdrawn")), ("any", _("any notice")), ("unchecked", _("never checked"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Reference]) -> QuerySet[Reference]:
        """Narrow the list to the choice."""
        if self.value() == "withdrawn":
            return queryset.filter(pk__in=Reference.objects.withdrawn())
        if self.value() == "any":
            return queryset.filter(notices__isnull=False).distinct()
        if self.value() == "unchecked":
            return queryset.filter(checked_at__isnull=True)
        return queryset


@admin.register(Reference)
class ReferenceAdmin(LookUpAdmin):
    """Works, to find the key of one to cite."""

    list_display = ("key", "title", "issued", "kind_of_work", "withdrawn", "checked_at")
    list_filter = (WithdrawnFilter, "design")
    search_fields = ("key", "title", "author", "issued", "doi")
    search_help_text = _("Searches key, title, authors, year and DOI. Write [@KEY] before the full stop to cite a work.")

    fields = ("key", "title", "authors", "printed", "kind_of_work", "note", "withdrawn", "checked_at", "where")
    readonly_fields = ("authors", "printed", "kind_of_work", "withdrawn", "where")

    @admin.display(description=_("authors"))
    def authors(self, reference: Reference) -> str:
        """Name the authors."""
        return ", ".join(str(author) for author in reference.value().author)

    @admin.display(description=_("published in"))
    def printed(self, reference: Reference) -> str:
        """Say where and when it was printed."""
        return components.printed_in(reference.value())

    @admin.display(description=_("where to read it"))
    def where(self, reference: Reference) -> str:
        """Link to the work, and to its page for readers where a published text has cited it."""
        links = [*reference.value().links]
        if reference.snapshots.exists():
            links.append((gettext("our page for readers"), f"/references/{reference.key}/"))
        return format_html_join(" ", '<a href="{1}">{0}</a>', links)

    @admin.display(description=_("withdrawn"))
    def withdrawn(self, reference: Reference) -> str:
        """Say on which day its journal withdrew a work, where it did."""
        day = reference.value().retracted_on
        return date_format(day, "j F Y") if day else ""

    @admin.display(description=_("kind of work"))
    def kind_of_work(self, reference: Reference) -> str:
        """Say what kind of work it is, and of whom."""
        return kind_in_words(reference.value())


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(LookUpAdmin):
    """Words, to find the entry of one to explain."""

    list_display = ("key", "term", "explanation")
    search_fields = ("key", "term", "medical", "synonyms", "misspellings", "explanation")
    search_help_text = _("Write [word](glossary:key) to explain a word in place.")


@admin.register(Notice)
class NoticeAdmin(LookUpAdmin):
    """Retractions, concerns and corrections that ``check_retractions`` found, the newest first."""

    list_display = ("reference", "kind", "noticed_on", "notice_doi", "told_by", "found_at")
    list_filter = ("kind", "told_by")
    list_select_related = ("reference",)
    search_fields = ("reference__key", "reference__title", "notice_doi")
    search_help_text = _("Searches key and title of the work, and the DOI of the notice.")

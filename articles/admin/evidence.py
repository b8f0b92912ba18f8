"""Works and words, which editors keep here or in ``references.yaml`` and ``glossary.yaml``, and notices on works."""

import contextlib
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db import IntegrityError, OperationalError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import workflow
from articles.admin.evidence_forms import GlossaryTermForm, ReferenceForm
from articles.admin.lists import ListAdmin
from articles.models import GlossaryTerm, Notice, Reference
from articles.text import components
from articles.text.bibliography import kind_in_words

MAX_TRIES = 4


class LookUpAdmin(ListAdmin):
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


class EntryAdmin(ListAdmin):
    """Entries of a list that editors keep; others look them up. Nothing is written but by ``workflow``.

    ``find_uses`` gives what uses an entry.
    """

    actions = None
    find_uses: Callable[[Any], list[workflow.Use]]
    delete_confirmation_template = "admin/articles/delete_entry.html"
    shown: tuple[str, ...] = ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Give the form to who may change the entry, and what is worth knowing to who may only look."""
        if obj is not None and not self.has_change_permission(request, obj):
            return [(None, {"fields": self.shown})]
        return [(None, {"fields": [*self.form.base_fields]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep the key, which texts and addresses name."""
        if obj is not None and self.has_change_permission(request, obj):
            return ("key",)
        return self.readonly_fields

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show or take the form. What is saved between check and write is treated as if it had come before."""
        for _attempt in range(MAX_TRIES - 1):
            with contextlib.suppress(workflow.ChangedMeanwhileError, IntegrityError, OperationalError):
                return super().changeform_view(request, *args, **kwargs)
        return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask, and delete. What is used since the check shows its uses."""
        with contextlib.suppress(workflow.InUseError):
            return super().delete_view(request, *args, **kwargs)
        return super().delete_view(request, *args, **kwargs)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Say what would be deleted, and the uses that stand in the way, each with a link where it can be opened."""
        uses = [_link(use) for entry in objs for use in self.find_uses(entry)]
        return [str(entry) for entry in objs], {}, set(), uses

    def tell_of_file(self, request: HttpRequest, name: str) -> None:
        """Say what the next import makes of a deletion."""
        words = gettext("If %s still has the entry, the next import brings it back: delete it there too.")
        self.message_user(request, words % name, messages.WARNING)


def _link(use: workflow.Use) -> str:
    if use.user is None:
        return use.words
    address = reverse(f"admin:articles_{use.user._meta.model_name}_change", args=[use.user.pk])
    return format_html('<a href="{}">{}</a>', address, use.words)


@admin.register(Reference)
class ReferenceAdmin(EntryAdmin):
    """Works, to find the key of one to cite, and to add and mend."""

    form = ReferenceForm
    find_uses = staticmethod(workflow.find_uses_of_work)
    list_display = ("key", "title", "issued", "kind_of_work", "withdrawn", "checked")
    list_filter = (WithdrawnFilter, "design")
    search_fields = ("key", "title", "author", "issued", "doi")
    search_help_text = _("Searches key, title, authors, year and DOI. Write [@KEY] before the full stop to cite a work.")

    shown = ("key", "title", "authors", "printed", "kind_of_work", "note", "withdrawn", "checked", "where")
    readonly_fields = ("authors", "printed", "kind_of_work", "withdrawn", "checked", "where")

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

    @admin.display(description=_("last checked for withdrawals"), ordering="checked_at")
    def checked(self, reference: Reference) -> str:
        """Say when a work was last checked for withdrawals."""
        moment = reference.checked_at
        return date_format(timezone.localtime(moment), "j F Y") if moment else gettext("never")

    def save_model(self, request: HttpRequest, obj: Reference, form: Any, change: bool) -> None:
        """Store the work, and say what came of it for the articles that cite it."""
        by, now = workflow.Actor.person(request.user), timezone.now()
        taken_in = workflow.save_reference(work=form.value, was=form.was, by=by, now=now)
        _show_stored(obj, Reference.objects.get(key=form.value.key))
        if taken_in.published:
            titles = ", ".join(article.title for article in taken_in.published)
            words = gettext("Readers see the change, and an entry in the public history, on: %s.")
            self.message_user(request, words % titles, messages.SUCCESS)
        for article in taken_in.broken:
            words = gettext("“%(title)s” breaks a rule now: %(rules)s")
            rules = {"title": article.title, "rules": article.source_problems}
            self.message_user(request, words % rules, messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: Reference) -> None:
        """Delete a work that nothing uses."""
        workflow.delete_reference(reference=obj, by=workflow.Actor.person(request.user), now=timezone.now())
        self.tell_of_file(request, "references.yaml")


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(EntryAdmin):
    """Words, to find the entry of one to explain, and to add and mend."""

    form = GlossaryTermForm
    find_uses = staticmethod(workflow.find_uses_of_term)
    list_display = ("key", "term", "explanation")
    search_fields = ("key", "term", "medical", "synonyms", "misspellings", "explanation")
    search_help_text = _("Write [word](glossary:key) to explain a word in place.")

    shown = ("key", "term", "medical", "explanation", "source", "listed_synonyms", "listed_misspellings")
    readonly_fields = ("listed_synonyms", "listed_misspellings")

    @admin.display(description=_("synonyms"))
    def listed_synonyms(self, term: GlossaryTerm) -> str:
        """Name the synonyms."""
        return ", ".join(term.synonyms)

    @admin.display(description=_("misspellings"))
    def listed_misspellings(self, term: GlossaryTerm) -> str:
        """Name the misspellings."""
        return ", ".join(term.misspellings)

    def save_model(self, request: HttpRequest, obj: GlossaryTerm, form: Any, change: bool) -> None:
        """Store the word, and make the pages that explain it anew."""
        workflow.save_term(term=form.value, was=form.was, by=workflow.Actor.person(request.user), now=timezone.now())
        _show_stored(obj, GlossaryTerm.objects.get(key=form.value.key))

    def delete_model(self, request: HttpRequest, obj: GlossaryTerm) -> None:
        """Delete a word that no text explains."""
        workflow.delete_term(term=obj, by=workflow.Actor.person(request.user), now=timezone.now())
        self.tell_of_file(request, "glossary.yaml")


def _show_stored(entry: Any, stored: Any) -> None:
    """Let the form's entry be the stored one, for what the admin does next."""
    entry.pk, entry._state.adding = stored.pk, False
    entry.refresh_from_db()


@admin.register(Notice)
class NoticeAdmin(LookUpAdmin):
    """Retractions, concerns and corrections that ``check_retractions`` found, the newest first."""

    list_display = ("reference", "kind", "noticed_on", "notice_doi", "told_by", "found_at")
    list_filter = ("kind", "told_by")
    list_select_related = ("reference",)
    search_fields = ("reference__key", "reference__title", "notice_doi")
    search_help_text = _("Searches key and title of the work, and the DOI of the notice.")

"""Works and words, to look up: they are kept in ``content/references.yaml`` and ``content/glossary.yaml`` and imported
from there.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.models import GlossaryTerm, Reference
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


@admin.register(Reference)
class ReferenceAdmin(LookUpAdmin):
    """Works, to find the key of one to cite."""

    list_display = ("key", "title", "issued", "kind_of_work")
    list_filter = ("design",)
    search_fields = ("key", "title", "author", "issued", "doi")
    search_help_text = _("Searches key, title, authors, year and DOI. Write [@KEY] before the full stop to cite a work.")

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

"""Words explained in place."""

from dataclasses import asdict, fields
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.text.glossary import Term


class GlossaryTermQuerySet(models.QuerySet["GlossaryTerm"]):
    """Which words; readers see ``explained()`` alone."""

    def explained(self) -> "GlossaryTermQuerySet":
        """Those that a published text explains, or has explained; another may belong to a draft."""
        return self.filter(is_public=True)


class GlossaryTerm(models.Model):
    """A word of the glossary. The value pages are made from is ``articles.text.glossary.Term``."""

    key = models.SlugField(_("key"), max_length=100, unique=True)
    term = models.CharField(_("plain word"), max_length=80)
    medical = models.CharField(_("medical word"), max_length=80, blank=True)
    explanation = models.CharField(_("explanation"), max_length=300)
    source = models.CharField(_("key of its source"), max_length=80, blank=True)
    synonyms = models.JSONField(_("synonyms"), default=list, blank=True)
    misspellings = models.JSONField(_("misspellings"), default=list, blank=True)

    is_public = models.BooleanField(_("explained in a published text"), default=False, db_default=False, editable=False)
    file_facts = models.JSONField(
        _("facts in the file"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("What the file said when the word was edited in the admin; empty where nobody has."),
    )

    objects = GlossaryTermQuerySet.as_manager()

    class Meta:
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary terms")
        ordering = ["term", "key"]
        indexes = [models.Index(fields=["key"], condition=Q(is_public=True), name="word_explained")]

    def __str__(self) -> str:
        return self.term

    def value(self) -> Term:
        """Give the word as the value that pages are made from."""
        values: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(Term)}
        return Term(**values | {"synonyms": tuple(self.synonyms), "misspellings": tuple(self.misspellings)})

    @classmethod
    def columns(cls, value: Term) -> dict[str, Any]:
        """Give the columns that hold ``value``."""
        return asdict(value) | {"synonyms": list(value.synonyms), "misspellings": list(value.misspellings)}

"""Works that articles rest on."""

from dataclasses import MISSING, fields, replace
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from articles.grading import DESIGN_WORDS
from articles.text import bibliography

WITHDRAWN = Q(retracted_on__isnull=False) | Q(noticed_retraction_on__isnull=False)


class ReferenceQuerySet(models.QuerySet["Reference"]):
    """Which works."""

    def withdrawn(self) -> "ReferenceQuerySet":
        """Those withdrawn by their journals, as the list or a notice says."""
        return self.filter(WITHDRAWN)

    def seen_by_readers(self) -> "ReferenceQuerySet":
        """Those that a published text cites or has cited, where it is not withheld; another may belong to a draft."""
        shown = Reference.objects.filter(
            pk=OuterRef("pk"),
            snapshots__isnull=False,
            snapshots__publication__withheld_at__isnull=True,
            snapshots__publication__article__withdrawn_at__isnull=True,
        )
        return self.filter(Exists(shown))

    def cited(self) -> "ReferenceQuerySet":
        """Those that a text which readers see now cites."""
        current = F("citations__claim__publication__article__publication")
        shown = Reference.objects.filter(
            pk=OuterRef("pk"),
            citations__claim__publication=current,
            citations__claim__publication__article__withdrawn_at__isnull=True,
        )
        return self.filter(Exists(shown))


class Reference(models.Model):
    """A work of the shared bibliography. The value readers' pages are made from is ``articles.text.bibliography.Reference``."""

    key = models.CharField(_("key"), max_length=80, unique=True)
    type = models.CharField(_("form"), max_length=20)
    title = models.CharField(_("title"), max_length=400)
    author = models.JSONField(_("authors"), default=list, blank=True)
    container_title = models.CharField(_("journal or collection"), max_length=200, blank=True)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    issued = models.CharField(_("date of issue"), max_length=10, blank=True)
    volume = models.CharField(_("volume"), max_length=40, blank=True)
    issue = models.CharField(_("issue"), max_length=40, blank=True)
    page = models.CharField(_("pages"), max_length=40, blank=True)
    doi = models.CharField(
        "DOI", max_length=220, null=True, blank=True, unique=True, help_text=_("Empty: cannot be checked automatically.")
    )
    pmid = models.CharField("PMID", max_length=9, blank=True)
    pmcid = models.CharField("PMCID", max_length=12, blank=True)
    url = models.CharField(_("web address"), max_length=500, blank=True)
    design = models.CharField(
        _("design"), max_length=30, choices=[(design.value, words.name) for design, words in DESIGN_WORDS.items()]
    )
    populations = models.JSONField(_("who was studied"), default=list, blank=True)
    sample_size = models.PositiveIntegerField(_("how many were studied"), null=True, blank=True)
    studies = models.PositiveIntegerField(_("studies a review gathered"), null=True, blank=True)
    note = models.CharField(_("note on the sample"), max_length=120, blank=True)
    retracted_on = models.DateField(
        _("withdrawn by the journal on"), null=True, blank=True, help_text=_("As the list of works says.")
    )
    noticed_retraction_on = models.DateField(
        _("withdrawn, by a notice that was found"),
        null=True,
        blank=True,
        help_text=_("Set by check_retractions; neither a failed check nor an import takes it away."),
    )
    checked_at = models.DateTimeField(_("last checked for withdrawals"), null=True, blank=True)
    file_facts = models.JSONField(
        _("facts in the file"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("What the file said when the work was edited in the admin; empty where nobody has."),
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(doi__isnull=True) | ~Q(doi="") & Q(doi=Lower("doi")), name="reference_doi_lower_case"
            ),
        ]
        indexes = [
            models.Index(fields=["title", "id"], name="reference_by_title"),
            models.Index(fields=["design", "key"], name="reference_of_a_design"),
            models.Index(fields=["key"], condition=WITHDRAWN, name="reference_withdrawn"),
        ]

    def __str__(self) -> str:
        return self.key

    def value(self) -> bibliography.Reference:
        """Give the work as the value that pages are made from: withdrawn when the list or a notice says so."""
        return replace(self.listed(), retracted_on=self.retracted_on or self.noticed_retraction_on)

    def listed(self) -> bibliography.Reference:
        """Give the work as the shared list has it."""
        facts = {field.name: getattr(self, field.name) for field in fields(bibliography.Reference)}
        facts |= {"doi": self.doi or "", "retracted_on": self.retracted_on and self.retracted_on.isoformat()}
        return bibliography.from_facts({name: value for name, value in facts.items() if value is not None})

    @classmethod
    def columns(cls, value: bibliography.Reference) -> dict[str, Any]:
        """Give the columns that hold ``value``."""
        columns = {field.name: field.default for field in fields(value) if field.default is not MISSING}
        return columns | bibliography.as_facts(value) | {"doi": value.doi or None}

"""Retractions and corrections of cited works, and when and with what result we asked."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.append_only import AppendOnlyModel
from articles.models.evidence import Reference


class Notice(AppendOnlyModel):
    """A notice of a publisher about a work."""

    class Kind(models.TextChoices):
        RETRACTION = "retraction", _("retraction")
        CONCERN = "concern", _("expression of concern")
        CORRECTION = "correction", _("correction")
        REINSTATEMENT = "reinstatement", _("reinstatement")

    reference = models.ForeignKey(Reference, models.PROTECT, related_name="notices", verbose_name=_("work"))
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices)
    noticed_on = models.DateField(_("date of the notice"), null=True, blank=True)
    notice_doi = models.CharField(_("DOI of the notice"), max_length=220, blank=True)
    told_by = models.CharField(_("told by"), max_length=40, help_text=_("Such as “Crossref update-to”."))
    detail = models.CharField(_("in the words of the service"), max_length=400, blank=True)
    found_at = models.DateTimeField(_("found at"))

    class Meta:
        verbose_name = _("notice on a work")
        verbose_name_plural = _("notices on works")
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["reference", "kind", "notice_doi", "told_by"], name="notice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.get_kind_display()}"


class NoticeCheck(AppendOnlyModel):
    """One time we asked about a work, and what came of it."""

    class Result(models.TextChoices):
        NOTHING = "nothing", _("no notice")
        FOUND = "found", _("notices")
        FAILED = "failed", _("could not be asked")

    reference = models.ForeignKey(Reference, models.PROTECT, related_name="checks", verbose_name=_("work"))
    checked_at = models.DateTimeField(_("checked at"))
    asked = models.CharField(_("who was asked"), max_length=40, help_text=_("Such as “Crossref” or a file's name."))
    result = models.CharField(_("result"), max_length=10, choices=Result.choices)
    detail = models.CharField(_("detail"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("check for notices")
        verbose_name_plural = _("checks for notices")
        ordering = ["-checked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.reference}: {self.get_result_display()}, {self.checked_at:%Y-%m-%d}"

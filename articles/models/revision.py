"""Revisions of articles, and where each stands."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.append_only import AppendOnlyModel
from articles.models.article import Article
from articles.text.changes import SIGNIFICANCE_WORDS, Significance

MAX_NAME = 150
SIGNIFICANCES = [(kind.value, words) for kind, words in SIGNIFICANCE_WORDS.items()]
CHANGE = Significance.CHANGE.value


class Revision(AppendOnlyModel):
    """An article's whole text at one moment. Never edited: a change is a new revision."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="revisions", verbose_name=_("article"))
    number = models.PositiveIntegerField(_("number"))
    source = models.TextField(_("source"), help_text=_("The whole file, front matter and body, lines ending with LF."))
    digest = models.CharField(_("SHA-256 of the source"), max_length=64)
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("based on"))
    note = models.CharField(_("what changed and why"), max_length=400, blank=True)
    significance = models.CharField(_("kind of change"), max_length=15, choices=SIGNIFICANCES, default=CHANGE, db_default=CHANGE)
    created_at = models.DateTimeField(_("saved at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    created_by_name = models.CharField(_("saved by"), max_length=MAX_NAME)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["article", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_unique"),
            models.CheckConstraint(condition=~Q(created_by_name=""), name="revision_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.article} ({self.number})"


class RevisionState(models.Model):
    """Where an article's open revision stands. Published and superseded are seen from the pointer, and have no row here."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("in review")
        CHANGES_REQUESTED = "changes_requested", _("changes requested")
        APPROVED = "approved", _("approved")
        SCHEDULED = "scheduled", _("scheduled")
        WITHDRAWN = "withdrawn", _("withdrawn")

    article = models.OneToOneField(Article, models.CASCADE, related_name="open_state", verbose_name=_("article"))
    revision = models.OneToOneField(Revision, models.PROTECT, related_name="state", verbose_name=_("revision"))
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.DRAFT)
    publish_at = models.DateTimeField(_("publish at"), null=True, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("chosen reviewer")
    )
    reviewer_name = models.CharField(_("name of the chosen reviewer"), max_length=MAX_NAME, blank=True, db_default="")
    moved_at = models.DateTimeField(_("so since"), null=True, blank=True)
    moved_by_name = models.CharField(_("moved by"), max_length=MAX_NAME, blank=True, db_default="")
    problem = models.TextField(
        _("what kept it from readers"),
        blank=True,
        db_default="",
        help_text=_("Why it was not published at its time; a line each."),
    )

    class Meta:
        verbose_name = _("state of a revision")
        verbose_name_plural = _("states of revisions")
        constraints = [
            models.CheckConstraint(
                condition=Q(status="scheduled", publish_at__isnull=False) | ~Q(status="scheduled") & Q(publish_at__isnull=True),
                name="revision_state_scheduled_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "moved_at"], name="revision_state_status"),
            models.Index(fields=["article"], condition=~Q(problem=""), name="revision_state_missed"),
        ]

    def __str__(self) -> str:
        return f"{self.revision}: {self.get_status_display()}"

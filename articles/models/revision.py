"""Revisions of articles, where each stands, and what became public when."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.append_only import AppendOnlyModel
from articles.models.article import Article

MAX_NAME = 150


class Revision(AppendOnlyModel):
    """An article's whole text at one moment. Never edited: a change is a new revision."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="revisions", verbose_name=_("article"))
    number = models.PositiveIntegerField(_("number"))
    source = models.TextField(_("source"), help_text=_("The whole file, front matter and body, lines ending with LF."))
    digest = models.CharField(_("SHA-256 of the source"), max_length=64)
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("based on"))
    note = models.CharField(_("what changed and why"), max_length=400, blank=True)
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

    class Meta:
        verbose_name = _("state of a revision")
        verbose_name_plural = _("states of revisions")
        constraints = [
            models.CheckConstraint(
                condition=Q(status="scheduled", publish_at__isnull=False) | ~Q(status="scheduled") & Q(publish_at__isnull=True),
                name="revision_state_scheduled_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision}: {self.get_status_display()}"


class Publication(models.Model):
    """One act of putting a revision before readers: an entry of the public history."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="publications", verbose_name=_("article"))
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="publications", verbose_name=_("revision"))
    number = models.PositiveIntegerField(_("number"))
    published_at = models.DateTimeField(_("published at"))
    by_name = models.CharField(_("published by"), max_length=MAX_NAME)
    withheld_at = models.DateTimeField(_("withheld at"), null=True, blank=True)
    withheld_reason = models.CharField(_("why it is withheld"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["article", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="publication_number_unique"),
            models.CheckConstraint(condition=~Q(by_name=""), name="publication_has_a_name"),
            models.CheckConstraint(
                condition=Q(withheld_at__isnull=True, withheld_reason="") | Q(withheld_at__isnull=False) & ~Q(withheld_reason=""),
                name="publication_withheld_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article}, publication {self.number}"


class Rendering(models.Model):
    """What is made from a revision for readers. Derived: it can be dropped and remade."""

    revision = models.OneToOneField(
        Revision, models.CASCADE, primary_key=True, related_name="rendering", verbose_name=_("revision")
    )
    sections = models.JSONField(
        _("sections"), help_text=_("In order: id, heading, short_heading, certainty, certainty_words, html.")
    )
    sources = models.JSONField(_("entries of the list of sources, as HTML"))
    key_message = models.TextField(_("key message as HTML"), blank=True)
    summary = models.CharField(_("summary, who was studied kept"), max_length=600)
    reading_minutes = models.PositiveIntegerField(_("minutes to read"))
    review_months = models.PositiveIntegerField(_("months between reviews"))
    related_slugs = models.JSONField(_("slugs of related articles"), default=list)
    cited_keys = models.JSONField(_("keys of the works cited"))
    term_keys = models.JSONField(_("keys of the words explained"))
    renderer_version = models.PositiveIntegerField(_("renderer's version"))
    facts_digest = models.CharField(_("digest of the works and words used"), max_length=64)

    class Meta:
        verbose_name = _("rendering")
        verbose_name_plural = _("renderings")

    def __str__(self) -> str:
        return str(self.revision)


class AuditEvent(AppendOnlyModel):
    """Who did what, when, from which revision to which."""

    class Act(models.TextChoices):
        SAVE = "save", _("saved a revision")
        PUBLISH = "publish", _("published")
        RENAME = "rename", _("changed the address")

    at = models.DateTimeField(_("at"))
    actor_name = models.CharField(_("who"), max_length=MAX_NAME)
    act = models.CharField(_("act"), max_length=20, choices=Act.choices)
    article = models.ForeignKey(Article, models.PROTECT, related_name="audit_events", verbose_name=_("article"))
    from_revision = models.ForeignKey(
        Revision, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("from revision")
    )
    to_revision = models.ForeignKey(
        Revision, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("to revision")
    )

    class Meta:
        verbose_name = _("entry of the audit log")
        verbose_name_plural = _("audit log")
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(actor_name=""), name="audit_event_has_a_name")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name}: {self.get_act_display()}"

"""What became public when, what readers were shown, and the sources as they were then."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.append_only import AppendOnlyError, AppendOnlyModel
from articles.models.article import Article
from articles.models.evidence import Reference
from articles.models.revision import CHANGE, MAX_NAME, SIGNIFICANCES, Revision
from articles.text import bibliography
from articles.text.fields import MAX_LABELLED

if TYPE_CHECKING:
    from articles.models.review import Review


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Which publications."""

    def of_public_articles(self) -> "PublicationQuerySet":
        """Those of articles that readers see now; texts withheld since are among them, and only their entries may be shown."""
        return self.filter(Exists(Article.objects.published().articles().filter(pk=OuterRef("article"))))


class Publication(models.Model):
    """An entry of the public history: a text put before readers, or the same text with sources that have changed since."""

    class Cause(models.TextChoices):
        TEXT = "text", _("a new text")
        SOURCES = "sources", _("changed sources")

    article = models.ForeignKey(Article, models.PROTECT, related_name="publications", verbose_name=_("article"))
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="publications", verbose_name=_("revision"))
    number = models.PositiveIntegerField(_("number"))
    cause = models.CharField(_("cause"), max_length=10, choices=Cause.choices, default=Cause.TEXT, db_default="text")
    published_at = models.DateTimeField(_("published at"))
    by_name = models.CharField(_("published by"), max_length=MAX_NAME)
    note = models.TextField(
        _("what changed and why"), blank=True, db_default="", help_text=_("One line a change, as readers see it.")
    )
    significance = models.CharField(_("kind of change"), max_length=15, choices=SIGNIFICANCES, default=CHANGE, db_default=CHANGE)
    withheld_at = models.DateTimeField(_("withheld at"), null=True, blank=True)
    withheld_reason = models.CharField(_("why it is withheld"), max_length=400, blank=True)

    objects = PublicationQuerySet.as_manager()

    previous: int | None = None
    """The number of the readable publication before this one, where ``articles.history.entries`` has set it."""

    judged_by: "Sequence[Review]" = ()
    """The reviews made while this publication was what readers saw, or before it was; ``articles.history.entries`` sets it."""

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
        indexes = [
            models.Index(fields=["published_at", "id"], name="publication_by_day"),
            models.Index(fields=["number", "published_at", "id"], name="publication_by_number"),
        ]

    def __str__(self) -> str:
        return f"{self.article}, publication {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row; what the history said is not said otherwise later."""
        if not self._state.adding:
            raise AppendOnlyError("publications are never changed; their texts can be withheld")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Give the address of the permanent copy: the article's, then ``history/<number>/``."""
        return f"{self.article.get_absolute_url()}history/{self.number}/"

    @property
    def kind_in_words(self) -> str:
        """What kind of change this was, as readers are told."""
        if self.number == 1:
            return gettext("New")
        return gettext("A source changed") if self.cause == self.Cause.SOURCES else self.get_significance_display()


class Rendering(models.Model):
    """What is made from a publication for readers. Derived: it can be dropped and remade."""

    publication = models.OneToOneField(
        Publication, models.CASCADE, primary_key=True, related_name="rendering", verbose_name=_("publication")
    )
    title = models.CharField(_("title"), max_length=120)
    sections = models.JSONField(
        _("sections"), help_text=_("In order: id, heading, short_heading, certainty, certainty_words, html.")
    )
    grades = models.JSONField(
        _("how sure we are, for lists"),
        default=list,
        db_default=models.Value([], models.JSONField()),
        help_text=_("Of the sections that have a certainty, in order: short_heading, certainty, certainty_words."),
    )
    sources = models.JSONField(_("entries of the list of sources, as HTML"))
    key_message = models.TextField(_("key message as HTML"), blank=True)
    summary = models.CharField(_("summary, who was studied kept"), max_length=MAX_LABELLED)
    reading_minutes = models.PositiveIntegerField(_("minutes to read"))
    review_months = models.PositiveIntegerField(_("months between reviews"))
    related_slugs = models.JSONField(_("slugs of related articles"), default=list)
    term_keys = models.JSONField(_("keys of the words explained"))
    about = models.JSONField(
        _("what it is about"),
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        help_text=_("Names of conditions and medicines, for machines."),
    )
    visit_sheet = models.JSONField(
        _("sheet for a visit to the doctor"),
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        help_text=_("The fields of articles.text.visit_sheet.VisitSheet."),
    )
    withdrawn_keys = models.JSONField(_("keys of the withdrawn works cited"), default=list)
    renderer_version = models.PositiveIntegerField(_("renderer's version"))
    has_uses = models.BooleanField(
        _("has a row for each word's use"),
        default=False,
        db_default=False,
        help_text=_("False where old code made it, which knows nothing of them."),
    )

    class Meta:
        verbose_name = _("rendering")
        verbose_name_plural = _("renderings")
        db_table = "articles_published_rendering"
        indexes = [
            models.Index(fields=["publication"], condition=Q(has_uses=False), name="rendering_without_uses"),
            models.Index(fields=["renderer_version"], name="rendering_by_renderer"),
        ]

    def __str__(self) -> str:
        return str(self.publication)


class ReferenceSnapshot(AppendOnlyModel):
    """A work as it was when a text that cites it was published, so that an old copy shows what it showed."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="snapshots", verbose_name=_("publication"))
    reference = models.ForeignKey(Reference, models.PROTECT, related_name="snapshots", verbose_name=_("work"))
    facts = models.JSONField(_("facts"), help_text=_("The fields of articles.text.bibliography.Reference."))

    class Meta:
        verbose_name = _("work as it was")
        verbose_name_plural = _("works as they were")
        constraints = [
            models.UniqueConstraint(fields=["publication", "reference"], name="snapshot_once_a_publication"),
        ]

    def __str__(self) -> str:
        return f"{self.facts['key']} in {self.publication}"

    def value(self) -> bibliography.Reference:
        """Give the work as it was."""
        return bibliography.from_facts(self.facts)

    def value_now(self) -> bibliography.Reference:
        """Give the work as it was, and withdrawn when it has been withdrawn since: old copies say that too."""
        was = self.value()
        return replace(was, retracted_on=was.retracted_on or self.reference.value().retracted_on)

    @classmethod
    def of(cls, publication: Publication, reference: Reference, value: bibliography.Reference) -> "ReferenceSnapshot":
        """Make the row, not yet saved."""
        return cls(publication=publication, reference=reference, facts=bibliography.as_facts(value))

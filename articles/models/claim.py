"""What a publication says, sentence by sentence, and what each rests on."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.grading import CERTAINTY_WORDS
from articles.models.evidence import Reference
from articles.models.publication import Publication

MAX_HEADING = 200
CERTAINTIES = [(level.value, words) for level, words in CERTAINTY_WORDS.items()]


class Section(models.Model):
    """A section of a publication; ``certainty``, ``answer`` and ``why`` where it speaks of a treatment's effect."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="sections", verbose_name=_("publication"))
    position = models.PositiveIntegerField(_("position"))
    section_id = models.CharField(_("id"), max_length=100)
    heading = models.CharField(_("heading"), max_length=MAX_HEADING)
    certainty = models.CharField(_("certainty"), max_length=10, choices=CERTAINTIES, blank=True)
    answer = models.TextField(_("answer"), blank=True, help_text=_("Plain text, who was studied kept."))
    why = models.TextField(_("why we are this sure"), blank=True, help_text=_("Plain text, who was studied kept."))

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["publication", "position"]
        constraints = [models.UniqueConstraint(fields=["publication", "section_id"], name="section_id_unique")]

    def __str__(self) -> str:
        return self.heading


class Claim(models.Model):
    """A sentence of a publication that citations cover. ``section`` is null in the summary and the key message.

    ``text`` is as written, without marks; ``said`` has the words that say who was studied, which no place may leave off.
    """

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="claims", verbose_name=_("publication"))
    section = models.ForeignKey(Section, models.CASCADE, null=True, blank=True, related_name="claims", verbose_name=_("section"))
    position = models.PositiveIntegerField(_("position"))
    key = models.CharField(_("key"), max_length=16, help_text=_("The same for the same words in the same section."))
    text = models.TextField(_("text"))
    said = models.TextField(_("text with who was studied"))
    populations = models.JSONField(_("who was studied"), default=list)
    certainty = models.CharField(_("certainty"), max_length=10, choices=CERTAINTIES, blank=True)

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["publication", "position"]
        constraints = [models.UniqueConstraint(fields=["publication", "position"], name="claim_position_unique")]

    def __str__(self) -> str:
        return self.said


class Citation(models.Model):
    """One use of a work: the claim that rests on it."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="citations", verbose_name=_("claim"))
    reference = models.ForeignKey(Reference, models.PROTECT, related_name="citations", verbose_name=_("work"))
    position = models.PositiveIntegerField(_("position"))

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["claim", "position"]
        constraints = [models.UniqueConstraint(fields=["claim", "reference"], name="citation_once_a_claim")]
        indexes = [models.Index(fields=["reference", "claim"], name="citation_of_a_work")]

    def __str__(self) -> str:
        return f"{self.reference}: {self.claim}"

"""What readers said of pages, and what keeps floods away, which does not outlive the day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.publication import Publication


class Feedback(models.Model):
    """One reader's answer to "Did this page help?", about one copy of it. Never published; kept for a short time.

    It bears the day alone, and nothing that leads to its reader.
    """

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="feedback", verbose_name=_("copy"))
    is_helpful = models.BooleanField(_("did it help?"))
    comment = models.TextField(_("comment"), blank=True)
    received_on = models.DateField(_("day"))
    is_read = models.BooleanField(_("read"), default=False)

    class Meta:
        verbose_name = _("answer to “Did this page help?”")
        verbose_name_plural = _("answers to “Did this page help?”")
        ordering = ["is_read", "-received_on", "-pk"]
        indexes = [models.Index(fields=["received_on"], name="feedback_day")]

    def __str__(self) -> str:
        return f"{self.publication}, {self.received_on}"


class FeedbackDay(models.Model):
    """A random key of one day. Senders are counted under codes made with it; deleting it takes the counts along."""

    day = models.DateField(_("day"), primary_key=True)
    salt = models.BinaryField(_("random key"))

    class Meta:
        verbose_name = _("day of feedback")
        verbose_name_plural = _("days of feedback")

    def __str__(self) -> str:
        return str(self.day)


class FeedbackCount(models.Model):
    """How often something was sent that ``key``, a code, stands for. The code is the primary key: rows show no order."""

    key = models.CharField(_("code"), max_length=64, primary_key=True)
    day = models.ForeignKey(FeedbackDay, models.CASCADE, related_name="counts", verbose_name=_("day"))
    sent = models.PositiveIntegerField(_("how often"), default=0)

    class Meta:
        verbose_name = _("count of feedback")
        verbose_name_plural = _("counts of feedback")

    def __str__(self) -> str:
        return f"{self.day}: {self.sent}"

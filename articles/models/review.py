"""What people judged: reviews of revisions by clinicians, and ratings by a standard's questions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.append_only import AppendOnlyModel
from articles.models.revision import MAX_NAME, Revision

CHECKLIST = {
    "sources": _("Each statement says what its source says"),
    "newer": _("I looked for newer evidence that would change an answer"),
    "certainty": _("Each level of certainty fits the evidence"),
    "harms": _("Harms and cautions are complete and fairly told"),
    "options": _("Other options, and doing nothing, are fairly told"),
    "urgent": _("The signs that need help now or soon are right"),
    "wording": _("Nothing promises too much, frightens without a next step, or tells a dose to take"),
}
"""What a reviewer re-checks. Ours, after DISCERN (questions 4, 5, 8 to 14), the NHS standard for creating health content and
the checklist for information on effects of treatments (Oxman and others 2020)."""


class Review(AppendOnlyModel):
    """A clinician's decision on one revision: an act on a day, which no edit resets, renews or takes away."""

    class Decision(models.TextChoices):
        APPROVED = "approved", _("approved")
        CHANGES_REQUESTED = "changes_requested", _("changes requested")

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="reviews", verbose_name=_("revision"))
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    printed_name = models.CharField(_("name as printed"), max_length=MAX_NAME)
    role = models.CharField(_("role"), max_length=MAX_NAME)
    credentials = models.CharField(_("credentials"), max_length=MAX_NAME)
    interests = models.CharField(_("declared interests"), max_length=400)
    decision = models.CharField(_("decision"), max_length=20, choices=Decision.choices)
    checklist = models.JSONField(_("what was re-checked"), help_text=_("Keys of CHECKLIST."))
    comment = models.TextField(_("what is to be changed"), blank=True)
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(printed_name="") & ~Q(role="") & ~Q(credentials="") & ~Q(interests=""),
                name="review_says_who",
            ),
            models.CheckConstraint(condition=Q(decision="approved") | ~Q(comment=""), name="review_says_what_to_change"),
        ]

    def __str__(self) -> str:
        return f"{self.printed_name}: {self.get_decision_display()} ({self.revision})"

    @property
    def is_approval(self) -> bool:
        """Whether the revision was approved."""
        return self.decision == self.Decision.APPROVED

    @property
    def checked(self) -> list[str]:
        """What was re-checked, in words."""
        return [str(words) for key, words in CHECKLIST.items() if key in self.checklist]


class Rating(AppendOnlyModel):
    """One person's answer to one question of a standard about one revision. Kept apart from what machines check."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="ratings", verbose_name=_("revision"))
    rater = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    printed_name = models.CharField(_("name as printed"), max_length=MAX_NAME)
    standard = models.CharField(_("standard"), max_length=20)
    question = models.CharField(_("number of the question"), max_length=10)
    answer = models.CharField(_("answer"), max_length=20)
    reason = models.CharField(_("reason"), max_length=400)
    rated_at = models.DateTimeField(_("rated at"))

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ["standard", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(printed_name="") & ~Q(reason=""), name="rating_says_who_and_why"),
        ]

    def __str__(self) -> str:
        return f"{self.standard} {self.question}: {self.answer} ({self.printed_name})"

"""Two texts made from the same one. Neither is lost: both are revisions, until a person has put them together."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.revision import MAX_NAME, Revision


class ConflictQuerySet(models.QuerySet["Conflict"]):
    """Which conflicts."""

    def open(self) -> "ConflictQuerySet":
        """Those that nobody has settled."""
        return self.filter(resolved_at__isnull=True)


class Conflict(models.Model):
    """A text that was kept beside an article's draft, since another had been saved after the one it was made from."""

    class Cause(models.TextChoices):
        DESK = "desk", _("two people edited at once")
        IMPORT = "import", _("the file and the article were both edited")

    article = models.ForeignKey(Article, models.PROTECT, related_name="conflicts", verbose_name=_("article"))
    cause = models.CharField(_("cause"), max_length=10, choices=Cause.choices)
    base = models.ForeignKey(
        Revision, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("what both were made from")
    )
    kept = models.OneToOneField(Revision, models.PROTECT, related_name="conflict", verbose_name=_("the text that was kept"))
    made_at = models.DateTimeField(_("since"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    resolved_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    resolved_by_name = models.CharField(_("settled by"), max_length=MAX_NAME, blank=True)
    outcome = models.ForeignKey(
        Revision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("what came of it"),
        help_text=_("The revision made of both; empty where the kept text was let go."),
    )

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict")
        verbose_name_plural = _("conflicts")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by_name="", outcome__isnull=True)
                | Q(resolved_at__isnull=False) & ~Q(resolved_by_name=""),
                name="conflict_settled_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["article", "made_at"], condition=Q(resolved_at__isnull=True), name="conflict_open")]

    def __str__(self) -> str:
        return f"{self.article}: {self.get_cause_display()}"

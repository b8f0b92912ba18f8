"""Articles taken from readers: planned, done, ended. Readers are told when and why."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.revision import MAX_NAME


class WithdrawalQuerySet(models.QuerySet["Withdrawal"]):
    """Which withdrawals."""

    def planned(self) -> "WithdrawalQuerySet":
        """Those still to come."""
        return self.filter(done_at__isnull=True, cancelled_at__isnull=True)

    def done(self) -> "WithdrawalQuerySet":
        """Those that happened, ended since or not: a part of the public history."""
        return self.filter(done_at__isnull=False)

    def of_articles(self) -> "WithdrawalQuerySet":
        """Those of articles on health topics, not of pages about the site."""
        return self.filter(Exists(Article.objects.articles().filter(pk=OuterRef("article"))))

    def by_last_turn(self) -> models.QuerySet[Any]:
        """Those that happened, the newest first, each with ``turned_at``: when the article came back, else when it was taken."""
        return self.done().annotate(turned_at=Coalesce("ended_at", "done_at")).order_by("-turned_at", "-pk")


class Withdrawal(models.Model):
    """A decision to take an article from readers at a time: at once, or later. Only ever carried on, never taken out."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="withdrawals", verbose_name=_("article"))
    reason = models.CharField(_("reason, as readers see it"), max_length=400)
    due_at = models.DateTimeField(_("to happen at"))
    decided_at = models.DateTimeField(_("decided at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    decided_by_name = models.CharField(_("decided by"), max_length=MAX_NAME)
    done_at = models.DateTimeField(_("happened at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("brought back at"), null=True, blank=True)
    ended_by_name = models.CharField(_("brought back by"), max_length=MAX_NAME, blank=True)

    objects = WithdrawalQuerySet.as_manager()

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(cancelled_at__isnull=True, ended_at__isnull=True),
                name="withdrawal_one_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(decided_by_name=""), name="withdrawal_says_who_and_why"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(cancelled_at__isnull=True), name="withdrawal_done_or_cancelled"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by_name="")
                | Q(ended_at__isnull=False, done_at__isnull=False) & ~Q(ended_by_name=""),
                name="withdrawal_ended_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(done_at__isnull=True, cancelled_at__isnull=True),
                name="withdrawal_due",
            ),
            models.Index(Coalesce("ended_at", "done_at"), "id", condition=Q(done_at__isnull=False), name="withdrawal_last_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.article}: {self.reason}"

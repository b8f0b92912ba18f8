"""Links that show an unpublished text to people without an account."""

from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from articles.models.revision import MAX_NAME, Revision


def digest_of(token: str) -> str:
    """Give what is stored of a link's secret. A plain hash is enough: 256 random bits cannot be guessed from it."""
    return sha256(token.encode()).hexdigest()


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    """Which links."""

    def open(self, now: datetime) -> "PreviewLinkQuerySet":
        """Those that work: not expired, not taken back, and of a text that was not taken from readers."""
        withheld = Q(revision__publications__withheld_at__isnull=False) | Q(revision__article__withdrawn_at__isnull=False)
        return self.filter(revoked_at__isnull=True, expires_at__gt=now).exclude(withheld)

    def with_token(self, token: str) -> "PreviewLinkQuerySet":
        """The one that bears a secret, or none."""
        return self.filter(token_digest=digest_of(token))


class PreviewLink(models.Model):
    """A secret address that shows one revision until a day, or until it is taken back. The secret itself is stored nowhere."""

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="preview_links", verbose_name=_("revision"))
    token_digest = models.CharField(_("SHA-256 of the secret"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    made_by_name = models.CharField(_("made by"), max_length=MAX_NAME)
    expires_at = models.DateTimeField(_("works until"))
    revoked_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    revoked_by_name = models.CharField(_("taken back by"), max_length=MAX_NAME, blank=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link to a draft")
        verbose_name_plural = _("links to drafts")
        ordering = ["-made_at", "-pk"]
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(condition=~Q(made_by_name=""), name="preview_link_has_a_name"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="preview_link_expires_after_it_is_made"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by_name="") | Q(revoked_at__isnull=False) & ~Q(revoked_by_name=""),
                name="preview_link_revoked_with_a_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision}, {self.made_by_name}"

"""What people in the admin say to each other about a text."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.revision import MAX_NAME, Revision
from articles.text.sections import MAX_SECTION_ID

MAX_QUOTE = 400


class CommentQuerySet(models.QuerySet["Comment"]):
    """Which comments."""

    def on(self, article: Article) -> "CommentQuerySet":
        """Those on any of an article's texts, without the answers to them."""
        return self.filter(revision__article=article, answers_to__isnull=True)

    def open(self) -> "CommentQuerySet":
        """Those that nobody has closed, without the answers to them."""
        return self.filter(resolved_at__isnull=True, answers_to__isnull=True)


class Comment(models.Model):
    """A remark on the words of a section of one revision, or an answer to one. It stays there; later texts show it as well."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="comments", verbose_name=_("revision"))
    section_id = models.CharField(
        _("section"), max_length=MAX_SECTION_ID, blank=True, help_text=_("Empty for the head of the article.")
    )
    quote = models.CharField(_("words it is about"), max_length=MAX_QUOTE, blank=True, help_text=_("As the text has them."))
    answers_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="answers", verbose_name=_("answer to")
    )
    words = models.TextField(_("comment"), max_length=4000)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    made_by_name = models.CharField(_("made by"), max_length=MAX_NAME)
    resolved_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    resolved_by_name = models.CharField(_("closed by"), max_length=MAX_NAME, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(words="") & ~Q(made_by_name=""), name="comment_says_who_and_what"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by_name="")
                | Q(resolved_at__isnull=False) & ~Q(resolved_by_name=""),
                name="comment_closed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["revision"], condition=Q(resolved_at__isnull=True, answers_to__isnull=True), name="comment_open")
        ]

    def __str__(self) -> str:
        return f"{self.made_by_name}: {self.words[:60]}"

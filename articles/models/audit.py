"""Who did what, when, from which revision to which."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.append_only import AppendOnlyModel
from articles.models.article import Article
from articles.models.revision import MAX_NAME, Revision

MAX_ABOUT = 200
MAX_DETAIL = 400


class AuditEvent(AppendOnlyModel):
    """An entry of the log of every act: on an article, or on something else that ``about`` names, such as a work."""

    class Act(models.TextChoices):
        SAVE = "save", _("saved a revision")
        PUBLISH = "publish", _("published")
        RENAME = "rename", _("changed the address")
        SUBMIT = "submit", _("sent for review")
        CALL_BACK = "call_back", _("took back from review")
        REVIEW = "review", _("reviewed")
        COMMENT = "comment", _("commented")
        RESOLVE = "resolve", _("closed a comment")
        REOPEN = "reopen", _("opened a comment again")
        SCHEDULE = "schedule", _("scheduled publishing")
        UNSCHEDULE = "unschedule", _("took the schedule back")
        MISS = "miss", _("could not publish at its time")
        PLAN_WITHDRAWAL = "plan_withdrawal", _("planned a withdrawal")
        CANCEL_WITHDRAWAL = "cancel_withdrawal", _("cancelled a planned withdrawal")
        WITHDRAW = "withdraw", _("withdrew from readers")
        BRING_BACK = "bring_back", _("brought back to readers")
        KEEP = "keep", _("kept a text beside the draft")
        MERGE = "merge", _("settled a conflict")
        RATE = "rate", _("rated by a standard")
        SOURCES = "sources", _("took in changed sources")
        WITHHOLD = "withhold", _("withheld an old text")
        SHOW_AGAIN = "show_again", _("showed a withheld text again")
        PIN = "pin", _("pinned a correction")
        UNPIN = "unpin", _("took a pinned correction down")
        SHARE = "share", _("shared a draft by a link")
        UNSHARE = "unshare", _("took a link to a draft back")
        EDIT = "edit", _("changed a work or word")
        DELETE = "delete", _("deleted a work or word")
        NOTICE = "notice", _("found a notice on a work")
        READ = "read", _("marked answers of readers as read")
        CLEAR = "clear", _("deleted answers of readers")

    at = models.DateTimeField(_("at"))
    actor_name = models.CharField(_("who"), max_length=MAX_NAME)
    act = models.CharField(_("act"), max_length=20, choices=Act.choices)
    article = models.ForeignKey(
        Article, models.PROTECT, null=True, blank=True, related_name="audit_events", verbose_name=_("article")
    )
    about = models.CharField(
        _("about"), max_length=MAX_ABOUT, blank=True, db_default="", help_text=_("What it was done to, where that is no article.")
    )
    from_revision = models.ForeignKey(
        Revision, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("from revision")
    )
    to_revision = models.ForeignKey(
        Revision, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("to revision")
    )
    detail = models.CharField(
        _("detail"), max_length=MAX_DETAIL, blank=True, db_default="", help_text=_("A reason, a time or a name, in words.")
    )

    class Meta:
        verbose_name = _("entry of the audit log")
        verbose_name_plural = _("audit log")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(actor_name=""), name="audit_event_has_a_name"),
            models.CheckConstraint(condition=Q(article__isnull=False) | ~Q(about=""), name="audit_event_is_about_something"),
        ]
        indexes = [models.Index(fields=["-at"], name="audit_event_newest")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name}: {self.get_act_display()}"

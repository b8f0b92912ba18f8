"""Topics, and how many articles readers find in each: what lists would else count anew for every reader."""

from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.text.fields import MAX_SLUG


class TopicQuerySet(models.QuerySet["Topic"]):
    """Which topics."""

    def shown(self, language: str) -> "TopicQuerySet":
        """Those with an article that readers may see, in a language, by name."""
        return self.filter(language=language, count__gt=0).order_by("name", "pk")

    def with_days(self) -> models.QuerySet[Any]:
        """With ``changed_at``, when what readers see of a topic last changed, and ``gone_at``, when an article was last taken."""
        places = {"kind": Article.Kind.ARTICLE, "language": OuterRef("language"), "topic_slug": OuterRef("slug")}
        changed = Article.objects.published().filter(**places).order_by("-changed_at").values("changed_at")
        gone = Article.objects.withdrawn().filter(**places).order_by("-withdrawn_at").values("withdrawn_at")
        return self.annotate(changed_at=Subquery(changed[:1]), gone_at=Subquery(gone[:1]))


class Topic(models.Model):
    """A topic that an article was ever published in. Derived from the articles: it can be dropped and counted anew.

    ``articles.workflow.topics`` keeps it in the transaction that changes what readers see. Old code that is still running knows
    nothing of it, so ``prepare_database`` counts again.
    """

    language = models.CharField(_("language"), max_length=10)
    slug = models.CharField(_("address"), max_length=MAX_SLUG)
    name = models.CharField(_("name"), max_length=80)
    count = models.IntegerField(_("articles that readers may see"), default=0)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [models.UniqueConstraint(fields=["language", "slug"], name="topic_slug_unique")]
        indexes = [models.Index(fields=["language", "name", "id"], name="topic_name")]

    def __str__(self) -> str:
        return self.name

"""Links between what readers see, so that it is known at once which of them lead nowhere any more."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.text.fields import MAX_SLUG
from articles.text.sections import MAX_SECTION_ID


class InsideLink(models.Model):
    """A link in the text that readers see of an article, to another article or page of its language, or to a section there.

    Made anew with each publication; ``is_dead`` is kept right by whatever changes what readers see of its target.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="inside_links", verbose_name=_("article"))
    kind = models.CharField(_("kind"), max_length=10, choices=Article.Kind.choices)
    slug = models.CharField(_("address"), max_length=MAX_SLUG)
    section = models.CharField(_("section"), max_length=MAX_SECTION_ID, blank=True)
    is_dead = models.BooleanField(_("leads nowhere"), default=False, db_default=False)

    class Meta:
        verbose_name = _("link inside the site")
        verbose_name_plural = _("links inside the site")
        indexes = [
            models.Index(fields=["slug"], name="inside_link_target"),
            models.Index(fields=["article"], condition=Q(is_dead=True), name="inside_link_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.slug}" + (f"#{self.section}" if self.section else "")

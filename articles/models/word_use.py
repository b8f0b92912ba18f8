"""Where words of the glossary are explained, so that a change of a word costs its uses and no more."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.publication import Publication


class WordUse(models.Model):
    """A word that the text of a publication explains: one of its rendering's ``term_keys``, as a row. Derived from these."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="word_uses", verbose_name=_("publication"))
    key = models.CharField(_("key of the word"), max_length=100)

    class Meta:
        verbose_name = _("use of a word")
        verbose_name_plural = _("uses of words")
        constraints = [models.UniqueConstraint(fields=["key", "publication"], name="word_use_once")]

    def __str__(self) -> str:
        return f"{self.key} in {self.publication}"

"""What the search finds: a row for each article, section and word, and the ways people misspell."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.claim import CERTAINTIES, MAX_HEADING
from articles.models.glossary import GlossaryTerm
from articles.models.publication import Publication
from articles.text.fields import MAX_SLUG

MAX_SPELLING = 100


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    """Which entries; readers see ``public()`` alone."""

    def public(self) -> "SearchEntryQuerySet":
        """Those of what readers see now: an entry that was left behind is not among them."""
        of_article = Q(article__withdrawn_at__isnull=True, publication__isnull=False, publication=F("article__publication"))
        return self.filter(of_article | Q(term__is_public=True))


class SearchEntry(models.Model):
    """A thing that can be found. Derived: it can be dropped and remade.

    ``lines`` are its sentences as readers see them, from which snippets are cut. The ``*_words`` are tokens of
    ``articles.text.search_terms``, and all that is searched: of ``title_words`` and ``heading_words`` a line a name, and in
    ``context_words`` what a section has from its article. What the engine keeps of them, the database does by itself (migration
    0005). Old code that is still running knows nothing of these rows; ``search.refresh`` brings them up to date.
    """

    class Kind(models.TextChoices):
        ARTICLE = "article", _("article")
        PAGE = "page", _("page about the site")
        SECTION = "section", _("section")
        TERM = "term", _("explained word")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="search_entries", verbose_name=_("article"))
    publication = models.ForeignKey(Publication, models.CASCADE, null=True, related_name="+", verbose_name=_("publication"))
    term = models.OneToOneField(GlossaryTerm, models.CASCADE, null=True, related_name="+", verbose_name=_("explained word"))
    position = models.PositiveIntegerField(_("position"), default=0)
    language = models.CharField(_("language"), max_length=10, default="en")
    topic = models.CharField(_("topic"), max_length=80, blank=True)
    topic_slug = models.CharField(_("topic's address"), max_length=MAX_SLUG, blank=True)
    section_id = models.CharField(_("id"), max_length=100, blank=True)
    heading = models.CharField(_("heading"), max_length=MAX_HEADING, blank=True)
    certainty = models.CharField(_("certainty"), max_length=10, choices=CERTAINTIES, blank=True)
    names = models.JSONField(_("other names"), default=list)
    lines = models.JSONField(_("sentences"), default=list)
    title_words = models.TextField(_("tokens of titles"), blank=True)
    heading_words = models.TextField(_("tokens of headings and other names"), blank=True)
    body_words = models.TextField(_("tokens of the text"), blank=True)
    context_words = models.TextField(_("tokens of the article"), blank=True)
    version = models.PositiveSmallIntegerField(_("version of the index"))

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the search index")
        verbose_name_plural = _("entries of the search index")
        constraints = [
            models.UniqueConstraint(fields=["article", "position"], name="search_entry_position_unique"),
            models.CheckConstraint(
                condition=Q(article__isnull=False, publication__isnull=False, term__isnull=True)
                | Q(article__isnull=True, publication__isnull=True, term__isnull=False),
                name="search_entry_of_an_article_or_a_word",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article or self.term}, {self.heading}" if self.heading else str(self.article or self.term)


class SearchSpelling(models.Model):
    """A way to write a word that readers may type, and the word that is meant.

    With ``term``, editors keep it as a misspelling of the word or name. Without, it is a word of what readers see, by its sound,
    whole or with a letter left out, by which a misspelling that nobody kept is recognised.
    """

    spelling = models.CharField(_("spelling"), max_length=MAX_SPELLING)
    right = models.CharField(_("what is meant"), max_length=MAX_SPELLING)
    term = models.ForeignKey(GlossaryTerm, models.CASCADE, null=True, related_name="+", verbose_name=_("explained word"))

    class Meta:
        verbose_name = _("spelling")
        verbose_name_plural = _("spellings")
        constraints = [
            models.UniqueConstraint(fields=["spelling", "right"], condition=Q(term__isnull=True), name="search_spelling_unique"),
        ]
        indexes = [models.Index(fields=["spelling"], name="search_spelling")]

    def __str__(self) -> str:
        return f"{self.spelling}: {self.right}"

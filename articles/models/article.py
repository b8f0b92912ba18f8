"""Articles and their addresses."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.prepared import Place, Prepared
from articles.text.alphabet import MAX_SORT_KEY
from articles.text.fields import MAX_LABELLED, MAX_SLUG
from articles.text.links import path_to

if TYPE_CHECKING:
    from articles.models.revision import Revision


MAX_RELATED = 4
NOT_IN_LISTS = ("about", "key_message", "related_slugs", "sections", "sources", "term_keys", "visit_sheet", "withdrawn_keys")
"""What of a rendering no list shows."""
PUBLIC = Q(publication__isnull=False, withdrawn_at__isnull=True)
GONE = Q(publication__isnull=False, withdrawn_at__isnull=False)


class ArticleQuerySet(models.QuerySet["Article"]):
    """Which articles; readers see ``published()`` alone."""

    def published(self) -> "ArticleQuerySet":
        """Those that readers may see."""
        return self.filter(PUBLIC)

    def withdrawn(self) -> "ArticleQuerySet":
        """Those that readers have seen and that were taken from them; of these they are told when and why, and nothing more."""
        return self.filter(GONE)

    def articles(self) -> "ArticleQuerySet":
        """Articles on health topics, not pages about the site."""
        return self.filter(kind=Article.Kind.ARTICLE)

    def in_topic(self, language: Any, topic_slug: Any) -> "ArticleQuerySet":
        """Articles of a topic in a language."""
        return self.articles().filter(language=language, topic_slug=topic_slug)

    def pages(self) -> "ArticleQuerySet":
        """Pages about the site."""
        return self.filter(kind=Article.Kind.PAGE)

    def with_rendering(self) -> "ArticleQuerySet":
        """With what is needed to show them, in the same query."""
        return self.select_related("publication__rendering", "last_review", "pinned")

    def with_gist(self) -> "ArticleQuerySet":
        """With what lists say of them, in the same query."""
        return self.with_rendering().defer(*(f"publication__rendering__{name}" for name in NOT_IN_LISTS))


class Article(models.Model):
    """An article or page: its address, and which of its revisions readers see.

    ``title``, ``summary`` and ``topic`` are copies: of what is published or, before the first publication, of the draft.
    """

    class Kind(models.TextChoices):
        ARTICLE = "article", _("article")
        PAGE = "page", _("page about the site")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.ARTICLE)
    language = models.CharField(_("language"), max_length=10, default="en")
    slug = models.SlugField(_("address"), max_length=MAX_SLUG, db_index=False)
    title = models.CharField(_("title"), max_length=120)
    sort_title = models.CharField(_("title to sort by"), max_length=MAX_SORT_KEY, blank=True, db_default="", editable=False)
    summary = models.CharField(_("summary"), max_length=MAX_LABELLED)
    topic = models.CharField(_("topic"), max_length=80, blank=True)
    topic_slug = models.SlugField(_("topic's address"), max_length=MAX_SLUG, blank=True, db_index=False)
    published_revision = models.OneToOneField(
        "Revision", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("published revision")
    )
    publication = models.OneToOneField(
        "Publication", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("what readers see")
    )
    draft_revision = models.OneToOneField(
        "Revision", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("draft revision")
    )
    published_at = models.DateTimeField(_("first published"), null=True, blank=True)
    changed_at = models.DateTimeField(_("last published change"), null=True, blank=True)
    last_review = models.ForeignKey(
        "Review", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("last public review")
    )
    review_due_on = models.DateField(_("review due"), null=True, blank=True)
    pinned = models.ForeignKey(
        "Publication", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pinned correction")
    )
    sources_checked_at = models.DateTimeField(_("sources last checked for withdrawals"), null=True, blank=True)
    sources_unchecked = models.PositiveIntegerField(_("works with a DOI that were never checked"), default=0, db_default=0)
    source_problems = models.TextField(
        _("what its works no longer carry"),
        blank=True,
        db_default="",
        help_text=_("Rules that what readers see breaks since a work changed, a line each."),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("reason of the withdrawal"), max_length=400, blank=True)
    file_path = models.CharField(_("file"), max_length=255, blank=True)
    synced_digest = models.CharField(_("digest at the last sync"), max_length=64, blank=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["language", "slug"], name="article_language_slug_unique"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason=""),
                name="article_withdrawn_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(published_revision__isnull=True) | Q(published_at__isnull=False, changed_at__isnull=False),
                name="article_published_has_dates",
            ),
        ]
        indexes = [
            models.Index(fields=["topic_slug", "title"], name="article_topic_title"),
            models.Index(fields=["kind", "slug"], condition=PUBLIC, name="article_slug"),
            models.Index(fields=["title", "id"], name="article_by_title"),
            models.Index(fields=["review_due_on", "id"], name="article_by_review_due"),
            models.Index(fields=["title", "id"], condition=~Q(source_problems=""), name="article_breaks_a_rule"),
            # Each list of readers goes through what they may see in the list's own order, and stops when a page is full.
            models.Index(fields=["language", "kind", "topic_slug", "title", "id"], condition=PUBLIC, name="article_in_topic"),
            models.Index(fields=["language", "kind", "sort_title", "id"], condition=PUBLIC, name="article_from_a_to_z"),
            models.Index(
                fields=["language", "kind", "topic_slug", "changed_at", "id"], condition=PUBLIC, name="article_changed_in_topic"
            ),
            models.Index(fields=["language", "kind", "topic_slug", "withdrawn_at"], condition=GONE, name="article_gone_in_topic"),
            models.Index(fields=["kind", "id"], condition=PUBLIC, name="article_of_a_kind"),
            models.Index(fields=["kind", "language", "id"], condition=PUBLIC, name="article_in_language"),
            models.Index(fields=["kind", "topic_slug", "id"], condition=PUBLIC, name="article_in_any_language"),
        ]
        permissions = [
            ("publish_article", "Can publish an article that has been reviewed"),
            ("publish_unreviewed_article", "Can publish an article that no clinician has reviewed"),
            ("review_article", "Can review an article as a clinician"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the address of its page, which readers see once it is published."""
        return article_path(self.kind, self.language, self.slug)

    @property
    def is_in_main_language(self) -> bool:
        """Whether it is in the site's main language, whose articles alone the lists and topics hold."""
        return self.language == settings.LANGUAGE_CODE

    @property
    def is_changed_since_review(self) -> bool:
        """Whether readers see another text than the one that was last reviewed, or the same with sources changed since."""
        review, publication = self.last_review, self.publication
        if review is None or publication is None:
            return False
        came_later = publication.cause == "sources" and publication.published_at > review.decided_at
        return came_later or review.revision_id != publication.revision_id

    @property
    def is_overdue(self) -> bool:
        """Whether the day on which a review was due has passed."""
        return self.review_due_on is not None and self.review_due_on < timezone.localdate()

    @property
    def latest_revision(self) -> "Revision | None":
        """The revision that editing goes on from: the draft where there is one, else what is published."""
        return self.draft_revision or self.published_revision

    def is_file_edited(self, digest: str) -> bool:
        """Whether a file with this digest was edited since the last sync: it holds neither the text it had then nor one that the
        article was given later, which an export may have written. A text kept beside a draft was never the article's.
        """
        if digest == self.synced_digest:
            return False
        synced = self.revisions.filter(digest=self.synced_digest).aggregate(number=models.Max("number", default=0))["number"]
        return not self.revisions.filter(digest=digest, number__gt=synced, conflict__isnull=True).exists()


def article_path(kind: str, language: str, slug: str) -> str:
    """Give an address: ``/articles/<slug>/`` or ``/<slug>/``, behind ``/<language>`` in other languages than the site's."""
    name = "article" if kind == Article.Kind.ARTICLE else "page"
    if language == settings.LANGUAGE_CODE:
        return path_to(name, slug)
    return reverse(f"{name}-in", args=[language, slug])


def find_shown(kind: str, language: str, slug: str) -> Article | None:
    """Find the article or page at an address, with what is needed to show it, whether it was withdrawn or not."""
    return next(iter(_SHOWN.find(kind=kind, language=language, slug=slug)), None)


def find_related(article: Article, slugs: Sequence[str]) -> list[Article]:
    """Find the few articles beside one, in its language: its editors' choice (``slugs``), or else those of its topic, by title.

    They know their titles and addresses; the rest is read when it is asked for.
    """
    places = {f"slug{place}": slug for place, slug in enumerate(slugs)}
    return _related(len(slugs)).find(language=article.language, own=article.slug, topic=article.topic_slug, **places)


_SHOWN = Prepared(
    lambda: (
        Article.objects.filter(publication__isnull=False, kind=Place("kind"), language=Place("language"), slug=Place("slug"))
        .with_rendering()
        .order_by()
    )
)


@cache
def _related(count: int) -> Prepared[Article]:
    """Prepare the query for so many slugs."""
    others = Article.objects.published().articles().filter(language=Place("language")).exclude(slug=Place("own"))
    others = others.only("kind", "language", "slug", "title")
    if not count:
        return Prepared(lambda: others.filter(topic_slug=Place("topic")).order_by("title", "pk")[:MAX_RELATED])
    slugs = [Place(f"slug{place}") for place in range(count)]
    chosen = models.Case(*(models.When(slug=slug, then=place) for place, slug in enumerate(slugs)))
    return Prepared(lambda: others.filter(slug__in=slugs).order_by(chosen)[:MAX_RELATED])


class FormerSlug(models.Model):
    """An address an article once had; it leads to the present one for ever."""

    language = models.CharField(_("language"), max_length=10)
    slug = models.SlugField(_("former address"), max_length=MAX_SLUG, db_index=False)
    article = models.ForeignKey(Article, models.CASCADE, related_name="former_slugs", verbose_name=_("article"))

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        constraints = [models.UniqueConstraint(fields=["language", "slug"], name="former_slug_unique")]

    def __str__(self) -> str:
        return self.slug

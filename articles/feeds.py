"""Feeds of changes, as Atom (RFC 4287)."""

from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, get_tag_uri
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from articles import history, page_cache
from articles.addresses import of_article_ever_seen
from articles.models import Article, Publication, Withdrawal
from articles.models.withdrawal import WithdrawalQuerySet

ENTRIES = 20
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
CLAIMS = 10
"""How many statements an entry tells of each kind; the comparison tells all."""


class _Atom(Atom1Feed):
    """A feed that says when its newest entry changed; one without entries never has, instead of just now."""

    def latest_post_date(self) -> datetime:
        """Give the time of the newest entry, for the feed's ``updated``."""
        return max((item["updateddate"] for item in self.items), default=NEVER)


@page_cache.anyone(any_query=True)
@conditional_page
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Feed of the latest changes of all articles, with reasons."""
    page_cache.shows(request, "lists")
    title = _("What is new and changed on %(site)s") % {"site": settings.SITE["name"]}
    withdrawals = Withdrawal.objects.of_articles()
    return _feed(title, "/changes/", "/changes/feed/", Publication.objects.of_public_articles(), withdrawals)


@page_cache.anyone(any_query=True)
@conditional_page
@require_safe
def new_articles(request: HttpRequest) -> HttpResponse:
    """Feed of the latest new articles."""
    page_cache.shows(request, "lists")
    title = _("New articles on %(site)s") % {"site": settings.SITE["name"]}
    return _feed(title, "/changes/", "/changes/new/feed/", Publication.objects.of_public_articles().filter(number=1))


@page_cache.anyone(any_query=True)
@conditional_page
@require_safe
def topic_changes(request: HttpRequest, slug: str) -> HttpResponse:
    """Feed of the latest changes of a topic's articles, with reasons; a topic without an article is not found."""
    page_cache.shows(request, page_cache.of_topic(settings.LANGUAGE_CODE, slug))
    articles = Article.objects.published().in_topic(settings.LANGUAGE_CODE, slug)
    names = articles.order_by("title", "pk").values_list("topic", flat=True)[:1]
    if not names:
        raise Http404
    title = _("What is new and changed on %(topic)s, %(site)s") % {"topic": names[0], "site": settings.SITE["name"]}
    path = reverse("topic", args=[slug])
    of_topic = Article.objects.in_topic(settings.LANGUAGE_CODE, slug).filter(pk=OuterRef("article"))
    newest = list(articles.order_by("-changed_at", "-pk").values_list("pk", flat=True)[:ENTRIES])  # no other has a newer entry
    shown = Publication.objects.filter(article__in=newest)
    return _feed(title, path, f"{path}feed/", shown, Withdrawal.objects.filter(Exists(of_topic)))


@page_cache.anyone(any_query=True)
@conditional_page
@of_article_ever_seen
def article_changes(request: HttpRequest, article: Article) -> HttpResponse:
    """Feed of the latest changes of one article, with reasons; of a withdrawn one, that it was withdrawn and why, and no more."""
    page_cache.shows(request, page_cache.of_article(article), page_cache.of_record(article))
    path = f"{article.get_absolute_url()}history/"
    title = _("Changes to “%(title)s”") % {"title": article.title}
    shown = article.publications.all() if article.withdrawn_at is None else article.publications.none()
    return _feed(title, path, f"{path}feed/", shown, article.withdrawals.all())


def _feed(
    title: str,
    path: str,
    feed_path: str,
    publications: QuerySet[Publication],
    withdrawals: WithdrawalQuerySet | None = None,
) -> HttpResponse:
    """Make a feed of the latest of ``publications`` and of the ``withdrawals`` that happened, which are told apart.

    Its id is its own address. An entry's stays the same when its article gets another address.
    """
    base = settings.SITE["url"]
    feed = _Atom(
        title=title,
        link=base + path,
        description="",
        feed_url=base + feed_path,
        feed_guid=base + feed_path,
        author_name=settings.SITE["publisher"],
        language=settings.LANGUAGE_CODE,
    )
    latest = list(publications.select_related("article", "rendering").order_by("-published_at", "-pk")[:ENTRIES])
    items = []
    if withdrawals is not None:
        items = [_of_withdrawal(one) for one in withdrawals.by_last_turn().select_related("article")[:ENTRIES]]
    items += [_of_publication(*pair) for pair in history.with_previous(latest)]
    for item in sorted(items, key=itemgetter("pubdate"), reverse=True)[:ENTRIES]:
        feed.add_item(**item)
    answer = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    feed.write(answer, "utf-8")
    return answer


def _of_publication(publication: Publication, previous: Publication | None) -> dict[str, Any]:
    """Give the facts of an entry that tells of a publication: its reason, and what it says that the one before did not."""
    base = settings.SITE["url"]
    context: dict[str, Any] = {"publication": publication, "previous": previous}
    if publication.withheld_at is None:
        context |= {
            "gained": history.claims_gained(publication, previous, CLAIMS),
            "lost": history.claims_gained(previous, publication, CLAIMS) if previous else ([], 0),
            "compare": f"{base}{publication.article.get_absolute_url()}history/compare/",
        }
    return {
        "title": f"{publication.article.title}: {publication.kind_in_words}",
        "link": base + publication.get_absolute_url(),
        "unique_id": get_tag_uri(f"{base}/changes/{publication.pk}", publication.published_at),
        "description": render_to_string("articles/feed_entry.html", context),
        "pubdate": publication.published_at,
        "updateddate": publication.withheld_at or publication.published_at,
    }


def _of_withdrawal(withdrawal: Any) -> dict[str, Any]:
    """Give the facts of an entry that tells that an article was taken down and, once it is, that it is back."""
    base = settings.SITE["url"]
    turn = _("Back") if withdrawal.ended_at else _("Taken down")
    return {
        "title": f"{withdrawal.article.title}: {turn}",
        "link": base + withdrawal.article.get_absolute_url(),
        "unique_id": get_tag_uri(f"{base}/withdrawals/{withdrawal.pk}", withdrawal.done_at),
        "description": render_to_string("articles/feed_withdrawal.html", {"withdrawal": withdrawal}),
        "pubdate": withdrawal.turned_at,
        "updateddate": withdrawal.turned_at,
    }

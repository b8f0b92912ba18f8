"""How many articles readers find in each topic, kept by the acts that change it, so that no list has to count them."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Max

from articles.models import Article, Topic


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """The topic that readers find an article in: its language and address."""

    language: str
    slug: str


def place_of(article: Article) -> Place | None:
    """Give the topic that readers find an article in; None for a page, and for what they may not see."""
    is_public = article.publication_id is not None and article.withdrawn_at is None
    return Place(article.language, article.topic_slug) if is_public and article.kind == Article.Kind.ARTICLE else None


def recount(article: Article, before: Place | None) -> None:
    """Count an article, which is locked, in the topic it is in now and no more in that of ``before``.

    Topics are locked after articles, and in a fixed order, so that no two acts wait for each other. Publishing again in the
    same topic touches none.
    """
    after = place_of(article)
    if before == after:
        return
    for place, change in sorted((place, change) for place, change in ((before, -1), (after, 1)) if place):
        _add(place, change, article.topic if change > 0 else None)


def _add(place: Place, change: int, name: str | None) -> None:
    values = {"count": F("count") + change} | ({"name": name} if name else {})
    rows = Topic.objects.filter(language=place.language, slug=place.slug)
    if rows.update(**values) or name is None:
        return
    try:
        with transaction.atomic():
            Topic.objects.create(language=place.language, slug=place.slug, name=name, count=change)
    except IntegrityError:  # somebody published the first of its articles meanwhile
        rows.update(**values)


def lock_topics() -> None:
    """Lock all topics in a fixed order, inside a transaction that will publish many articles."""
    list(Topic.objects.select_for_update().order_by("pk").values_list("pk"))


def recount_topics() -> int:
    """Count every topic anew; gives how many were wrong, as they are after old code published."""
    with transaction.atomic():
        known = {Place(row.language, row.slug): row for row in Topic.objects.select_for_update().order_by("pk")}
        public = Article.objects.published().articles().order_by()
        found = public.values("language", "topic_slug").annotate(count=Count("pk"), name=Max("topic"))
        wrong = 0
        for row in found:
            topic = known.pop(Place(row["language"], row["topic_slug"]), None)
            if topic is None or topic.count != row["count"]:
                Topic.objects.update_or_create(
                    language=row["language"],
                    slug=row["topic_slug"],
                    defaults={"count": row["count"], "name": topic.name if topic else row["name"]},
                )
                wrong += 1
        return wrong + Topic.objects.filter(pk__in=[row.pk for row in known.values()]).exclude(count=0).update(count=0)

"""The addresses of the open data. Each reads what is published and nothing else."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import resolve, reverse
from django.views.decorators.csrf import csrf_exempt

from articles import history
from articles.api import shapes
from articles.api.answering import DESCRIBED_AT, listed, look_through, opened, page, pages, refuse, resource
from articles.api.asking import Asked, NothingThere, TakenDown, like, one_of, read_day, whole
from articles.grading import Certainty, Design, Population
from articles.models import Article, Citation, Claim, FormerSlug, GlossaryTerm, Publication, Reference, find_related
from articles.text.citations import KEY
from articles.text.fields import MAX_SLUG, SLUG

DESCRIPTION = (Path(__file__).parent / "openapi.json").read_bytes()
"""The OpenAPI file, as it is served."""

LANGUAGE = "[a-z]{2,3}(?:-[A-Z]{2})?"
LISTS = {name: f"api-{name}" for name in ("articles", "claims", "references", "glossary", "changes")}

_slug = like(SLUG.pattern, "an address of small letters, digits and hyphens, such as vitamin-b12", MAX_SLUG)
_language = like(LANGUAGE, "a language such as en or pt-BR", 6)
_key = like(KEY.pattern, "the key of a work, such as SMITH-2020", 80)
_by_number = pages("[0-9]{1,18}", "what the `next` of an answer says")
_by_key = pages(KEY.pattern, "what the `next` of an answer says")
_by_slug = pages(SLUG.pattern, "what the `next` of an answer says")


@resource()
def index(asked: Asked) -> dict[str, Any]:
    """Say what is here, who publishes it, and where it is described."""
    return {
        "data": {
            "name": settings.SITE["name"],
            "publisher": settings.SITE["publisher"],
            "contact": settings.SITE["contact"],
            "licence": "No licence is stated. Ask the publisher before you publish this data yourself.",
            "description_url": whole(DESCRIBED_AT),
            **{f"{name}_url": whole(reverse(view)) for name, view in LISTS.items()},
        }
    }


@resource()
def description(asked: Asked) -> HttpResponse:
    """Give the OpenAPI file."""
    return HttpResponse(DESCRIPTION, content_type="application/json")


@resource(language=_language, topic=_slug, **_by_number)
def article_list(asked: Asked) -> dict[str, Any]:
    """Give the articles, in the order in which they were begun."""
    rows = Article.objects.published().articles().select_related("publication", "last_review")
    names = {"language": "language", "topic": "topic_slug"}
    found, following = page(asked, rows.filter(**_where(asked, names)), "pk")
    return listed((shapes.article_row(article) for article in found), following)


@resource(language=_language)
def article_detail(asked: Asked, slug: str) -> dict[str, Any] | HttpResponse:
    """Give an article with its sections; a former address leads to the present one, of a withdrawn article too."""
    language = asked.read.get("language", settings.LANGUAGE_CODE)
    published = Article.objects.published().articles()
    shown = published.with_rendering().select_related("publication__revision")
    evidence = ("publication__sections", "publication__snapshots__reference")
    article = shown.prefetch_related(*evidence).filter(language=language, slug=slug).first()
    if article is None:
        return _elsewhere(language, slug)
    publication = article.publication
    assert publication is not None
    publication.article = article
    related = find_related(article, publication.rendering.related_slugs)
    return {"data": shapes.article_whole(article, related)}


def _elsewhere(language: str, slug: str) -> HttpResponse:
    """Send on from a former address. Raises TakenDown for a withdrawn article, and NothingThere."""
    seen = Article.objects.articles().filter(publication__isnull=False)
    gone = seen.withdrawn().filter(language=language, slug=slug).first()
    if gone is not None:
        raise TakenDown(f"“{gone.title}” was withdrawn on {gone.withdrawn_at:%Y-%m-%d}: {gone.withdrawn_reason}")
    names = FormerSlug.objects.filter(language=language, slug=slug).select_related("article")
    former = names.filter(article__publication__isnull=False, article__kind=Article.Kind.ARTICLE).first()
    if former is None:
        raise NothingThere(f"No published article in the language “{language}” has the address “{slug[:MAX_SLUG]}”.")
    return HttpResponsePermanentRedirect(shapes.article_link(former.article)["data_url"])


@resource(
    article=_slug,
    language=_language,
    section=_slug,
    certainty=one_of(*(level for level in Certainty if level is not Certainty.NONE_FOUND)),
    population=one_of(*Population),
    design=one_of(*Design),
    work=_key,
    **_by_number,
)
def claim_list(asked: Asked) -> dict[str, Any]:
    """Give the statements that rest on works. An article that is published anew meanwhile comes again, at the end."""
    current = Article.objects.published().articles()
    current = current.filter(**_where(asked, {"article": "slug", "language": "language"}))
    if "article" in asked.read:
        rows = Claim.objects.filter(publication__in=list(current.order_by().values_list("publication", flat=True)))
    else:
        rows = Claim.objects.filter(Exists(current.filter(publication=OuterRef("publication"))))
    rows = rows.filter(**_where(asked, {"section": "section__section_id", "certainty": "certainty"}))
    if "population" in asked.read:  # a list in JSON, which SQLite cannot look into by itself
        rows = rows.annotate(studied=Cast("populations", TextField())).filter(studied__contains=f'"{asked.read["population"]}"')
    if "design" in asked.read:
        rows = rows.filter(Exists(Citation.objects.filter(claim=OuterRef("pk"), reference__design=asked.read["design"])))
    rows = rows.select_related("section", "publication__article").prefetch_related("citations__reference")
    if "work" in asked.read:
        work = Reference.objects.filter(key=asked.read["work"]).first()
        found, following = look_through(asked, rows, Citation.objects.filter(reference=work), "claim_id")
    elif "article" in asked.read:
        found, following = page(asked, rows, "pk")
    else:
        found, following = look_through(asked, rows, Claim.objects.all())
    return listed((shapes.claim(row) for row in found), following)


@resource(design=one_of(*Design), **_by_key)
def reference_list(asked: Asked) -> dict[str, Any]:
    """Give the works that published texts cite or have cited, by key."""
    rows = Reference.objects.seen_by_readers().prefetch_related("notices")
    found, following = page(asked, rows.filter(**_where(asked, {"design": "design"})), "key")
    return listed((shapes.reference(row) for row in found), following)


@resource()
def reference_detail(asked: Asked, key: str) -> dict[str, Any]:
    """Give a work."""
    row = Reference.objects.seen_by_readers().filter(key=key).first()
    if row is None:
        raise NothingThere(f"No published text cites a work with the key “{key[:80]}”; keys are in capital letters.")
    return {"data": shapes.reference(row)}


@resource(**_by_slug)
def term_list(asked: Asked) -> dict[str, Any]:
    """Give the words that published texts explain, by key."""
    found, following = page(asked, GlossaryTerm.objects.explained(), "key")
    return listed((shapes.term(row) for row in found), following)


@resource()
def term_detail(asked: Asked, key: str) -> dict[str, Any]:
    """Give a word."""
    row = GlossaryTerm.objects.explained().filter(key=key).first()
    if row is None:
        raise NothingThere(f"No published text explains a word with the key “{key[:MAX_SLUG]}”.")
    return {"data": shapes.term(row)}


@resource(since=read_day, article=_slug, language=_language, **_by_number)
def change_list(asked: Asked) -> dict[str, Any]:
    """Give the entries of the public history, the oldest first; since a day: those published or withheld from then on."""
    articles = Article.objects.published().articles()
    articles = articles.filter(**_where(asked, {"article": "slug", "language": "language"}))
    rows = Publication.objects.select_related("article")
    if "article" in asked.read:
        rows = rows.filter(article__in=list(articles.order_by().values_list("pk", flat=True)))
    else:
        rows = rows.filter(Exists(articles.filter(pk=OuterRef("article"))))
    if since := asked.read.get("since"):
        rows = rows.filter(Q(published_at__gte=since) | Q(withheld_at__gte=since))
    found, following = (
        page(asked, rows, "pk") if "article" in asked.read else look_through(asked, rows, Publication.objects.all())
    )
    history.set_reviews(found)
    return listed((shapes.change(*pair) for pair in history.with_previous(found)), following)


@csrf_exempt
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """Refuse an address that is none; one that lacks its last slash leads to the one that has it."""
    if resolve(f"{request.path}/").url_name != "api-nothing":
        return opened(HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True)))
    return refuse(NothingThere(f"Nothing has this address; {whole(reverse('api'))} lists those there are."))


def _where(asked: Asked, fields: dict[str, str]) -> dict[str, Any]:
    """Give the conditions that the parameters make on rows, by the field of each."""
    return {field: asked.read[name] for name, field in fields.items() if name in asked.read}

"""What articles rest on: each work and what rests on it, an article's works as data, and its standards report."""

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from articles import history, page_cache, structured_data
from articles.addresses import of_article
from articles.models import Article, Citation, Claim, GlossaryTerm, Notice, Place, Prepared, Reference
from articles.text import components
from articles.text.bibliography import kind_in_words
from articles.text.claims import Kind, find_sentences
from articles.text.csl import to_csl
from articles.text.findings import gather
from articles.text.problems import SourceError
from articles.text.readability import read_ease
from articles.text.standards import NOT_FOR_MACHINES, check_standards
from articles.views.paging import Order, find_page, paged

WORKS_PER_PAGE = 100
MAX_CLAIMS = 500
_CURRENT = Article.objects.published().filter(publication=OuterRef("claim__publication"))
_SEEN = Prepared(lambda: Reference.objects.seen_by_readers().filter(key=Place("key")))
_NOTICES = Prepared(lambda: Notice.objects.filter(reference__key=Place("key")))
_USES = Prepared(
    lambda: (
        Citation.objects.filter(Exists(_CURRENT), reference__key=Place("key"))
        .order_by("claim_id")
        .select_related("claim__section", "claim__publication__article")[:MAX_CLAIMS]
    )
)
BY_TITLE = Order(("title", "pk"), "key")


@page_cache.anyone()
@require_safe
@paged
def reference_list(request: HttpRequest) -> HttpResponse:
    """Show the works that published articles rest on, by title."""
    page_cache.shows(request, "works")
    page = find_page(request, Reference.objects.cited(), BY_TITLE, WORKS_PER_PAGE, _short_title)
    works = [{"row": row, "kind": kind_in_words(row.value(), gettext)} for row in page]
    said = gettext("Every work our articles rest on: what kind of work it is, who was studied, and which statements rest on it.")
    data = structured_data.collection(gettext("Sources of our articles"), said, page.address(request.path))
    return render(request, "articles/reference_list.html", {"page": page, "works": works, "data": data})


@page_cache.anyone(any_query=True)
@require_safe
def reference_detail(request: HttpRequest, key: str) -> HttpResponse:
    """Show a work, what has been found out about it since, and each statement that rests on it.

    A work that no published text has ever cited is not found: it may belong to a draft.
    """
    if key != key.upper():
        return HttpResponsePermanentRedirect(f"/references/{key.upper()}/")
    row = next(iter(_SEEN.find(key=key)), None)
    if row is None:
        raise Http404
    work = row.value()
    claims = _claims_on(key)
    retraction = Notice.Kind.RETRACTION, work.retracted_on
    page_cache.shows(
        request, f"work:{key}", f"uses:{key}", *(page_cache.of_article(claim.publication.article) for claim in claims)
    )
    kind = kind_in_words(work, gettext)
    context = {
        "data": structured_data.work_page(work, kind),
        "work": work,
        "authors": components.authors_in_words(work, gettext),
        "printed": components.printed_in(work),
        "kind": kind,
        "claims": claims,
        "notices": [notice for notice in _NOTICES.find(key=key) if (notice.kind, notice.noticed_on) != retraction],
        "checked_at": row.checked_at,
    }
    return render(request, "articles/reference_detail.html", context)


def _short_title(row: Reference) -> str:
    return Truncator(row.title).chars(60)


def _claims_on(key: str) -> list[Claim]:
    """Give the statements readers see that rest on a work, by article; where there are many, the first ones published."""
    claims = [use.claim for use in page_cache.in_turns(_USES.find(key=key))]
    return sorted(claims, key=lambda claim: (claim.publication.article.title, claim.publication.article_id, claim.position))


@page_cache.anyone(any_query=True)
@of_article
def references_csl(request: HttpRequest, article: Article) -> HttpResponse:
    """Give an article's works as CSL JSON, which Zotero and its like read."""
    assert article.publication is not None
    works = history.works(article.publication)
    page_cache.shows(request, page_cache.of_article(article), *(f"work:{key}" for key in works))
    answer = JsonResponse(to_csl(works.values()), safe=False, json_dumps_params={"indent": 1})
    answer["Content-Type"] = "application/vnd.citationstyles.csl+json"
    answer["Content-Disposition"] = f'inline; filename="{article.slug}.json"'
    return answer


@page_cache.anyone(any_query=True)
@of_article
def standards(request: HttpRequest, article: Article) -> HttpResponse:
    """Show what our rules say of an article, what people said of it, and what no machine can judge."""
    publication = article.publication
    assert publication is not None
    assert article.published_revision is not None
    publication.article = article
    try:
        source = history.read(publication)
    except SourceError as error:
        raise Http404 from error
    glossary = {row.key: row.value() for row in GlossaryTerm.objects.filter(key__in=source.term_keys)}
    works = history.works(publication)
    keys = [*(f"work:{key}" for key in works), *(f"word:{key}" for key in glossary)]
    page_cache.shows(request, page_cache.of_article(article), page_cache.of_record(article), *keys)
    sentences = [(parsed.section, sentence) for parsed in source.sections for sentence in find_sentences(parsed)]
    context = {
        "article": article,
        "works": works,
        "checks": list(page_cache.in_turns(check_standards(source, works, glossary))),
        "marked": [(section, sentence) for section, sentence in sentences if sentence.kind is Kind.MARKED],
        "statements": sum(sentence.kind in {Kind.MARKED, Kind.CLAIM} for _section, sentence in sentences),
        "ease": read_ease(gather(source, {}, {}).sentences),
        "ratings": history.ratings(article.published_revision),
        "not_for_machines": NOT_FOR_MACHINES,
    }
    return render(request, "articles/standards.html", context)

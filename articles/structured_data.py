"""What a page tells machines about itself, in the words of schema.org (JSON-LD).

Each builder gives a page's value: ``name``, ``description`` and ``url`` always, so that the head of the page is made from the
same value. Nothing is said that is not known: no publisher without a name, no review that no longer holds. schema.org has no
words for work on animals, so levels of evidence are left to the text.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from html import unescape
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from articles.models import Article, Rendering
from articles.text.bibliography import Author, Reference, WorkType
from articles.text.glossary import Term
from articles.text.links import path_to

Thing = dict[str, Any]
Trail = Iterable[tuple[str, str]]
"""Name and path of each page above a page, below the home page."""

ARTICLE_KIND = "MedicalWebPage"
PAGE_KINDS = {"about": "AboutPage", "contact": "ContactPage"}
"""Pages about the site that schema.org has a word for, by slug."""

WORK_KINDS = {
    WorkType.ARTICLE_JOURNAL: "MedicalScholarlyArticle",
    WorkType.BOOK: "Book",
    WorkType.CHAPTER: "Chapter",
    WorkType.REPORT: "Report",
    WorkType.WEBPAGE: "WebPage",
    WorkType.PAMPHLET: "CreativeWork",
}
_SOURCE = re.compile(r'href="/references/([^"/]+)/".*?(?:rel="external noreferrer" href="([^"]+)"|$)', re.DOTALL)


def home() -> Thing:
    """Tell of the site itself, and how to search it."""
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": _address("/search/?q={search_term_string}")},
        "query-input": "required name=search_term_string",
    }
    said = gettext("Plain pages on nerve damage: what studies found, who was studied, and how sure anyone can be.")
    return _said_of("WebSite", settings.SITE["name"], said, "/") | _publisher() | {"potentialAction": search}


def article(article: Article) -> Thing:
    """Tell of a published article, given with its rendering: what it is about, when it was reviewed, what it cites.

    Of a page about the site, tell what it is and when it changed.
    """
    assert article.publication is not None
    if article.kind == Article.Kind.PAGE:
        return _site_page(article, article.publication.rendering)
    rendering = article.publication.rendering
    path = article.get_absolute_url()
    trail = [(article.topic, reverse("topic", args=[article.topic_slug]))] if article.is_in_main_language else []
    page = _page(ARTICLE_KIND, rendering.title, rendering.summary, path, trail, article.language)
    about = [("MedicalCondition", "conditions"), ("Drug", "medicines")]
    facts = {
        "isAccessibleForFree": True,
        "about": [{"@type": kind, "name": name} for kind, names in about for name in rendering.about.get(names, ())],
        "citation": _cited(rendering),
    }
    return page | _dates(article) | _review(article) | {name: value for name, value in facts.items() if value}


def topic(name: str, path: str, articles: Iterable[Article]) -> Thing:
    """Tell of a page of a topic and the articles on it."""
    said = gettext("All our articles on %(name)s: what studies found, who was studied, and how sure anyone can be.")
    return collection(name, said % {"name": name}, path, [one.get_absolute_url() for one in articles])


def collection(name: str, description: str, path: str, listed: Iterable[str] = ()) -> Thing:
    """Tell of a list and of what it lists (paths)."""
    addresses = [_address(one) for one in listed]
    items = {"mainEntity": {"@type": "ItemList", "itemListElement": addresses}} if addresses else {}
    return _page("CollectionPage", name, description, path) | items


def work_page(work: Reference, kind: str) -> Thing:
    """Tell of a work's page and of the work; ``kind`` says in words what kind of work it is."""
    said = gettext("%(kind)s. What our articles say that rests on this work.") % {"kind": kind}
    trail = [(gettext("Sources"), reverse("references"))]
    return _page("WebPage", work.title, said, path_to("reference", work.key), trail) | {"mainEntity": _work(work)}


def glossary(name: str, description: str, path: str, terms: Iterable[Term]) -> Thing:
    """Tell of a list of words and what each means."""
    words = [
        {"@type": "DefinedTerm", "name": term.term, "description": term.explanation}
        | ({"alternateName": names} if (names := [one for one in (term.medical, *term.synonyms) if one]) else {})
        for term in terms
    ]
    return _page("DefinedTermSet", name, description, path) | {"hasDefinedTerm": words}


def _site_page(article: Article, rendering: Rendering) -> Thing:
    kind = PAGE_KINDS.get(article.slug, "WebPage")
    return _page(kind, rendering.title, rendering.summary, article.get_absolute_url(), (), article.language) | _dates(article)


def _page(kind: str, name: str, description: str, path: str, trail: Trail = (), language: str = "") -> Thing:
    page = _said_of(kind, name, description, path, language) | _publisher()
    return page | {"breadcrumb": _breadcrumbs(trail, name)} if kind != "DefinedTermSet" else page


def _said_of(kind: str, name: str, description: str, path: str, language: str = "") -> Thing:
    return {
        "@context": "https://schema.org",
        "@type": kind,
        "name": name,
        "description": description,
        "url": _address(path),
        "inLanguage": language or settings.LANGUAGE_CODE,
    }


def _address(path: str) -> str:
    return f"{settings.SITE['url']}{path}"


def _publisher() -> Thing:
    if not settings.IS_PUBLISHER_NAMED:
        return {}
    return {"publisher": {"@type": "Organization", "name": settings.SITE["publisher"]}}


def _breadcrumbs(trail: Trail, name: str) -> Thing:
    above = list(trail) or [(gettext("Home"), "/")]  # a trail has at least two steps; more cost bytes and say nothing new
    items: list[Thing] = [
        {"@type": "ListItem", "position": position, "item": {"@id": _address(path)}, "name": name}
        for position, (name, path) in enumerate(above, 1)
    ]
    items.append({"@type": "ListItem", "position": len(above) + 1, "name": name})
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _dates(article: Article) -> Thing:
    assert article.published_at is not None
    assert article.changed_at is not None
    return {"datePublished": _day(article.published_at), "dateModified": _day(article.changed_at)}


def _day(moment: datetime) -> str:
    """Give the day as the page shows it."""
    return timezone.localtime(moment).date().isoformat()


def _review(article: Article) -> Thing:
    """Tell who reviewed an article and when, where that review approved the very text that readers see."""
    review = article.last_review
    if review is None or not review.is_approval or article.is_changed_since_review:
        return {}
    reviewer = {"@type": "Person", "name": review.printed_name, "jobTitle": review.role}
    return {"lastReviewed": _day(review.decided_at), "reviewedBy": reviewer}


def _cited(rendering: Rendering) -> list[str]:
    """Give where each work can be read, or else its page here: addresses that stand in the page, sorted, so they cost little."""
    found = [match for source in rendering.sources if (match := _SOURCE.search(source))]
    return sorted(unescape(match[2]) if match[2] else _address(path_to("reference", match[1])) for match in found)


def _work(work: Reference) -> Thing:
    facts = {
        "@type": WORK_KINDS[work.type],
        "name": work.title,
        "author": [_author(author) for author in work.author],
        "datePublished": work.issued,
        "isPartOf": work.container_title and {"@type": "Periodical", "name": work.container_title},
        "publisher": work.publisher and {"@type": "Organization", "name": work.publisher},
        "pagination": work.page if work.type in {WorkType.ARTICLE_JOURNAL, WorkType.CHAPTER} else "",
        "sameAs": [address for _name, address in work.links],
        "creativeWorkStatus": "Retracted" if work.retracted_on else "",
    }
    if work.type is not WorkType.ARTICLE_JOURNAL and work.container_title:
        facts["isPartOf"] = {"@type": "CreativeWork", "name": work.container_title}
    return {name: value for name, value in facts.items() if value}


def _author(author: Author) -> Thing:
    if author.literal:
        return {"@type": "Organization", "name": author.literal}
    return {"@type": "Person", "name": str(author)}

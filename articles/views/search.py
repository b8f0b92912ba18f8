"""The site's search, as a page and as JSON.

What people look for tells of their health. It is written into no log and no cache: answers say ``no-store``, which costs little,
since a search takes milliseconds.
"""

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.models import Topic
from articles.search import Found, Way, search
from articles.text.fields import MAX_SLUG, SLUG

MAX_TOPICS = 12


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Show what was found, or how to find more; without words, topics to choose from."""
    topic, found = _search(request)
    context: dict[str, Any] = {"found": found, "topic": topic, "is_any": found.way is Way.ANY}
    if not found.hits:
        context["all_topics"] = _topics()
    elif topic:
        context["topic_name"] = next(iter(found.topics.values()))[0]
    for name, number in (("previous", found.page - 1), ("next", found.page + 1)):
        if 1 <= number <= found.pages:
            context[name] = _query(request, topic, number)
    answer = render(request, "articles/search.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def search_json(request: HttpRequest) -> HttpResponse:
    """Give the same as JSON, for programs of anyone."""
    topic, found = _search(request)
    base = settings.SITE["url"]
    more = f"{base}/search.json?{_query(request, topic, found.page + 1)}" if found.page < found.pages else None
    results = [
        {
            "title": hit.title,
            "heading": hit.heading,
            "url": base + hit.url,
            "kind": hit.kind,
            "language": hit.language,
            "certainty": hit.certainty or None,
            "certainty_words": hit.certainty_words or None,
            "snippet": hit.plain_snippet,
            "found_under": hit.found_under or None,
            "topic": hit.topic or None,
        }
        for hit in found.hits
    ]
    answer = {
        "query": found.typed,
        "corrected": found.corrected or None,
        "did_you_mean": found.suggestion or None,
        "matched": found.way,
        "total": found.total,
        "is_more": found.is_more,
        "page": found.page,
        "next": more,
        "results": results,
        "help": asdict(settings.DISCLAIMER),
    }
    headers = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "no-store"}
    return JsonResponse(answer, headers=headers, json_dumps_params={"ensure_ascii": False, "indent": 1})


def _search(request: HttpRequest) -> tuple[str, Found]:
    """Read what is asked, whatever it is, and search; gives the topic too."""
    page, topic = request.GET.get("page", ""), request.GET.get("topic", "")
    if len(topic) > MAX_SLUG or not SLUG.fullmatch(topic):
        topic = ""
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 4 else 1
    return topic, search(request.GET.get("q", ""), language=settings.LANGUAGE_CODE, topic=topic, page=number)


def _query(request: HttpRequest, topic: str, page: int) -> str:
    values = {"q": request.GET.get("q", "")[:1000], "topic": topic, "page": str(page) if page > 1 else ""}
    return urlencode({name: value for name, value in values.items() if value})


def _topics() -> Any:
    """Give some topics to go on from where nothing was found."""
    return Topic.objects.shown(settings.LANGUAGE_CODE)[:MAX_TOPICS]

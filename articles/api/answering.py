"""How the open data answers: the frame of each answer, its headers, its pages, and refusals that programs can read."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from django.views.decorators.csrf import csrf_exempt

from articles import page_cache
from articles.api.asking import DEFAULT_LIMIT, Asked, Reader, Refusal, like, read_limit, read_request, whole

METHODS = "GET, HEAD, OPTIONS"
DESCRIBED_AT = "/api/v1/openapi.json"

MAX_LOOKED_AT = 2_000
"""How many rows an answer may be looked for in; more answers take the reader to the rest."""

View = Callable[..., Mapping[str, Any] | HttpResponse]
Row = TypeVar("Row", bound=Model)


def resource(**readers: Reader) -> Callable[[View], Callable[..., HttpResponse]]:
    """Make a view of one that takes what is ``Asked`` and gives the answer's fields, or a whole answer.

    ``readers`` are the parameters it knows. What it refuses by raising Refusal becomes a problem in JSON (RFC 9457).
    """

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @csrf_exempt  # nothing can be changed here, and a refusal of other methods must be one that programs can read
        @wraps(view)
        def answered(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            try:
                return opened(_answer(request, view, readers, kwargs))
            except Refusal as refusal:
                return refuse(refusal)

        return answered

    return decorate


def _answer(request: HttpRequest, view: View, readers: Mapping[str, Reader], kwargs: dict[str, Any]) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": METHODS})
    if request.method not in {"GET", "HEAD"}:
        raise Refusal(405, "Method not allowed", f"This address can be read ({METHODS}) and not changed.")
    asked = read_request(request, readers)
    found = view(asked, **kwargs)
    if not isinstance(found, HttpResponse):
        found = _json({"self": asked.address(), **found, "help": help_words()})
    found.headers.setdefault("Cache-Control", page_cache.CACHE_CONTROL)
    if found.status_code != 200:
        return found
    # No Last-Modified: a text that is withdrawn and a check that falls due change an answer, and leave no later date in it.
    etag = quote_etag(hashlib.sha256(found.content).hexdigest()[:32])
    found["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=found) or found


def refuse(refusal: Refusal) -> HttpResponse:
    """Make the answer of a refusal, a problem as in RFC 9457."""
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.detail,
        "errors": [{"parameter": name, "detail": fault} for name, fault in refusal.faults.items()],
        "help": help_words(),
    }
    answer = _json(problem, status=refusal.status, content_type="application/problem+json")
    answer["Cache-Control"] = "no-store"
    if refusal.status == 405:
        answer["Allow"] = METHODS
    return opened(answer)


def _json(fields: Mapping[str, Any], **kwargs: Any) -> HttpResponse:
    return JsonResponse(dict(fields), json_dumps_params={"ensure_ascii": False, "indent": 1}, **kwargs)


def opened(answer: HttpResponse) -> HttpResponse:
    """Let pages of other sites read an answer: no key, no cookie, nothing of the reader's is in it."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Access-Control-Allow-Methods"] = METHODS
    answer["Access-Control-Allow-Headers"] = "If-None-Match"
    answer["Access-Control-Expose-Headers"] = "ETag, Link"
    answer["Access-Control-Max-Age"] = "86400"
    answer["Link"] = f'<{whole(DESCRIBED_AT)}>; rel="service-desc"'
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer


def help_words() -> dict[str, Any]:
    """Give the help that stands in every answer, and belongs wherever the data is shown."""
    words = settings.DISCLAIMER
    return {
        "title": words.title,
        "cannot": words.cannot,
        "who_to_see": words.who,
        "how_fast": words.how_fast,
        "what_to_ask": words.ask,
        "emergency_number": words.emergency,
        "emergency_signs": list(words.signs),
    }


def pages(shape: str, right: str) -> dict[str, Reader]:
    """Give the readers of the parameters that cut a list into pages; ``after`` is of the shape of the field it goes by."""
    return {"limit": read_limit, "after": like(shape, right, 100)}


def look_through(asked: Asked, rows: QuerySet[Row], within: QuerySet[Any], name: str = "pk") -> tuple[list[Row], str | None]:
    """Give the rows asked for, as ``page`` does by their ids, but look at the next ``MAX_LOOKED_AT`` ids of ``within`` alone.

    For conditions that no index knows: where few rows meet them, an answer has fewer rows than the limit, or none, and still the
    address of the rest. ``name`` is the column of ``within`` that holds the ids.
    """
    later = within.filter(**{f"{name}__gt": asked.read.get("after", 0)}).order_by(name).values_list(name, flat=True)
    ids = list(later[: MAX_LOOKED_AT + 1])
    found, following = page(asked, rows.filter(pk__in=ids[:MAX_LOOKED_AT]), "pk")
    if following is None and len(ids) > MAX_LOOKED_AT:
        following = asked.address(after=str(ids[MAX_LOOKED_AT - 1]))
    return found, following


def page(asked: Asked, rows: QuerySet[Row], by: str) -> tuple[list[Row], str | None]:
    """Give the rows asked for, in the order of ``by``, and the address of those after them; None after the last.

    ``by`` is unique and never changes, so what is published meanwhile moves no row to another page.
    """
    limit = asked.read.get("limit", DEFAULT_LIMIT)
    if "after" in asked.read:
        rows = rows.filter(**{f"{by}__gt": asked.read["after"]})
    found = list(rows.order_by(by)[: limit + 1])
    if len(found) <= limit:
        return found, None
    return found[:limit], asked.address(after=str(getattr(found[limit - 1], by)))


def listed(data: Iterable[Mapping[str, Any]], following: str | None) -> dict[str, Any]:
    """Give the fields of an answer that is a page of a list."""
    return {"next": following, "data": list(data)}

"""Readers get brotli; the admin, small answers and what is compressed already are left alone."""

from collections.abc import Callable

import brotli
import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from neuropathy_site.compression import _compress_best, brotli_for_readers

TEXT = b"<p>How sure is anyone?</p>" * 100
BROWSER = "gzip, deflate, br, zstd"


def answer_to(path: str, accepted: str, response: HttpResponse | None = None) -> HttpResponse:
    given = response or HttpResponse(TEXT)
    view: Callable[[HttpRequest], HttpResponse] = lambda _request: given  # noqa: E731
    return brotli_for_readers(view)(RequestFactory().get(path, headers={"Accept-Encoding": accepted}))


@pytest.mark.parametrize("accepted", [BROWSER, "br", "gzip;q=0.5, br;q=1.0", "br;q=0.1"])
@pytest.mark.parametrize("path", ["/", "/search/?q=b12"])
def test_it_is_compressed_where_that_is_accepted(path: str, accepted: str) -> None:
    answer = answer_to(path, accepted)
    assert answer["Content-Encoding"] == "br"
    assert answer["Content-Length"] == str(len(answer.content))
    assert brotli.decompress(answer.content) == TEXT
    assert answer["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["", "gzip", "br;q=0", "br; q=0.0, gzip", "brotli", "xbr"])
def test_it_is_not_where_that_is_not_accepted(accepted: str) -> None:
    answer = answer_to("/", accepted)
    assert "Content-Encoding" not in answer
    assert answer.content == TEXT
    assert answer["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(b"short"),
        HttpResponse(TEXT, content_type="image/png"),
        HttpResponse(TEXT, headers={"Content-Encoding": "gzip"}),
    ],
)
def test_what_would_gain_nothing_is_left_alone(response: HttpResponse) -> None:
    before = response.content
    assert answer_to("/", BROWSER, response).content == before


def test_a_stream_and_the_admin_are_left_alone() -> None:
    stream = StreamingHttpResponse([TEXT])
    view: Callable[[HttpRequest], HttpResponse] = lambda _request: stream  # type: ignore[assignment,return-value]  # noqa: E731
    assert "Content-Encoding" not in brotli_for_readers(view)(RequestFactory().get("/", headers={"Accept-Encoding": "br"}))
    assert "Content-Encoding" not in answer_to("/admin/articles/", BROWSER)


def test_a_strong_validator_becomes_a_weak_one() -> None:
    assert answer_to("/", "br", HttpResponse(TEXT, headers={"ETag": '"a"'}))["ETag"] == 'W/"a"'
    assert answer_to("/", "br", HttpResponse(TEXT, headers={"ETag": 'W/"a"'}))["ETag"] == 'W/"a"'
    assert answer_to("/", "gzip", HttpResponse(TEXT, headers={"ETag": '"a"'}))["ETag"] == '"a"'


def test_what_nobody_may_store_is_not_kept_in_memory() -> None:
    _compress_best.cache_clear()
    answer = answer_to("/", "br", HttpResponse(TEXT, headers={"Cache-Control": "no-store"}))
    assert brotli.decompress(answer.content) == TEXT
    assert _compress_best.cache_info().currsize == 0


@pytest.mark.django_db
def test_pages_go_through_it_and_the_admin_through_gzip(client: Client) -> None:
    page = client.get("/", headers={"Accept-Encoding": BROWSER})
    assert page["Content-Encoding"] == "br"
    assert b"<h1>" in brotli.decompress(page.content)
    assert client.get("/admin/login/", headers={"Accept-Encoding": BROWSER})["Content-Encoding"] == "gzip"
    assert client.head("/", headers={"Accept-Encoding": BROWSER})["Content-Length"] == page["Content-Length"]

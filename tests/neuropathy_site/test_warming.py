"""Before gunicorn forks, the application has worked once and holds no connection."""

import gc
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.db import connections

from neuropathy_site.warming import MAX_PAGES, warm
from neuropathy_site.wsgi import application


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def answering(status: str, body: bytes, asked: list[str]) -> Any:
    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        asked.append(environ["PATH_INFO"])
        start_response(status, [])
        return [body]

    return answer


def test_the_first_page_and_those_it_links_to_are_asked_for_once() -> None:
    asked: list[str] = []
    warm(
        answering(
            "200 OK",
            b'<a href="/b/">B</a><a href="/a/?x=1#y">A</a><a href="/a/">A</a><a href="https://else.example/">E</a>',
            asked,
        )
    )
    assert asked == ["/", "/a/", "/b/"]
    assert gc.get_freeze_count()


def test_not_more_than_a_handful_is_asked_for() -> None:
    asked: list[str] = []
    warm(answering("200 OK", b"".join(b'<a href="/%d/">' % number for number in range(100)), asked))
    assert len(asked) == 1 + MAX_PAGES


def test_a_site_that_is_ill_is_asked_once() -> None:
    asked: list[str] = []
    warm(answering("503 Service Unavailable", b'<a href="/a/">', asked))
    assert asked == ["/"]


def test_a_fault_is_logged_and_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def broken(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        raise ValueError("no manifest")

    warm(broken)
    assert "no manifest" in caplog.text


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_no_connection_stays_open() -> None:
    warm(application)
    assert connections["default"].connection is None

"""No way to name a body's form or charset makes a page fail."""

from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.test.client import ClientHandler

from neuropathy_site.content_types import plain_content_type
from neuropathy_site.wsgi import django_application


def seen(content_type: str) -> str:
    """Give what an application sees of a content type."""
    found: dict[str, Any] = {}

    def inner(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        found.update(environ)
        return []

    plain_content_type(inner)({"CONTENT_TYPE": content_type}, None)
    return str(found["CONTENT_TYPE"])


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("", ""),
        ("application/x-www-form-urlencoded", "application/x-www-form-urlencoded"),
        ("application/x-www-form-urlencoded; charset=UTF-8", "application/x-www-form-urlencoded"),
        ("multipart/form-data; boundary=----WebKitFormBoundaryabc", "multipart/form-data; boundary=----WebKitFormBoundaryabc"),
        ('Multipart/Form-Data; charset=rot13; Boundary="a; b"', 'Multipart/Form-Data; Boundary="a; b"'),
        ("multipart/form-data; boundary*=bogus''x", "multipart/form-data"),
        ("multipart/form-data", "multipart/form-data"),
    ],
)
def test_only_the_kind_and_the_boundary_are_left(written: str, left: str) -> None:
    assert seen(written) == left


@pytest.mark.django_db
@pytest.mark.parametrize("parameter", ["charset=rot13", "charset=utf-7", "charset=idna", "charset*=bogus''x", "x*=a'b'c'd"])
@pytest.mark.parametrize("path", ["/", "/search/", "/search.json", "/changes/", "/api/v1/articles/"])
def test_no_charset_makes_a_page_fail(path: str, parameter: str) -> None:
    environ: dict[str, Any] = {"PATH_INFO": path, "QUERY_STRING": "q=%2B2AA-&page=%2B2AA-", "HTTP_HOST": "127.0.0.1"}
    environ["CONTENT_TYPE"] = f"text/plain; {parameter}"
    setup_testing_defaults(environ)
    statuses: list[int] = []

    def inner(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        statuses.append(ClientHandler()(environ).status_code)  # Django's own entry would close the test's connection
        return []

    plain_content_type(inner)(environ, None)
    assert statuses == [400 if path.startswith("/api/") else 200]


def test_the_entry_for_servers_is_wrapped() -> None:
    assert django_application.__module__ == "neuropathy_site.content_types"

"""The headers that every page bears, whoever asks and whatever comes of it."""

import pytest
from django.conf import settings as site
from django.http import HttpResponse
from django.test import Client, RequestFactory

from neuropathy_site.security_headers import cross_origin_resource_policy

PAGES = ["/healthz", "/admin/login/", "/no-such-page/"]
EXPECTED = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def read_policy(header: str) -> dict[str, list[str]]:
    directives = (directive.split() for directive in header.split(";") if directive.strip())
    return {name: sorted(values) for name, *values in directives}


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.django_db
def test_every_page_bears_the_headers(client: Client, address: str) -> None:
    headers = client.get(address).headers

    assert {name: headers.get(name) for name in EXPECTED} == EXPECTED
    assert headers["Permissions-Policy"].startswith("browsing-topics=(), camera=(), ")
    assert "=(self" not in headers["Permissions-Policy"]
    assert "=(*" not in headers["Permissions-Policy"]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.django_db
def test_the_content_policy_admits_our_own_files_only_and_scripts_in_the_admin_alone(client: Client, address: str) -> None:
    policy = read_policy(client.get(address).headers["Content-Security-Policy"])

    nothing = ("default-src", "base-uri", "frame-ancestors")
    ours = ["style-src", "img-src", "connect-src", "manifest-src", "form-action"]
    ours += ["script-src"] if address.startswith("/admin/") else []
    assert policy == dict.fromkeys(nothing, ["'none'"]) | dict.fromkeys(ours, ["'self'"])


def test_a_host_that_is_not_ours_is_refused_with_the_same_headers(client: Client) -> None:
    answer = client.get("/healthz/", headers={"host": "elsewhere.example"})

    assert answer.status_code == 400
    assert "Content-Security-Policy" in answer.headers


def test_a_view_may_open_its_answer_to_other_sites() -> None:
    def view(request: object) -> HttpResponse:
        return HttpResponse(headers={"Cross-Origin-Resource-Policy": "cross-origin"})

    answer = cross_origin_resource_policy(view)(RequestFactory().get("/"))

    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.django_db
def test_https_is_demanded_and_remembered_on_a_public_site(client: Client, settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000

    assert client.get("/admin/login/")["Location"] == "https://testserver/admin/login/"
    assert client.get("/admin/login/", secure=True)["Strict-Transport-Security"] == "max-age=31536000"


def test_cookies_stay_with_the_browser_and_our_own_pages() -> None:
    assert site.SESSION_COOKIE_HTTPONLY
    assert site.SESSION_COOKIE_SAMESITE == site.CSRF_COOKIE_SAMESITE == "Lax"


def test_static_files_are_for_our_own_pages(client: Client) -> None:
    answer = client.get("/static/admin/css/base.css")

    assert b"body" in answer.getvalue()
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"

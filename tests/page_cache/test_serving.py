"""The outermost layer, on a real database: who gets what from memory, and who gets through to Django."""

import gzip
import io
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import brotli
import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from articles import workflow
from articles.models import Article, Reference
from articles.page_cache import PageCache, places
from articles.page_cache.making import STUCK_AFTER
from articles.page_cache.marking import SHOWN, TURNED_AWAY
from articles.page_cache.pages import CACHE_CONTROL, RENEWALS
from articles.page_cache.places import Places
from articles.page_cache.watching import PATIENCE
from neuropathy_site.wsgi import django_application
from tests.support import IMPORT, NOW, TEXT, edit, make_article, make_evidence, make_user, publish

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

PATH = "/articles/b12/"
ANEW = TEXT.replace("People were asked", "People were told")


@dataclass
class Answer:
    """What came of a request. ``headers`` are by name, in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def cache(self) -> str:
        return self.headers.get("cache-status", "")


class Site:
    """The site behind its page cache; tells what Django was asked. ``gate`` holds back what Django has answered."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.broken = False
        self.gate = threading.Event()
        self.gate.set()
        self.cache = PageCache(self._django, 8 * 1024**2)

    def _django(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if self.broken:
            start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
            parts: Iterable[bytes] = [b"down"]
        else:
            parts = django_application(environ, start_response)
        self.asked.append(environ["PATH_INFO"])
        assert TURNED_AWAY in environ or self.gate.wait(20)
        return parts

    def get(self, path: str = PATH, query: str = "", method: str = "GET", **headers: str) -> Answer:
        return self._ask(path, query, method, b"", headers)

    def send(self, path: str, sent: bytes, **headers: str) -> Answer:
        return self._ask(path, "", "POST", sent, headers)

    def _ask(self, path: str, query: str, method: str, sent: bytes, headers: dict[str, str]) -> Answer:
        environ: dict[str, Any] = {
            **RequestFactory().get("/").environ,
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": "127.0.0.1:8000",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(sent)),
            "wsgi.input": io.BytesIO(sent),
            **{name.upper() if name == "content_type" else f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }
        answered: list[Any] = []
        parts = self.cache(environ, lambda *said: answered.append(said))
        body = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        status, given = answered[-1][:2]
        assert len({name.lower() for name, _value in given}) == len(given), "no header is sent twice"
        return Answer(int(status[:3]), {name.lower(): value for name, value in given}, body)


@pytest.fixture
def site() -> Iterator[Site]:
    make_evidence()
    make_article()
    one = Site()
    yield one
    one.gate.set()
    one.cache.close()


def test_a_page_is_made_once_and_then_found(site: Site) -> None:
    first, second, third = site.get(), site.get(), site.get()
    assert [one.cache for one in (first, second, third)] == ["pages; fwd=uri-miss", "pages; hit", "pages; hit"]
    assert first.body == second.body == Client().get(PATH).content
    assert site.asked == [PATH]


def test_it_goes_out_with_all_headers_that_django_sends_and_those_for_caches(site: Site) -> None:
    site.get()
    sent = site.get().headers
    plain = Client().get(PATH)
    assert {name.lower() for name in plain.headers} <= set(sent)
    for name in ("Content-Security-Policy", "Permissions-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options"):
        assert sent[name.lower()] == plain.headers[name] or name == "Content-Security-Policy"
    assert sent["cache-control"] == CACHE_CONTROL == "max-age=0, s-maxage=10, stale-while-revalidate=60, stale-if-error=60"
    assert sent["vary"] == "Accept-Encoding"
    assert sent["content-length"] == str(len(plain.content))


def test_each_encoding_has_its_own_bytes_and_tag(site: Site) -> None:
    plain, zipped, small = site.get(), site.get(accept_encoding="gzip"), site.get(accept_encoding="gzip, br")
    assert gzip.decompress(zipped.body) == brotli.decompress(small.body) == plain.body
    assert [one.headers.get("content-encoding") for one in (plain, zipped, small)] == [None, "gzip", "br"]
    assert len({one.headers["etag"] for one in (plain, zipped, small)}) == 3
    assert not any(one.headers["etag"].startswith("W/") for one in (plain, zipped, small))
    assert site.get(accept_encoding="br;q=0").body == plain.body
    refused = site.get(accept_encoding="identity;q=0, *;q=0")
    assert (refused.status, refused.headers["content-length"]) == (406, str(len(refused.body)))


def test_what_a_reader_has_already_is_not_sent_again(site: Site) -> None:
    tag = site.get(accept_encoding="br").headers["etag"]
    again = site.get(accept_encoding="br", if_none_match=f'W/"x", {tag}')
    assert (again.status, again.body) == (304, b"")
    assert again.headers == {
        "etag": tag,
        "cache-control": CACHE_CONTROL,
        "vary": "Accept-Encoding",
        "cache-status": "pages; hit",
    }
    assert site.get(accept_encoding="gzip", if_none_match=tag).status == 200, "it is another representation"
    assert site.get(if_match='"other"').status == 412
    assert site.get(if_match="*").status == 200
    assert site.get(if_modified_since="Sun, 22 Nov 2026 09:30:00 GMT").status == 200, (
        "we tell no date, so there is none to compare"
    )
    assert site.get(range="bytes=0-9").status == 200


def test_head_is_the_same_without_the_body(site: Site) -> None:
    first = site.get(method="HEAD")
    assert (first.status, first.body, first.cache) == (200, b"", "pages; fwd=uri-miss")
    full, head = site.get(), site.get(method="HEAD")
    assert (head.headers, head.body) == (full.headers, b"")
    assert site.get(method="HEAD", accept_encoding="*;q=0").body == b""


def test_an_article_is_found_whatever_other_sites_put_behind_its_address(site: Site) -> None:
    assert site.get(query="fbclid=abc").cache == "pages; fwd=uri-miss"
    assert site.get().cache == "pages; hit"
    assert site.get(query="utm_source=x&q=%00").cache == "pages; hit"
    assert site.asked == [PATH]


def test_a_list_by_parts_and_a_search_go_to_django(site: Site) -> None:
    site.get("/articles/")
    asked = site.get("/articles/", query="after=a")
    assert asked.cache == ""
    assert site.get("/search/", query="q=nerves").headers["cache-control"] == "no-store"
    assert site.get("/search/").cache == ""
    assert site.get(f"{PATH}feedback/").headers["cache-control"] == "no-store"
    assert site.get("/healthz").cache == site.get("/admin/login/").cache == ""
    assert len(site.cache.pages) == 1


def test_who_is_signed_in_or_sends_something_gets_through(site: Site) -> None:
    site.get()
    signed_in = site.get(cookie="theme=dark; sessionid=abc")
    assert (signed_in.cache, signed_in.headers["cache-control"]) == ("", "private, no-cache")
    assert site.get(cookie="theme=dark; csrftoken=abc").cache == "pages; hit"
    assert site.get(method="POST").status == 403, "it bears no token"
    assert site.get(method="OPTIONS").status == 405
    assert site.get(method="BREW").cache == ""


def test_nobody_can_make_others_see_what_they_sent(site: Site) -> None:
    odd = {
        "x_forwarded_host": "evil.example",
        "x_forwarded_proto": "https",
        "x_original_url": "/admin/",
        "x_http_method_override": "POST",
        "accept_language": "es",
        "cookie": "csrftoken=<script>",
        "user_agent": "<script>",
        "referer": "https://evil.example/",
    }
    first = site.get(query="x=<script>", **odd)
    assert first.body == site.get().body == Client().get(PATH).content


def test_only_our_hosts_are_answered(site: Site) -> None:
    site.get()
    assert site.get(host="evil.example").status == 400
    assert site.get(host="").status == 400
    for number in range(500):
        site.get(host=f"{number}.example")
    assert len(site.cache._ways) < 10
    assert site.get(host="localhost").cache == "pages; hit"


def test_an_insecure_request_is_sent_to_https(site: Site, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SITE = settings.SITE | {"url": "https://127.0.0.1:8000"}
    assert site.get(x_forwarded_proto="https").status == 200
    assert site.get(x_forwarded_proto="https").cache == "pages; hit"
    for proto in ("http", "", "HTTPS ,http"):
        assert site.get(x_forwarded_proto=proto).cache == "", "Django says where to"
    assert site.get(x_forwarded_proto="https").cache == "pages; hit"


@pytest.mark.parametrize(
    "path", ["/articles/nothing/", "/nothing/", "/articles/b12", "/articles/\x80/", "//", "/a\x00/", "/%2e/"]
)
def test_what_is_not_there_is_not_kept(site: Site, path: str) -> None:
    assert site.get(path).status in {301, 404}
    assert site.get(path).status in {301, 404}
    assert len(site.cache.pages) == 0


def ask_until(site: Site, words: str) -> Answer:
    """Ask until the words are there."""
    end = time.monotonic() + 5
    while words.encode() not in (found := site.get()).body:
        assert time.monotonic() < end, words
        assert found.cache == "pages; hit; detail=stale"
        time.sleep(0.01)
    return found


def test_a_new_text_is_there_at_once(site: Site) -> None:
    old = site.get()
    article = Article.objects.get()
    for word in ("told", "heard", "seen"):
        edit(article, TEXT.replace("People were asked", f"People were {word}"))
        publish(article)
        new = site.get()
        assert new.cache == "pages; fwd=stale"
        assert f"People were {word}".encode() in new.body
        assert new.headers["etag"] != old.headers["etag"]
        assert site.get().cache == "pages; hit"


def test_a_page_that_changes_again_and_again_makes_nobody_wait_and_is_new_soon(site: Site) -> None:
    site.get()
    article = Article.objects.get()
    caches = []
    for number in range(RENEWALS + 3):
        edit(article, TEXT.replace("People were asked", f"People were told {number}"))
        publish(article)
        caches.append(site.get().cache)
    assert caches[:RENEWALS] == ["pages; fwd=stale"] * RENEWALS
    assert set(caches[RENEWALS:]) <= {"pages; hit; detail=stale", "pages; hit"}
    made = len(site.asked)
    assert made < 1 + RENEWALS + 3, "not each change costs a page"
    ask_until(site, f"People were told {RENEWALS + 2}")
    assert site.get().cache == "pages; hit"


def test_a_withdrawn_article_is_gone_at_once_and_what_told_of_it_too(site: Site) -> None:
    site.get()
    site.get("/topics/")
    site.get("/references/RATS-1994/")
    workflow.withdraw(article=Article.objects.get(), reason="Old.", by=IMPORT, now=NOW)
    assert (site.get().status, site.get().headers["cache-control"]) == (410, "no-cache")
    assert b"Vitamin B12" not in site.get("/topics/").body
    assert site.get("/references/RATS-1994/").status == 404
    workflow.bring_back(article=Article.objects.get(), note="Right.", by=IMPORT, now=NOW)
    assert site.get().status == 200
    assert site.get("/references/RATS-1994/").status == 200


def test_a_page_that_is_being_made_while_it_is_withdrawn_is_not_shown(site: Site) -> None:
    site.gate.clear()
    answers: list[Answer] = []
    reader = threading.Thread(target=lambda: answers.append(site.get()))
    reader.start()
    while not site.asked:
        pass
    late = site.asked.copy()
    workflow.withdraw(article=Article.objects.get(), reason="Old.", by=IMPORT, now=NOW)
    site.cache._watcher.catch_up()
    site.gate.set()
    reader.join()
    assert (late, site.asked, answers[0].status) == ([PATH], [PATH, PATH], 410)


def test_one_waits_for_a_page_while_the_others_get_the_old_one(site: Site) -> None:
    old = site.get()
    article = Article.objects.get()
    edit(article, ANEW)
    publish(article)
    site.gate.clear()
    answers: list[Answer] = []
    first = threading.Thread(target=lambda: answers.append(site.get()))
    first.start()
    while len(site.asked) < 2:
        pass
    others = [site.get() for _ in range(5)]
    site.gate.set()
    first.join()
    assert {(one.cache, one.body) for one in others} == {("pages; hit; detail=stale", old.body)}
    assert others[0].headers["cache-control"].startswith("max-age=0, s-maxage=1,")
    assert b"People were told" in answers[0].body
    assert site.asked == [PATH, PATH]


def test_a_page_that_takes_long_is_waited_for_a_second_by_one_reader(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    old = site.get()
    article = Article.objects.get()
    edit(article, ANEW)
    publish(article)
    site.gate.clear()
    for _ in range(4):
        assert (site.get().cache, site.get().body) == ("pages; hit; detail=stale", old.body)
    assert caplog.text.count("it takes long") == 1
    site.gate.set()
    ask_until(site, "People were told")


def test_the_last_good_page_is_shown_when_the_new_one_fails(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    old = site.get()
    article = Article.objects.get()
    edit(article, ANEW)
    publish(article)
    site.broken = True
    for _ in range(30):
        assert (site.get().cache, site.get().body) == ("pages; hit; detail=stale", old.body)
        time.sleep(0.01)
    assert len(site.asked) <= 3, "it is not tried again for each reader"
    assert f"the last good one of {PATH}" in caplog.text
    assert site.get("/topics/").status == 503
    site.broken = False
    ask_until(site, "People were told")


def test_nobody_waits_while_no_page_gets_finished(site: Site) -> None:
    site.get()
    site.gate.clear()
    answers: list[Answer] = []
    reader = threading.Thread(target=lambda: answers.append(site.get("/topics/")))
    reader.start()
    while "/topics/" not in site.asked:
        time.sleep(0.01)
    site.cache._maker._moved_at -= STUCK_AFTER
    start = time.monotonic()
    late = site.get("/references/")
    assert time.monotonic() - start < PATIENCE, "a server has few threads"
    reader.join()
    assert [(one.status, one.headers["retry-after"]) for one in (late, *answers)] == [(503, "30")] * 2
    assert b"data-disclaimer" in late.body, "help to talk to a doctor is in view"
    assert "content-security-policy" in late.headers
    assert site.get().status == 200
    site.gate.set()
    end = time.monotonic() + 5
    while site.get("/references/").status != 200:
        assert time.monotonic() < end, "it was made meanwhile"
        time.sleep(0.01)


def test_who_waits_for_the_database_leaves_a_thread_to_readers(site: Site) -> None:
    site.cache._places = Places(1)
    site.cache._free = ("/static/",)
    site.get()
    site.gate.clear()
    seeker = threading.Thread(target=lambda: site.get("/search/", query="q=b12"))
    seeker.start()
    while "/search/" not in site.asked:
        time.sleep(0.01)
    site.cache._places._moved_at -= places.PATIENCE
    start = time.monotonic()
    late = site.send("/articles/b12/feedback/", b"is_helpful=no&comment=What+I+wrote+for+an+hour")
    assert time.monotonic() - start < places.PATIENCE
    assert (late.status, late.headers["retry-after"], late.headers["cache-control"]) == (503, "30", "no-store")
    assert b"What I wrote for an hour</textarea>" in late.body
    assert b"data-disclaimer" in late.body
    assert "content-security-policy" in late.headers
    assert site.get("/topics/").status == 503, "nor is a page that would have to be made waited for"
    assert site.get().cache == "pages; hit"
    threading.Timer(0.05, site.gate.set).start()
    assert site.get("/static/nothing.css").status == 404, "what asks no database needs no place"
    seeker.join()
    assert site.get("/search/", query="q=b12").status == 200


@pytest.mark.parametrize("sent", [b"", b"------"])
def test_a_form_that_cannot_be_read_is_turned_away_too(site: Site, sent: bytes) -> None:
    site.cache._places = Places(1)
    with site.cache._places.place():
        site.cache._places._moved_at -= places.PATIENCE
        answer = site.send("/search/", sent, content_type="multipart/form-data; boundary=x")
    assert answer.status == 503


def test_what_is_said_without_django_is_safe_too(site: Site) -> None:
    site.get()
    for asked in ({"accept_encoding": "*;q=0"}, {"if_match": '"other"'}, {"host": ""}):
        answer = site.get(**asked)
        assert answer.status in {400, 406, 412}
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_the_log_says_once_that_pages_go_out_unchecked(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.get()
    site.cache._watcher.close()  # as if it waited for a table that is locked
    site.cache._watcher.looked_at -= 10
    assert [site.get().cache, site.get().cache] == ["pages; hit; detail=unchecked"] * 2
    assert caplog.text.count("the database does not answer (it is slow, or locked)") == 1


def test_a_fault_in_the_application_is_logged_and_answered(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raise ValueError("a fault")

    monkeypatch.setattr(site.cache, "application", broken)
    assert site.get().status == 500
    assert site.get("/topics/").status == 500


def test_what_says_nothing_of_what_it_shows_or_sets_a_cookie_is_not_kept(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for headers in ([("Set-Cookie", "a=b")], [("Vary", "Accept-Encoding, Cookie")], []):

        def answer(environ: dict[str, Any], start_response: Any, sent: Any = headers) -> list[bytes]:
            if sent:
                environ[SHOWN] = {"lists"}
            start_response("200 OK", [("Content-Type", "text/html"), *sent])
            return [b"x" * 300]

        monkeypatch.setattr(site.cache, "application", answer)
        site.get()
        assert site.get().cache == "pages; fwd=uri-miss"


def test_every_address_of_readers_is_answered_alike_with_and_without_it(site: Site) -> None:
    keys = Reference.objects.values_list("key", flat=True)
    lists = [
        reverse(name) for name in ("home", "topics", "a-to-z", "glossary", "references", "changes", "changes-feed", "sitemap")
    ]
    under = [PATH + end for end in ("visit/", "history/", "history/1/", "history/feed/", "standards/", "references.json")]
    for path in [*lists, *under, *(f"/references/{key}/" for key in keys), "/robots.txt", "/topics/vitamin-b12/feed/"]:
        plain = Client().get(path)
        site.get(path)
        kept = site.get(path)
        expected = b"".join(plain.streaming_content) if plain.streaming else plain.content  # type: ignore[attr-defined]
        assert (kept.status, kept.body) == (plain.status_code, expected), path
        assert kept.cache == ("" if path == "/sitemap.xml" else "pages; hit"), path


def test_pages_of_the_admin_and_drafts_are_never_kept(site: Site) -> None:
    user = make_user("Editors", username="erin")
    client = Client()
    client.force_login(user)
    article = make_article("draft", is_published=False)
    for path in (f"/admin/articles/article/{article.pk}/change/", "/articles/draft/", "/admin/"):
        answer: HttpResponse = client.get(path)  # type: ignore[assignment]
        assert SHOWN not in answer.wsgi_request.META  # type: ignore[attr-defined]
        site.get(path, cookie=f"sessionid={client.cookies['sessionid'].value}")
        site.get(path)
    assert len(site.cache.pages) == 0

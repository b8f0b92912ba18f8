"""A reader leaves no trace and carries none away: watched in a Chromium that finds a recording sink wherever it turns."""

import re
import socketserver
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import ARTICLE, PAGES, Site

FORM = f"{ARTICLE}feedback/"
VISITED = [*PAGES, "/topics/", "/references/", f"{ARTICLE}history/1/", FORM, f"{FORM}thanks/"]
LONG_ENOUGH = 2_100
"""Milliseconds after which the form believes that a person wrote."""

HINTS = "dns-prefetch, modulepreload, ping, preconnect, prefetch, preload, prerender".split(", ")
TRACING_HEADERS = {"set-cookie", "accept-ch", "alt-svc", "link", "nel", "report-to", "reporting-endpoints", "speculation-rules"}
KEPT = """async () => [document.cookie, window.name, localStorage.length, sessionStorage.length,
  (await indexedDB.databases()).length, (await caches.keys()).length,
  (await navigator.serviceWorker.getRegistrations()).length]"""
FOLLOW = """(link, isMarked) => {
  link.protocol = "http:";  // which the sink can read
  if (!isMarked) link.rel = "";
  link.click();
  return link.host;
}"""
STAMP = re.compile(rb'name="stamp" value="[^"]+"')


class Sink(socketserver.ThreadingTCPServer):
    """Where every foreign name leads. ``heard`` has the first bytes of each connection; all are answered alike."""

    daemon_threads = True

    def __init__(self) -> None:
        """Listen on a free port of this machine."""
        self.heard: list[bytes] = []
        super().__init__(("127.0.0.1", 0), Listener)


class Listener(socketserver.BaseRequestHandler):
    """Notes what is said, and answers with an empty page."""

    server: Sink

    def handle(self) -> None:
        """Read once, note it, answer."""
        self.server.heard.append(self.request.recv(65_536))
        self.request.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    """A sink that listens."""
    with Sink() as listening:
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        yield listening
        listening.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def watched(browser: Browser, chromium: str, sink: Sink) -> Iterator[Browser]:
    """A Chromium that takes the sink for every host but this machine, and for those that it calls itself whatever it shows."""
    its_own = ", ".join(f"MAP *.{host} ~NOTFOUND" for host in ("google.com", "googleapis.com", "gstatic.com", "gvt1.com"))
    rules = f"{its_own}, MAP * 127.0.0.1:{sink.server_address[1]}, EXCLUDE 127.0.0.1"
    launched = browser.browser_type.launch(executable_path=chromium, args=[f"--host-resolver-rules={rules}"])
    yield launched
    launched.close()


@dataclass
class Watch:
    """What one reader's browser asked for and was told."""

    context: BrowserContext
    hosts: set[str | None] = field(default_factory=set)
    told: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Listen from the start."""
        self.context.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname))
        self.context.on("response", lambda answer: self.told.setdefault(answer.url, set()).update(answer.all_headers()))

    def expect_nothing(self, page: Page) -> None:
        """Nothing foreign was asked for, nothing that could know the reader again was told or kept."""
        assert self.hosts == {"127.0.0.1"}
        for address, headers in self.told.items():
            assert sorted(headers & TRACING_HEADERS) == [], address
        assert page.evaluate(KEPT) == ["", "", 0, 0, 0, 0, 0], page.url
        assert self.context.storage_state(indexed_db=True) == {"cookies": [], "origins": []}, page.url


@pytest.fixture
def watch(watched: Browser, sink: Sink) -> Iterator[Watch]:
    """A reader who comes for the first time. What the sink heard before is forgotten."""
    sink.heard.clear()
    context = watched.new_context()
    yield Watch(context)
    context.close()


def read(page: Page) -> None:
    """Do on a page what readers do: look at all of it, ask for a word, see how it would print."""
    page.mouse.wheel(0, 50_000)
    for word in page.locator("button.term").all()[:3]:
        word.press("Enter")
        word.press("Enter")
    assert page.pdf()
    for hint in HINTS:
        assert not page.locator(f"[rel~='{hint}'], [{hint}]").count(), (page.url, hint)


def test_a_whole_visit_leaves_no_trace_and_asks_nobody_else(site: Site, watch: Watch, sink: Sink) -> None:
    page = watch.context.new_page()
    for kind in VISITED:
        page.goto(site.at(kind), wait_until="networkidle")
        read(page)
        watch.expect_nothing(page)
    for _step in range(3):
        page.go_back()
    page.go_forward()
    page.goto(site.at("home"))
    page.get_by_label("Search").fill("pins and needles")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("pins and needles")
    watch.expect_nothing(page)
    assert sink.heard == []

    page.goto("http://foreign.example/proof")  # The sink does hear what goes astray.
    assert b"Host: foreign.example" in b"".join(sink.heard)


def test_a_cookie_would_be_seen(site: Site, watch: Watch) -> None:
    """The sign-in of editors sets one: what finds nothing on readers' pages finds it."""
    page = watch.context.new_page()
    page.goto(site.at("/admin/login/"))
    with pytest.raises(AssertionError, match="set-cookie"):
        watch.expect_nothing(page)


def test_sending_the_form_leaves_no_trace(site: Site, watch: Watch, sink: Sink) -> None:
    page = watch.context.new_page()
    page.goto(site.at(ARTICLE))
    page.locator(f"a[href='{FORM}']").click()
    page.get_by_role("radio", name="Yes").check()
    page.get_by_role("textbox", name="What was missing").fill("Sent to see what it leaves behind.")
    page.wait_for_timeout(LONG_ENOUGH)
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_url(site.at(f"{FORM}thanks/"))
    watch.expect_nothing(page)
    page.go_back()
    page.go_forward()
    watch.expect_nothing(page)
    assert sink.heard == []


@pytest.mark.parametrize("is_marked", [True, False])
def test_a_link_that_leads_away_does_not_say_from_where(site: Site, watch: Watch, sink: Sink, is_marked: bool) -> None:
    """So it is by ``rel`` on the link, and by the page's policy if a link should lack it."""
    page = watch.context.new_page()
    for kind in ("article", "/references/SCD-2006/"):
        page.goto(site.at(kind))
        link = page.locator("main a[rel~=external]").first
        sink.heard.clear()
        host = str(link.evaluate(FOLLOW, is_marked))
        page.wait_for_url(lambda url, host=host: urlsplit(url).hostname == host)  # type: ignore[misc]
        asked = sink.heard[0]
        assert b"Host: " + host.encode() in asked
        assert b"referer:" not in asked.lower()
        assert b"127.0.0.1" not in b"".join(sink.heard)


def ask(address: str) -> tuple[bytes, str | None]:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read(), answer.headers["ETag"]


@pytest.mark.parametrize("kind", [kind for kind in VISITED if kind not in {"404", "500"}])
def test_two_readers_are_told_the_same(site: Site, kind: str) -> None:
    """Nothing in a page or its headers tells one reader from another."""
    address = site.at(kind)
    for _attempt in range(30):  # The form says when it was asked for, to the second.
        if ask(address) == ask(address):
            return
        assert STAMP.search(ask(address)[0]), "only the form may differ, and only by its time"
    raise AssertionError(kind)

"""A page and its styles fit into the first flight of packets: 14,000 bytes, as Chromium loads them with nothing kept."""

import pytest
from playwright.sync_api import Response

from tests.browser.conftest import PAGES, Faults, NewContext, Site

MAX_BYTES = 14_000


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_with_its_styles_is_light(site: Site, new_context: NewContext, faults: Faults, kind: str) -> None:
    if kind.isdigit():
        faults.expected.append(f"console: Failed to load resource: the server responded with a status of {kind}")
    answers: list[Response] = []
    page = new_context().new_page()
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright takes no built-in
    page.goto(site.at(kind), wait_until="networkidle")
    counted = [answer for answer in answers if answer.request.resource_type in {"document", "stylesheet"}]
    assert len(counted) >= 2
    assert all(answer.headers["content-encoding"] == "br" for answer in counted)
    sizes = {answer.url: answer.request.sizes()["responseBodySize"] for answer in counted}
    assert sum(sizes.values()) <= MAX_BYTES, sizes

"""No text of a writer runs script: each hostile piece is rendered, opened in Chromium without any policy, and used."""

import pytest
from playwright.sync_api import Browser

from articles.text import render
from articles.text.problems import SourceError
from tests.browser.hostile import executions
from tests.data.hostile_markdown import HOSTILE

PIECES = [piece for pieces in HOSTILE.values() for piece in pieces]


def _render(piece: str) -> str | None:
    """Render a piece, or give None for one that is refused."""
    try:
        return str(render.render_markdown(piece))
    except SourceError:
        return None


def test_the_table_is_wide_and_deep() -> None:
    assert len(HOSTILE) >= 15
    assert min(len(set(pieces)) for pieces in HOSTILE.values()) >= 15


def test_hardly_a_piece_is_refused() -> None:
    """A piece that is refused shows nothing of the sanitiser."""
    refused = [piece for piece in PIECES if _render(piece) is None]
    assert len(refused) <= len(PIECES) / 10, refused


def test_nothing_runs(browser: Browser) -> None:
    rendered = sorted({_render(piece) or "" for piece in PIECES})  # many come out alike, and one of each is enough
    assert not [rendered[index] for index in executions(browser, rendered, str)]


def test_the_table_bites_when_nothing_is_sanitised(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "sanitize", lambda html: html)
    every_second = [html for html in map(_render, PIECES[::2]) if html]  # half of the table shows it in half the time
    assert len(executions(browser, every_second, str)) >= 200

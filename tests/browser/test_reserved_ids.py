"""Our list of names that a section may not take is that of the browser."""

from collections.abc import Callable

from playwright.sync_api import Page

from articles.text.reserved_ids import is_reserved

NAMES = """() => {
  const names = new Set();
  for (let holder of [window, document])
    for (; holder; holder = Object.getPrototypeOf(holder))
      for (const name of Object.getOwnPropertyNames(holder)) names.add(name);
  return [...names].filter((name) => /^[a-z]+$/.test(name));
}"""


def test_each_name_on_window_and_document_is_reserved(open_page: Callable[..., Page]) -> None:
    names = open_page("404").evaluate(NAMES)
    assert len(names) > 200
    assert not sorted(name for name in names if not is_reserved(name))

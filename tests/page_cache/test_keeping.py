"""Pages in bounded memory, and what changes make of them."""

import threading
import time

import pytest

from articles.page_cache.keeping import MAX_REMEMBERED, Change, Pages
from articles.page_cache.pages import RENEWALS, ROW_BYTES, Page

KB = 1024


def page(*keys: str, size: int = 100) -> Page:
    return Page("200 OK", [("Content-Type", "text/html")], b"x" * size, keys)


def keep(pages: Pages, path: str, *keys: str, size: int = 100) -> Page:
    made = page(*keys, size=size)
    assert pages.put(path, made, since=pages.moment)
    return made


def test_a_change_of_what_a_page_shows_has_it_made_anew_and_no_other() -> None:
    pages = Pages(100 * KB)
    first, second = keep(pages, "/a/", "article:1", "lists"), keep(pages, "/b/", "article:2")
    pages.note([Change(("article:1", "article:9"))])
    assert (first.is_fresh, second.is_fresh) == (False, True)
    assert pages.get("/a/") is first, "the old page is there for those who come while the new one is made"


def test_what_is_gone_is_not_there_a_moment_longer() -> None:
    pages = Pages(100 * KB)
    keep(pages, "/a/", "article:1")
    other = keep(pages, "/b/", "article:2")
    pages.note([Change(("article:1",), is_gone=True)])
    assert pages.get("/a/") is None
    assert pages.get("/b/") is other


def test_everything_may_change_at_once() -> None:
    pages = Pages(100 * KB)
    first = keep(pages, "/a/")
    pages.note([Change(None)])
    assert not first.is_fresh
    pages.note([Change(None, is_gone=True)])
    assert len(pages) == 0


def test_a_change_while_a_page_is_made_is_not_missed() -> None:
    pages = Pages(100 * KB)
    since, made = pages.moment, page("article:1")
    pages.note([Change(("article:1",))])
    assert pages.put("/a/", made, since=since)
    assert not made.is_fresh
    again = page("article:1")
    assert pages.put("/a/", again, since=pages.moment)
    assert again.is_fresh


def test_what_was_made_while_something_was_taken_from_readers_is_not_to_be_sent() -> None:
    pages = Pages(100 * KB)
    since = pages.moment
    pages.note([Change(("article:1",), is_gone=True)])
    assert not pages.put("/a/", page("article:1"), since=since)
    assert not pages.put("/b/", page("article:2"), since=since), "it may show the other in a way its keys do not tell yet"
    assert pages.put("/a/", page("article:1"), since=pages.moment)


def test_very_many_changes_do_not_fill_the_memory() -> None:
    pages = Pages(100 * KB)
    since = pages.moment
    for start in range(0, MAX_REMEMBERED + 2000, 1000):
        pages.note([Change(tuple(f"article:{number}" for number in range(start, start + 1000)))])
    pages.note([Change(("article:1",))])
    assert len(pages._changed) <= MAX_REMEMBERED
    assert not pages.put("/a/", page("article:7"), since=since)


def test_the_longest_unused_go_first() -> None:
    pages = Pages(8 * (4 * KB))
    for number in range(8):
        keep(pages, f"/{number}/", size=4 * KB - ROW_BYTES)
    assert (len(pages), pages.evictions) == (8, 0)
    for number in range(1, 8):
        pages._pages[f"/{number}/"].is_used = number % 2 == 1
    pages._pages["/0/"].is_used = False
    keep(pages, "/new/", size=4 * KB - ROW_BYTES)
    assert pages.get("/0/") is None
    keep(pages, "/newer/", size=4 * KB - ROW_BYTES)
    assert pages.get("/2/") is None
    assert pages.get("/1/") is not None
    assert pages.evictions == 2
    assert pages.size <= pages.max_bytes


def test_a_page_that_would_fill_the_memory_is_sent_and_not_kept() -> None:
    pages = Pages(100 * KB)
    keep(pages, "/a/", size=10)
    assert pages.put("/a/", page(size=50 * KB), since=0)
    assert pages.get("/a/") is None
    assert (len(pages), pages.size) == (0, 0)


def test_each_encoding_counts() -> None:
    pages = Pages(100 * KB)
    made = keep(pages, "/a/", size=8 * KB)
    before = pages.size
    made.prepare("gzip")
    pages.recount("/a/", made)
    assert pages.size > before
    pages.drop("/a/")
    assert pages.size == 0


def test_old_pages_are_made_anew_in_any_case() -> None:
    pages = Pages(100 * KB)
    made = keep(pages, "/a/")
    pages.age(made.made_at)
    assert made.is_fresh
    pages.age(time.monotonic() + 1)
    assert not made.is_fresh


def test_a_page_that_changes_again_and_again_is_due_once_a_second_while_it_is_asked_for() -> None:
    pages = Pages(100 * KB)
    made = keep(pages, "/a/", "article:1")
    for times in range(RENEWALS):
        pages.note([Change(("article:1",))])
        assert not made.changes_often(), times
        made = keep(pages, "/a/", "article:1")
    assert made.changes_often()
    now = time.monotonic()
    assert pages.find_due(now) == [], "it shows what is so"
    pages.note([Change(("article:1",))])
    assert pages.find_due(now) == [], "nobody has asked for it"
    made.is_used = True
    assert pages.find_due(made.made_at) == [], "it has just been made"
    assert pages.find_due(now) == ["/a/"]
    made.try_again_at = now + 10
    assert pages.find_due(now) == [], "it has just failed"
    made.try_again_at, made.renewals = 0.0, (now - 100, now, now)
    assert pages.find_due(now) == [], "the changes lie far apart"


def test_a_page_that_stays_is_compressed_as_well_as_can_be_once() -> None:
    pages = Pages(1000 * KB)
    text = " ".join(f"word{number * number}" for number in range(4000)).encode()
    made = Page("200 OK", [("Content-Type", "text/html")], text, ())
    pages.put("/a/", made, since=0)
    fast = made.prepare("br")
    later = time.monotonic() + 1
    assert pages.make_one_smaller(later)
    assert len(made.ready["br"].body[0]) < len(fast.body[0])
    assert made.ready["br"].tag != fast.tag
    assert not pages.make_one_smaller(later)


@pytest.mark.parametrize("_round", range(3))
def test_many_threads_at_once_leave_the_sums_right(_round: int) -> None:
    pages = Pages(60 * KB)

    def work(seed: int) -> None:
        for number in range(300):
            path = f"/{(number * seed) % 23}/"
            found = pages.get(path)
            if found is None:
                pages.put(path, page(f"article:{number % 5}", size=(number * seed) % 4000), since=pages.moment)
            else:
                found.is_used = True
                found.prepare("gzip")
                pages.recount(path, found)
            if number % 40 == 0:
                pages.note([Change((f"article:{number % 5}",), is_gone=number % 80 == 0)])

    threads = [threading.Thread(target=work, args=(seed,)) for seed in (3, 5, 7, 11)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pages.size == sum(pages._sizes.values()) <= pages.max_bytes
    assert set(pages._sizes) == set(pages._pages)
    assert {path for paths in pages._paths.values() for path in paths} <= set(pages._pages)

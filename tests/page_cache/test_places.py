"""So many requests get a place and no more; who would wait in vain is told at once."""

import threading
import time

import pytest

from articles.page_cache import places
from articles.page_cache.places import PATIENCE, Places


def has_place(there: Places) -> bool:
    """Come and go; tells whether there was a place."""
    with there.place() as found:
        return found


def test_each_request_gets_a_place_until_all_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "PATIENCE", 0.05)
    two = Places(2)
    with two.place() as first:
        assert first
        with two.place() as second:
            assert second
            assert not has_place(two)
        assert has_place(two), "who was turned away took none along"


def test_a_place_is_free_again_after_a_fault() -> None:
    one = Places(1)
    with pytest.raises(ValueError, match="a fault"), one.place():
        raise ValueError("a fault")
    assert has_place(one)


def test_a_request_waits_for_a_place_that_gets_free() -> None:
    one = Places(1)
    came = threading.Event()
    found: list[bool] = []

    def come() -> None:
        came.set()
        found.append(has_place(one))

    late = threading.Thread(target=come)
    with one.place():
        late.start()
        assert came.wait(5)
        time.sleep(0.05)
        assert not found
    late.join()
    assert found == [True]


@pytest.mark.parametrize("late", ["_moved_at", "_took"])
def test_nobody_waits_where_others_take_long(late: str) -> None:
    one = Places(1)
    with one.place():
        setattr(one, late, one._moved_at - PATIENCE if late == "_moved_at" else PATIENCE)
        start = time.monotonic()
        assert not has_place(one)
        assert time.monotonic() - start < PATIENCE / 2
    assert has_place(one), "once there is a place again, all is as before"
    with one.place():
        assert one._took < PATIENCE


def test_the_log_says_it_once(caplog: pytest.LogCaptureFixture) -> None:
    one = Places(1)
    with one.place():
        one._took = PATIENCE
        assert [has_place(one), has_place(one)] == [False, False]
    assert caplog.text.count("too many requests wait for the database") == 1

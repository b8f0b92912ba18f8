"""Who makes a page gives way to readers, and nobody else does."""

import threading
import time

import pytest
from django.db import connection

from articles.page_cache import beside
from articles.page_cache.beside import TURN, give_way, giving_way, in_turns
from tests import greenlets

MAKING = """
from articles.page_cache.beside import TURN, giving_way, in_turns

def work():
    for _step in in_turns(range(50)):
        end = time.monotonic() + 2 * TURN
        while time.monotonic() < end:
            pass

before = turns
with giving_way():
    work()
print(turns - before)
before = turns
work()
print(turns - before)
"""


def busy(made: int = 0) -> int:
    """Work for longer than a turn; gives what was made."""
    end = time.monotonic() + 2 * TURN
    while time.monotonic() < end:
        pass
    return made


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Tell how long this thread has given way, each time; it goes on at once."""
    made: list[float] = []
    here = threading.get_ident()
    sleep = time.sleep

    def note(seconds: float) -> None:
        if threading.get_ident() == here:
            made.append(seconds)
        else:
            sleep(seconds)

    monkeypatch.setattr(beside.time, "sleep", note)
    return made


def test_greenlets_are_served_while_a_page_is_made() -> None:
    meanwhile, without = greenlets.run(MAKING)
    assert meanwhile >= 25, "it gives way fifty times"
    assert without <= 1


@pytest.mark.django_db
def test_a_page_gives_way_after_its_queries_and_between_its_rows(pauses: list[float]) -> None:
    with giving_way():
        for _time in range(3):
            busy()
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        assert len(pauses) == 3
        assert list(in_turns(map(busy, range(4)))) == [0, 1, 2, 3]
    assert len(pauses) == 7
    assert set(pauses) == {beside.PAUSE}


@pytest.mark.django_db
def test_elsewhere_nobody_waits(pauses: list[float]) -> None:
    with pytest.raises(RuntimeError), giving_way():
        raise RuntimeError
    busy()
    give_way()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert list(in_turns(map(busy, range(2)))) == [0, 1]
    assert pauses == []

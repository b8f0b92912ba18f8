"""Who makes a page gives way to readers, and nobody else does."""

import subprocess
import sys
import threading
import time

import pytest
from django.db import connection

from articles.page_cache import beside
from articles.page_cache.beside import TURN, give_way, giving_way, in_turns

IN_GREENLETS = """
from gevent import monkey
monkey.patch_all()
import threading, time
import django
django.setup()
from articles.page_cache.beside import TURN, giving_way, in_turns

ticks = []
is_done = threading.Event()

def tick():
    while not is_done.is_set():
        ticks.append(time.monotonic())
        time.sleep(0.0001)

def work():
    for _step in in_turns(range(50)):
        end = time.monotonic() + 2 * TURN
        while time.monotonic() < end:
            pass

ticking = threading.Thread(target=tick)
ticking.start()
time.sleep(0.01)
work()
alone = len(ticks)
with giving_way():
    work()
print(len(ticks) - alone)
before = len(ticks)
work()
print(len(ticks) - before)
is_done.set()
ticking.join()
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
    done = subprocess.run([sys.executable, "-c", IN_GREENLETS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    meanwhile, without = map(int, done.stdout.split())
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

"""Compressing, and what goes on meanwhile."""

import subprocess
import sys

IN_GREENLETS = """
from gevent import monkey
monkey.patch_all()
import threading, time
import django
django.setup()
from articles.page_cache.compressing import compress

ticks = []
is_done = threading.Event()

def tick():
    while not is_done.is_set():
        ticks.append(time.monotonic())
        time.sleep(0.001)

ticking = threading.Thread(target=tick)
ticking.start()
words = " ".join(str(number * number) for number in range(20_000)).encode()
for _time in range(3):
    assert len(compress(words, "br", is_best=True)) < len(words) / 2
is_done.set()
ticking.join()
print(len(ticks))
"""


def test_a_gevent_worker_goes_on_while_a_page_is_compressed() -> None:
    done = subprocess.run([sys.executable, "-c", IN_GREENLETS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10, "greenlets that wait for it run three times or less"

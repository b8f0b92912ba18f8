"""What goes on in a gevent worker while one greenlet works: another counts how often it has its turn."""

import subprocess
import sys

SCRIPT = """
from gevent import monkey
monkey.patch_all()
import threading, time
import django
django.setup()

turns = 0
is_done = threading.Event()

def count():
    global turns
    while not is_done.is_set():
        turns += 1
        time.sleep(0.0001)

counting = threading.Thread(target=count)
counting.start()
time.sleep(0.01)
{work}
is_done.set()
counting.join()
"""


def run(work: str) -> list[int]:
    """Run lines of Python in a process of greenlets; gives the numbers they print. ``turns`` counts those of another greenlet."""
    done = subprocess.run([sys.executable, "-c", SCRIPT.format(work=work)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [int(number) for number in done.stdout.split()]

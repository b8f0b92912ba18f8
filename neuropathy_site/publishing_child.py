"""The one process beside gunicorn's workers, which publishes what is due: started, started again when it died, stopped.

gunicorn's own process holds no connection to the database: workers would inherit it. The state is kept here since gunicorn
reads its configuration anew when it reloads, and then forgets what stood in there.
"""

import signal
import subprocess
import sys
from typing import Any

from neuropathy_site.settings import BASE_DIR

PAUSE = 2
"""Seconds after which a look is taken whether it lives."""

PATIENCE = 10
"""Seconds that it may take to end what it is at."""

_child: "subprocess.Popen[bytes] | None" = None


def keep_running() -> None:
    """Start the child, and see every few seconds that it lives."""
    _start()
    signal.signal(signal.SIGALRM, _look)
    signal.setitimer(signal.ITIMER_REAL, PAUSE, PAUSE)  # a forked worker inherits no timer


def stop() -> None:
    """End the child and wait for its end."""
    global _child  # noqa: PLW0603 - there is one
    signal.setitimer(signal.ITIMER_REAL, 0)
    child, _child = _child, None
    if child is None:
        return
    child.terminate()
    try:
        child.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    _let_go(child)


def forget() -> None:
    """Let go of the child in a worker, which inherited it and is not to keep it alive or wait for it."""
    global _child  # noqa: PLW0603 - there is one
    child, _child = _child, None
    if child is not None:
        child.returncode = 0  # another process is waiting for it
        _let_go(child)


def _start() -> None:
    global _child  # noqa: PLW0603 - there is one
    _child = subprocess.Popen(
        [sys.executable, "manage.py", "publish_scheduled", "--forever", "--until-eof"],
        cwd=BASE_DIR,
        stdin=subprocess.PIPE,  # ends with this process, however that ends, and the child with it
        start_new_session=True,  # Ctrl-C is for this process, which then stops the child
    )


def _look(_number: int, _frame: Any) -> None:
    if _child is not None and _child.poll() is not None:
        _let_go(_child)
        _start()


def _let_go(child: "subprocess.Popen[bytes]") -> None:
    assert child.stdin is not None
    child.stdin.close()

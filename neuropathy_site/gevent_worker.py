"""gunicorn's gevent worker as this site needs it: patched before the fork, and no client may stall without limit.

The worker waits for thousands of clients at a time, so it may stand on a port with no proxy in front.
"""

from typing import Any

from gevent import monkey, sleep, socket
from gunicorn.workers.base_async import AsyncWorker
from gunicorn.workers.ggevent import GeventWorker

CLIENT_SECONDS = 60
"""Seconds after which a client is given up that neither sends the rest of its form nor takes the rest of its answer."""


def patch_early() -> None:
    """Have the standard library wait without blocking. To be called before Django is imported.

    Django keeps a database connection for each thread. What it keeps them in is made when it is imported, so with threads patched
    later (gunicorn does it in the worker, after the preload) all greenlets of a worker would share one connection. Left alone is
    what gunicorn's own process works with: its signals, the queue they wait in, the processes it starts.
    """
    if not monkey.is_module_patched("threading"):  # gunicorn reads its configuration again when it reloads
        monkey.patch_all(os=False, signal=False, subprocess=False, queue=False)


class Worker(GeventWorker):
    """A worker whose greenlets share nothing but the memory of the process."""

    sockets: list[Any]

    def patch(self) -> None:
        """Do what is left to do in a worker."""
        monkey.patch_queue()
        self.sockets = [socket.socket(each.FAMILY, socket.SOCK_STREAM, fileno=each.sock.detach()) for each in self.sockets]

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        """Serve one connection. gunicorn limits the wait for a request (``keepalive``), but not for its body or the answer."""
        client.settimeout(CLIENT_SECONDS)
        AsyncWorker.handle(self, listener, client, addr)

    def handle_request(self, *request: Any) -> None:
        """Answer one request, then let others be served: a client that asks again at once would else be served alone."""
        super().handle_request(*request)
        sleep(0)

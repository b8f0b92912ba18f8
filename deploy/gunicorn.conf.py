"""How gunicorn serves the site; ``make serve`` and the deployment both use this file."""

import logging
import os
from typing import Any

from gunicorn.arbiter import Arbiter

from neuropathy_site import publishing_child
from neuropathy_site.private_log import hide_links
from neuropathy_site.settings import HOST, PORT, SCHEDULER, WEB_CONCURRENCY

_address = f"[{HOST}]:{PORT}" if ":" in HOST else f"{HOST}:{PORT}"

wsgi_app = "neuropathy_site.wsgi:application"
bind = _address
workers = WEB_CONCURRENCY
worker_class = "gthread"
threads = 4
keepalive = 75  # seconds; longer than the proxy's, so that it is the proxy that ends a quiet connection
preload_app = True  # workers share the memory of what is loaded before they part
control_socket_disable = True
accesslog = None  # it would name readers and what they read, and costs a third of the speed
loglevel = "warning"
forwarded_allow_ips = ""  # Django reads the proxy's header itself, when TRUST_PROXY says so
if os.path.isdir("/dev/shm"):  # noqa: S108 - a folder in memory: the workers' sign of life must not wait for a disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def hide_readers(record: logging.LogRecord) -> bool:
    """Keep readers' addresses, search words and links to drafts out of the log. Gives False for what is not to be written."""
    if str(record.msg).startswith("Error handling request") and isinstance(record.args, tuple):
        record.args = tuple(hide_links(str(argument).partition("?")[0]) for argument in record.args)
    return not str(record.msg).startswith("Invalid request from ip=")


def on_starting(server: Arbiter) -> None:
    """Guard gunicorn's log before the first worker inherits it."""
    server.log.error_log.addFilter(hide_readers)


def when_ready(server: Arbiter) -> None:
    """Start the process that publishes at the times set, and say where the site is."""
    if SCHEDULER:
        publishing_child.keep_running()
    print(f"The site is at http://{_address}/ - Ctrl-C stops it", flush=True)


def post_fork(server: Arbiter, worker: Any) -> None:
    """Leave that process to gunicorn's own."""
    publishing_child.forget()


def on_exit(server: Arbiter) -> None:
    """Stop that process."""
    publishing_child.stop()

"""How gunicorn serves the site; ``make serve`` and the deployment both use this file."""

import importlib.util
import logging
import os
import resource
import sys
from typing import Any

from gunicorn.arbiter import Arbiter

if os.environ.get("WORKER_CLASS", "").strip() != "gthread":  # an odd value stops the start below
    from neuropathy_site.gevent_worker import patch_early

    patch_early()  # before the first line of Django, and the settings import some

from neuropathy_site import early_stops, publishing_child
from neuropathy_site.environment import in_brackets
from neuropathy_site.private_log import hide_links
from neuropathy_site.settings import HOST, PLACES, PORT, SCHEDULER, THREADS, WEB_CONCURRENCY, WORKER_CLASS
from neuropathy_site.warming import use_one_heap, warm

_address = f"{in_brackets(HOST)}:{PORT}"
_is_naked = WORKER_CLASS == "gevent"  # else a proxy stands in front, which takes in slow clients

wsgi_app = "neuropathy_site.wsgi:application"
bind = _address
backlog = 2048
workers = WEB_CONCURRENCY
worker_class = "neuropathy_site.gevent_worker.Worker" if _is_naked else "gthread"
threads = THREADS  # of gthread
# Clients at a time and worker, those that keep a quiet connection included; gevent needs some 20 KB for each.
worker_connections = PLACES if _is_naked else 1000
# Seconds that a quiet connection is kept, or a client may take to send its request; a proxy's are its own, and it is to end them.
keepalive = 10 if _is_naked else 75
graceful_timeout = 30  # seconds for what is being answered when a worker is to stop; longer than naked connections are kept
limit_request_line = 4094
limit_request_fields = 60  # browsers send some 20
limit_request_field_size = 8190
preload_app = True  # workers share the memory of what is loaded before they part
# `auto` would fall back in silence; `make serve` says which parser it could install.
http_parser = "fast" if importlib.util.find_spec("gunicorn_h1c") else "python"
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
    has_given_up = record.exc_info is not None and isinstance(record.exc_info[1], TimeoutError)  # a client that stalled
    return not has_given_up and not str(record.msg).startswith("Invalid request from ip=")


def on_starting(server: Arbiter) -> None:
    """Guard gunicorn's log before the first worker inherits it, and warm what they are to share."""
    server.log.error_log.addFilter(hide_readers)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # each client is an open file
    use_one_heap()
    warm(server.app.wsgi())


def when_ready(server: Arbiter) -> None:
    """Start the process that publishes at the times set, and say where the site is."""
    if SCHEDULER:
        publishing_child.keep_running()
    print(f"The site is at http://{_address}/ - Ctrl-C stops it", flush=True)


def pre_fork(server: Arbiter, worker: Any) -> None:
    """Let no signal get lost on the way to a worker."""
    early_stops.hold()


def post_fork(server: Arbiter, worker: Any) -> None:
    """Leave the process that publishes to gunicorn's own."""
    publishing_child.forget()
    early_stops.heed()
    sys.setswitchinterval(0.0005)  # seconds; a reader whose page is ready waits so long at most for a thread that makes another


def on_exit(server: Arbiter) -> None:
    """Stop that process."""
    publishing_child.stop()

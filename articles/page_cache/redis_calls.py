"""Calls to other hosts over Redis, which may go away and come back."""

import logging
import threading
import time
from collections.abc import Callable

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

from articles.page_cache.calls import Calls

PATIENCE = 0.5
"""Seconds that whoever publishes waits for Redis, at most."""
PAUSE = 2.0
"""Seconds until it is tried again."""

logger = logging.getLogger(__name__)


class RedisCalls(Calls):
    """Calls on a channel of the Redis that CACHE_URL names, one channel a site."""

    def __init__(self) -> None:
        self._url = str(settings.CACHES["default"]["LOCATION"])
        self._channel = f"pages:{settings.SITE['url']}"
        self._speaker = Redis.from_url(self._url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        self._is_closed = threading.Event()
        self._thread: threading.Thread | None = None

    def call(self) -> None:
        """Call once. Redis forgets it: who does not listen is told when they listen again."""
        try:
            self._speaker.publish(self._channel, b"")
        except RedisError as error:
            logger.warning("Redis does not answer (%s): other hosts show changes a moment later", error)

    def listen(self, on_call: Callable[[], None]) -> None:
        """Start listening."""
        self._thread = threading.Thread(target=self._listen, args=(on_call,), name="page-calls", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening, within a second or two."""
        self._is_closed.set()
        if self._thread is not None:
            self._thread.join()
        self._speaker.close()

    def _listen(self, on_call: Callable[[], None]) -> None:
        while not self._is_closed.is_set():
            try:
                self._listen_once(on_call)
            except RedisError:  # who calls says so in the log
                time.sleep(PAUSE)

    def _listen_once(self, on_call: Callable[[], None]) -> None:
        with (
            Redis.from_url(self._url, socket_connect_timeout=PATIENCE, health_check_interval=30) as client,
            client.pubsub() as ear,
        ):
            ear.subscribe(self._channel)
            on_call()  # for what was said while nobody listened
            while not self._is_closed.is_set():
                if ear.get_message(ignore_subscribe_messages=True, timeout=1):
                    on_call()

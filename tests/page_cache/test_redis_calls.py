"""Calls between hosts over a real Redis, which is stopped and started again."""

import os
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from articles.page_cache.redis_calls import RedisCalls
from tests.processes import free_port, redis

pytestmark = pytest.mark.skipif(
    not os.environ.get("CI") and not shutil.which("redis-server"), reason="redis-server is not installed"
)


def test_a_call_is_heard_by_all_and_after_a_pause_of_redis_too(
    tmp_path: Path, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    settings.CACHES = {"default": {"LOCATION": f"redis://127.0.0.1:{port}/0"}}
    speaker, hosts = RedisCalls(), [RedisCalls(), RedisCalls()]
    heard = [threading.Event() for _host in hosts]
    with redis(tmp_path, port):
        for host, event in zip(hosts, heard, strict=True):
            host.listen(event.set)
        assert all(event.wait(5) for event in heard), "who begins to listen may have missed something"
        for event in heard:
            event.clear()
        speaker.call()
        assert all(event.wait(5) for event in heard)
    for event in heard:
        event.clear()
    speaker.call()
    assert "other hosts show changes a moment later" in caplog.text
    with redis(tmp_path, port):
        assert all(event.wait(10) for event in heard)
        for one in (speaker, *hosts):
            one.close()

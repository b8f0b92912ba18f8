"""gunicorn's log says neither who asked nor what they searched for or wrote."""

import logging
import os
import runpy
from pathlib import Path
from unittest.mock import patch

import pytest

with patch.dict(os.environ, WORKER_CLASS="gthread"):  # for gevent it would patch the threads of the tests
    CONFIGURATION = runpy.run_path(str(Path(__file__).parents[2] / "deploy" / "gunicorn.conf.py"))


def record(message: str, *arguments: str) -> logging.LogRecord:
    return logging.LogRecord("gunicorn.error", logging.ERROR, __file__, 1, message, arguments, None)


def test_no_list_of_requests_is_written() -> None:
    assert CONFIGURATION["accesslog"] is None


@pytest.mark.parametrize("message", ["Error handling request %s", "Error handling request %s %s"])
def test_a_fault_is_logged_without_search_words(message: str) -> None:
    arguments = ["POST"][: message.count("%s") - 1] + ["/search/?q=numb+feet"]
    fault = record(message, *arguments)
    assert CONFIGURATION["hide_readers"](fault)
    assert fault.getMessage().endswith("/search/")


def test_a_fault_is_logged_without_the_secret_of_a_link_to_a_draft() -> None:
    fault = record("Error handling request %s", "/preview/mT0k-en_mT0k-en_/")
    assert CONFIGURATION["hide_readers"](fault)
    assert fault.getMessage().endswith("/preview/.../")


def test_an_odd_request_is_not_logged_since_its_address_would_be() -> None:
    assert not CONFIGURATION["hide_readers"](record("Invalid request from ip=203.0.113.7: odd"))
    assert CONFIGURATION["hide_readers"](record("Worker exiting"))


def test_a_client_that_stalls_is_not_logged() -> None:
    stalled = record("Socket error processing request.")
    stalled.exc_info = (TimeoutError, TimeoutError("timed out"), None)
    assert not CONFIGURATION["hide_readers"](stalled)

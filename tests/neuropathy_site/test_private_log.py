"""A page that fails does not write the secret of a link to a draft into the log."""

import logging
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from neuropathy_site.private_log import HideLinks, hide_links

TOKEN = "mT0k-en_" * 5


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"Internal Server Error: /preview/{TOKEN}/", "Internal Server Error: /preview/.../"),
        (f"GET /preview/{TOKEN}?x=1", "GET /preview/...?x=1"),
        (
            "Internal Server Error: /admin/articles/article/3/preview/",
            "Internal Server Error: /admin/articles/article/3/preview/",
        ),
        ("Internal Server Error: /search/", "Internal Server Error: /search/"),
    ],
)
def test_the_secret_is_taken_out_and_the_rest_stays(said: str, kept: str) -> None:
    assert hide_links(said) == kept


def test_a_message_is_mended_before_it_is_written() -> None:
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "%s: %s", ("Fault", f"/preview/{TOKEN}/"), None)
    assert HideLinks().filter(record)
    assert record.getMessage() == "Fault: /preview/.../"


def test_the_log_has_the_filter_at_its_one_handler() -> None:
    log: Any = settings.LOGGING
    assert log["handlers"].keys() == {"stderr"}
    assert log["handlers"]["stderr"]["filters"] == ["links"]
    assert log["filters"]["links"]["()"] == "neuropathy_site.private_log.HideLinks"


def test_a_fault_behind_a_link_names_no_secret() -> None:
    """Without the mark ``django_db`` the database refuses, as one that is down would."""
    written: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    handler = Kept()
    handler.addFilter(HideLinks())
    logging.getLogger("django.request").addHandler(handler)
    try:
        answer = Client(raise_request_exception=False).get(f"/preview/{TOKEN}/")
    finally:
        logging.getLogger("django.request").removeHandler(handler)
    assert answer.status_code == 500
    assert written
    assert "/preview/.../" in written[0]
    assert TOKEN not in "".join(written)

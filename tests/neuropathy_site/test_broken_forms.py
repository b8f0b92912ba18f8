"""Clients that stall or go away over a form."""

import pytest
from django.test import Client

from tests.support import make_article, make_evidence, publish

pytestmark = pytest.mark.django_db


class Stalled:
    """A body that does not come."""

    def read(self, size: int = -1) -> bytes:
        raise TimeoutError("timed out")

    readline = read


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize("path", ["/articles/b12/feedback/", "/admin/login/", "/search/"])
def test_a_form_that_does_not_arrive_is_no_fault_of_the_site(path: str, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    make_evidence()
    publish(make_article())
    body = {"CONTENT_TYPE": kind, "CONTENT_LENGTH": "100", "wsgi.input": Stalled(), "HTTP_SEC_FETCH_SITE": "same-origin"}
    answer = Client(raise_request_exception=False).generic("POST", path, **body)  # type: ignore[arg-type]
    assert 400 <= answer.status_code < 500
    assert not [record for record in caplog.records if record.levelname == "ERROR"]

"""HEAD."""

from typing import Any

from django.http import HttpResponse

from neuropathy_site.head_requests import drop_body


def test_head_has_the_headers_of_get_and_no_body(rf: Any) -> None:
    answer = drop_body(lambda request: HttpResponse(b"four", headers={"X-Kept": "1"}))(rf.head("/"))
    assert (answer.content, answer.headers["Content-Length"], answer.headers["X-Kept"]) == (b"", "4", "1")


def test_get_is_left_alone(rf: Any) -> None:
    assert drop_body(lambda request: HttpResponse(b"four"))(rf.get("/")).content == b"four"

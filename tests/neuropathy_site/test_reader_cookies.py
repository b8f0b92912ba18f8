"""Cookies."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/search/", "/api/v1/articles/", "/nothing/"])
@pytest.mark.parametrize("sent", ["csrftoken=bad", "sessionid=x"])
def test_readers_get_no_cookie_whatever_they_send(client: Client, path: str, sent: str) -> None:
    assert not client.get(path, headers={"Cookie": sent}).cookies


def test_the_admin_sets_its_own(client: Client) -> None:
    assert "csrftoken" in client.get("/admin/login/").cookies

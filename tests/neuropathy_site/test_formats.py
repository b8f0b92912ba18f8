"""How dates are written where no template says how."""

from datetime import date

import pytest
from django.test import Client
from django.utils.formats import localize

from tests.support import NOW, make_article, make_evidence, make_user


def test_dates_and_times_are_written_as_on_the_pages_for_readers() -> None:
    assert localize(date(2026, 11, 22)) == "22 November 2026"
    assert localize(NOW) == "22 November 2026, 09:30 UTC"


@pytest.mark.django_db
def test_the_admin_names_the_zone_of_its_times(client: Client) -> None:
    make_evidence()
    make_article()
    client.force_login(make_user("Editors"))
    assert "22 November 2026, 09:30 UTC" in client.get("/admin/articles/auditevent/").content.decode()

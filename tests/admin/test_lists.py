"""Lists of the admin and addresses that nobody's hand should have typed."""

import pytest
from django.test import Client

from tests.support import make_article, make_evidence, make_user

pytestmark = pytest.mark.django_db

LISTS = {
    "article": ["topic=%00", "kind__exact=%00", "topic=" + "x" * 5000],
    "auditevent": ["at__year=0", "at__year=-1", "at__year=1234567890123456789", "act=%00", "act__exact=%00"],
    "feedback": [
        "received_on__gte=%00",
        "received_on__gte=2026-02-30",
        "is_read__exact=%00",
        "publication__article__id__exact=9e9",
    ],
    "reference": ["design=%00", "design__exact=%00", "q=%00"],
    "glossaryterm": ["q=%00", "p=-1", "p=99999999999999999999", "o=%00", "e=1"],
    "notice": ["told_by__exact=%00", "found_at__year=0", "kind__exact=nonsense"],
}


@pytest.mark.parametrize(("name", "query"), [(name, query) for name, queries in LISTS.items() for query in queries])
def test_an_odd_filter_finds_the_whole_list_or_nothing(name: str, query: str, client: Client) -> None:
    make_evidence()
    make_article()
    client.force_login(make_user("Editors", "Publishers", username="erin"))
    answer = client.get(f"/admin/articles/{name}/?{query}", follow=True)
    assert answer.status_code == 200

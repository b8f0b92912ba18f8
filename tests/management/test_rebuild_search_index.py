"""The command that makes the search's index anew."""

import pytest
from django.core.management import call_command

from articles.models import SearchEntry
from articles.search import search
from tests.support import make_article, make_evidence

pytestmark = pytest.mark.django_db


def test_the_index_is_made_anew(capsys: pytest.CaptureFixture[str]) -> None:
    make_evidence()
    make_article()
    before = set(SearchEntry.objects.values_list("section_id", "body_words"))
    SearchEntry.objects.filter(section_id="nerve-regeneration").delete()
    assert not search("signals", language="en").hits
    call_command("rebuild_search_index")
    assert set(SearchEntry.objects.values_list("section_id", "body_words")) >= before
    assert "2 articles and words were indexed." in capsys.readouterr().out
    assert search("signals", language="en").hits

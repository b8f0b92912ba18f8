"""Rows of the search."""

import pytest
from django.db import IntegrityError

from articles.models import GlossaryTerm, SearchEntry, SearchSpelling
from tests.support import make_article, make_evidence

pytestmark = pytest.mark.django_db


def test_an_entry_is_of_an_article_or_of_a_word() -> None:
    with pytest.raises(IntegrityError, match="search_entry_of_an_article_or_a_word"):
        SearchEntry.objects.create(kind="term", version=1)


def test_rows_say_what_they_are_of() -> None:
    make_evidence()
    make_article()
    term = GlossaryTerm.objects.get(key="myelin")
    assert str(SearchEntry(term=term)) == "myelin"
    assert str(SearchEntry.objects.get(section_id="what-it-does")) == "Vitamin B12 and your nerves, What it does"
    assert str(SearchSpelling(spelling="mylin", right="myelin")) == "mylin: myelin"

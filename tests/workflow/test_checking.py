"""A text against the database."""

import pytest

from articles.text.problems import SourceError
from tests.support import TEXT, checked, make_article, make_evidence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def evidence() -> None:
    make_evidence()


def test_an_article_keeps_its_language() -> None:
    article = make_article()
    with pytest.raises(SourceError, match="`language` changed from en to es"):
        checked(TEXT.replace("topic:", "language: es\ntopic:"), article=article)


def test_a_former_address_in_use_is_refused() -> None:
    make_article("other")
    with pytest.raises(SourceError, match="the former address `other` is in use by “Vitamin B12 and your nerves”"):
        checked(TEXT.replace("topic:", "former_slugs: [other]\ntopic:"))

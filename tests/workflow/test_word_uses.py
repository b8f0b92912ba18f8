"""Which texts explain a word is known without reading them."""

import pytest

from articles import workflow
from articles.models import GlossaryTerm, Rendering, WordUse
from tests.support import TEXT, edit, make_article, make_evidence, publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def evidence() -> None:
    make_evidence()


def uses() -> list[tuple[int, str]]:
    return sorted(WordUse.objects.values_list("publication__number", "key"))


def test_each_publication_keeps_the_words_it_explains() -> None:
    article = make_article()
    edit(article, TEXT.replace("[myelin](glossary:myelin)", "myelin"))
    publish(article)
    assert uses() == [(1, "myelin")]
    assert set(Rendering.objects.values_list("has_uses", flat=True)) == {True}


def test_remaking_puts_them_right() -> None:
    article = make_article()
    WordUse.objects.update(key="other")
    Rendering.objects.update(renderer_version=0)
    assert workflow.remake_stale_renderings() == 1
    assert uses() == [(1, "myelin")]
    GlossaryTerm.objects.filter(key="myelin").update(explanation="another")
    assert workflow.remake_with_terms(["myelin"]) == 1
    assert workflow.remake_with_terms(["nothing"]) == 0
    article.refresh_from_db()


def test_those_of_old_code_are_stored_before_the_start() -> None:
    make_article("a")
    make_article("b")
    WordUse.objects.all().delete()
    Rendering.objects.filter(publication__article__slug="a").update(has_uses=False)
    assert workflow.store_missing_uses() == 1
    assert uses() == [(1, "myelin")]
    assert workflow.store_missing_uses() == 0

"""Topics, articles from A to Z, words, and what is new and changed."""

from datetime import timedelta

import pytest
from django.test import Client

from articles.models import Article, GlossaryTerm, Publication
from articles.views import lists
from tests.support import NOW, TEXT, bring_back, edit, make_article, make_evidence, publish, take_down, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def evidence() -> None:
    make_evidence()


def titled(slug: str, title: str, topic: str = "Vitamin B12", *, is_published: bool = True) -> None:
    text = TEXT.replace("Vitamin B12 and your nerves", title).replace("topic: Vitamin B12", f"topic: {topic}")
    make_article(slug, text, is_published=is_published)


@pytest.mark.parametrize("path", ["/topics/", "/articles/", "/changes/"])
def test_without_articles_a_list_says_so(path: str) -> None:
    assert "No article has been published yet." in words(path)


def test_a_glossary_without_words_says_so() -> None:
    assert "No published article explains a word yet." in words("/glossary/")


def test_topics_tell_how_many_articles_they_have() -> None:
    titled("a", "One")
    titled("b", "Two")
    titled("c", "Three", "Balance and falls")
    titled("d", "Four", "Hidden", is_published=False)
    html = words("/topics/")
    assert html.index("Balance and falls") < html.index("Vitamin B12</a>")
    assert "2 articles, last changed" in html
    assert "1 article, last changed" in html
    assert "Hidden" not in html


def test_articles_stand_under_their_letters() -> None:
    titled("a", "The zebra")
    titled("b", "An ankle")
    titled("c", "Élan")
    titled("d", "12 steps")
    html = words("/articles/")
    assert [html.index(f"<h2>{letter}</h2>") for letter in "#AEZ"] == sorted(
        html.index(f"<h2>{letter}</h2>") for letter in "#AEZ"
    )
    assert html.index("<h2>Z</h2>") < html.index("The zebra")
    assert '<a href="#letter-4">Z</a>' in html
    assert 'id="letter-4"' in html


def test_a_long_list_has_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "TITLES_PER_PAGE", 1)
    monkeypatch.setattr(lists, "CHANGES_PER_PAGE", 1)
    titled("a", "One")
    titled("b", "Two")
    for path in ("/articles/", "/changes/"):
        assert "Page 1 of 2" in words(path)
        second = words(f"{path}?page=2")
        assert "(2) – " in second
        assert f'{path}?page=2">' in second
        assert "Page 2 of 2" in words(f"{path}?page=nonsense2000".replace("nonsense", "99"))
    assert "Page 1 of 2" in words("/articles/?page=x")


def test_a_word_is_explained_with_its_source() -> None:
    GlossaryTerm.objects.filter(key="myelin").update(medical="myelin sheath", synonyms=["nerve coat"], source="PEOPLE-2020")
    GlossaryTerm.objects.create(key="hidden", term="hidden word", explanation="of a draft", source="RATS-1994")
    make_article()
    html = words("/glossary/")
    assert 'id="myelin"' in html
    assert "The layer around a nerve." in html
    assert "(myelin sheath)" in html
    assert "Also called: nerve coat" in html
    assert '<a class="kind" href="/references/PEOPLE-2020/">Source: A study of people</a>' in html
    assert "hidden word" not in html


def test_changes_are_told_with_their_reasons_the_newest_first() -> None:
    article = make_article()
    titled("other", "Another page")
    edit(article, TEXT.replace("The rats were injected", "The rats were injected once"))
    publish(article, now=NOW.replace(hour=12))
    html = words("/changes/")
    assert html.count('<h2><a href="/articles/') == 3
    assert html.index("/articles/b12/history/compare/?from=1&amp;to=2") < html.index("Another page")
    assert "First publication." in html
    assert 'href="feed/"' in html


def test_a_withheld_text_is_told_without_its_words() -> None:
    article = make_article()
    edit(article, TEXT.replace("The rats were injected", "The rats were injected once"))
    publish(article, now=NOW.replace(hour=12))
    article.publications.filter(number=1).update(withheld_at=NOW, withheld_reason="It named somebody.", note="Secret note.")
    html = words("/changes/")
    assert "It named somebody." in html
    assert "Secret note." not in html
    assert "history/compare/" not in html


def test_lists_ask_a_fixed_number_of_questions(django_assert_max_num_queries) -> None:
    for number in range(12):
        titled(f"a{number}", f"Title {number}")
    for path in ("/topics/", "/articles/", "/changes/", "/glossary/"):
        with django_assert_max_num_queries(6):
            Client().get(path)


def test_changes_tell_that_an_article_was_taken_down_and_back_in_one_entry() -> None:
    article = make_article()
    gone = take_down(article, "A <study> was made up.", NOW + timedelta(days=1))
    html = words("/changes/")
    assert html.count("<h2>") == html.count("Taken down</b>") == 1
    assert "Taken down on 23 November 2026: A &lt;study&gt; was made up." in html
    assert "rats" not in html
    bring_back(gone, NOW + timedelta(days=2))
    html = words("/changes/")
    assert html.index("Back</b>") < html.index("Back on 24 November 2026.") < html.index("New</b>")


def test_a_withdrawal_stands_on_the_page_of_changes_of_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "CHANGES_PER_PAGE", 2)
    make_article("gone")
    for day in range(1, 6):
        titled(f"a{day}", f"Number {day}")
        Publication.objects.filter(article__slug=f"a{day}").update(published_at=NOW + timedelta(days=day))
    take_down(Article.objects.get(slug="gone"), now=NOW + timedelta(days=3, hours=1))
    pages = [words(f"/changes/?page={number}") for number in (1, 2, 3)]
    assert ["Taken down" in html for html in pages] == [False, True, False]
    assert pages[1].index("Number") > pages[1].index("Taken down")

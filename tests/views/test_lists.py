"""Topics, articles from A to Z, words, and what is new and changed."""

import re
from collections.abc import Iterator
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
    newest, other = Publication.objects.order_by("-pk")
    Publication.objects.filter(pk=newest.pk).update(published_at=NOW + timedelta(days=1))
    for path, mark, label in (("/articles/", "a", "Two"), ("/changes/", str(newest.pk), "22 November 2026")):
        assert f'rel="next" href="?after={mark}"' in words(path)
        second = words(f"{path}?after={mark}")
        assert f"(from {label}) – " in second
        assert f'{path}?after={mark}">' in second
        assert 'rel="next"' not in second
        assert f'<a href="{path}">First page</a>' in second
        assert Client().get(f"{path}?page=2").headers["Location"] == f"{path}?after={mark}"
        for odd in ("page=99", "page=123456789", "after=nothing", "before=99999999999999999999", "after=%00"):
            answer = Client().get(f"{path}?{odd}")
            assert (answer.status_code, answer.headers.get("Location")) in {(302, path), (200, None)}, odd
    assert "One" in words("/articles/?page=x")


def test_pages_lead_forth_and_back_through_all_of_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "CHANGES_PER_PAGE", 2)
    for number in range(7):
        titled(f"a{number}", f"Number {number}")
    shown = [re.findall(r"Number \d", html) for html in walk("/changes/", "next")]
    assert [len(part) for part in shown] == [2, 2, 2, 1]
    assert sorted({title for part in shown for title in part}) == [f"Number {number}" for number in range(7)]
    last = Publication.objects.order_by("published_at", "pk").values_list("pk", flat=True)[0]
    back = [re.findall(r"Number \d", html) for html in walk(f"/changes/?before={last}", "prev")]
    assert back == [shown[2], shown[1], shown[0]]


def walk(path: str, way: str) -> Iterator[str]:
    while True:
        html = Client().get(path, follow=True).content.decode()
        yield html.partition("<main")[2]
        found = re.search(rf'rel="{way}" href="(\?[^"]+)"', html)
        if found is None:
            return
        path = path.partition("?")[0] + found[1]


def test_a_long_list_can_be_begun_with_a_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "TITLES_PER_PAGE", 1)
    for title in ("Ankle", "Knee", "Toe"):
        titled(title.lower(), title)
    html = words("/articles/?from=k")
    assert [title for title in ("Ankle", "Knee", "Toe") if f">{title}</a>" in html] == ["Knee"]
    assert 'rel="prev" href="?before=knee"' in html
    assert ">Ankle</a>" in words("/articles/?from=a")
    assert Client().get("/articles/?from=z").headers["Location"] == "/articles/"
    assert ">Ankle</a>" in words("/articles/?from=xy")


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
    pages = list(walk("/changes/", "next"))
    assert ["Taken down" in html for html in pages] == [False, True, False]
    assert pages[1].index("Number") > pages[1].index("Taken down")

"""From an address to an article: shown, sent on, gone, or never there."""

from datetime import timedelta

import pytest
from django.test import Client

from articles import workflow
from articles.models import Article, FormerSlug
from tests.support import IMPORT, NOW, PAGE, TEXT, make_article, make_evidence, take_down, words

pytestmark = pytest.mark.django_db

REASON = "A study it rests on was made up."
PLACES = ["", "visit/", "history/", "history/1/", "history/9/", "history/compare/", "history/compare/?since=review"]
PLACES += ["standards/", "references.json", "feedback/", "feedback/thanks/"]


@pytest.fixture(autouse=True)
def article() -> Article:
    make_evidence()
    return make_article()


@pytest.mark.parametrize("place", PLACES)
def test_each_address_of_a_withdrawn_article_says_so_when_and_why(place: str, article: Article) -> None:
    take_down(article, REASON, NOW + timedelta(days=2))
    html = words(f"/articles/b12/{place}", 410)
    assert "<h1>Vitamin B12 and your nerves</h1>" in html
    assert "We have taken this page down." in html
    assert ">24 November 2026</time>" in html
    assert f"<dd>{REASON}</dd>" in html
    assert 'id="talk"' in html, "the whole help"
    assert 'role="search"' in html
    assert '<meta name="robots" content="noindex">' in html
    assert "ld+json" not in html
    for said in ("rats", "myelin", "high dose", "Your nerves need", "Who decides"):
        assert said not in html


def test_the_reason_is_text_and_the_answer_is_asked_for_anew_each_time(article: Article) -> None:
    take_down(article, "<b>Wrong & old</b>")
    answer = Client().get("/articles/b12/")
    assert b"<dd>&lt;b&gt;Wrong &amp; old&lt;/b&gt;</dd>" in answer.content
    assert answer["Cache-Control"] == "no-cache"
    assert not answer.cookies
    assert "no-store" in Client().get("/articles/b12/feedback/")["Cache-Control"]


def test_what_is_sent_about_a_withdrawn_article_is_not_kept(article: Article) -> None:
    take_down(article, REASON)
    answer = Client().post("/articles/b12/feedback/", {"is_helpful": "yes"}, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 410


def test_a_withdrawn_article_names_what_to_read_instead(article: Article) -> None:
    make_article("other", TEXT.replace("Vitamin B12 and your nerves", "Other & more"))
    make_article("gone", TEXT.replace("Vitamin B12 and your nerves", "Gone too"))
    make_article("hidden", TEXT.replace("Vitamin B12 and your nerves", "A draft"), is_published=False)
    take_down(Article.objects.get(slug="gone"), REASON)
    take_down(article, REASON)
    html = words("/articles/b12/", 410)
    assert '<a href="/articles/other/">Other &amp; more</a>' in html
    assert "Gone too" not in html
    assert "A draft" not in html


def test_the_editors_choice_of_what_to_read_next_stays_with_a_withdrawn_article() -> None:
    far = TEXT.replace("topic: Vitamin B12", "topic: Falls").replace("Vitamin B12 and your nerves", "Falling")
    make_article("falling", far)
    make_article("chosen", TEXT.replace("topic: Vitamin B12", "topic: Vitamin B12\nrelated: [falling]"))
    take_down(Article.objects.get(slug="chosen"), REASON)
    html = words("/articles/chosen/", 410)
    assert "/articles/falling/" in html
    assert 'href="/articles/b12/"' not in html


def test_a_page_about_the_site_can_be_withdrawn() -> None:
    take_down(make_article("about", PAGE, "page"), REASON)
    html = words("/about/", 410)
    assert "We have taken this page down." in html
    assert "Read instead" not in html


def test_a_former_address_leads_to_the_page_that_says_it_is_gone(article: Article) -> None:
    FormerSlug.objects.create(language="en", slug="old", article=article)
    take_down(article, REASON)
    answer = Client().get("/articles/old/history/?x=1")
    assert (answer.status_code, answer["Location"]) == (301, "/articles/b12/history/?x=1")


@pytest.mark.parametrize("place", PLACES)
def test_what_was_never_published_was_never_there(place: str) -> None:
    draft = make_article("draft", TEXT, is_published=False)
    FormerSlug.objects.create(language="en", slug="former", article=draft)
    for slug in ("draft", "former", "nothing"):
        words(f"/articles/{slug}/{place}", 404)
    Article.objects.filter(pk=draft.pk).update(withdrawn_at=NOW, withdrawn_reason=REASON)
    assert REASON not in words(f"/articles/draft/{place}", 404)


def test_an_article_of_another_kind_is_not_at_the_address(article: Article) -> None:
    take_down(article, REASON)
    words("/b12/", 404)
    words("/es/articles/b12/", 404)


def test_a_title_in_another_language_says_which(article: Article) -> None:
    text = TEXT.replace("title: Vitamin B12 and your nerves", "title: La vitamina\nlanguage: es")
    take_down(make_article("vitamina", text), REASON)
    assert '<h1 lang="es">La vitamina</h1>' in words("/es/articles/vitamina/", 410)


def test_an_article_that_is_back_is_read_again(article: Article) -> None:
    take_down(article, REASON)
    Article.objects.filter(pk=article.pk).update(withdrawn_at=None, withdrawn_reason="")
    assert "The rats were injected" in words("/articles/b12/")


def test_links_in_other_articles_lead_to_the_page_that_says_so(article: Article) -> None:
    make_article("other", f"{TEXT}\nRead [this](article:b12) too [no-citation: signpost].\n")
    take_down(article, REASON)
    assert 'href="/articles/b12/"' in words("/articles/other/")
    with pytest.raises(Exception, match="b12"):
        workflow.check_source(f"{TEXT}\nRead [this](article:b12) [no-citation: signpost].\n", "article")


def test_an_article_goes_and_comes_back_with_all_that_belongs_to_it(article: Article) -> None:
    workflow.withdraw(article=article, reason=REASON, by=IMPORT, now=NOW + timedelta(days=1))
    assert REASON in words("/articles/b12/", 410)
    places = {"/glossary/": "myelin", "/search/?q=rats": "/articles/b12/", "/references/": "RATS-1994", "/sitemap.xml": "b12"}
    for place, said in places.items():
        assert said not in words(place), place
    article.refresh_from_db()
    workflow.bring_back(article=article, note="The study was real.", by=IMPORT, now=NOW + timedelta(days=2))
    for place, said in places.items():
        assert said in words(place), place
    html = words("/articles/b12/history/")
    assert html.index("The study was real.") < html.index(REASON) < html.index("First publication.")
    assert 'Back on <time datetime="2026-11-24T' in html

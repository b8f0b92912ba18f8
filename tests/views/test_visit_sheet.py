"""The sheet for a visit to the doctor, and what stands beside an article."""

import pytest
from django.conf import settings
from django.test import Client

from tests.support import PAGE, TEXT, make_article, make_evidence, words

pytestmark = pytest.mark.django_db
SHEET = "/articles/b12/visit/"
CARD = '\n## When to get help {#when-to-get-help}\n\n!!! emergency "Call 999 if"\n    - you cannot swallow [@PEOPLE-2020]\n'
QUESTIONS = '\n## Questions {#questions-to-ask}\n\n!!! questions "Take these along"\n    - What is the cause?\n'


@pytest.fixture(autouse=True)
def evidence() -> None:
    make_evidence()


def test_it_has_the_short_answer_the_signs_the_questions_and_what_is_not_sure() -> None:
    make_article(text=TEXT + CARD + QUESTIONS)
    html = words(SHEET)
    assert "In rats, a high dose did something (studied in rats, not people)." in html
    assert "<li>you cannot swallow</li>" in html
    assert "<li>What is the cause?</li>" in html
    assert 'Nerve regeneration: do nerves grow back? <span class="small">(very low certainty)</span>' in html
    assert '<meta name="robots" content="noindex">' in html


def test_an_article_without_signs_or_questions_shows_those_of_the_help_and_no_empty_list() -> None:
    make_article()
    html = words(SHEET)
    for sign in settings.DISCLAIMER.signs:
        assert f"<li>{sign}</li>" in html
    assert "What I want to ask" not in html


def test_a_draft_and_a_page_have_none() -> None:
    make_article(is_published=False)
    make_article("about", PAGE, "page")
    words(SHEET, 404)
    words("/about/visit/", 404)


def test_the_article_leads_to_it_and_to_the_form_for_readers() -> None:
    make_article()
    html = words("/articles/b12/")
    assert f'href="{SHEET}"' in html
    assert 'href="/articles/b12/feedback/"' in html
    assert "Read next" not in html
    copy = words("/articles/b12/history/1/")
    assert 'href="/articles/b12/feedback/"' not in copy


def test_related_articles_are_the_editors_choice_in_their_order() -> None:
    make_article("one")
    make_article("two")
    make_article("draft", is_published=False)
    make_article(text=TEXT.replace("topic: Vitamin B12", "topic: Nerves\nrelated: [two, draft, one]"))
    html = words("/articles/b12/")
    assert html.index('href="/articles/two/"') < html.index('href="/articles/one/"')
    assert "/articles/draft/" not in html


def test_without_a_choice_they_are_those_of_the_topic() -> None:
    make_article("one")
    make_article("elsewhere", TEXT.replace("topic: Vitamin B12", "topic: Nerves"))
    make_article()
    html = words("/articles/b12/")
    assert 'href="/articles/one/"' in html
    assert 'href="/articles/elsewhere/"' not in html


def test_the_address_and_the_day_are_there_for_paper() -> None:
    make_article()
    assert f'<p class="on">{settings.SITE["url"]}/articles/b12/, <time datetime="2026-11-22">' in words("/articles/b12/")


def test_the_sheet_asks_one_question_of_the_database(django_assert_num_queries) -> None:
    make_article()
    with django_assert_num_queries(1):
        Client().get(SHEET)


def test_an_article_in_another_language_leads_to_no_topic_page_that_is_not_there() -> None:
    make_article("nervos", TEXT.replace("topic: Vitamin B12", "topic: Nervos\nlanguage: pt-BR"))
    assert "/topics/" not in words("/pt-BR/articles/nervos/")

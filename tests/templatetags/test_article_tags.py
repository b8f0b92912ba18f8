"""What templates are given."""

from typing import Any

import pytest
from django.template import Context, Template

from articles.grading import Certainty, Design
from articles.models import Rendering
from articles.templatetags import article_tags
from articles.text.bibliography import Reference, WorkType


def section(certainty: str, work: int = 0) -> dict[str, str]:
    return {"certainty": certainty, "html": f'<div class="ev"><div class="ans">It is [<a href="#r{work}">1</a>].</div></div>'}


@pytest.mark.parametrize(
    ("levels", "shown"),
    [
        (["low", "very-low", "none-found"], "very-low"),
        (["none-found"], "none-found"),
        (["high", "moderate"], "moderate"),
        ([""], None),
        ([], None),
    ],
)
def test_the_short_answer_shows_the_lowest_level_that_studies_reach(levels: list[str], shown: str | None) -> None:
    found = article_tags.key_section(Rendering(sections=[section(level) for level in levels]))
    assert (found["certainty"] if found else None) == shown


def test_the_short_answer_shows_the_level_of_the_answer_it_speaks_of() -> None:
    sections = [section("very-low", 11), section("low", 1), section("none-found", 2)]
    message = 'In rats. <a class="cite animal" href="#r1">1</a> In people. <a href="#r2">2</a>'
    found = article_tags.key_section(Rendering(sections=sections, key_message=message))
    assert found == sections[1]


def test_works_are_told_by_their_titles_and_other_words_stay_words() -> None:
    work = Reference("RATS-1994", WorkType.BOOK, "A study of <b>rats</b>", Design.GUIDELINE)
    told = article_tags.with_titles("RATS-1994 and MICE-2000 have <i>no</i> date", {"RATS-1994": work})
    title = "A study of &lt;b&gt;rats&lt;/b&gt;"
    assert told == f'<a href="/references/RATS-1994/">{title}</a> and MICE-2000 have &lt;i&gt;no&lt;/i&gt; date'
    assert article_tags.with_titles("RATS-1994", None) == "RATS-1994"


def test_every_level_is_explained() -> None:
    assert [level["value"] for level in article_tags.certainty_levels()] == list(Certainty)


@pytest.mark.parametrize(
    ("words", "lowered"), [("Nerve regeneration", "nerve regeneration"), ("B12 and you", "b12 and you"), ("MRI", "MRI"), ("", "")]
)
def test_the_first_letter_is_made_small_unless_it_begins_an_abbreviation(words: str, lowered: str) -> None:
    assert article_tags.lower_first(words) == lowered


def test_the_help_is_the_one_read_at_the_start() -> None:
    assert article_tags.help_words().title
    assert article_tags.site()["name"]


def test_fixed_words_are_rendered_once_until_the_sites_facts_change(settings: Any) -> None:
    page = Template("{% load article_tags %}{{ n }} {% fixed %}{% site as site %}{{ site.publisher }} {{ n }}{% endfixed %}")
    publisher = settings.SITE["publisher"]
    assert [page.render(Context({"n": n})) for n in (1, 2)] == [f"1 {publisher} 1", f"2 {publisher} 1"]
    settings.SITE = settings.SITE | {"publisher": "Others <&>"}
    assert page.render(Context({"n": 3})) == "3 Others &lt;&amp;&gt; 3"

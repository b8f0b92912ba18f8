"""From text to HTML: components in their places, nothing from writers but words."""

import re
from dataclasses import replace
from datetime import date

import pytest

from articles.grading import Design, Population
from articles.text.bibliography import Reference, WorkType
from articles.text.front_matter import Kind
from articles.text.glossary import Term
from articles.text.problems import SourceError
from articles.text.render import render_article, render_markdown, with_labels
from articles.text.source import parse_source
from tests.support import TEXT

RATS = Reference("RATS-1994", WorkType.ARTICLE_JOURNAL, "Rats", Design.ANIMAL_EXPERIMENT, populations=(Population.RATS,))
PEOPLE = Reference(
    "PEOPLE-2020", WorkType.ARTICLE_JOURNAL, "People", Design.RANDOMISED_TRIAL, populations=(Population.PEOPLE,), sample_size=90
)
LABEL = Reference("LABEL-1", WorkType.WEBPAGE, "Label", Design.PRODUCT_LABEL)
WORKS = {work.key: work for work in (RATS, PEOPLE, LABEL)}
WORDS = {"myelin": Term("myelin", "myelin", "the layer around a nerve")}


def render(text: str) -> str:
    return re.sub(r"\s+", " ", render_markdown(text, references=WORKS, glossary=WORDS))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>"),
        ("- a\n- b", "<ul> <li>a</li> <li>b</li> </ul>"),
        ("> a", "<blockquote> <p>a</p> </blockquote>"),
        ("[a](https://e.org/x)", '<p><a rel="external noreferrer" href="https://e.org/x">a</a></p>'),
        ("[a](article:b12#x)", '<p><a href="/articles/b12/#x">a</a></p>'),
        ("[a](page:about)", '<p><a href="/about/">a</a></p>'),
        ("[a](#x)", '<p><a href="#x">a</a></p>'),
        ("### A *b* [@RATS-1994]", '<h3 id="a-b">A <em>b</em>'),
        ("| a | b |\n|---|--:|\n| c | d |", '<th class="ta-right">b</th>'),
        (
            "| a |\n|---|\n| c |",
            '<div class="scroll" role="group" aria-label="Table; it can be scrolled sideways" tabindex="0"><table>',
        ),
        ("1 < 2 & 3 > 2", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>"),
        ("a [no-citation: advice].", "<p>a.</p>"),
        ("```\n<b> [@RATS-1994]\n```", "<pre><code>&lt;b&gt; [@RATS-1994] </code></pre>"),
        ("`[@RATS-1994]`", "<p><code>[@RATS-1994]</code></p>"),
        (r"\[@RATS-1994\]", "<p>[@RATS-1994]</p>"),
    ],
)
def test_markdown(text: str, html: str) -> None:
    assert html in render(text)


def test_a_citation_moves_behind_the_full_stop_with_its_label() -> None:
    assert render("In rats [@RATS-1994]. More.") == (
        '<p>In rats.\xa0<a class="cite animal" href="#r1"><span>studied in rats, not people</span>&nbsp;1</a> More.</p>'
    ).replace("\xa0", " ")


def test_the_label_of_work_on_animals_is_shown_each_time_and_others_once_a_paragraph() -> None:
    html = render("A [@RATS-1994; @PEOPLE-2020]. B [@RATS-1994; @PEOPLE-2020]. C [@LABEL-1].\n\nD [@PEOPLE-2020].")
    assert html.count('class="cite animal"') == 2
    assert html.count("<span>90 people, randomised trial</span>") == 2
    assert html.count("<span>90 people, randomised trial, </span>") == 1
    assert "<span>product label, </span>3" in html


WHOLE = '<b class="animal">studied in rats, not people</b>: '


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One.\n\nTwo. Three [@RATS-1994, whole paragraph].", f"<p>One.</p> <p>{WHOLE}Two. Three."),
        ("- One.\n- Two. Three [@RATS-1994, whole paragraph].", f"<li>One.</li> <li>{WHOLE}Two. Three."),
        ("- One.\n\n    Two. Three [@RATS-1994, whole paragraph].", f"<p>One.</p> <p>{WHOLE}Two. Three."),
        ("| a | b |\n|---|--:|\n| c | D. E [@RATS-1994, whole paragraph]. |", f'<td class="ta-right">{WHOLE}D. E.'),
        ("> One. Two [@RATS-1994, whole paragraph].", f"<p>{WHOLE}One."),
    ],
)
def test_each_sentence_a_citation_of_work_on_animals_covers_is_labelled(text: str, html: str) -> None:
    assert html in render(text)
    assert "<b " not in render(text.replace("RATS-1994", "PEOPLE-2020"))
    assert "<b " not in render(text.replace(", whole paragraph", ""))


def test_a_picture_of_work_on_animals_says_so_at_each_part() -> None:
    block = '## A {#a}\n\n!!! number "86 of 100"\n    - 86 of 100 x\n    - 14 of 100 y\n\n    Note [@RATS-1994].\n'
    assert render(block).count("studied in rats, not people") == 4
    assert f'<li class="k1">{WHOLE}86 of 100 x</li>' in render(block)
    assert "<b>86 of 100 (studied in rats, not people)</b>" in render(block)
    assert "animal" not in render(block.replace("RATS-1994", "PEOPLE-2020"))


def test_the_words_on_who_was_studied_stand_before_a_covered_field_too() -> None:
    text = TEXT.replace("[@PEOPLE-2020].\nkey", "[@RATS-1994].\nkey").replace("something [@", "it. So [@")
    text = text.replace("B12 [@RATS-1994]", "it. So [@RATS-1994, whole paragraph]").replace(
        "So [@RATS-1994]", "So [@RATS-1994, whole paragraph]"
    )
    rendered = render_article(parse_source(text, Kind.ARTICLE), references=WORKS, glossary=WORDS)
    assert rendered.key_message.startswith(f"{WHOLE}In rats")
    assert rendered.summary.count("(studied in rats, not people)") == 2


def test_certainty_at_a_sentence_is_no_more_than_its_works_carry() -> None:
    assert "<small>(very low certainty)</small>" in render("One [@RATS-1994, high certainty].")
    assert "<small>(high certainty)</small>" in render("One [@PEOPLE-2020, high certainty].")


def test_indented_code_is_a_paragraph() -> None:
    assert render("    In rats [@RATS-1994].").startswith("<p>In rats.")
    assert "<pre>" not in render("One.\n\n\tTwo [@RATS-1994].")


def test_mixed_populations_are_both_named() -> None:
    both = replace(PEOPLE, populations=(Population.PEOPLE, Population.RATS))
    assert "studied in people and rats" in render_markdown("A [@PEOPLE-2020].", references={"PEOPLE-2020": both})


def test_a_withdrawn_work_says_so_at_the_sentence_and_in_the_list() -> None:
    gone = replace(RATS, retracted_on=date(2016, 11, 2))
    source = parse_source(TEXT, Kind.ARTICLE)
    rendered = render_article(source, references=WORKS | {"RATS-1994": gone}, glossary=WORDS)
    assert "this study was withdrawn on 2 November 2016; studied in rats, not people" in rendered.key_message
    assert any("Withdrawn by the journal on 2 November 2016" in item for item in rendered.sources)


def test_without_works_a_citation_shows_its_key_and_a_word_stays_plain() -> None:
    assert render_markdown("[a](glossary:myelin) [@X-1].") == "<p>a.\xa0[X-1]</p>"


def test_a_word_is_explained_once() -> None:
    html = render("[nerve coat](glossary:myelin) and [again](glossary:myelin)")
    assert html.count("popovertarget") == 1
    assert "the layer around a nerve</span> and again</p>" in html


def test_what_imitates_a_placeholder_stays_text() -> None:
    for imitation in ("\ue000c0\ue001", "\ue0000123456789abcdefc0\ue001", "\x02klzzwxh:0000\x03", "wzxhzdk:0"):
        assert "cite" not in render(f"{imitation} text")


def test_a_citation_inside_an_address_makes_no_component_there() -> None:
    html = render('[a](https://e.org/[@RATS-1994]) and [b](https://e.org/ "[@RATS-1994]")')
    assert not re.search(r'="[^"]*<', html)


def test_an_evidence_box_says_who_was_studied() -> None:
    rendered = render_article(parse_source(TEXT, Kind.ARTICLE), references=WORKS, glossary=WORDS)
    assert "<dt>Who was studied?</dt><dd>Rats, not people; 90 people, randomised trial.</dd>" in rendered.sections[1].html
    nobody = render_article(parse_source(TEXT.replace("very-low", "none-found"), Kind.ARTICLE), references=WORKS, glossary=WORDS)
    assert "<dd>Nobody, for this question.</dd>" in nobody.sections[1].html


def test_cards_say_their_level_in_the_heading() -> None:
    html = render('## A {#a}\n\n!!! urgent "Ask today if <b>:"\n    - it hurts\n')
    assert '<div class="care urgent"><h3><b>Urgent</b> Ask today if &lt;b&gt;:</h3>' in html


def test_a_picture_has_a_text_twin() -> None:
    items = "    - 14 of 100 x\n    - 72 of 100 y\n    - 14 of 100 z\n"
    html = render(f'## A {{#a}}\n\n!!! number "86 of 100"\n{items}\n    Note [@PEOPLE-2020].\n')
    assert "100 dots: 14 full, 72 with a hole, 14 small" in html
    assert '<li class="k2">72 of 100 y</li>' in html


def test_summaries_keep_the_label_of_work_on_animals() -> None:
    text = TEXT.replace("Your nerves need vitamin B12 [@PEOPLE-2020].", "Signals came back [@RATS-1994]. Fine [@PEOPLE-2020].")
    rendered = render_article(parse_source(text, Kind.ARTICLE), references=WORKS, glossary=WORDS)
    assert rendered.summary == "Signals came back (studied in rats, not people). Fine."
    assert with_labels("Signals came back [@PEOPLE-2020].", WORKS) == "Signals came back."


def test_our_words_are_translated() -> None:
    source = parse_source(TEXT, Kind.ARTICLE)
    rendered = render_article(
        source, references=WORKS, glossary=WORDS, translate=lambda words: words.replace("studied in", "bei")
    )
    assert "bei rats, not people" in rendered.key_message


def test_text_over_the_limits_raises_every_problem() -> None:
    with pytest.raises(SourceError) as caught:
        render_markdown("[" * 6000 + "\n\n" + "*" * 6000)
    assert len(caught.value.problems) >= 2


def test_two_renderings_of_a_text_are_the_same() -> None:
    assert render(TEXT) == render(TEXT)

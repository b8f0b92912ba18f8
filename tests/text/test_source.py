"""The one door for a text."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.grading import Design
from articles.text.bibliography import Reference, WorkType
from articles.text.blocks import BlockKind
from articles.text.front_matter import Kind
from articles.text.glossary import Term
from articles.text.problems import SourceError
from articles.text.render import render_article
from articles.text.source import Known, digest, find_unknown, parse_source, read_source
from tests.support import PAGE, TEXT

WORKS = {key: Reference(key, WorkType.WEBPAGE, key, Design.GUIDELINE) for key in ("RATS-1994", "PEOPLE-2020")}
KNOWN = Known(WORKS, {"myelin": Term("myelin", "myelin", "layer")}, {("article", "b12"): {"dose"}, ("page", "about"): {"who"}})


def problems(text: str, kind: Kind = Kind.ARTICLE) -> list[str]:
    return [str(problem) for problem in read_source(text, kind)[1]]


def test_an_article_is_read_whole() -> None:
    source = parse_source(TEXT, Kind.ARTICLE)
    assert [(parsed.section.id, parsed.section.line) for parsed in source.sections] == [
        ("what-it-does", 9),
        ("nerve-regeneration", 13),
    ]
    assert source.cited_keys == ("PEOPLE-2020", "RATS-1994")
    assert source.reading_minutes == 1
    assert source.digest == digest(TEXT)
    box = source.sections[1].block(BlockKind.ANSWER)
    assert box
    assert box.text == "In rats, signals came back sooner [@RATS-1994]."
    assert source.sections[0].block(BlockKind.ANSWER) is None
    assert find_unknown(source, KNOWN) == []


def test_reading_time_leaves_citations_out() -> None:
    text = TEXT + "\n" + "word " * 420 + "\n" + "\n".join(["[@RATS-1994; @PEOPLE-2020, whole paragraph]"] * 50)
    assert parse_source(text, Kind.ARTICLE).reading_minutes == 3


def test_a_page_needs_no_key_message() -> None:
    assert parse_source(PAGE, Kind.PAGE).front_matter.key_message == ""
    assert problems(PAGE) == [f"1: front matter has no `{name}`; add a line `{name}: ...`" for name in ("key_message", "topic")]


def test_every_problem_is_found_at_once_and_told_in_order() -> None:
    text = TEXT.replace("topic: Vitamin B12\n", "topic: ''\nbogus: 1\n").replace("{#what-it-does}", "{#name}")
    text = text.replace("came back sooner [@RATS-1994].", "came back sooner. [@RATS-1994]") + "\n<b> [x](y)\n"
    with pytest.raises(SourceError) as caught:
        parse_source(text, Kind.ARTICLE, "content/articles/x.md")
    assert [line.split(";")[0] for line in str(caught.value).splitlines()] == [
        "content/articles/x.md:5: `topic` is empty",
        "content/articles/x.md:6: `bogus` is no field of front matter",
        "content/articles/x.md:9: the section id `name` is a name that browsers or our own pages use",
        "content/articles/x.md:16: a citation after the full stop",
        "content/articles/x.md:26: a link to `y`",
        "content/articles/x.md:26: raw HTML",
    ]


BOX = "one each of `!!! answer`, `!!! why`, `!!! not-known`"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda text: text.replace("!!! why\n    The study was in animals [@RATS-1994].\n\n", ""),
         f"12: 0 blocks `why` in a section with certainty; {BOX}"),
        (lambda text: text + "\n!!! why\n    Again [@RATS-1994].\n", f"12: 2 blocks `why` in a section with certainty; {BOX}"),
        (lambda text: text.replace("!!! answer", "First [@RATS-1994].\n\n!!! answer"),
         "12: an evidence box that is not at the head of its section; move it under the heading"),
        (lambda text: text[: text.index("The rats were injected")],
         "12: a section with an evidence box and no text; a paragraph after the box"),
        (lambda text: text.replace(" certainty=very-low", ""),
         "12: an evidence box in a section without certainty (answer); `certainty=` on its heading"),
    ],
)  # fmt: skip
def test_the_evidence_box(change: Callable[[str], str], problem: str) -> None:
    assert problem in problems(change(TEXT))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "B12 [@PEOPLE-2020]",
            "B12. [@PEOPLE-2020]",
            "3: `summary`: a citation after the full stop; put it before: `... in rats [@KEY].`",
        ),
        (
            "something [@RATS-1994]",
            "<b>",
            "4: `key_message`: raw HTML; Markdown only; write &lt; for a less-than sign before a letter",
        ),
        ("summary: Your", "summary: '[x](page:about)", "3: `summary`: a link; plain words"),
        ("summary: Your", "summary: '# Your", "3: `summary`: begins like a heading, list, quotation or table; plain words"),
        ("summary: Your", "summary: '- Your", "3: `summary`: begins like a heading, list, quotation or table; plain words"),
        ("summary: Your", "summary: '1. Your", "3: `summary`: begins like a heading, list, quotation or table; plain words"),
    ],
)
def test_summary_and_key_message_are_plain(old: str, new: str, problem: str) -> None:
    text = TEXT.replace(old, new, 1)
    if "summary: '" in text:
        text = text.replace("[@PEOPLE-2020].\n", "[@PEOPLE-2020].'\n", 1)
    assert problem in problems(text)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("a [@NOBODY-1; @RATS-1994].", "25: the work `NOBODY-1` is not known; a key of references.yaml"),
        ("[a](article:b13)", "25: there is no article `b13`; the slug of one that is there"),
        ("[a](article:b12#dosis)", "25: there is no section `dosis` there; the id of one that is there"),
        ("[a](article:about)", "25: there is no article `about`; the slug of one that is there"),
        ("[a](page:b12)", "25: there is no page `b12`; the slug of one that is there"),
        ("[a](#dose)", "25: there is no section `dose` there; the id of one that is there"),
        ("[a](glossary:mylin)", "25: the word `mylin` is not explained; an entry of glossary.yaml"),
    ],
)
def test_what_is_not_there(line: str, problem: str) -> None:
    source = parse_source(f"{TEXT}\n{line}\n", Kind.ARTICLE)
    assert [str(found) for found in find_unknown(source, KNOWN)] == [problem]


def test_what_is_there() -> None:
    line = "[a](article:b12#dose) [b](article:b12) [c](page:about#who) [d](#what-it-does) [e](glossary:myelin)"
    assert find_unknown(parse_source(f"{TEXT}\n{line}\n", Kind.ARTICLE), KNOWN) == []


def test_the_head_is_checked_too_each_field_on_its_line() -> None:
    text = TEXT.replace("[@PEOPLE-2020]", "[@GONE-1]", 1).replace("topic:", "related: [b12, b13, about]\ntopic:")
    assert [str(problem) for problem in find_unknown(parse_source(text, Kind.ARTICLE), KNOWN)] == [
        "3: `summary`: the work `GONE-1` is not known; a key of references.yaml",
        "5: `related` names `b13`, which is no article; the slug of one that is there",
        "5: `related` names `about`, which is no article; the slug of one that is there",
    ]


PIECES = st.sampled_from(
    [
        "---\n",
        "title: a\n",
        "summary: b\n",
        "\n",
        "## A {#a}\n",
        "### b\n",
        "!!! why\n",
        '!!! harms "x"\n',
        "    text\n",
        "```\n",
        "[@A].",
    ]
    + ["[x](#a)", "- a\n", "> b\n", "| a | b |\n|---|---|\n", "<b>", "\t", "\u00a0", "\ud800", "\0", *"*`[](\\&{}"]
)


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=30).map("".join)))
def test_any_text_is_read_or_refused(text: str) -> None:
    for whole in (text, f"---\ntitle: a\nsummary: b\n---\n\n## A {{#a}}\n\n{text}\n"):
        source, found = read_source(whole, Kind.PAGE)
        assert source or found
        if source and not found:
            assert render_article(source, references={}, glossary={}).sections

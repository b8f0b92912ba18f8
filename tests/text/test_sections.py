"""Cutting at headings, and headings that would be lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.grading import Certainty
from articles.text.fields import SLUG
from articles.text.reserved_ids import is_reserved
from articles.text.sections import Ids, slugify, split_sections


def problems(body: str) -> list[str]:
    return [str(problem) for problem in split_sections(body)[1]]


def test_a_body_is_cut_at_its_headings() -> None:
    body = "\n## First: two? {#first certainty=very-low} ##\n\na\n\n```\n## no\n```\n##Three\n### four\nb"
    sections, found = split_sections(body, 10)
    assert found == []
    first, three = sections
    assert (first.id, first.heading, first.short_heading) == ("first", "First: two?", "First")
    assert (first.certainty, first.text, first.line) == (Certainty.VERY_LOW, "\na\n\n```\n## no\n```", 12)
    assert (three.id, three.text, three.line) == ("three", "### four\nb", 19)


@pytest.mark.parametrize(
    ("written", "heading", "section_id", "certainty"),
    [
        ("## What it is", "What it is", "what-it-is", None),
        ("##What it is##", "What it is", "what-it-is", None),
        ("##\tTabs \t", "Tabs", "tabs", None),
        ("## A {#b}", "A", "b", None),
        ("## A {: #b }", "A", "b", None),
        ("## A {certainty=low}", "A", "a", Certainty.LOW),
        ('## A {#b certainty="none-found"}', "A", "b", Certainty.NONE_FOUND),
        ("## Été à Zürich", "Été à Zürich", "ete-a-zurich", None),
        ("## 字", "字", "section", None),
    ],
)
def test_a_heading_and_its_attributes(written: str, heading: str, section_id: str, certainty: Certainty | None) -> None:
    (section,), found = split_sections(f"{written}\n\na")
    assert found == []
    assert (section.heading, section.id, section.certainty) == (heading, section_id, certainty)


BEFORE = "put it under a heading such as `## What it is`"
NESTED = "a heading inside a list, quotation or block; begin the line with `##` or `###`"
UNDERLINED = "a heading made by underlining; `## Heading`, or a blank line before the rule"
ATTRIBUTE = "an attribute list; these stand on `##` headings only"
FIRST = "a heading of level 1; `##`; the title stands in the front matter, and `\\#` is the sign itself"
RIGHT = "small letters, digits and single hyphens, at most 80, such as {#improved-balance}"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "1: no section; at least one heading such as `## What it is {#what-it-is}`"),
        ("\n\ntext\n\n## A", f"3: text before the first section; {BEFORE}"),
        ("## \n\na", "1: a section without a heading; words after `##`"),
        ("## {#a}\n\na", "1: a section without a heading; words after `##`"),
        ("## A {#b\n", "1: markup in a section's heading; plain words, and one {#id} at the end"),
        ("## A [@KEY]\n", "1: markup in a section's heading; plain words, and one {#id} at the end"),
        ("## A {#a} {#b}\n", "1: markup in a section's heading; plain words, and one {#id} at the end"),
        ("## A {#B}", f"1: the section id 'B'; {RIGHT}"),
        ("## A {#-b}", f"1: the section id '-b'; {RIGHT}"),
        ("## A {#" + "a" * 81 + "}", f"1: the section id {'a' * 60!r}; {RIGHT}"),
        ("## A {#a}\n\n## B {#a}", "3: the section id `a` is used twice; give each section its own {#id}"),
        ("## A\n\n## A", "3: the section id `a` is used twice; give each section its own {#id}"),
        ("## A {#name}", "1: the section id `name` is a name that browsers or our own pages use; another, such as {#about-name}"),
        ("## A {#talk}", "1: the section id `talk` is a name that browsers or our own pages use; another, such as {#about-talk}"),
        ("## A {#a .big}", "1: `.big` is no attribute of a section; {#id} or {#id certainty=low}"),
        ("## A {#a onclick=x}", "1: `onclick=x` is no attribute of a section; {#id} or {#id certainty=low}"),
        ("## A {#a #b}", "1: the attribute id is given twice; {#id} or {#id certainty=low}"),
        ("## A {certainty=sure}", "1: certainty=sure; one of: high, moderate, low, very-low, none-found"),
        ("## A\n\n# B", f"3: {FIRST}"),
        ("## A\n\n#1 is this", f"3: {FIRST}"),
        ("## A\n\n##### B", "3: a heading of level 5; `###` or `####`"),
        ("## A\n\n###", "3: a heading without words; words after `###`"),
        *((f"## A\n\n{line}", f"3: {NESTED}") for line in (
            "- ## b", "- #b", "> ### b", "> - # b", "1. ## b", "    ## b", "  #b", "\t# b", "* #1", ">#b",
        )),
        ("## A\n\nb\n===", f"4: {UNDERLINED}"),
        ("## A\n\nb\n-", f"4: {UNDERLINED}"),
        ("## A\n\n> b\n> ---", f"4: {UNDERLINED}"),
        ('## A\n\n!!! harms "x"\n    b\n    ---', f"5: {UNDERLINED}"),
        ("## A\n\nb {: #c}", f"3: {ATTRIBUTE}"),
        ("## A\n\n### b {#c}", f"3: {ATTRIBUTE}"),
        ("## A\n\nb {.c}", f"3: {ATTRIBUTE}"),
    ],
)  # fmt: skip
def test_what_would_be_lost_or_misread_is_a_fault(body: str, problem: str) -> None:
    assert problem in problems(body)


@pytest.mark.parametrize(
    "body",
    [
        "## A\n\n\\#1 is this",
        "## A\n\nB12 is #1 and {this} too",
        "## A\n\na\n\n---\n\nb",
        "## A\n\n| a | b |\n|---|---|\n| c | d |",
        "## A\n\n`{#a}` and\n\n```\n# comment\n===\n```",
        "## A\n\n### B\n\n#### C\n\na",
        "## A\n\n- a\n- b",
    ],
)
def test_what_is_no_heading_is_no_fault(body: str) -> None:
    assert problems(body) == []


def test_sections_with_faults_are_kept_for_the_preview() -> None:
    sections, found = split_sections("lost\n\n## A {#a}\n\n## A {#a}\n\n## {#name}")
    assert [section.id for section in sections] == ["", "a", "a-2", "about-name"]
    assert len(found) == 4


@given(st.text(max_size=60))
def test_slugs_are_addresses(words: str) -> None:
    assert SLUG.fullmatch(slugify(words))
    assert len(slugify(words)) <= 80
    assert slugify(slugify(words)) == slugify(words)


def test_free_ids() -> None:
    ids = Ids()
    assert [ids.free(name) for name in ("a", "a-2", "a", "a", "b", "a-2")] == ["a", "a-2", "a-3", "a-4", "b", "a-2-2"]


@pytest.mark.parametrize(
    "section_id", ["name", "location", "onload", "c12", "r12", "r-savage-1995", "g-myelin", "talk", "main", "sources"]
)
def test_reserved_ids(section_id: str) -> None:
    assert is_reserved(section_id)


@pytest.mark.parametrize(
    "section_id", ["nerve-regeneration", "improved-balance", "improved-leg-strength", "names", "c12-x", "onset-of-symptoms"]
)
def test_free_for_writers(section_id: str) -> None:
    assert not is_reserved(section_id)

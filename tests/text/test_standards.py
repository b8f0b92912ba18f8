"""The report: a good text meets every rule, and each rule sees its own fault at its line."""

# ruff: noqa: E501 - tables are easier to read with long lines

import re

import pytest

from articles.text.bibliography import parse_references
from articles.text.findings import Check, Finding, Verdict
from articles.text.front_matter import Kind
from articles.text.glossary import parse_glossary
from articles.text.rating_questions import STANDARDS
from articles.text.source import read_source
from articles.text.standards import NOT_FOR_MACHINES, RULES, check_standards
from tests.support import PAGE

WORKS = """\
ONE-2020: {type: article-journal, title: One, issued: "2020", DOI: 10.1000/one, design: randomised-trial, populations: [people]}
TWO-2021: {type: article-journal, title: Two, issued: "2021", DOI: 10.1000/two, design: randomised-trial, populations: [people]}
REVIEW-2022: {type: article-journal, title: All, issued: "2022", URL: "https://example.org/r", design: systematic-review, populations: [people]}
BARE: {type: webpage, title: A page, design: official-page}
"""
WORDS = """\
position-sense: {term: position sense, medical: proprioception, explanation: knowing where your feet are}
myelin: {term: myelin, medical: myelin sheath, explanation: a layer}
"""
GOOD = """\
---
title: Vitamin B12 and your nerves
summary: Your nerves need vitamin B12 [@ONE-2020].
key_message: "It may help [@ONE-2020; @TWO-2021]. Ask your doctor [no-citation: advice]."
topic: Vitamin B12
review_every: 12
---

## Does it help? {#does-it-help certainty=low}

!!! answer
    It may help a little [@ONE-2020; @TWO-2021].

!!! why
    The studies were small [@ONE-2020].

!!! not-known
    Does it last?

In one study 49 of 57 people got better [@ONE-2020]. Untreated, it gets worse [@TWO-2021].

!!! number "86 of 100 people got better"
    - 86 of 100 did
    - 14 of 100 did not

    Rounded from the study [@ONE-2020].

## Legs {#legs certainty=none-found}

!!! answer
    We found no study [no-citation: about-this-page].

!!! why
    We looked in 2024 [no-citation: about-this-page].

!!! not-known
    All of it [no-citation: about-this-page].

You may lose your position sense, or proprioception [@ONE-2020]. Read [about us](page:about) [no-citation: signpost].

## Harms {#harms}

!!! harms "What can go wrong"
    - It can itch [@ONE-2020].

## Other treatments {#other-treatments}

Tablets are one [@TWO-2021].

## Help {#help}

!!! emergency "Call 999 or 911 if"
    - it is hard to breathe [@ONE-2020]

!!! questions "Questions to take with you"
    - What else could it be?
"""


def report(text: str, kind: Kind = Kind.ARTICLE) -> dict[str, Check]:
    source, _problems = read_source(text, kind)
    references, problems = parse_references(WORKS)
    glossary, found = parse_glossary(WORDS)
    assert source
    assert not problems + found
    return {check.name: check for check in check_standards(source, references, glossary)}


def test_a_good_text_meets_every_rule() -> None:
    checks = report(GOOD)
    assert {name: check.findings for name, check in checks.items() if check.verdict is not Verdict.MET} == {}
    assert [check.name for check in checks.values()] == [rule.name for rule in RULES]


FAULTS = [
    ("statements-have-sources", "not met", " [no-citation: signpost]", "", 39, "a sentence without a source: “Read about us.”"),
    ("sources-have-dates", "look", "breathe [@ONE-2020]", "breathe [@BARE]", 53, "BARE has no date"),
    ("sources-can-be-reached", "look", "breathe [@ONE-2020]", "breathe [@BARE]", 53, "BARE has no address"),
    ("several-sources", "look", "little [@ONE-2020; @TWO-2021]", "little [@ONE-2020]", 12, "an answer on one work alone (ONE-2020)"),
    ("gaps-are-named", "not met", "!!! not-known\n    Does it last?\n", "", 9, "certainty without not-known"),
    ("doubt-is-heard", "look", "It may help a little", "It helps", 12, "low certainty, and the answer says nothing of it: “It helps.”"),
    ("doubt-is-heard", "look", "We found no study", "It helps", 31, "no study found, and the answer says nothing of it"),
    ("no-study-is-not-no-effect", "look", "You may lose", "It has no effect. You may lose", 39, "“It has no effect.”"),
    ("calm-words", "look", "Untreated, it", "There is a proven cure for it. It", 20, "a word that promises (“cure”)"),
    ("calm-words", "look", "## Harms", "## A deadly risk", 41, "a word that frightens (“deadly”): “A deadly risk”"),
    ("calm-words", "look", "title: V", "title: Miracle v", 2, "a word that promises (“miracle”)"),
    ("harms-are-told", "not met", '!!! harms "What can go wrong"\n    - ', "", 8, "effects are named, and no harms"),
    ("harms-are-told", "not met", "itch [@ONE-2020]", "itch", 44, "a harm without a source: “It can itch.”"),
    ("harms-are-told", "not met", "itch [@ONE-2020]", "itch [no-citation: advice]", 43, "harms that rest on no work"),
    ("no-treatment-is-told", "look", "Untreated, it", "It", 8, "no word on what may happen without treatment"),
    ("other-options", "look", "## Other treatments {#other-treatments}", "## Tablets", 8, "no heading names other treatments"),
    ("questions-to-take-along", "not met", "!!! questions", "!!! harms", 8, "no questions to take along"),
    ("when-to-get-help", "not met", "!!! emergency", "!!! harms", 8, "no card on when to get help"),
    ("care-cards-say-when", "look", "Call 999 or 911 if", "Call 999 or 911 for", 52, "a card headed “Call 999 or 911 for”"),
    ("care-cards-say-when", "look", "!!! questions", "Text.\n\n!!! questions", 55, "text behind a card without a heading"),
    ("key-message", "not met", "Ask your", "One. Two. Ask your", 4, "a key message of 4 sentences"),
    ("key-message", "not met", "It may help [@ONE-2020; @TWO-2021]. Ask your doctor [no-citation: advice].", "1.", 4, "no key message"),
    ("short-sentences", "look", "Tablets are", "Tablets " + "are " * 19, 48, "21 words: “Tablets are"),
    ("short-paragraphs", "look", "Tablets are", "One. Two. Three. Tablets are", 48, "a paragraph of 4 sentences"),
    ("short-lists", "look", "    - What else", "    - What?\n" * 7 + "    - What else", 56, "a list of 8 items"),
    ("short-lists", "look", "Tablets are", "- a\nand so on\n" * 8 + "\nTablets are", 48, "a list of 8 items"),
    ("plain-word-first", "look", "position sense, or proprioception", "Proprioception, or position sense", 39, "“proprioception” before its plain word"),
    ("one-denominator", "look", "Untreated, it", "In 20% it", 20, "a percentage: “20%”"),
    ("one-denominator", "look", "Untreated, it", "In one in ten it", 20, "a rate of its own: “one in ten”"),
    ("one-denominator", "look", "Untreated, it", "In 1 in 10 it", 20, "a rate of its own: “1 in 10”"),
    ("one-denominator", "look", "Untreated, it", "In 3 out of 1,000 people it", 20, "another denominator than 100: “3 out of 1,000”"),
    ("whole-numbers", "look", "Untreated, it", "After 2.5 years it", 20, "a decimal: “2.5”"),
    ("links-say-where", "not met", "[about us]", "[click here]", 39, "a link that does not say where it leads: “[click here]”"),
    ("links-say-where", "not met", "[about us](page:about)", "<https://example.org/>", 39, "“<https://example.org/>”"),
    ("speaks-to-you", "look", "", "", 8, "the page never says “you”"),
    ("review-is-planned", "look", "review_every: 12\n", "", 1, "the file does not say how often it is reviewed; 12 months"),
    ("review-is-planned", "look", "review_every: 12", "review_every: 48", 6, "reviewed every 48 months"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "verdict", "old", "new", "line", "what"), FAULTS)
def test_each_rule_sees_its_fault(name: str, verdict: str, old: str, new: str, line: int, what: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1) if old else GOOD
    if name == "speaks-to-you":
        text = re.sub(r"\b[Yy]ou(?:r)?\b", "the", text)
    check = report(text)[name]
    assert check.verdict == verdict
    assert any(finding.line == line and what in finding.what for finding in check.findings), check.findings


def test_every_rule_has_a_fault_in_the_table() -> None:
    assert {rule.name for rule in RULES} - {row[0] for row in FAULTS} == {"summary"}  # a text without one is refused before


NO_FAULTS = [
    ("several-sources", "little [@ONE-2020; @TWO-2021]", "little [@REVIEW-2022]"),
    ("one-denominator", "Untreated, it", "In 3 of 100 and 5 in 100 people, 1 in 100 in 1994, it"),
    ("one-denominator", "Untreated, it", "In 3 of 1,000,5 people it"),
    ("plain-word-first", "position sense, or proprioception", "[proprioception](glossary:position-sense)"),
    ("plain-word-first", "position sense, or proprioception", "myelin sheath"),
    ("short-lists", "    - What else", "    - What?\n" * 6 + "    - What else"),
    ("short-lists", "Tablets are", "- a\n- b\n- c\n- d\n    - e\n    - f\n\nText:\n\n- g\n- h\n- i\n- j\n\nTablets are"),
    ("care-cards-say-when", "!!! questions", "### More\n\nText.\n\n!!! questions"),
    ("calm-words", "Tablets are", "A secretion with approval that is procured is"),
    ("links-say-where", "[about us]", "[more about us]"),
    ("whole-numbers", "Tablets are", "On page 1.2.3, and 1,707 people are"),
]


@pytest.mark.parametrize(("name", "old", "new"), NO_FAULTS)
def test_what_no_rule_minds(name: str, old: str, new: str) -> None:
    assert old in GOOD
    assert report(GOOD.replace(old, new, 1))[name].findings == ()


def test_pages_about_the_site_are_held_to_wording_alone() -> None:
    checks = report(PAGE, Kind.PAGE)
    here = {name for name, check in checks.items() if check.verdict is not Verdict.NOT_HERE}
    assert here == {
        "calm-words",
        "summary",
        "short-sentences",
        "short-paragraphs",
        "short-lists",
        "plain-word-first",
        "links-say-where",
    }
    assert {check.findings for check in checks.values()} == {()}


def test_an_article_without_effects_is_not_asked_for_harms() -> None:
    text = GOOD[: GOOD.index("## Does it")] + "## A\n\nYou have nerves [@ONE-2020].\n"
    checks = report(text)
    assert checks["harms-are-told"].verdict is Verdict.NOT_HERE
    assert checks["when-to-get-help"].verdict is Verdict.NOT_MET
    graded = report(text.replace("nerves [@ONE-2020]", "nerves [@ONE-2020, low certainty]"))
    assert graded["harms-are-told"].verdict is Verdict.NOT_MET


def test_works_and_words_that_are_not_known_are_passed_over() -> None:
    assert report(GOOD.replace("@ONE-2020", "@NOBODY"))["sources-have-dates"].findings == ()


def test_no_rule_speaks_for_a_standard() -> None:
    names = {"discern", "jama", "cdc", "pemat", "nhs", "honcode"}
    for rule in RULES:
        assert not names & set(re.findall(r"\w+", f"{rule.name} {rule.title}".lower()))
        assert rule.helps
    assert len({rule.name for rule in RULES}) == len({rule.title for rule in RULES}) == len(RULES)


def test_what_is_left_to_people_is_no_rule_of_ours() -> None:
    named = {standard.name for standard in STANDARDS.values()}
    assert all(any(item.standard.startswith(name) for name in named | {"NHS", "Checklist"}) for item in NOT_FOR_MACHINES)
    helped = {help_.partition(":")[0] for rule in RULES for help_ in rule.helps}
    assert not {"DISCERN 2", "DISCERN 3", "DISCERN 13", "DISCERN 16", "CDC Clear Communication Index 18"} & helped


def test_a_finding_is_told_like_a_problem() -> None:
    assert str(Finding(3, "a decimal", "a whole number")) == "3: a decimal; a whole number"

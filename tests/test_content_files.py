"""The content that comes with the software keeps its own rules."""

import re
from pathlib import Path

import pytest
import yaml

from articles import content_sync
from articles.grading import CERTAINTY_MEANING, CERTAINTY_WORDS, Certainty
from articles.text.bibliography import parse_references
from articles.text.claims import Kind as SentenceKind
from articles.text.claims import find_sentences
from articles.text.disclaimer import read_disclaimer
from articles.text.front_matter import Kind
from articles.text.glossary import parse_glossary
from articles.text.source import Source, parse_source

CONTENT = Path(__file__).parent.parent / "content"
ARTICLES = sorted((CONTENT / "articles").glob("*.md"))
FILES = [*ARTICLES, *sorted((CONTENT / "pages").glob("*.md"))]
REFERENCES = parse_references((CONTENT / "references.yaml").read_text())[0]
GLOSSARY = parse_glossary((CONTENT / "glossary.yaml").read_text())[0]
FORBIDDEN = r"cured?\b|cures\b|proven\b|miracle|recent study|safe at any dose|breakthrough"
# Details that could not be confirmed in a good source: they may stand nowhere.
UNCONFIRMED = (
    "8021696", "0022-510x(94)90290-9", "20045411", "j.expneurol.2009.12.017", "1648656", "18646107", "Vasconcelos", "Jayabalan",
    "3:17040", "Carmel R", "10.1186/1746-1596-8-123",
)  # fmt: skip


def source(path: Path) -> Source:
    return parse_source(path.read_text(), Kind.ARTICLE if path.parent.name == "articles" else Kind.PAGE, path.name)


@pytest.mark.django_db
def test_it_can_be_published_as_it_is() -> None:
    assert content_sync.plan(CONTENT, for_publishing=True).faults == []


def test_the_first_article_answers_the_three_questions() -> None:
    article = source(CONTENT / "articles/effects-of-methyl-b12-on-neuropathy.md")
    certainty = {parsed.section.id: parsed.section.certainty for parsed in article.sections}
    assert certainty["nerve-regeneration"] is Certainty.VERY_LOW
    assert certainty["improved-balance"] is Certainty.VERY_LOW
    assert certainty["improved-leg-strength"] is Certainty.NONE_FOUND


def test_every_work_and_word_is_used() -> None:
    texts = [source(path) for path in FILES]
    cited = {key for text in texts for key in text.cited_keys} | {term.source for term in GLOSSARY.values()}
    assert set(REFERENCES) <= cited
    linked = {word for text in texts for word in re.findall(r"\(glossary:([a-z0-9-]+)\)", text.body)}
    assert set(GLOSSARY) == linked


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_few_sentences_do_without_a_source(path: Path) -> None:
    kinds = [sentence.kind for parsed in source(path).sections for sentence in find_sentences(parsed)]
    assert SentenceKind.UNCITED not in kinds
    statements = [kind for kind in kinds if kind in {SentenceKind.CLAIM, SentenceKind.MARKED}]
    assert kinds.count(SentenceKind.MARKED) <= len(statements) / 10


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_promises_nothing_and_is_plain(path: Path) -> None:
    text = path.read_text()
    assert not re.search(FORBIDDEN, text, re.IGNORECASE)
    for parsed in source(path).sections:
        for sentence in find_sentences(parsed):
            assert len(sentence.text.split()) <= 30, sentence.text


def test_nothing_unconfirmed_is_printed() -> None:
    everything = "".join(path.read_text() for path in CONTENT.rglob("*.*"))
    assert [detail for detail in UNCONFIRMED if detail in everything] == []


@pytest.mark.parametrize("region", yaml.safe_load((CONTENT / "disclaimer.yaml").read_text())["regions"])
def test_the_words_that_stay_on_screen_are_few(region: str) -> None:
    words = read_disclaimer(CONTENT / "disclaimer.yaml", region=region)
    assert len(words.bar_who + words.bar_how_fast) <= 150
    assert words.emergency in words.bar_how_fast


def test_the_policy_page_explains_the_words_of_certainty() -> None:
    text = " ".join((CONTENT / "pages/editorial-policy.md").read_text().split())
    for level, words in CERTAINTY_WORDS.items():
        assert f"**{words}**" in text
        if level is not Certainty.NONE_FOUND:
            assert CERTAINTY_MEANING[level] in text

"""Works and words typed into a form."""

from datetime import date

import pytest

from articles.grading import Design, Population
from articles.text.bibliography import Author, Reference, WorkType
from articles.text.entries import Entry, enter_term, enter_work
from articles.text.glossary import Term

WORK: dict[str, str | list[str]] = {
    "type": "report",
    "title": "A study of rats",
    "design": "animal-experiment",
    "populations": ["rats"],
}
WORD: dict[str, str | list[str]] = {"term": "myelin", "explanation": "the layer around a nerve"}


def test_a_work_is_read_as_from_the_file() -> None:
    more = {"author": ["Dalla Torre C", "{A group, of people}"], "DOI": "10.1000/ABC", "sample_size": "12"}
    work, faults = enter_work("RATS-1994", {**WORK, **more, "retracted_on": "2016-11-02"})
    assert faults == {}
    assert work == Reference(
        "RATS-1994",
        WorkType.REPORT,
        "A study of rats",
        Design.ANIMAL_EXPERIMENT,
        author=(Author("Dalla Torre", "C"), Author(literal="A group, of people")),
        doi="10.1000/abc",
        sample_size=12,
        populations=(Population.RATS,),
        retracted_on=date(2016, 11, 2),
    )


@pytest.mark.parametrize(
    ("key", "changed", "field", "words"),
    [
        ("rats", {}, "key", "capital letters, digits and hyphens, such as SMITH-2020."),
        ("R-1", {"populations": []}, "populations", "R-1 is a study and does not say of whom; add `populations: [people]`."),
        ("R-1", {"design": "guideline"}, "populations", "delete `populations`, or name another design."),
        ("R-1", {"author": ["Watanabe"]}, "author", "{literal: Name of the organisation}."),
        ("R-1", {"DOI": "https://doi.org/10.1000/a"}, "DOI", "the bare DOI, such as 10.3390/nu12082221."),
        ("R-1", {"issued": "May 2020"}, "issued", "1994, 2024-03 or 2016-11-02."),
        ("R-1", {"title": "A\u202estudy"}, "title", "it holds a character that no text may hold"),
        ("R-1", {"author": ["A\u202ex B"]}, "author", "it holds a character that no text may hold"),
    ],
)
def test_what_is_wrong_with_a_work_is_told_at_its_field(key: str, changed: Entry, field: str, words: str) -> None:
    work, faults = enter_work(key, {**WORK, **changed})
    assert work is None
    assert list(faults) == [field]
    assert words in " ".join(faults[field])


def test_a_word_is_read_as_from_the_file() -> None:
    word, faults = enter_term("myelin", {**WORD, "synonyms": ["nerve coat"]})
    assert (word, faults) == (Term("myelin", "myelin", "the layer around a nerve", synonyms=("nerve coat",)), {})


@pytest.mark.parametrize(
    ("key", "changed", "field"),
    [
        ("My elin", {}, "key"),
        ("myelin", {"explanation": "a layer."}, "explanation"),
        ("myelin", {"term": "x" * 81}, "term"),
        ("myelin", {"synonyms": ["coat", "coat"]}, "synonyms"),
        ("myelin", {"source": "lower"}, "source"),
    ],
)
def test_what_is_wrong_with_a_word_is_told_at_its_field(key: str, changed: Entry, field: str) -> None:
    word, faults = enter_term(key, {**WORD, **changed})
    assert word is None
    assert list(faults) == [field]

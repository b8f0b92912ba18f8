"""The list of works, and what is said of each."""

from dataclasses import replace
from datetime import date

import pytest

from articles.grading import Design, Population
from articles.text.bibliography import (
    Author,
    Reference,
    WorkType,
    kind_in_words,
    label_at_sentence,
    parse_references,
    who_in_words,
)

WORK = """\
RATS-1994:
  type: article-journal
  title: A study of rats
  design: animal-experiment
  populations: [rats]
"""
RATS = Reference(
    "RATS-1994", WorkType.ARTICLE_JOURNAL, "A study of rats", Design.ANIMAL_EXPERIMENT, populations=(Population.RATS,)
)
TRIAL = Reference(
    "T-1", WorkType.ARTICLE_JOURNAL, "T", Design.RANDOMISED_TRIAL, populations=(Population.PEOPLE,), sample_size=1707
)


def problems(text: str) -> list[str]:
    return [str(problem) for problem in parse_references(text)[1]]


def test_every_field_is_read() -> None:
    text = WORK + (
        "  author: [Watanabe T, Dalla Torre C, {literal: A group}]\n  container-title: J\n  publisher: P\n  issued: 1994-02\n"
        '  volume: "122"\n  issue: 1-2\n  page: 140-143\n  DOI: 10.1000/ABC\n  PMID: 123\n  PMCID: PMC12\n  URL: https://e.org/x\n'
        "  sample_size: 12\n  studies: 2\n  note: n\n  retracted_on: 2016-11-02\n"
    )
    works, found = parse_references(text)
    assert found == []
    authors = (Author("Watanabe", "T"), Author("Dalla Torre", "C"), Author(literal="A group"))
    assert [str(author) for author in authors] == ["Watanabe T", "Dalla Torre C", "A group"]
    assert works == {
        "RATS-1994": replace(
            RATS, author=authors, container_title="J", publisher="P", issued="1994-02", volume="122", issue="1-2", page="140-143",
            doi="10.1000/abc", pmid="123", pmcid="PMC12", url="https://e.org/x", sample_size=12, studies=2, note="n",
            retracted_on=date(2016, 11, 2),
        )
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("RATS-1994:", "rats-1994:", "1: the key 'rats-1994'; capital letters, digits and hyphens, such as SMITH-2020"),
        ("RATS-1994:", "A B:", "1: the key 'A B'; capital letters, digits and hyphens, such as SMITH-2020"),
        ("  populations: [rats]\n", "", "1: RATS-1994 is a study and does not say of whom; add `populations: [people]`"),
        ("animal-experiment", "guideline",
         "5: RATS-1994 names populations, but a guideline studies nobody; delete `populations`, or name another design"),
        ("[rats]", "[cats]", "5: `populations` is 'cats'; one of: people, rats, mice, other-animals, cells"),
        ("[rats]", "rats",
         "5: `populations` is not a list; values in square brackets with commas between, or one `- value` a line"),
        ("  title: A study of rats\n", "", "1: RATS-1994 has no `title`; add a line `title: ...`"),
        ("article-journal", "paper", "2: `type` is 'paper'; one of: article-journal, book, chapter, report, webpage, pamphlet"),
        ("[rats]", "[rats]\n  doi: x", "6: `doi` is no field of RATS-1994"),
        ("[rats]", "[rats]\n  DOI: https://doi.org/10.1/x",
         "6: `DOI` is 'https://doi.org/10.1/x'; the bare DOI, such as 10.3390/nu12082221"),
        ("[rats]", "[rats]\n  DOI: 10.1000/é", "6: `DOI` is '10.1000/é'"),
        ("[rats]", "[rats]\n  PMID: PMID 1", "6: `PMID` is 'PMID 1'; the number alone, such as 25175124"),
        ("[rats]", "[rats]\n  URL: javascript:alert(1)", "6: `URL` is 'javascript:alert(1)'; a whole web address, https://..."),
        ("[rats]", "[rats]\n  URL: https://e.org", "6: `URL` is 'https://e.org'; a whole web address, https://..."),
        ("[rats]", "[rats]\n  issued: 1994-13", "6: `issued` is '1994-13'; 1994, 2024-03 or 2016-11-02"),
        ("[rats]", "[rats]\n  retracted_on: 2016", "6: `retracted_on` is '2016'; a day such as 2016-11-02"),
        ("[rats]", "[rats]\n  sample_size: many", "6: `sample_size` is 'many'; a whole number from 1 to 100000000"),
        ("[rats]", "[rats]\n  author: [Plato]",
         "6: `author` has the author 'Plato'; `Family Initials`, or {literal: Name of the organisation}"),
        ("[rats]", "[rats]\n  author: [{family: P}]", "6: `author` has a mapping with other keys than `literal`"),
        ("[rats]", "[rats]\n  title: again", "6: `title` is given twice (first on line 3); keep one"),
        ("[rats]", "[rats]\nRATS-1994: {}", "6: `RATS-1994` is given twice (first on line 1); keep one"),
        ("[rats]", "[rats]\nB-1: x", "6: B-1 is not a list of fields; one `name: value` a line"),
    ],
)  # fmt: skip
def test_every_fault_is_told(old: str, new: str, problem: str) -> None:
    assert old in WORK
    assert any(found.startswith(problem) for found in problems(WORK.replace(old, new))), problems(WORK.replace(old, new))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1: the file is empty; one entry a work, such as `WATANABE-1994:`"),
        ("# nothing\n", "1: the file is empty; one entry a work, such as `WATANABE-1994:`"),
        ("- a\n", "1: the file is not a list of works; `KEY:` at the start of a line, its fields indented"),
    ],
)
def test_a_file_that_is_no_list_of_works(text: str, problem: str) -> None:
    assert problems(text) == [problem]


def test_two_works_never_share_a_doi_however_it_is_written() -> None:
    text = f"{WORK}  DOI: 10.1000/ABC\n" + WORK.replace("RATS-1994", "RATS-1995") + "  DOI: 10.1000/abc\n"
    assert problems(text) == ["7: RATS-1995 has the DOI of RATS-1994; one entry a work; cite it by one key"]


@pytest.mark.parametrize(
    ("work", "at_sentence", "kind"),
    [
        (RATS, "studied in rats, not people", "Animal experiment: rats, not people"),
        (replace(RATS, sample_size=30), "studied in rats, not people", "Animal experiment: rats, not people"),
        (replace(RATS, populations=(Population.RATS, Population.CELLS)), "studied in rats and cells, not people",
         "Animal experiment: rats and cells, not people"),
        (TRIAL, "1,707 people, randomised trial", "Randomised trial: 1,707 people"),
        (replace(TRIAL, sample_size=None), "randomised trial", "Randomised trial: people"),
        (replace(TRIAL, design=Design.SYSTEMATIC_REVIEW, studies=15), "15 studies, 1,707 people, review of studies",
         "Review of studies: 15 studies, 1,707 people"),
        (replace(TRIAL, populations=(Population.PEOPLE, Population.RATS, Population.MICE)),
         "studied in people, rats and mice, randomised trial", "Randomised trial: people, rats and mice"),
        (Reference("L", WorkType.PAMPHLET, "L", Design.PRODUCT_LABEL), "product label", "Product label"),
    ],
)  # fmt: skip
def test_who_was_studied_is_always_said(work: Reference, at_sentence: str, kind: str) -> None:
    assert label_at_sentence(work) == at_sentence
    assert who_in_words(work) == at_sentence.removeprefix("studied in ") or not work.is_without_people
    assert kind_in_words(work) == kind


def test_links_lead_to_the_best_place_first_and_to_each_once() -> None:
    work = replace(TRIAL, doi="10.1000/x", pmid="1", pmcid="PMC2", url="https://pmc.ncbi.nlm.nih.gov/articles/PMC2")
    assert work.links == [
        ("PubMed Central", "https://pmc.ncbi.nlm.nih.gov/articles/PMC2/"),
        ("doi.org", "https://doi.org/10.1000/x"),
        ("PubMed", "https://pubmed.ncbi.nlm.nih.gov/1/"),
    ]
    assert replace(TRIAL, url="http://www.e.org/a/b").links == [("e.org", "http://www.e.org/a/b")]

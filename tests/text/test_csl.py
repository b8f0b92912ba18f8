"""The list of works as CSL-JSON."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.grading import Design, Population
from articles.text.bibliography import Author, Reference, WorkType, parse_references
from articles.text.csl import MAX_ITEMS, from_csl, to_csl
from tests.works import works

LIST = Path(__file__).parent.parent.parent / "content/references.yaml"
ITEM: dict[str, Any] = {"id": "SMITH-2020", "type": "article-journal", "title": "T", "note": "design: guideline"}
WORK = Reference("SMITH-2020", WorkType.ARTICLE_JOURNAL, "T", Design.GUIDELINE)

TYPES = {"article-journal", "book", "chapter", "report", "webpage", "pamphlet"}
STRINGS = {"title", "container-title", "publisher", "volume", "issue", "page", "DOI", "PMID", "PMCID", "URL", "note"}
"""The schema's rules for the fields we write (csl-data.json of citation-style-language/schema): those that may be text."""


def assert_valid(items: list[dict[str, Any]]) -> None:
    """Hold items to the rules of the schema: what is required, what each field holds, and no other field."""
    for item in items:
        assert item.keys() <= {"id", "type", "author", "issued", "custom"} | STRINGS
        assert item["type"] in TYPES
        assert all(isinstance(item[name], str) for name in item.keys() & (STRINGS | {"id"}))
        assert isinstance(item["custom"], dict)
        for name in item.get("author", []):
            assert name.keys() <= {"family", "given", "literal"}
            assert all(isinstance(part, str) for part in name.values())
        if "issued" in item:
            assert item["issued"].keys() == {"date-parts"}
            assert len(item["issued"]["date-parts"]) == 1
            assert 1 <= len(item["issued"]["date-parts"][0]) <= 3
            assert all(isinstance(part, int) for part in item["issued"]["date-parts"][0])


def read(**changes: Any) -> Reference:
    found, problems = from_csl([ITEM | changes])
    assert problems == []
    return next(iter(found.values()))


def faults(*items: Any) -> list[str]:
    found, problems = from_csl(list(items))
    assert found == {}
    return [str(problem) for problem in problems]


def test_every_field_is_written() -> None:
    work = Reference(
        "RATS-1994", WorkType.ARTICLE_JOURNAL, "T", Design.ANIMAL_EXPERIMENT,
        (Author("Dalla Torre", "C"), Author(literal="A group")),
        "J", "P", "2016-11-02", "122", "1-2", "140-143", "10.1000/abc", "123", "PMC12", "https://e.org/x",
        (Population.RATS, Population.CELLS), 12, 2, "n", date(2016, 11, 2),
    )  # fmt: skip
    facts = {
        "design": "animal-experiment", "populations": ["rats", "cells"], "sample_size": 12, "studies": 2,
        "retracted_on": "2016-11-02", "note": "n",
    }  # fmt: skip
    assert to_csl([work]) == [
        {
            "id": "RATS-1994", "type": "article-journal", "title": "T", "container-title": "J", "publisher": "P", "volume": "122",
            "author": [{"family": "Dalla Torre", "given": "C"}, {"literal": "A group"}],
            "issued": {"date-parts": [[2016, 11, 2]]},
            "issue": "1-2", "page": "140-143", "DOI": "10.1000/abc", "PMID": "123", "PMCID": "PMC12", "URL": "https://e.org/x",
            "custom": facts,
            "note": "design: animal-experiment\npopulations: rats, cells\nsample_size: 12\nstudies: 2\n"
            "retracted_on: 2016-11-02\nnote: n",
        }
    ]  # fmt: skip


@pytest.mark.parametrize("lost", ["", "custom", "note"])
def test_our_own_list_comes_back_from_either_place(lost: str) -> None:
    ours = parse_references(LIST.read_text())[0]
    items = to_csl(ours.values())
    assert_valid(items)
    for item in items:
        item.pop(lost, None)
    assert from_csl(json.dumps(items)) == (ours, [])
    assert from_csl(json.dumps({"items": items}))[0] == ours


@settings(max_examples=40)
@given(
    st.lists(
        works(),
        min_size=1,
        max_size=3,
        unique_by=(lambda work: work.key, lambda work: work.doi or work.key, lambda work: work.pmid or work.key),
    )
)
def test_there_and_back(listed: list[Reference]) -> None:
    items = to_csl(listed)
    assert_valid(items)
    assert from_csl(json.dumps(items)) == ({work.key: work for work in listed}, [])


def test_an_item_of_zotero_is_read() -> None:
    zotero = {
        "id": "http://zotero.org/users/1/items/ABCD2345",
        "type": "article-journal",
        "abstract": "…",
        "container-title": "Nutrients",
        "DOI": "https://doi.org/10.3390/NU1",
        "ISSN": "2072-6643",
        "issue": 2,
        "journalAbbreviation": "Nutr",
        "language": "en",
        "note": "PMID: 123\nPMCID: PMC4\nSome words of mine\nDesign: randomised-trial\nPopulations: people\nSample size: 90\n"
        "DOI: 10.1/x",
        "page": "395",
        "source": "PubMed",
        "title": "Vitamin B<sub>12</sub> in <i>diabetic</i> neuropathy",
        "URL": "https://WWW.Example.org",
        "volume": "13",
        "author": [
            {"family": "Didangelos", "given": "Triantafyllos"},
            {"family": "Berg", "given": "Jean-Pierre J.", "non-dropping-particle": "van den"},
            {"family": "King", "given": "ML", "suffix": "Jr"},
            {"literal": "A group"},
            {"family": "Plato", "given": ""},
        ],
        "accessed": {"date-parts": [["2026", 1, 2]]},
        "issued": {"date-parts": [["2021", 2, 3]]},
    }
    assert from_csl([zotero])[0] == {
        "DIDANGELOS-2021": Reference(
            "DIDANGELOS-2021", WorkType.ARTICLE_JOURNAL, "Vitamin B12 in diabetic neuropathy", Design.RANDOMISED_TRIAL,
            (Author("Didangelos", "T"), Author("van den Berg", "JPJ"), Author("King Jr", "ML"), Author(literal="A group"),
             Author(literal="Plato")),
            "Nutrients", "", "2021-02-03", "13", "2", "395", "10.3390/nu1", "123", "PMC4", "https://www.example.org/",
            (Population.PEOPLE,), 90,
        )
    }  # fmt: skip


@pytest.mark.parametrize(
    ("issued", "day"),
    [
        ({"date-parts": [[2014]]}, "2014"), ({"date-parts": [["2014", "8"]]}, "2014-08"),
        ({"date-parts": [["2014", ""]]}, "2014"),
        ({"raw": "2014-08-19"}, "2014-08-19"), ({"literal": "2014/8"}, "2014-08"), ("2014-08", "2014-08"), ({}, ""), (None, ""),
    ],
)  # fmt: skip
def test_dates(issued: Any, day: str) -> None:
    assert read(issued=issued).issued == day


@pytest.mark.parametrize(
    ("item", "key"),
    [
        ({"id": "B12-STUDY"}, "B12-STUDY"),
        ({"id": 7}, "SMITH-2020"),
        ({"id": "smith2020"}, "SMITH-2020"),
        ({}, "SMITH-2020"),
        ({"author": [{"family": "Müller-Lüdenscheid", "given": "K"}]}, "MULLER-LUDENSCHEID-2020"),
        ({"author": [{"literal": "National Institute"}], "issued": None}, "NATIONAL"),
        ({"author": []}, "ON-2020"),
        ({"author": [], "title": "«»"}, "WORK-2020"),
        ({"author": [{"family": "X" * 90, "given": "K"}]}, "X" * 60 + "-2020"),
    ],
)
def test_keys(item: dict[str, Any], key: str) -> None:
    given_ = {"author": [{"family": "Smith", "given": "J"}], "issued": {"date-parts": [[2020]]}, "title": "“On” B12"}
    assert read(**{"id": ""} | given_ | item).key == key


def test_a_key_that_is_taken_gets_a_letter_and_the_same_work_gets_its_own_key() -> None:
    item = ITEM | {"id": "x", "author": [{"family": "Smith", "given": "J"}], "issued": {"date-parts": [[2020]]}}
    known = {"SMITH-2020": WORK}
    assert list(from_csl([item], known)[0]) == ["SMITH-2020"]
    other, third = item | {"title": "Other"}, item | {"title": "Third"}
    assert list(from_csl([other, third], known)[0]) == ["SMITH-2020-B", "SMITH-2020-C"]
    assert list(from_csl([item | {"DOI": "10.1000/a"}], {"SMITH-2020": read(DOI="10.1000/b")})[0]) == ["SMITH-2020-B"]
    many = from_csl([item | {"title": f"T{number}"} for number in range(28)])[0]
    assert list(many)[-3:] == ["SMITH-2020-Z", "SMITH-2020-27", "SMITH-2020-28"]


def test_an_item_without_a_design_is_refused_and_told_all_designs() -> None:
    designs = ", ".join(Design)
    right = f"no design is given; a line `design: ...` in `note` (Zotero's Extra), one of: {designs}"
    assert faults(ITEM | {"note": "read it"}, ITEM | {"id": "http://zotero.org/x", "note": ""}) == [
        f"item 1 (SMITH-2020): {right}",
        f"item 2 (T): {right}",
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"note": "design: opinion"}, "`design` is 'opinion'; one of: cell-study, animal-experiment"),
        ({"note": "design: randomised-trial"}, "a study that does not say of whom; a line `populations: people` in `note`"),
        ({"note": "design: guideline\npopulations: people"}, "names populations, but a guideline studies nobody; delete"),
        ({"note": "design: guideline\ndesign: cell-study"}, "`note` says design 'cell-study', another place says otherwise"),
        ({"custom": {"design": "cell-study"}}, "`note` says design 'guideline', another place says otherwise"),
        ({"custom": {"sample_size": 1.5}}, "`custom`: `sample_size` is neither text nor a number"),
        ({"custom": {"sample_size": True}}, "`custom`: `sample_size` is neither text nor a number"),
        ({"custom": {"populations": 5}}, "`custom`: `populations` is not a list"),
        ({"custom": []}, None),
        ({"custom": ["x"]}, "`custom` is not an object"),
        ({"note": ["x"]}, "`note` is not text"),
        ({"type": "thesis"}, "`type` is 'thesis'; one of: article-journal, book"),
        ({"title": ""}, "SMITH-2020 has no `title`"),
        ({"title": 1.5}, "`title` is not text"),
        ({"title": "x" * 401}, "`title` is 401 characters long; at most 400"),
        ({"title": "a\u202eb"}, "a character that no text may hold"),
        ({"title": "a\ud800b"}, "a character that no text may hold"),
        ({"title": "a\x07b"}, "a character that no text may hold"),
        ({"DOI": "nonsense"}, "`DOI` is 'nonsense'"),
        ({"URL": "javascript:alert(1)"}, "`URL` is 'javascript:alert(1)'"),
        ({"author": "Smith"}, "`author` is not a list of names"),
        ({"author": ["Smith"]}, "`author` is not a list of names"),
        ({"author": [{}]}, "`author` holds an empty name"),
        ({"author": [{"family": 1.5}]}, "`family` is not text"),
        ({"issued": {"date-parts": [[2014], [2015]]}}, "`issued` is not one date"),
        ({"issued": {"date-parts": [2014]}}, "`issued` is not one date"),
        ({"issued": {"date-parts": [[2014, 13]]}}, "`issued` is '2014-13'"),
        ({"issued": {"raw": "last spring"}}, "`issued` is 'last spring'"),
        ({"issued": {"season": 1}}, "`issued` is ''"),
    ],
)
def test_every_fault_is_told(change: dict[str, Any], problem: str | None) -> None:
    if problem is None:
        assert read(**change) == WORK
    else:
        told = faults(ITEM | change)
        assert told[0].startswith(f"item 1 (SMITH-2020): {problem}"), told
        assert len(told) == 1


def test_all_faults_of_all_items_are_told_at_once() -> None:
    told = faults(5, ITEM | {"type": "thesis", "title": ""}, ITEM | {"id": "A", "issued": "soon", "author": "x", "note": 5})
    assert [problem.split(")")[0] for problem in told] == ["item 1 (?"] + ["item 2 (SMITH-2020"] * 2 + ["item 3 (A"] * 3


def test_one_item_a_work() -> None:
    assert faults(ITEM, ITEM | {"DOI": "10.1000/A"}) == ["item 2 (SMITH-2020): the key of item 1; one item a work"]
    one, two = ({"DOI": "10.1000/A", "PMID": "1"}, {"id": "B", "DOI": "10.1000/a", "PMID": "1"})
    assert [problem.split(": ")[1] for problem in faults(ITEM | one, ITEM | two)] == [
        "the DOI of item 1; one item a work",
        "the PMID of item 1; one item a work",
    ]


def test_names_in_messages_hold_nothing_that_moves_the_cursor() -> None:
    assert faults({"id": "a\x1b[2J/", "title": "b\x1b[2J"})[0].startswith("item 1 (b?[2J): ")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the file is not JSON (Expecting value"),
        ("[" * 100_000, "the file is not JSON ("),
        ("5", "the file holds no list of works; CSL-JSON: a list of items"),
        ("[]", "the file holds no list of works"),
        ("{}", "the file holds no list of works"),
        (json.dumps([0] * (MAX_ITEMS + 1)), "the file holds 5,001 works; at most 5,000"),
    ],
)
def test_a_file_that_is_no_list_of_works(text: str, problem: str) -> None:
    found, problems = from_csl(text)
    assert found == {}
    assert str(problems[0]).startswith(problem)

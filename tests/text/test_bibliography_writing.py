"""Adding works to the list of works."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from articles.text.bibliography import Reference, parse_references
from articles.text.bibliography_writing import add_references, write_reference
from tests.works import works

LIST = Path(__file__).parent.parent.parent / "content/references.yaml"


def test_our_own_list_is_written_as_people_wrote_it() -> None:
    text = LIST.read_text()
    written = add_references(text[: text.index("\n") + 1], parse_references(text)[0].values())
    assert written.lower() == text.lower()  # DOIs are kept in small letters


@settings(max_examples=40)
@given(st.lists(works(), max_size=3, unique_by=(lambda work: work.key, lambda work: work.doi or work.key)))
def test_what_is_written_reads_as_what_was_meant(listed: list[Reference]) -> None:
    before = "A-1: {type: book, title: A, design: guideline}\n"
    text = add_references(before, [work for work in listed if work.key != "A-1"])
    assert text.startswith(before)
    read, problems = parse_references(text)
    assert problems == []
    assert [*read.values()][1:] == [work for work in listed if work.key != "A-1"]


def test_a_last_line_without_its_end_gets_one_and_line_ends_stay_as_they_are() -> None:
    work = parse_references("A-1: {type: book, title: A, design: guideline}")[0]["A-1"]
    entry = "A-1:\n  type: book\n  title: A\n  design: guideline\n"
    assert write_reference(work) == entry
    assert add_references("# x", [work]) == f"# x\n\n{entry}"
    assert add_references("# x\r\n", [work]) == f"# x\n\n{entry}".replace("\n", "\r\n")
    assert add_references("# x", []) == "# x\n"

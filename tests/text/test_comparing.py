"""Two texts side by side."""

from articles.text.bibliography import Reference, from_facts
from articles.text.comparing import compare_texts
from articles.text.diff import Kind
from articles.text.front_matter import Kind as FileKind
from articles.text.source import Source, parse_source
from tests.support import TEXT


def work(key: str, title: str, design: str, population: str) -> Reference:
    facts = {"key": key, "title": title, "design": design, "populations": [population], "type": "article-journal", "author": []}
    return from_facts(facts)


WORKS = {
    "RATS-1994": work("RATS-1994", "A study of rats", "animal-experiment", "rats"),
    "PEOPLE-2020": work("PEOPLE-2020", "A study of people", "randomised-trial", "people"),
}


def read(text: str) -> Source:
    return parse_source(text, FileKind.ARTICLE)


def test_a_text_and_itself_differ_in_nothing() -> None:
    found = compare_texts(read(TEXT), read(TEXT), WORKS)
    assert found.passages == []
    assert found.is_evidence_same


def test_all_that_changed_is_told() -> None:
    new = (
        TEXT.replace("The rats were injected", "The rats were fed")
        .replace("People were asked [@PEOPLE-2020]", "People were asked [@RATS-1994]")
        .replace("nerve-regeneration certainty=very-low", "nerve-regeneration certainty=low")
        .replace("The body needs it to make [myelin](glossary:myelin) [@PEOPLE-2020].", "Nobody knows [no-citation: advice].")
        .replace("Your nerves need vitamin B12 [@PEOPLE-2020]", "Your nerves need vitamin B12 [@NEW-2026]")
    )
    found = compare_texts(read(TEXT), read(new), WORKS)
    assert [(passage.id, passage.kind) for passage in found.passages] == [
        ("what-it-does", Kind.CHANGED),
        ("nerve-regeneration", Kind.CHANGED),
    ]
    assert [claim.said for claim in found.claims_gained] == ["The rats were fed (studied in rats, not people)."]
    assert [claim.text for claim in found.claims_lost] == ["The body needs it to make myelin.", "The rats were injected."]
    changed = {pair.after.text: (pair.before.keys, pair.after.keys) for pair in found.claims_changed}
    assert changed["People were asked."] == (("PEOPLE-2020",), ("RATS-1994",))
    assert [(pair.heading, pair.before, pair.after) for pair in found.certainty_changed] == [
        ("Nerve regeneration: do nerves grow back?", "Very low certainty", "Low certainty")
    ]
    assert (found.works_gained, found.works_lost) == (["NEW-2026"], ["PEOPLE-2020: A study of people"])
    back = compare_texts(read(new), read(TEXT.replace("PEOPLE-2020", "RATS-1994")), {})
    assert (back.works_gained, back.works_lost) == ([], ["NEW-2026"])


def test_a_work_is_named_by_its_title_where_it_is_known() -> None:
    less = TEXT.replace("RATS-1994", "PEOPLE-2020")
    assert compare_texts(read(less), read(TEXT), WORKS).works_gained == ["RATS-1994: A study of rats"]

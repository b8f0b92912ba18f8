"""The help's words: whole, or the site does not start."""

from pathlib import Path

import pytest

from articles.text.disclaimer import DisclaimerError, read_disclaimer

SHIPPED = Path(__file__).parent.parent.parent / "content/disclaimer.yaml"


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "disclaimer.yaml"
    path.write_bytes(SHIPPED.read_bytes())
    return path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_numbers_of_the_region_are_put_in() -> None:
    international, british = (read_disclaimer(SHIPPED, region=region) for region in ("international", "gb"))
    assert international.emergency == "999, 911 or your local emergency number"
    assert british.bar_how_fast.startswith("999 if")
    assert "{" not in "".join(map(str, (british.bar_who, british.bar_how_fast, british.who, british.ask, british.repeat)))
    assert british.signs


def test_a_sentence_that_begins_with_the_numbers_begins_with_a_capital(written: Path) -> None:
    change(written, 'gb: "999"', "gb: your own number")
    assert read_disclaimer(written, region="gb").bar_how_fast.startswith("Your own number if")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("title: Talk to a doctor", "title: ''", "1: `title` is empty"),
        ("title: Talk to a doctor\n", "", "1: the file has no `title`"),
        ("title: Talk", "titel: Talk", "1: `titel` is no field of the file"),
        ("  who: Your doctor or nurse, before you start or stop treatment.\n", "", "2: `bar` is faulty: it has no `who`"),
        ("regions:\n", "regions: {}\nx:\n", "`regions` is not a list of regions"),
        ("  - it is hard", "  x: it is hard", "the YAML cannot be read"),
        ("title: Talk", "title: &a Talk", "1: a YAML anchor (&a)"),
        ("title: Talk", "title: \u202eTalk", "1: the character U+202E reorders or hides text"),
    ],
)
def test_every_fault_is_told_with_file_and_line(written: Path, old: str, new: str, problem: str) -> None:
    change(written, old, new)
    with pytest.raises(DisclaimerError) as caught:
        read_disclaimer(written, region="international")
    assert problem in str(caught.value)
    assert str(caught.value).startswith(f"{written}:")


def test_it_may_be_neither_missing_nor_empty_nor_a_folder(tmp_path: Path) -> None:
    missing, empty = tmp_path / "missing.yaml", tmp_path / "empty.yaml"
    empty.touch()
    for path in (missing, empty, tmp_path):
        with pytest.raises(DisclaimerError):
            read_disclaimer(path, region="international")


def test_the_region_must_be_there() -> None:
    with pytest.raises(DisclaimerError, match="no region 'mars'; REGION set to one of: international, gb, us"):
        read_disclaimer(SHIPPED, region="mars")


def test_signs_may_not_be_empty(written: Path) -> None:
    text = written.read_text(encoding="utf-8")
    start, end = text.index("signs:"), text.index("repeat:")
    written.write_text(text[:start] + "signs: []\n" + text[end:], encoding="utf-8")
    with pytest.raises(DisclaimerError, match="`signs` is empty"):
        read_disclaimer(written, region="international")

"""``lint_content`` on real folders: what stops publishing fails it, what is advice does not, and no database is asked."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from articles.text.standards import NOT_FOR_MACHINES, RULES
from tests.support import PAGE, TEXT

REFERENCES = """\
RATS-1994: {type: article-journal, title: A study of rats, design: animal-experiment, populations: [rats]}
PEOPLE-2020: {type: article-journal, title: People asked, DOI: 10.1000/People, design: randomised-trial, populations: [people]}
"""
GLOSSARY = "myelin:\n  term: myelin\n  explanation: the layer around a nerve\n  source: PEOPLE-2020\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    content = tmp_path / "content"
    (content / "articles").mkdir(parents=True)
    (content / "pages").mkdir()
    (content / "references.yaml").write_text(REFERENCES)
    (content / "glossary.yaml").write_text(GLOSSARY)
    (content / "articles/b12.md").write_text(TEXT)
    (content / "pages/about.md").write_text(PAGE)
    return content


def run(*arguments: Any) -> tuple[str, str]:
    """Give what is printed, and what it fails with, "" where it does not."""
    out = StringIO()
    try:
        call_command("lint_content", *arguments, stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def test_nothing_stops_the_shipped_content() -> None:
    told, failure = run()
    assert failure == ""
    assert "content/articles/effects-of-methyl-b12-on-neuropathy.md\n  Nothing stops publishing.\n" in told


def test_advice_is_told_with_its_lines_and_fails_nothing(folder: Path) -> None:
    told, failure = run(folder)
    assert failure == ""
    assert "  Not met:\n    Harms are told, with their sources\n      7: effects are named, and no harms; " in told
    assert "  For a person to look at:\n    Every source shows its date\n      3: PEOPLE-2020 has no date; " in told
    assert "  Met:\n    Every statement has a source" in told
    assert "  Readability, as advice: 42 words in 8 sentences, 5.2 a sentence; school grade (USA) " in told
    assert all(item.words in told for item in NOT_FOR_MACHINES)


def test_pages_are_not_told_what_is_for_articles(folder: Path) -> None:
    told, _failure = run(folder)
    page = told[told.index("content/pages/about.md") :]
    assert "Nothing stops publishing." in page
    assert "Not for this page" not in page
    assert "Harms" not in page


FAULTS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "a statement without a source": (
        lambda c: (c / "articles/b12.md").write_text(TEXT + "\nA bare statement.\n"),
        "content/articles/b12.md:25: a sentence without a source: “A bare statement.”; [@KEY] or",
    ),
    "an unknown work": (
        lambda c: (c / "articles/b12.md").write_text(TEXT + "\nSo [@NOBODY-1].\n"),
        "content/articles/b12.md:25: the work `NOBODY-1` is not known; a key of references.yaml",
    ),
    "a link to nothing": (
        lambda c: (c / "pages/about.md").write_text(PAGE + "\nSee [it](article:nothing).\n"),
        "content/pages/about.md:10: there is no article `nothing`; ",
    ),
    "a text that cannot be read": (
        lambda c: (c / "articles/new.md").write_text(""),
        "content/articles/new.md:1: the file is empty; ",
    ),
    "a file that is none": (lambda c: (c / "articles/new.md").mkdir(), "content/articles/new.md:1: "),
    "another kind of file": (lambda c: (c / "articles/x.txt").write_text(""), "content/articles/x.txt:1: not a Markdown file; "),
    "a name that makes no address": (
        lambda c: (c / "pages/about.md").rename(c / "pages/admin.md"),
        "content/pages/admin.md:1: the file's name makes no address; ",
    ),
    "a list that cannot be read": (lambda c: (c / "glossary.yaml").write_text(GLOSSARY + "x: [\n"), "content/glossary.yaml:"),
    "a word without its source": (
        lambda c: (c / "glossary.yaml").write_text("# Words\n" + GLOSSARY.replace("PEOPLE-2020", "NOBODY-1")),
        "content/glossary.yaml:2: the source `NOBODY-1` of myelin is not known; a key of references.yaml",
    ),
}


@pytest.mark.parametrize("what", FAULTS)
def test_what_stops_publishing_fails(what: str, folder: Path) -> None:
    spoil, fault = FAULTS[what]
    spoil(folder)
    told, failure = run(folder)
    assert any(line.startswith(fault) for line in told.splitlines()), told
    assert failure.endswith(" publishing.")


def test_faults_are_counted(folder: Path) -> None:
    (folder / "articles/b12.md").write_text(TEXT + "\nBare. Bare too. Again [@NOBODY-1].\n")
    assert run(folder)[1] == "3 faults stop publishing."
    (folder / "articles/b12.md").write_text(TEXT + "\nBare.\n")
    assert run(folder)[1] == "1 fault stops publishing."


def test_json_says_the_same(folder: Path) -> None:
    (folder / "articles/b12.md").write_text(TEXT + "\nA bare statement.\n")
    (folder / "articles/x.txt").write_text("")
    told, failure = run(folder, "--json")
    report = json.loads(told)
    assert failure == "2 faults stop publishing."
    assert [fault.split(":")[0] for fault in report["faults"]] == ["content/articles/x.txt"]
    article, page = report["files"]
    assert (article["path"], page["path"]) == ("content/articles/b12.md", "content/pages/about.md")
    assert [problem["line"] for problem in article["problems"]] == [25]
    assert [check["name"] for check in article["checks"]] == [rule.name for rule in RULES]
    checks = {check["name"]: check for check in article["checks"]}
    assert checks["statements-have-sources"]["verdict"] == "not met"
    assert checks["statements-have-sources"]["findings"][0]["line"] == 25
    assert page["readability"]["words"] > 0
    assert len(report["not_for_machines"]) == len(NOT_FOR_MACHINES)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "nowhere:1: not a folder; " in run(tmp_path / "nowhere")[1]

"""Works from Zotero into the list of works."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from articles.management.commands import import_csl
from articles.text.bibliography import parse_references

LIST = """\
# Works we cite.

A-1:   # our first
  type: book
  title: 'A'
  design: guideline
  DOI: 10.1000/A
  PMID: "1"

B-2: {type: book, title: B, design: guideline}
"""


def item(key: str, **fields: Any) -> dict[str, Any]:
    return {"id": key, "type": "book", "title": key, "note": "design: guideline"} | fields


@pytest.fixture
def into(tmp_path: Path) -> Path:
    path = tmp_path / "references.yaml"
    path.write_text(LIST)
    path.chmod(0o640)
    return path


def run(into: Path, *items: Any, options: tuple[str, ...] = ()) -> None:
    file = into.with_name("zotero.json")
    file.write_text("\ufeff" + json.dumps(items))
    call_command("import_csl", str(file), "--into", str(into), *options)


def test_new_works_are_added_at_the_end_and_nothing_else_is_touched(into: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(into, item("C-3", volume=12, author=[{"family": "Smith", "given": "Jane"}]), item("D-4"))
    assert into.read_text() == LIST + (
        '\nC-3:\n  type: book\n  author: [Smith J]\n  title: C-3\n  volume: "12"\n  design: guideline\n'
        "\nD-4:\n  type: book\n  title: D-4\n  design: guideline\n"
    )
    assert capsys.readouterr().out.splitlines() == [
        "added: C-3 (C-3)",
        "added: D-4 (D-4)",
        f"2 works added to {into}. `manage.py import_content` brings them into the database.",
    ]
    assert into.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in into.parent.iterdir()) == ["references.yaml", "zotero.json"]
    run(into, item("C-3", volume=12, author=[{"family": "Smith", "given": "Jane"}]))
    assert capsys.readouterr().out.splitlines() == ["already there: C-3", "Nothing to add."]


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (item("B-2", title="B"), "already there: B-2"),
        (item("B-2", volume="3"), "already there and left as it is: B-2; the file differs in title, volume"),
        (item("Z-9", title="A", DOI="10.1000/a", PMID="1"), "already there: Z-9, as A-1"),
        (item("Z-9", title="A", PMID=1), "already there and left as it is: Z-9, as A-1; the file differs in doi"),
    ],
)
def test_a_work_that_is_there_is_named_and_left(
    work: dict[str, Any], said: str, into: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(into, work)
    assert capsys.readouterr().out.splitlines() == [said, "Nothing to add."]
    assert into.read_text() == LIST


def test_a_dry_run_changes_nothing(into: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(into, item("C-3"), options=("--dry-run",))
    assert capsys.readouterr().out.splitlines() == ["would be added: C-3 (C-3)", "A dry run: nothing was changed."]
    assert into.read_text() == LIST


def test_all_or_nothing(into: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="2 faults; nothing was changed"):
        run(into, item("C-3"), item("D-4", note=""), item("E-5", type="thesis"))
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith(f"{into.with_name('zotero.json')}: item 2 (D-4): no design is given; a line `design: ...`")
    assert said[1].startswith(f"{into.with_name('zotero.json')}: item 3 (E-5): `type` is 'thesis'; one of: ")
    assert into.read_text() == LIST


def test_a_list_with_faults_is_left_alone(into: Path, capsys: pytest.CaptureFixture[str]) -> None:
    into.write_text(LIST + "x\n")
    with pytest.raises(CommandError, match="1 fault; nothing was changed"):
        run(into, item("C-3"))
    assert capsys.readouterr().err.startswith(f"{into}:1")
    assert into.read_text() == LIST + "x\n"


def test_what_would_not_read_as_it_was_meant_is_not_written(into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    into.write_text(LIST + "...\n")  # an end of the document, behind which nothing may stand
    with pytest.raises(CommandError, match="nothing was changed"):
        run(into, item("C-3"))
    assert into.read_text() == LIST + "...\n"
    into.write_text(LIST)
    monkeypatch.setattr(import_csl, "add_references", lambda text, works: text)
    with pytest.raises(CommandError, match=r"would not read as what was meant \(C-3\); nothing was changed"):
        run(into, item("C-3"))


def test_files_that_cannot_be_read(into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match=r"zotero.json cannot be read \(No such file or directory\); nothing was changed"):
        call_command("import_csl", str(into.with_name("zotero.json")), "--into", str(into))
    into.with_name("zotero.json").write_bytes(b"\xff")
    with pytest.raises(CommandError, match=r"is not UTF-8 \(byte 0\); nothing was changed"):
        call_command("import_csl", str(into.with_name("zotero.json")), "--into", str(into))
    monkeypatch.setattr(import_csl, "MAX_CSL_BYTES", 5)
    with pytest.raises(CommandError, match="is larger than 5 bytes"):
        run(into, item("C-3"))


def test_a_list_that_would_be_too_large(into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_csl, "MAX_REFERENCES_BYTES", len(LIST) + 5)
    with pytest.raises(CommandError, match="would be larger than"):
        run(into, item("C-3"))
    assert into.read_text() == LIST


def test_a_list_that_somebody_changes_meanwhile_keeps_their_change(into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def meddle(handle: int) -> None:
        into.write_text(LIST + "\n# theirs\n")

    monkeypatch.setattr(os, "fsync", meddle)
    with pytest.raises(CommandError, match="was changed by somebody else just now"):
        run(into, item("C-3"))
    assert into.read_text() == LIST + "\n# theirs\n"
    assert sorted(path.name for path in into.parent.iterdir()) == ["references.yaml", "zotero.json"]


def test_a_disk_that_is_full(into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CommandError, match=r"cannot be written \(No space left on device\); nothing was changed"):
        run(into, item("C-3"))
    assert into.read_text() == LIST
    assert sorted(path.name for path in into.parent.iterdir()) == ["references.yaml", "zotero.json"]


def test_a_list_behind_a_link_stays_behind_it(into: Path) -> None:
    link = into.with_name("link.yaml")
    link.symlink_to(into)
    run(link, item("C-3"))
    assert link.is_symlink()
    assert "C-3" in parse_references(into.read_text())[0]

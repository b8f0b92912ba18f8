"""Notices in files."""

from pathlib import Path

import pytest

from articles.text import notice_files
from articles.text.notice_files import read_list, read_saved
from articles.text.notices import NoticeError

DATA = Path(__file__).parent.parent / "data/notices"
DOI = "10.1186/1746-1596-8-123"


def test_a_list_with_bytes_that_are_no_utf_8_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes((DATA / "constructed_retraction_watch.csv").read_bytes().replace(b"A title", b"A t\xeftle"))
    assert list(read_list(path, [DOI])) == [DOI]


def test_faults_of_a_list_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Record ID\n")
    with pytest.raises(NoticeError, match=f"^{path}: the first line names no column"):
        read_list(path, [DOI])


def test_saved_answers_of_a_file_and_of_a_folder(tmp_path: Path) -> None:
    assert list(read_saved(DATA / "constructed_no_notice.json")) == ["10.5555/plain-work"]
    (tmp_path / "a.json").write_text('{"10.5555/A": {"work": {"message": [{"x": 1}]}}}')
    (tmp_path / "b.json").write_text("{}")
    (tmp_path / "notes.txt").write_text("passed over")
    assert read_saved(tmp_path) == {"10.5555/a": {"work": {"message": [{"x": 1}]}}}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"", "not JSON (Expecting value"),
        (b"<html>", "not JSON (Expecting value"),
        (b"[" * 100_000, "not JSON ("),
        (b"\xff", "not UTF-8 (byte 0); a text file in UTF-8"),
        (b"[]", 'the entry \'\' is not of a DOI and its answers; one entry a DOI, {"work": ..., "updates": ...}'),
        (b'{"x": {}}', "the entry 'x' is not of a DOI and its answers"),
        (b'{"10.5555/a": []}', "the entry '10.5555/a' is not of a DOI and its answers"),
        (b'{"10.5555/a": {}, "10.5555/A": {}}', "the DOI 10.5555/A is given twice"),
        (b'{"10.5555/a": {}, "10.5555/a": {}}', "the DOI 10.5555/a is given twice"),
    ],
)
def test_a_file_that_holds_no_saved_answers(text: bytes, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "saved.json"
    path.write_bytes(text)
    with pytest.raises(NoticeError) as caught:
        read_saved(path)
    assert str(caught.value).startswith(f"{path}: {problem}")


def test_all_faults_of_a_folder_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(NoticeError, match=r"no \.json file"):
        read_saved(tmp_path)
    (tmp_path / "a.json").write_text("x")
    (tmp_path / "b.json").write_text('{"10.5555/a": {}, "10.5555/a": {}, "y": {}}')
    (tmp_path / "c.json").mkdir()
    with pytest.raises(NoticeError) as caught:
        read_saved(tmp_path)
    assert len(str(caught.value).splitlines()) == 4


def test_files_that_are_no_files_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoticeError, match=r"neither \.csv nor \.json"):
        read_saved(tmp_path / "x.txt")
    with pytest.raises(NoticeError, match=r"cannot be read \(No such file or directory\)"):
        read_list(tmp_path / "x.csv", [])
    (tmp_path / "x.csv").write_text("long")
    monkeypatch.setattr(notice_files, "MAX_FILE_BYTES", 3)
    with pytest.raises(NoticeError, match="more than 3 bytes"):
        read_list(tmp_path / "x.csv", [])

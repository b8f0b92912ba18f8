"""``export_content`` on real folders: what is written, what is never written over, and what is told."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from articles import content_export, workflow
from articles.models import Article, Conflict, GlossaryTerm, Reference
from tests.support import IMPORT, NOW, PAGE, TEXT, checked, edit, make_article, publish

pytestmark = pytest.mark.django_db

RATS = "RATS-1994: # the first\n  title: A study of rats\n  type: report\n  design: animal-experiment\n  populations: [rats]\n"
PEOPLE = "PEOPLE-2020:\n  type: report\n  title: A study of people\n  design: randomised-trial\n  populations: [people]\n"
MYELIN = "myelin:\n  term: myelin\n  explanation: the layer around a nerve\n"
NEW_TITLE = TEXT.replace("title: Vitamin B12 and your nerves", "title: B12")
BY = "system: import"


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """A content folder that has been imported and published."""
    content = tmp_path / "content"
    (content / "articles").mkdir(parents=True)
    (content / "pages").mkdir()
    (content / "references.yaml").write_text(RATS + PEOPLE)
    (content / "glossary.yaml").write_text(MYELIN)
    (content / "articles/b12.md").write_text(TEXT)
    (content / "pages/about.md").write_text(PAGE)
    call_command("import_content", content, "--publish", stdout=StringIO())
    settings.CONTENT_DIR = content
    return content


def run(*options: Any) -> list[str]:
    out = StringIO()
    call_command("export_content", *options, stdout=out)
    return out.getvalue().splitlines()


def fail(*options: Any) -> list[str]:
    """Run an export that must fail: give its lines, faults first, and see that no file was touched."""
    folder = options[0]
    before = read(folder)
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("export_content", *options, stdout=out, stderr=err)
    assert caught.value.returncode == 1
    assert read(folder) == before
    return [*err.getvalue().splitlines(), *out.getvalue().splitlines(), str(caught.value)]


def read(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def b12() -> Article:
    return Article.objects.get(slug="b12")


def check(folder: Path) -> list[str]:
    return fail(folder, "--check")[:-1]


# What is written


def test_the_folder_of_the_site_is_left_as_it_is_until_somebody_edits(folder: Path) -> None:
    before = read(folder)
    assert run() == ["0 files written, 4 unchanged."]
    assert run("--check") == ["In step: 4 files."]
    edit(b12(), NEW_TITLE)
    assert run() == ["updated: content/articles/b12.md", "1 file written, 3 unchanged."]
    assert read(folder) == before | {"articles/b12.md": NEW_TITLE.encode()}
    assert b12().synced_digest == b12().latest_revision.digest  # type: ignore[union-attr]


def test_the_latest_revision_is_written_draft_or_not_and_readers_keep_theirs(folder: Path) -> None:
    edit(b12(), NEW_TITLE)
    publish(b12())
    draft = TEXT.replace("title: Vitamin", "title: A draft on vitamin")
    edit(b12(), draft)
    run(folder)
    assert (folder / "articles/b12.md").read_text() == draft
    assert b12().title == "B12"


def test_what_the_admin_made_gets_a_file_and_what_was_withdrawn_is_left_alone(folder: Path) -> None:
    make_article("new", NEW_TITLE, is_published=False)
    Article.objects.filter(slug="b12").update(withdrawn_at=NOW, withdrawn_reason="old")
    edit(b12(), NEW_TITLE)
    (folder / "pages/about.md").unlink()
    assert check(folder) == [
        f"missing: content/articles/new.md (revision 1 by {BY})",
        f"missing: content/pages/about.md (revision 1 by {BY})",
    ]
    assert run(folder, "--dry-run")[-2:] == ["2 files to write, 2 unchanged.", "A dry run: nothing was changed."]
    assert not (folder / "articles/new.md").exists()
    assert run(folder)[:2] == ["created: content/articles/new.md", "created: content/pages/about.md"]
    assert (folder / "articles/b12.md").read_text() == TEXT
    assert (folder / "articles/new.md").read_text() == NEW_TITLE
    assert Article.objects.get(slug="new").file_path == "content/articles/new.md"


@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks_stay_as_they_are(folder: Path, start: str) -> None:
    for path in folder.rglob("*.*"):
        path.write_bytes((start + path.read_text().replace("\n", "\r\n")).encode())
    before = read(folder)
    assert run(folder) == ["0 files written, 4 unchanged."]
    edit(b12(), NEW_TITLE)
    Reference.objects.create(key="NEW-1", type="book", title="New", design="guideline")
    run(folder)
    assert read(folder) == before | {
        "articles/b12.md": (start + NEW_TITLE.replace("\n", "\r\n")).encode(),
        "references.yaml": before["references.yaml"] + b"\r\nNEW-1:\r\n  type: book\r\n  title: New\r\n  design: guideline\r\n",
    }


def test_works_and_words_the_lists_lack_are_added_at_the_end(folder: Path) -> None:
    GlossaryTerm.objects.create(key="axon", term="axon", explanation="a fibre", synonyms=["nerve, fibre", "axone"])
    (folder / "references.yaml").write_text("# Ours\n" + RATS)
    assert check(folder) == [
        "missing: content/references.yaml (PEOPLE-2020)",
        "missing: content/glossary.yaml (axon)",
    ]
    run(folder)
    assert (folder / "references.yaml").read_text() == f"# Ours\n{RATS}\n{PEOPLE}"
    entry = 'axon:\n  term: axon\n  explanation: a fibre\n  synonyms: ["nerve, fibre", axone]\n'
    assert (folder / "glossary.yaml").read_text() == f"{MYELIN}\n{entry}"


def test_a_file_keeps_its_rights(folder: Path) -> None:
    (folder / "articles/b12.md").chmod(0o640)
    edit(b12(), NEW_TITLE)
    run(folder)
    assert (folder / "articles/b12.md").stat().st_mode & 0o777 == 0o640


# What is never written over


def test_a_file_that_was_edited_is_a_conflict_and_nothing_is_written(folder: Path) -> None:
    (folder / "articles/b12.md").write_text(NEW_TITLE)
    make_article("new", is_published=False)
    assert fail(folder) == [
        "content/articles/b12.md:1: the file was edited since the last sync; import_content brings it in",
        "1 fault; nothing was written.",
    ]
    edit(b12(), TEXT + "\nMore [@PEOPLE-2020].\n")
    what = f"the file and the article were both (revision 2 by {BY}) edited since the last sync"
    right = "import_content puts them together"
    assert fail(folder)[0] == f"content/articles/b12.md:1: {what}; {right}"
    assert check(folder)[0] == f"both edited: content/articles/b12.md ({what}; {right})"


def test_a_file_that_waits_to_be_put_together_is_not_written_over(folder: Path) -> None:
    file = folder / "articles/b12.md"
    file.write_text(NEW_TITLE)
    edit(b12(), TEXT.replace("title: Vitamin B12 and your nerves", "title: Nerves"))
    call_command("import_content", folder, stdout=StringIO())
    what = f"the file and the article (revision 2 by {BY}) were both edited, and both texts wait at the desk"
    assert fail(folder)[0] == f"content/articles/b12.md:1: {what}; put them together in the admin"
    assert check(folder) == [f"both edited: content/articles/b12.md ({what}; put them together in the admin)"]
    merged = checked(TEXT.replace("title: Vitamin B12 and your nerves", "title: Both"))
    article = b12()
    workflow.settle(
        conflict=Conflict.objects.get(), source=merged, based_on=article.latest_revision, by=IMPORT, now=NOW, note="Both."
    )
    assert check(folder)[0] == f"database newer: content/articles/b12.md (revision 4 by {BY})"
    assert run(folder)[0] == "updated: content/articles/b12.md"
    assert file.read_text() == merged.text
    assert run(folder, "--check")[0].startswith("In step")


def test_a_text_kept_beside_a_draft_was_never_the_articles(folder: Path) -> None:
    """A file that happens to hold it was edited, and is imported before anything is written over it."""
    first = b12().latest_revision
    edit(b12(), TEXT + "\nMore [@PEOPLE-2020].\n")
    workflow.keep_text(article=b12(), source=checked(NEW_TITLE), based_on=first, by=IMPORT, now=NOW)
    (folder / "articles/b12.md").write_text(NEW_TITLE)
    assert "import_content puts them together" in fail(folder)[0]


def test_entries_that_were_edited_are_conflicts_and_new_ones_are_left_alone(folder: Path) -> None:
    (folder / "references.yaml").write_text(RATS + PEOPLE.replace("A study", "The study"))
    (folder / "glossary.yaml").write_text(MYELIN + MYELIN.replace("myelin", "sheath"))
    right = "import_content brings it in, if it was edited here; delete the entry here, to get the database's"
    assert fail(folder)[:-1] == [f"content/references.yaml:6: PEOPLE-2020 differs from the database; {right}"]
    assert check(folder) == [
        "file newer: content/references.yaml (PEOPLE-2020 differs from the database; import_content brings it in)",
        "file newer: content/glossary.yaml (sheath is not in the database; import_content brings it in)",
    ]
    (folder / "references.yaml").write_text(RATS)
    assert run(folder)[0] == "updated: content/references.yaml"
    assert (folder / "references.yaml").read_text() == f"{RATS}\n{PEOPLE}"


def test_an_older_text_put_back_by_hand_is_an_edit(folder: Path) -> None:
    edit(b12(), NEW_TITLE)
    run(folder)
    (folder / "articles/b12.md").write_text(TEXT)
    edit(b12(), TEXT + "\nMore [@PEOPLE-2020].\n")
    assert "both" in fail(folder)[0]


def test_a_file_changed_while_the_export_runs_stops_it(folder: Path) -> None:
    edit(b12(), NEW_TITLE)
    make_article("new", is_published=False)
    export = content_export.plan(folder)
    (folder / "articles/b12.md").write_text("Mine")
    before = read(folder)
    with pytest.raises(ValueError, match="changed by somebody else"):
        content_export.apply(export)
    assert read(folder) == before


def test_a_copy_elsewhere_follows_and_its_origin_keeps_the_edit(folder: Path) -> None:
    copy = folder.parent / "new/content"
    edit(b12(), NEW_TITLE)
    assert len(run(copy)) == 5
    again = edit(b12(), TEXT + "\nMore [@PEOPLE-2020].\n")
    assert run(copy)[0] == "updated: content/articles/b12.md"
    out = StringIO()
    call_command("import_content", folder, "--publish", stdout=out)
    assert out.getvalue().startswith("kept: content/articles/b12.md")
    assert b12().latest_revision == again


def test_a_copy_of_a_text_saved_since_is_no_edit_for_an_import(folder: Path) -> None:
    edit(b12(), NEW_TITLE)
    run(folder.parent / "new/content")
    again = edit(b12(), TEXT + "\nMore [@PEOPLE-2020].\n")
    out = StringIO()
    call_command("import_content", folder.parent / "new/content", stdout=out)
    assert out.getvalue().startswith("kept: content/articles/b12.md")
    assert b12().latest_revision == again


# What stands in the way


def put_link_out(folder: Path) -> str:
    (folder / "articles").rename(folder.parent / "elsewhere")
    (folder / "articles").symlink_to(folder.parent / "elsewhere")
    return "content/articles/b12.md:1: a link that leads out of the folder; a plain file"


def put_link_to_file(folder: Path) -> str:
    (folder / "articles/b12.md").rename(folder / "pages/b12.md")
    (folder / "articles/b12.md").symlink_to(folder / "pages/b12.md")
    return "content/articles/b12.md:1: a link; a plain file"


def put_folder(folder: Path) -> str:
    (folder / "articles/b12.md").unlink()
    (folder / "articles/b12.md").mkdir()
    return "content/articles/b12.md:1: cannot be read (Is a directory); a plain file that may be read"


def put_file_for_folder(folder: Path) -> str:
    (folder / "articles/b12.md").unlink()
    (folder / "articles").rmdir()
    (folder / "articles").write_text("")
    return "content/articles/b12.md:1: cannot be read (Not a directory); a plain file that may be read"


def put_bad_list(folder: Path) -> str:
    (folder / "glossary.yaml").write_bytes(b"a: \xff")
    return "content/glossary.yaml:1: byte 3 is not valid UTF-8; save the file as UTF-8"


def put_odd_list(folder: Path) -> str:
    (folder / "references.yaml").write_text(RATS.replace(" # the first", "") + "...\n")
    return "content/references.yaml:1: entries cannot be added at its end (PEOPLE-2020); add them by hand"


@pytest.mark.parametrize("put", [put_link_out, put_link_to_file, put_folder, put_file_for_folder, put_bad_list, put_odd_list])
def test_what_stands_in_the_way_is_told_and_nothing_is_written(folder: Path, put: Any) -> None:
    edit(b12(), NEW_TITLE)
    fault = put(folder)
    before = read(folder.parent)
    assert fault in fail(folder)
    assert read(folder.parent) == before
    fail(folder, "--check")


def test_a_file_that_cannot_be_written_leaves_all_as_they_were(folder: Path) -> None:
    make_article("new", is_published=False)
    edit(Article.objects.get(slug="about"), PAGE.replace("About", "About us"), IMPORT)
    (folder / "articles/b12.md").unlink()
    (folder / "articles").rmdir()
    (folder / "articles").symlink_to("nowhere")
    assert fail(folder) == [f"{folder / 'articles'} cannot be written (File exists); run this again."]


def test_a_file_is_no_folder(folder: Path) -> None:
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("export_content", folder / "glossary.yaml", stdout=out, stderr=out)
    assert out.getvalue() == f"{folder / 'glossary.yaml'}:1: not a folder; the folder that holds articles/ and references.yaml\n"


def test_two_languages_have_no_file_in_common(folder: Path) -> None:
    Article.objects.create(kind="article", slug="b12", language="es", draft_revision=None, title="B12")
    assert run(folder)[-1] == "0 files written, 4 unchanged."
    spanish = make_article("otro", TEXT.replace("topic:", "language: es\ntopic:"), is_published=False)
    Article.objects.filter(language="es", slug="b12").delete()
    Article.objects.filter(pk=spanish.pk).update(slug="b12")
    what = "the file of two articles, in the languages en and es; give one another address"
    assert fail(folder)[0] == f"content/articles/b12.md:1: {what}"


def test_a_file_without_an_article_is_told_by_the_check_alone(folder: Path) -> None:
    (folder / "articles/new.md").write_text(TEXT)
    assert check(folder) == ["file newer: content/articles/new.md (no article has this address; import_content brings it in)"]
    edit(b12(), NEW_TITLE)
    assert check(folder)[0] == f"database newer: content/articles/b12.md (revision 2 by {BY})"
    assert run(folder)[-1] == "1 file written, 3 unchanged."
    assert IMPORT.name == BY

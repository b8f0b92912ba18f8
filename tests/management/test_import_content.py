"""``import_content`` on real folders: every kind of bad input gets one clear line, and the database is left as it was."""

# ruff: noqa: E501 - tables are easier to read with long lines

import os
import re
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from articles import content_sync
from articles.models import Article, AuditEvent, Conflict, FormerSlug, Publication, Reference, Rendering, Revision, RevisionState
from tests.support import NOW, PAGE, TEXT, edit, publish

pytestmark = pytest.mark.django_db

REFERENCES = """\
RATS-1994:
  type: article-journal
  title: A study of rats
  design: animal-experiment
  populations: [rats]
PEOPLE-2020:
  type: article-journal
  title: A study of people
  DOI: 10.1000/People
  design: randomised-trial
  populations: [people]
  sample_size: 90
"""
GLOSSARY = "myelin:\n  term: myelin\n  explanation: the layer around a nerve\n  source: PEOPLE-2020\n"
HEAD, BODY = TEXT.split("---\n")[1], TEXT.split("---\n", 2)[2]


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


def run(folder: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_content", folder, *options, stdout=out)
    return out.getvalue()


def faults(folder: Path, *options: str) -> list[str]:
    """Run an import that must fail: give its lines, and see that nothing was written."""
    before = counts()
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("import_content", folder, *options, stdout=out, stderr=err)
    assert caught.value.returncode == 1
    assert counts() == before
    assert out.getvalue() == ""
    lines = err.getvalue().splitlines()
    assert all(re.match(r"[^:]+:\d+: .+; .+", line) for line in lines), lines
    return lines


def counts() -> tuple[int, ...]:
    models = (Article, Revision, Publication, Rendering, Reference, FormerSlug, AuditEvent)
    return tuple(model.objects.count() for model in models)


# What is imported


def test_a_first_import_creates_and_a_second_changes_nothing(folder: Path) -> None:
    assert "articles and pages: 2 created, 0 updated, 0 unchanged" in run(folder, "--publish")
    before = counts()
    said = run(folder, "--publish")
    assert "articles and pages: 0 created, 0 updated, 2 unchanged" in said
    assert "works and words: 0 created, 0 updated, 3 unchanged" in said
    assert counts() == before
    assert Revision.objects.get(article__slug="b12").source == TEXT


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    said = run(folder, "--dry-run", "--publish")
    assert "2 created" in said
    assert "nothing was changed" in said
    assert not Article.objects.exists()
    assert not Reference.objects.exists()


def test_publishing_later_takes_the_drafts_of_an_earlier_import(folder: Path) -> None:
    run(folder)
    assert not Article.objects.published().exists()
    assert "2 published." in run(folder, "--publish")


def test_a_changed_file_is_a_new_revision(folder: Path) -> None:
    run(folder, "--publish")
    (folder / "articles/b12.md").write_text(TEXT + "\nMore [@PEOPLE-2020].\n")
    assert "updated: content/articles/b12.md" in run(folder, "--publish")
    article = Article.objects.get(slug="b12")
    assert article.published_revision is not None
    assert article.published_revision.number == 2


def test_a_file_that_goes_away_is_reported_and_the_article_stays(folder: Path) -> None:
    run(folder, "--publish")
    (folder / "articles/b12.md").unlink()
    assert "missing: content/articles/b12.md" in run(folder)
    assert Article.objects.published().filter(slug="b12").exists()


def test_a_renamed_file_keeps_its_article_and_its_old_address(folder: Path) -> None:
    run(folder, "--publish")
    before = Article.objects.get(slug="b12").pk
    (folder / "articles/b12.md").unlink()
    (folder / "articles/new.md").write_text(TEXT.replace("topic:", "former_slugs: [b12]\ntopic:"))
    run(folder, "--publish")
    assert Article.objects.get(slug="new").pk == before
    assert FormerSlug.objects.get().slug == "b12"
    assert "2 unchanged" in run(folder, "--publish")


def test_a_renamed_file_that_names_no_former_address_is_a_new_article(folder: Path) -> None:
    run(folder, "--publish")
    (folder / "articles/b12.md").rename(folder / "articles/new.md")
    assert "missing: content/articles/b12.md" in run(folder, "--publish")
    assert set(Article.objects.published().values_list("slug", flat=True)) == {"about", "b12", "new"}


def test_an_edit_in_the_admin_is_kept_while_the_file_stands_still(folder: Path) -> None:
    run(folder, "--publish")
    article = Article.objects.get(slug="b12")
    edit(article, TEXT + "\nAdmin [@PEOPLE-2020].\n")
    assert "kept: content/articles/b12.md" in run(folder, "--publish")
    article.refresh_from_db()
    assert article.draft_revision is not None
    assert "Admin" in article.draft_revision.source


def test_edits_on_both_sides_that_clash_lose_neither(folder: Path) -> None:
    run(folder, "--publish")
    article = Article.objects.get(slug="b12")
    edit(article, TEXT + "\nAdmin [@PEOPLE-2020].\n")
    publish(article)
    (folder / "articles/b12.md").write_text(TEXT + "\nFile [@PEOPLE-2020].\n")
    desk = f"/admin/articles/article/{article.pk}/conflicts/"
    conflict = (
        f"conflict: content/articles/b12.md (edited here and in the admin; both texts are kept, to be put together at {desk})"
    )
    summary = "articles and pages: 0 created, 0 updated, 1 unchanged, 1 in conflict"
    dry = run(folder, "--dry-run", "--publish")
    assert [conflict, summary] == dry.splitlines()[:2]
    assert not Conflict.objects.exists()
    said = run(folder, "--publish", "--verbosity", "0")
    assert [conflict, summary] == said.splitlines()[:2]
    assert "0 published." in said
    kept = Conflict.objects.get().kept
    assert (kept.source, (folder / "articles/b12.md").read_text()) == (TEXT + "\nFile [@PEOPLE-2020].\n",) * 2
    article.refresh_from_db()
    assert article.latest_revision is not None
    assert "Admin" in article.latest_revision.source
    before = counts()
    again = run(folder, "--publish")
    assert f"waiting: content/articles/b12.md (both texts wait to be put together at {desk}; the file has not changed)" in again
    assert "in conflict" not in again
    assert counts() == before


def test_edits_on_both_sides_that_go_together_become_a_draft(folder: Path) -> None:
    run(folder, "--publish")
    article = Article.objects.get(slug="b12")
    edit(article, TEXT + "\nAdmin [@PEOPLE-2020].\n")
    (folder / "articles/b12.md").write_text(TEXT.replace("The body needs", "Your body needs"))
    merged = "merged: content/articles/b12.md (edited here and in the admin; both edits are in a draft, which readers do not see)"
    summary = "articles and pages: 0 created, 0 updated, 1 unchanged, 1 merged into a draft"
    assert [merged, summary] == run(folder, "--dry-run", "--publish").splitlines()[:2]
    said = run(folder, "--publish")
    assert [merged, summary] == said.splitlines()[:2]
    assert "0 published." in said
    article.refresh_from_db()
    assert article.draft_revision is not None
    assert article.draft_revision.source == TEXT.replace("The body needs", "Your body needs") + "\nAdmin [@PEOPLE-2020].\n"
    assert article.published_revision is not None
    assert article.published_revision.source == TEXT
    before = counts()
    assert "kept: content/articles/b12.md" in run(folder, "--publish")
    assert counts() == before


def test_a_save_in_the_middle_of_an_import_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(folder, "--publish")
    (folder / "articles/b12.md").write_text(TEXT + "\nFile [@PEOPLE-2020].\n")
    plan = content_sync.plan

    def plan_and_lose_time(*arguments: Any, **named: Any) -> content_sync.Plan:
        made = plan(*arguments, **named)
        edit(Article.objects.get(slug="b12"), TEXT + "\nAdmin [@PEOPLE-2020].\n")
        return made

    monkeypatch.setattr(content_sync, "plan", plan_and_lose_time)
    with pytest.raises(CommandError, match="saved in the admin just now; run this again"):
        run(folder)
    assert not Revision.objects.filter(source__contains="File").exists()


def test_the_same_edit_on_both_sides_is_no_conflict(folder: Path) -> None:
    run(folder, "--publish")
    edit(Article.objects.get(slug="b12"), TEXT + "\nSame [@PEOPLE-2020].\n")
    (folder / "articles/b12.md").write_text(TEXT + "\nSame [@PEOPLE-2020].\n")
    assert "1 published." in run(folder, "--publish")


def test_a_changed_work_changes_the_pages_that_cite_it(folder: Path) -> None:
    run(folder, "--publish")
    (folder / "references.yaml").write_text(REFERENCES.replace("[rats]", "[mice]"))
    assert "works and words: 0 created, 1 updated, 2 unchanged" in run(folder)
    assert "studied in mice, not people" in str(Rendering.objects.get(publication__number=2).sections)


def test_links_between_files_of_one_import_are_found(folder: Path) -> None:
    text = PAGE + "\nSee [the article](article:b12#nerve-regeneration) and [us](page:about).\n"
    (folder / "pages/about.md").write_text(text)
    assert "2 published." in run(folder, "--publish")


def test_the_example_of_the_documentation_is_imported(folder: Path) -> None:
    root = Path(__file__).parents[2]
    example = re.search(r"```markdown\n(.*?)```", (root / "docs/writing.md").read_text(), re.DOTALL)
    assert example
    (folder / "articles/b12-basics.md").write_text(example[1])
    for name in ("references.yaml", "glossary.yaml"):
        (folder / name).write_text((root / "content" / name).read_text())
    (folder / "articles/b12.md").unlink()
    assert "2 published." in run(folder, "--publish")


# What is refused

FAULTY_TEXTS: dict[str, tuple[str | bytes, str]] = {
    "an empty file": ("", "1: the file is empty"),
    "white space alone": (" \n\n", "1: the file is empty"),
    "no front matter": (BODY, "1: the file does not begin with front matter"),
    "front matter that does not end": ("---\ntitle: x\n", "1: front matter that does not end"),
    "broken YAML": (f"---\ntitle: [x\n---\n{BODY}", "the YAML cannot be read"),
    "a tab in YAML": (f"---\ntitle: x\n\ttopic: y\n---\n{BODY}", "the YAML cannot be read"),
    "front matter that is a list": (f"---\n- title\n---\n{BODY}", "2: front matter is not a list of fields"),
    "an unknown field": (TEXT.replace("topic:", "colour: red\ntopic:"), "5: `colour` is no field of front matter"),
    "a field twice": (TEXT.replace("topic:", "title: again\ntopic:"), "5: `title` is given twice (first on line 2)"),
    "a field of the wrong type": (TEXT.replace("title: Vitamin", "title: [Vitamin] #"), "`title` is not text"),
    "a list that is text": (TEXT.replace("topic:", "related: b12\ntopic:"), "5: `related` is not a list"),
    "a number out of range": (TEXT.replace("topic:", "review_every: 0\ntopic:"), "5: `review_every` is '0'"),
    "a number that is a word": (TEXT.replace("topic:", "review_every: yearly\ntopic:"), "`review_every` is 'yearly'"),
    "an odd language": (TEXT.replace("topic:", "language: English\ntopic:"), "5: `language` is 'English'"),
    "a YAML tag": (TEXT.replace("title: V", "title: !!python/object:os.system V"), "2: a YAML tag"),
    "a YAML anchor": (TEXT.replace("title: V", "title: &a V"), "2: a YAML anchor (&a)"),
    "a YAML alias": (TEXT.replace("topic: V", "topic: *a #V"), "5: a YAML alias (*a)"),
    "a YAML bomb": ("---\na: &a [x,x]\n" + "".join(f"b{n}: [*a,*a,*a]\n" for n in range(99)) + "---\n", "2: a YAML anchor (&a)"),
    "two YAML documents": (f"---\ntitle: x\n--- \ntitle: y\n---\n{BODY}", "a second YAML document"),
    "a NUL as an escape": (TEXT.replace("title: Vitamin", 'title: "\\0" #'), "2: an escape makes a character"),
    "a lone surrogate as an escape": (TEXT.replace("title: Vitamin", 'title: "\\ud800" #'), "2: "),
    "deep YAML": (f"---\ntitle: {'[' * 3000}\n---\n{BODY}", "2: "),
    "an id twice": (TEXT + "\n## Again {#what-it-does}\n\nText [@RATS-1994].\n", "25: the section id `what-it-does` is used twice"),
    "an id of the browser": (TEXT.replace("{#what-it-does}", "{#location}"), "8: the section id `location` is a name"),
    "an id of our pages": (TEXT.replace("{#what-it-does}", "{#sources}"), "8: the section id `sources` is a name"),
    "an id with capitals": (TEXT.replace("{#what-it-does}", "{#What_It}"), "8: the section id 'What_It'"),
    "an attribute that runs": (TEXT.replace("{#what-it-does}", "{#a onclick=x()}"), "8: `onclick=x()` is no attribute"),
    "no section": (f"---\n{HEAD}---\n\nText [@RATS-1994].\n", "no section"),
    "text before the first section": (f"---\n{HEAD}---\n\nText.\n{BODY}", "8: text before the first section"),
    "a heading of level 1": (TEXT + "\n# Title\n", "25: a heading of level 1"),
    "an underlined heading": (TEXT + "\nHeading\n=======\n", "26: a heading made by underlining"),
    "a heading in a list": (TEXT + "\n- ## Heading\n", "25: a heading inside a list, quotation or block"),
    "a heading in a quotation": (TEXT + "\n> ## Heading\n", "25: a heading inside"),
    "a heading in a block": (TEXT + '\n!!! harms "Harms here"\n    ## Heading\n', "26: a heading inside"),
    "an unknown block": (TEXT + '\n!!! danger "Now"\n    Text.\n', "25: the unknown block `danger`"),
    "a block that is not indented": (TEXT + '\n!!! harms "Harms here"\nText.\n', "25: the block `harms` without text"),
    "a block indented by two": (TEXT + '\n!!! harms "Harms here"\n  Text.\n', "26: a line of a block that is not indented by four"),
    "an indented block": (TEXT + '\n  !!! harms "Harms here"\n      Text.\n', "25: an indented block"),
    "a block without text": (TEXT + '\n!!! harms "Harms here"\n', "25: the block `harms` without text"),
    "a block with the default heading": (TEXT + '\n!!! emergency "Emergency"\n    - x\n', "25: the block `emergency` without a heading"),
    "a card without a heading": (TEXT + "\n!!! emergency\n    - x\n", "25: the block `emergency` without a heading"),
    "an evidence box without certainty": (TEXT.replace(" certainty=very-low", ""), "12: an evidence box in a section without"),
    "a certainty without its box": (TEXT.replace("{#what-it-does}", "{#what-it-does certainty=low}"), "8: 0 blocks `answer`"),
    "an unknown certainty": (TEXT.replace("very-low", "sure"), "12: certainty=sure"),
    "numbers that do not make 100": (
        TEXT + '\n!!! number "86 of 100 people"\n    - 86 of 100 did\n    - 15 of 100 did not\n',
        "25: a number block whose list does not make 100",
    ),
    "code that does not end": (TEXT + "\n```\ncode\n", "25: a code block that does not end"),
    "raw HTML": (TEXT + "\nSome <b>bold</b>.\n", "25: raw HTML"),
    "a script": (TEXT + "\n<script>alert(1)</script>\n", "25: raw HTML"),
    "a comment": (TEXT + "\n<!-- hidden -->\n", "25: raw HTML"),
    "an image": (TEXT + "\n![x](https://example.org/x.png)\n", "25: an image"),
    "an attribute list": (TEXT + "\nText\n{: onclick=x() }\n", "26: an attribute list"),
    "an unknown work": (TEXT + "\nSo [@NOBODY-1].\n", "25: the work `NOBODY-1` is not known"),
    "a citation after the full stop": (TEXT + "\nSo. [@RATS-1994]\n", "25: a citation after the full stop"),
    "a misspelt citation": (TEXT + "\nSo [@rats 1994].\n", "25: `[@rats 1994].` is not a citation"),
    "a mark with an odd reason": (TEXT + "\nSo [no-citation: obvious].\n", "25: `[no-citation: obvious].` is not a citation"),
    "a definition that looks like a citation": (TEXT + "\n[@RATS-1994]: https://example.org/x\n", "25: a link definition that looks"),
    "a link to no article": (TEXT + "\nSee [it](article:nothing).\n", "25: there is no article `nothing`"),
    "a link to no section": (TEXT + "\nSee [it](article:b12#nothing).\n", "25: there is no section `nothing` there"),
    "a link to no section here": (TEXT + "\nSee [it](#nothing).\n", "25: there is no section `nothing` there"),
    "a link to no page": (TEXT + "\nSee [it](page:nothing).\n", "25: there is no page `nothing`"),
    "a link to no word": (TEXT + "\nSee [it](glossary:nothing).\n", "25: the word `nothing` is not explained"),
    "related to no article": (TEXT.replace("topic:", "related: [nothing]\ntopic:"), "5: `related` names `nothing`"),
    "a link that runs": (TEXT + "\nSee [it](javascript:alert(1)).\n", "25: a link to `javascript:alert"),
    "a link to data": (TEXT + "\nSee [it](data:text/html,x).\n", "25: a link to `data:text/html,x`"),
    "a path instead of a slug": (TEXT + "\nSee [it](/articles/b12/).\n", "25: a link to `/articles/b12/`"),
    "a former address in use": (TEXT.replace("topic:", "former_slugs: [about]\ntopic:"), "5: the former address `about` is in use"),
    "bytes that are not UTF-8": (TEXT.encode().replace(b"nerves", b"n\xffrves", 1), "2: byte "),
    "a NUL": (TEXT.replace("nerves", "n\0rves", 1), "2: the character U+0000 cannot be shown"),
    "a byte-order mark": (b"\xef\xbb\xbf" + TEXT.encode(), "1: the file begins with a byte-order mark"),
    "CR line ends": (TEXT.replace("\n", "\r"), "1: the line ends with a carriage return"),
    "CR LF line ends": (TEXT.replace("\n", "\r\n"), "1: the line ends with a carriage return"),
    "text that is turned round": (TEXT.replace("nerves", "\u202enerves", 1), "2: the character U+202E reorders or hides text"),
    "20 MB": (b"a" * 20_000_000, "1: more than 200,000 bytes; at most 200,000 bytes"),
    "a long line": (TEXT + "\n" + "word " * 1001 + "\n", "25: "),
    "deep quotations": (TEXT + "\n" + ">" * 2000 + " x\n", "25: "),
    "deep lists": (TEXT + "\n" + "".join(f"{'    ' * n}- x\n" for n in range(200)), ""),
}  # fmt: skip
BY_THE_THOUSAND = {
        "[": "[", "![": "![", "[^": "[^", "*": "*", "**a": "**a ", "_": "_a ", "`": "`a", "quotation marks": '"', "[a](": "[a](",
        "<": "<", "&": "&", "backslashes": "\\", "~": "~", "brackets": "[]()", "citations": "[@A ", "table cells": "|a",
    }  # fmt: skip
FAULTY_TEXTS |= {
    f"{what} by the thousand": (TEXT + "\n" + piece * (40_000 // len(piece)) + "\n", "25: ")
    for what, piece in BY_THE_THOUSAND.items()
}


@pytest.mark.parametrize("what", FAULTY_TEXTS)
def test_a_faulty_file_is_refused_with_its_line(what: str, folder: Path) -> None:
    text, fault = FAULTY_TEXTS[what]
    (folder / "articles/bad.md").write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    lines = faults(folder)
    assert any(line.startswith("content/articles/bad.md:") and fault in line for line in lines), lines
    assert all("bad.md" in line for line in lines)


FAULTY_FOLDERS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "a path-like name": (lambda c: (c / "articles/Not A Slug.md").write_text(TEXT), "content/articles/Not A Slug.md:1: the file's name"),
    "a name with a line end": (lambda c: (c / "articles/a\nb.md").write_text(TEXT), r"content/articles/a\nb.md:1: the file's name"),
    "a hidden parent": (lambda c: (c / "articles/...md").write_text(TEXT) and (c / "articles/x..md").write_text(TEXT), "the file's name"),
    "another kind of file": (lambda c: (c / "articles/x.txt").write_text(TEXT), "content/articles/x.txt:1: not a Markdown file"),
    "an address twice": (lambda c: (c / "pages/b12.md").write_text(PAGE), "content/pages/b12.md:1: the address `b12` is also that of"),
    "an address of the site": (lambda c: (c / "pages/admin.md").write_text(PAGE), "content/pages/admin.md:1: the file's name"),
    "a folder named like a file": (lambda c: (c / "articles/x.md").mkdir(), "content/articles/x.md:1: "),
    "a pipe named like a file": (lambda c: os.mkfifo(c / "articles/x.md"), "content/articles/x.md:1: not a plain file"),
    "a link out of the folder": (lambda c: (c / "articles/x.md").symlink_to("/etc/passwd"), "content/articles/x.md:1: a link that leads out"),
    "a link to itself": (lambda c: (c / "articles/x.md").symlink_to(c / "articles/x.md"), "content/articles/x.md:1: "),
    "a link to nothing": (lambda c: (c / "articles/x.md").symlink_to(c / "articles/y.md"), "content/articles/x.md:1: cannot be read"),
    "a file for a folder": (lambda c: (c / "pages").rename(c / "x").joinpath("about.md").rename(c / "pages"), "content/pages:1: "),
    "works that are no YAML": (lambda c: (c / "references.yaml").write_text("A: ["), "content/references.yaml:1: the YAML cannot be read"),
    "a work twice": (lambda c: (c / "references.yaml").write_text(REFERENCES + REFERENCES), "`RATS-1994` is given twice"),
    "a DOI twice": (
        lambda c: (c / "references.yaml").write_text(REFERENCES + REFERENCES.split("\n", 5)[5].replace("PEOPLE", "COPY")),
        "COPY-2020 has the DOI of PEOPLE-2020",
    ),
    "a study of nobody": (
        lambda c: (c / "references.yaml").write_text(REFERENCES.replace("  populations: [rats]\n", "")),
        "RATS-1994 is a study and does not say of whom",
    ),
    "an unknown design": (lambda c: (c / "references.yaml").write_text(REFERENCES.replace("animal-", "")), "`design` is 'experiment'"),
    "an empty glossary": (lambda c: (c / "glossary.yaml").write_text(""), "content/glossary.yaml:1: the file is empty"),
    "a word without its source": (
        lambda c: (c / "glossary.yaml").write_text(GLOSSARY.replace("PEOPLE-2020", "NOBODY-1")),
        "the source `NOBODY-1` of myelin is not known",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FAULTY_FOLDERS)
def test_a_faulty_folder_is_refused(what: str, folder: Path) -> None:
    spoil, fault = FAULTY_FOLDERS[what]
    spoil(folder)
    assert fault in "\n".join(faults(folder))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    (line,) = faults(tmp_path / "nowhere")
    assert line.endswith("nowhere:1: not a folder; the folder that holds articles/ and references.yaml")


def test_a_file_that_may_not_be_read_is_named(folder: Path) -> None:
    (folder / "articles/b12.md").chmod(0)
    program = (
        "import os, sys, pathlib\n"
        "os.setuid(65534) if os.getuid() == 0 else None\n"
        "from articles.text.folder import read_file\n"
        "try:\n    read_file(pathlib.Path(sys.argv[1]) / 'articles/b12.md', pathlib.Path(sys.argv[1]))\n"
        "except ValueError as error:\n    print(error)\n"
    )
    for path in [folder, *folder.parents]:
        if path.owner() == "root" and path != Path("/"):
            path.chmod(path.stat().st_mode | 0o055)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    setup = "import django\ndjango.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", setup + program, folder], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.strip() == "cannot be read (Permission denied); a plain file that may be read"


def test_all_faults_of_all_files_come_at_once(folder: Path) -> None:
    (folder / "articles/b12.md").write_text(TEXT.replace("topic:", "colour: red\ntopic:") + "\n<b>x</b> [@NOBODY-1].\n")
    (folder / "articles/two.md").write_text("")
    (folder / "glossary.yaml").write_text(GLOSSARY + "bad: x\n")
    lines = faults(folder)
    assert [line.rsplit("/", 1)[-1].split(":")[0] for line in lines] == ["b12.md", "b12.md", "two.md", "glossary.yaml"]


def test_publishing_names_what_an_import_of_drafts_lets_pass(folder: Path) -> None:
    (folder / "articles/b12.md").write_text(TEXT + "\nA bare statement.\n")
    (line,) = faults(folder, "--publish")
    assert line.startswith("content/articles/b12.md:25: a sentence without a source: “A bare statement.”; ")
    assert "2 created" in run(folder)


def test_a_check_says_what_is_out_of_step_and_writes_nothing(folder: Path) -> None:
    for expected in ("created: articles/b12.md", "created: pages/about.md"):
        with pytest.raises(CommandError, match="out of step"):
            assert expected in run(folder, "--check")
    assert not Article.objects.exists()
    run(folder, "--publish")
    assert "2 unchanged" in run(folder, "--check")
    edit(Article.objects.get(slug="b12"), f"{TEXT}\nOne [@PEOPLE-2020].\n")
    with pytest.raises(CommandError, match="out of step"):
        run(folder, "--check")
    (folder / "articles/b12.md").unlink()
    with pytest.raises(CommandError, match="out of step"):
        run(folder, "--check")
    assert Revision.objects.count() == 3


@pytest.mark.parametrize("stage", ["in_review", "changes_requested", "scheduled"])
def test_what_waits_for_somebody_at_the_desk_is_not_published_by_an_import(stage: str, folder: Path) -> None:
    run(folder)
    article = Article.objects.get(slug="b12")
    publish_at = NOW if stage == "scheduled" else None
    RevisionState.objects.filter(article=article).update(status=stage, publish_at=publish_at)
    assert "1 published" in run(folder, "--publish")
    article.refresh_from_db()
    assert article.published_revision is None
    assert article.open_state.status == stage
    (folder / "articles/b12.md").write_text(f"{TEXT}\nOne [@PEOPLE-2020].\n")
    assert "1 published" in run(folder, "--publish")

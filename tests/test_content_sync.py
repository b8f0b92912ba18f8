"""What an import does with texts, works and addresses when both sides have moved; ``import_content`` is tested beside."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from articles import content_sync, workflow
from articles.content_sync import Change, Plan, applying, reading
from articles.models import Article, Claim, Conflict, FormerSlug, GlossaryTerm, Reference, Revision, RevisionState
from tests.support import IMPORT, NOW, PAGE, TEXT, checked, edit
from tests.workflow.support import save

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parent.parent
RATS = "RATS-1994:\n  type: report\n  title: Rats\n  design: animal-experiment\n  populations: [rats]\n  DOI: 10.1000/rats\n"
PEOPLE = (
    "PEOPLE-2020:\n  type: report\n  title: People\n  design: randomised-trial\n  populations: [people]\n  DOI: 10.1000/people\n"
)
MYELIN = "myelin:\n  term: myelin\n  explanation: the layer around a nerve\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    content = tmp_path / "content"
    write(content / "articles/b12.md", TEXT)
    write(content / "references.yaml", RATS + PEOPLE)
    write(content / "glossary.yaml", MYELIN)
    return content


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def sync(folder: Path, *, publish: bool = True) -> Plan:
    plan = content_sync.plan(folder, for_publishing=publish)
    assert plan.faults == []
    content_sync.apply(plan, by=IMPORT, now=NOW, publish=publish)
    return plan


def faults(folder: Path) -> list[str]:
    return content_sync.plan(folder).faults


def article(slug: str = "b12") -> Article:
    return Article.objects.select_related("published_revision", "draft_revision").get(slug=slug)


# Faults


def test_faults_are_sorted_by_file_and_number_of_line(folder: Path) -> None:
    write(folder / "articles/b12.md", TEXT + "\n<b>\n" * 3)
    write(folder / "articles/a.md", TEXT.replace("topic:", "x: y\ntopic:") + "\n<b>\n" * 60)
    places = [(fault.split(":")[0], int(fault.split(":")[1])) for fault in faults(folder)]
    assert places == sorted(places)
    assert len(places) == 64


def test_a_file_of_nothing_but_faults_tells_a_hundred(folder: Path) -> None:
    write(folder / "articles/b12.md", TEXT + "\nSome [@words], some more, and more again.\n" * 500)
    told = faults(folder)
    assert len(told) == 101
    assert told[-1].endswith("… and 400 more faults; mend the others first")


def test_links_to_a_file_that_cannot_be_read_are_not_its_readers_fault(folder: Path) -> None:
    write(folder / "articles/new.md", "---\ntitle: [\n---\n")
    write(folder / "articles/b12.md", TEXT.replace("topic:", "related: [new]\ntopic:") + "\nSee [it](article:new#part).\n")
    assert {fault.split(":")[0] for fault in faults(folder)} == {"content/articles/new.md"}


def test_lists_are_told_by_the_line_of_their_entry(folder: Path) -> None:
    write(folder / "glossary.yaml", MYELIN + "nerve:\n  term: nerve\n  explanation: a fibre\n  source: NOBODY-1\n")
    assert faults(folder) == ["content/glossary.yaml:4: the source `NOBODY-1` of nerve is not known; a key of references.yaml"]


@pytest.mark.parametrize("field", ["former_slugs: [about]", "topic: vitamin b12"])
def test_fields_are_told_by_their_line(folder: Path, field: str) -> None:
    write(folder / "pages/about.md", PAGE.replace("summary:", "topic: Vitamin B12\nsummary:"))
    text = TEXT if "topic" not in field else TEXT.replace("topic: Vitamin B12\n", "")
    write(folder / "articles/b12.md", text.replace("title:", f"{field}\ntitle:", 1))
    told = [fault for fault in faults(folder) if "about" in fault]
    assert told
    assert all(fault.startswith(("content/articles/b12.md:2: ", "content/pages/about.md:3: ")) for fault in told)


AS_NOBODY = """
import os, sys
from pathlib import Path
import django
django.setup()
from articles import content_sync
from articles.content_sync.reading import read_article, read_list
from articles.text.bibliography import parse_references
from articles.text.folder import find_files
if os.getuid() == 0:
    os.setuid(65534)
for folder in map(Path, sys.argv[1:]):
    result = content_sync.Plan()
    for path, kind in find_files(folder, result.faults):
        read_article(path, folder, kind, result.faults)
    read_list(folder, "references.yaml", parse_references, result)
    print(*result.faults, sep="\\n")
"""
MAY = "a plain file that may be read"
DENIED = {
    "articles/b12.md": [f"articles/b12.md:1: cannot be read (Permission denied); {MAY}"],
    "articles": ["articles:1: cannot be read (Permission denied); a folder that may be read"],
    "references.yaml": [f"references.yaml:1: cannot be read (Permission denied); {MAY}"],
    "": [
        "articles:1: cannot be read (Permission denied); a folder that may be read",
        "pages:1: cannot be read (Permission denied); a folder that may be read",
        f"references.yaml:1: cannot be read (Permission denied); {MAY}",
    ],
}


def test_what_may_not_be_read_is_told() -> None:
    with tempfile.TemporaryDirectory() as name:
        folders = [Path(name) / f"content-{n}" for n in range(len(DENIED))]
        Path(name).chmod(0o755)
        for folder, closed in zip(folders, DENIED, strict=True):
            write(folder / "articles/b12.md", TEXT)
            write(folder / "references.yaml", RATS)
            (folder / closed).chmod(0)
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        program = [sys.executable, "-c", AS_NOBODY, *map(str, folders)]
        done = subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        for folder, closed in zip(folders, DENIED, strict=True):
            (folder / closed).chmod(0o755)
    told = [f"{folder.name}/{fault}" for folder, faults in zip(folders, DENIED.values(), strict=True) for fault in faults]
    assert done.stdout.splitlines() == told, done.stderr


# Works and words


def test_works_may_exchange_their_dois(folder: Path) -> None:
    sync(folder)
    write(
        folder / "references.yaml",
        (RATS + PEOPLE).replace("1000/rats", "1000/x").replace("1000/people", "1000/rats").replace("1000/x", "1000/people"),
    )
    sync(folder)
    assert dict(Reference.objects.values_list("key", "doi")) == {"RATS-1994": "10.1000/people", "PEOPLE-2020": "10.1000/rats"}


def test_a_work_under_a_new_key_is_told_before_the_database_refuses_it(folder: Path) -> None:
    sync(folder)
    write(folder / "references.yaml", RATS + PEOPLE.replace("PEOPLE-2020", "PEOPLE-2021"))
    what = "PEOPLE-2021 has the DOI of PEOPLE-2020, which was imported before"
    assert faults(folder) == [f"content/references.yaml:7: {what}; the old key: keys are addresses"]


def test_a_work_and_a_word_may_have_the_same_key(folder: Path) -> None:
    write(folder / "references.yaml", RATS + PEOPLE + RATS.replace("RATS-1994", '"7"').replace("1000/rats", "1000/seven"))
    write(folder / "glossary.yaml", MYELIN + MYELIN.replace("myelin:", '"7":', 1))
    sync(folder)
    write(folder / "glossary.yaml", MYELIN + MYELIN.replace("myelin:", '"7":', 1).replace("nerve", "fibre"))
    plan = sync(folder)
    assert plan.changed_facts["work", "7"] is Change.UNCHANGED
    assert plan.changed_facts["word", "7"] is Change.UPDATED


def test_works_that_leave_the_list_stay_and_lists_that_are_not_there_are_no_fault(folder: Path) -> None:
    sync(folder)
    (folder / "references.yaml").unlink()
    (folder / "glossary.yaml").unlink()
    assert faults(folder) == []
    sync(folder)
    assert Reference.objects.count() == 2


def test_what_is_the_same_is_not_remade(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync(folder)
    monkeypatch.setattr(workflow, "prepare", lambda *_arguments, **_named: pytest.fail("rendered again"))
    monkeypatch.setattr(reading, "read_source", lambda *_arguments: pytest.fail("read again"))
    plan = sync(folder)
    assert plan.untouched == 1
    assert set(plan.changed_facts.values()) == {Change.UNCHANGED}


def touch_the_file(folder: Path) -> None:
    write(folder / "articles/b12.md", f"{TEXT}\nMore [@PEOPLE-2020].\n")


def edit_the_article(folder: Path) -> None:
    edit(article(), f"{TEXT}\nMore [@PEOPLE-2020].\n")


def withdraw_the_article(folder: Path) -> None:
    Article.objects.update(withdrawn_at=NOW, withdrawn_reason="wrong")


@pytest.mark.parametrize(
    "touch",
    [
        touch_the_file,
        edit_the_article,
        withdraw_the_article,
        lambda folder: write(folder / "pages/about.md", PAGE),
        lambda folder: write(folder / "glossary.yaml", MYELIN.replace("nerve", "fibre")),
        lambda folder: write(
            folder / "references.yaml", RATS + PEOPLE + RATS.replace("RATS-1994", "X").replace("10.1000/rats", "10.1/x")
        ),
        lambda folder: (folder / "articles/b12.md").rename(folder / "articles/b13.md"),
        lambda folder: (folder / "articles/b12.md").unlink(),
    ],
)
def test_whatever_is_touched_everything_is_looked_at(folder: Path, touch: Callable[[Path], object]) -> None:
    sync(folder)
    touch(folder)
    plan = content_sync.plan(folder)
    assert plan.untouched == 0
    assert plan.files or plan.missing


def test_drafts_are_looked_at_when_they_are_to_be_published(folder: Path) -> None:
    sync(folder, publish=False)
    assert content_sync.plan(folder).untouched == 1
    assert content_sync.plan(folder, for_publishing=True).untouched == 0


# Texts


def test_the_base_moves_with_every_sync(folder: Path) -> None:
    sync(folder)
    for words in ("One", "Two", "Three"):
        write(folder / "articles/b12.md", f"{TEXT}\n{words} [@PEOPLE-2020].\n")
        assert [content.change for content in sync(folder).files] == [Change.UPDATED]
    assert Revision.objects.count() == 4


def test_a_kept_text_is_what_others_link_to(folder: Path) -> None:
    sync(folder)
    edit(article(), TEXT.replace("{#what-it-does}", "{#new-name}"))
    write(folder / "pages/about.md", PAGE + "\n[a](article:b12#new-name)\n")
    assert faults(folder) == []
    write(folder / "pages/about.md", PAGE + "\n[a](article:b12#gone)\n")
    assert len(faults(folder)) == 1


# Texts that were edited on both sides


def merge(folder: Path, file: str, desk: str = "") -> Change:
    """Edit the file, and the article where a text for it is given; import, and give what became of the file."""
    write(folder / "articles/b12.md", file)
    if desk:
        edit(article(), desk)
    [content] = sync(folder).files
    return content.change


def now_says(text: str) -> bool:
    latest = article().latest_revision
    return latest is not None and latest.source == text


FILE, DESK = TEXT.replace("The body needs", "Your body needs"), TEXT.replace("The rats were", "All rats were")
BOTH = DESK.replace("The body needs", "Your body needs")
OTHER_DESK = TEXT.replace("The body needs", "Our bodies need")


def test_edits_of_different_sections_become_a_draft(folder: Path) -> None:
    sync(folder)
    save(article(), DESK, significance="urgent", note="All of them.")
    assert merge(folder, FILE) is Change.MERGED
    assert now_says(BOTH)
    draft, published = article().draft_revision, article().published_revision
    assert draft
    assert published
    assert published.source == TEXT, "never published by the import"
    assert (draft.note, draft.significance) == ("All of them.", "urgent"), "what was said of the draft still holds"
    conflict = Conflict.objects.get()
    assert (conflict.kept.source, conflict.outcome, conflict.base) == (FILE, draft, published)
    assert merge(folder, FILE) is Change.KEPT
    assert Revision.objects.count() == 4


def test_the_next_merge_begins_where_the_last_one_ended(folder: Path) -> None:
    sync(folder)
    merge(folder, FILE, DESK)
    assert merge(folder, FILE.replace("topic: Vitamin B12", "topic: B12")) is Change.MERGED
    assert now_says(BOTH.replace("topic: Vitamin B12", "topic: B12"))
    assert merge(folder, FILE) is Change.MERGED, "taken back in the file, and so here"
    assert now_says(BOTH)


def test_a_file_that_took_over_the_articles_edit_brings_its_own(folder: Path) -> None:
    sync(folder)
    assert merge(folder, BOTH, DESK) is Change.MERGED
    assert now_says(BOTH)
    assert merge(folder, BOTH) is Change.UNCHANGED


def test_an_article_that_has_the_files_edit_already_stays_as_it_is(folder: Path) -> None:
    sync(folder)
    assert merge(folder, FILE, BOTH) is Change.MERGED
    assert now_says(BOTH)
    assert article().draft_revision == Revision.objects.get(number=2)
    assert not Conflict.objects.open().exists()


def test_edits_of_one_section_wait_for_a_person(folder: Path) -> None:
    sync(folder)
    assert merge(folder, FILE, OTHER_DESK) is Change.CONFLICT
    conflict = Conflict.objects.open().get()
    assert (conflict.cause, conflict.kept.source, conflict.kept.created_by_name) == ("import", FILE, "system: import")
    assert conflict.base == article().published_revision
    assert now_says(OTHER_DESK)
    before = Revision.objects.count()
    assert merge(folder, FILE) is Change.KEPT
    assert (list(Conflict.objects.open()), Revision.objects.count()) == ([conflict], before)


def test_a_file_edited_again_while_its_text_waits_takes_that_ones_place(folder: Path) -> None:
    sync(folder)
    merge(folder, FILE, OTHER_DESK)
    first = Conflict.objects.get()
    assert merge(folder, FILE + "\nMore [@PEOPLE-2020].\n") is Change.CONFLICT
    second = Conflict.objects.open().get()
    first.refresh_from_db()
    assert (first.outcome, second.base) == (second.kept, first.base)
    assert merge(folder, TEXT + "\nMore [@PEOPLE-2020].\n") is Change.MERGED, "it changes the section no more"
    assert now_says(OTHER_DESK + "\nMore [@PEOPLE-2020].\n")
    assert not Conflict.objects.open().exists()


def test_a_file_taken_back_while_its_text_waits_leaves_nothing_to_settle(folder: Path) -> None:
    sync(folder)
    merge(folder, FILE, OTHER_DESK)
    assert merge(folder, TEXT) is Change.MERGED
    assert now_says(OTHER_DESK)
    assert not Conflict.objects.open().exists()


def test_a_conflict_ends_when_the_file_takes_over_the_articles_text(folder: Path) -> None:
    sync(folder)
    merge(folder, FILE, OTHER_DESK)
    assert merge(folder, OTHER_DESK) is Change.UNCHANGED
    assert not Conflict.objects.open().exists()
    published = article().published_revision
    assert published
    assert published.source == OTHER_DESK


def test_a_settled_conflict_is_the_base_of_what_comes(folder: Path) -> None:
    sync(folder)
    merge(folder, FILE, OTHER_DESK)
    settled = TEXT.replace("The body needs", "Each body needs")
    workflow.settle(
        conflict=Conflict.objects.get(), source=checked(settled), based_on=article().latest_revision, by=IMPORT, now=NOW
    )
    assert merge(folder, FILE) is Change.KEPT
    assert merge(folder, FILE + "\nMore [@PEOPLE-2020].\n") is Change.MERGED
    assert now_says(settled + "\nMore [@PEOPLE-2020].\n")


def test_an_article_that_was_never_in_a_file_has_no_base(folder: Path) -> None:
    sync(folder)
    (folder / "pages").mkdir()
    workflow.create_article(slug="about", source=checked(PAGE, "page"), by=IMPORT, now=NOW)
    write(folder / "pages/about.md", PAGE.replace("We are the publisher", "We publish this"))
    assert {content.slug: content.change for content in sync(folder).files}["about"] is Change.CONFLICT
    assert Conflict.objects.get().base is None
    assert article("about").file_path == "content/pages/about.md"


def test_what_does_not_go_together_whole_waits_for_a_person(folder: Path) -> None:
    """Each text is without fault, and what would become of both is not."""
    sync(folder)
    file = TEXT.replace("People were asked", "See [it](#what-it-does). People were asked")
    assert merge(folder, file, TEXT.replace("{#what-it-does}", "{#what-it-does-now}")) is Change.CONFLICT
    assert Conflict.objects.open().exists()
    plan = content_sync.plan(folder, for_publishing=True)
    assert plan.faults == []


def test_others_link_to_what_both_texts_become(folder: Path) -> None:
    sync(folder)
    write(folder / "pages/about.md", PAGE + "\n[a](article:b12#ours) and [b](article:b12#theirs)\n")
    edit(article(), TEXT + "\n## Ours {#ours}\n\nOurs [@PEOPLE-2020].\n")
    write(folder / "articles/b12.md", TEXT + "\n## Theirs {#theirs}\n\nTheirs [@PEOPLE-2020].\n")
    assert faults(folder) == []
    write(folder / "articles/b12.md", TEXT + "\n## Ours {#ours}\n\nTheirs [@PEOPLE-2020].\n")
    assert ["theirs" in fault for fault in faults(folder)] == [True]


def test_a_renamed_file_takes_its_address_along(folder: Path) -> None:
    sync(folder)
    edit(article(), OTHER_DESK)
    (folder / "articles/b12.md").unlink()
    write(folder / "articles/new.md", FILE.replace("topic:", "former_slugs: [b12]\ntopic:"))
    [content] = sync(folder).files
    assert content.change is Change.CONFLICT
    assert FormerSlug.objects.get().slug == "b12"
    assert article("new").file_path == "content/articles/new.md"
    assert [again.change for again in sync(folder).files] == [Change.KEPT]


# Addresses


def test_only_one_file_may_claim_an_article(folder: Path) -> None:
    sync(folder)
    (folder / "articles/b12.md").rename(folder / "articles/one.md")
    for name in ("one", "two"):
        write(folder / f"articles/{name}.md", TEXT.replace("topic:", "former_slugs: [b12]\ntopic:"))
    assert any("`former_slugs` claims the article of content/articles/one.md" in fault for fault in faults(folder))


def test_an_address_that_comes_back_is_an_address_again(folder: Path) -> None:
    sync(folder)
    (folder / "articles/b12.md").unlink()
    write(folder / "articles/new.md", TEXT.replace("topic:", "former_slugs: [b12]\ntopic:"))
    sync(folder)
    assert FormerSlug.objects.get().slug == "b12"
    (folder / "articles/new.md").unlink()
    write(folder / "articles/b12.md", TEXT.replace("topic:", "former_slugs: [new]\ntopic:"))
    sync(folder)
    assert (article().slug, FormerSlug.objects.get().slug) == ("b12", "new")


def test_a_page_does_not_take_over_an_article(folder: Path) -> None:
    sync(folder)
    (folder / "articles/b12.md").unlink()
    write(folder / "pages/b12.md", PAGE)
    assert faults(folder) == ["content/pages/b12.md:1: the address `b12` is that of another kind (article); rename the file"]


def test_a_translation_is_an_article_of_its_own(folder: Path) -> None:
    sync(folder)
    write(folder / "articles/b12.md", TEXT.replace("topic:", "language: es\ntopic:"))
    plan = sync(folder)
    assert [missing.language for missing in plan.missing] == ["en"]
    assert set(Article.objects.values_list("language", flat=True)) == {"en", "es"}


def test_a_plan_with_faults_cannot_be_carried_out(folder: Path) -> None:
    write(folder / "articles/b12.md", "")
    with pytest.raises(ValueError, match="faults"):
        content_sync.apply(content_sync.plan(folder), by=IMPORT, now=NOW)


def test_progress_counts_every_file(folder: Path) -> None:
    told: list[tuple[int, int]] = []
    write(folder / "pages/about.md", PAGE)
    content_sync.plan(folder, lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]


# Works and words edited in the admin


def mend_in_admin(title: str = "Rats, mended", explanation: str = "a coat") -> None:
    """Change a work and a word as an editor does."""
    work, word = Reference.objects.get(key="RATS-1994").listed(), GlossaryTerm.objects.get(key="myelin").value()
    workflow.save_reference(work=replace(work, title=title), was=work, by=IMPORT, now=NOW)
    workflow.save_term(term=replace(word, explanation=explanation), was=word, by=IMPORT, now=NOW)


def facts() -> tuple[str, str]:
    return Reference.objects.get(key="RATS-1994").title, GlossaryTerm.objects.get(key="myelin").explanation


def test_an_edit_in_the_admin_is_kept_while_the_file_has_not_changed(folder: Path) -> None:
    sync(folder)
    mend_in_admin()
    write(folder / "references.yaml", RATS + PEOPLE.replace("People", "Persons"))
    plan = sync(folder)
    assert {key: change for key, change in plan.changed_facts.items() if change is not Change.UNCHANGED} == {
        ("work", "RATS-1994"): Change.KEPT,
        ("word", "myelin"): Change.KEPT,
        ("work", "PEOPLE-2020"): Change.UPDATED,
    }
    assert facts() == ("Rats, mended", "a coat")
    assert sync(folder).untouched == 1


def test_an_edit_on_both_sides_is_a_conflict_until_they_agree(folder: Path) -> None:
    sync(folder)
    mend_in_admin()
    write(folder / "references.yaml", RATS.replace("Rats", "Other rats") + PEOPLE)
    write(folder / "glossary.yaml", MYELIN.replace("the layer", "some layer"))
    said = "was edited here and in the admin since the last import; make both say the same"
    assert faults(folder) == [
        f"content/glossary.yaml:1: conflict: myelin {said}",
        f"content/references.yaml:1: conflict: RATS-1994 {said}",
    ]
    write(folder / "references.yaml", RATS.replace("Rats", "Rats, mended") + PEOPLE)
    write(folder / "glossary.yaml", MYELIN.replace("the layer around a nerve", "a coat"))
    sync(folder)
    write(folder / "references.yaml", RATS + PEOPLE)  # from here on the file is what counts again
    write(folder / "glossary.yaml", MYELIN)
    sync(folder)
    assert facts() == ("Rats", "the layer around a nerve")


def test_a_file_never_brings_back_what_was_withdrawn_at_the_desk(folder: Path) -> None:
    sync(folder)
    workflow.withdraw(article=article(), reason="It was wrong.", by=IMPORT, now=NOW)
    touch_the_file(folder)
    sync(folder)
    assert article().withdrawn_at == NOW
    assert article().draft_revision, "what the file says waits as a draft"


def test_many_articles_are_stored_as_one_by_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = "\n\nSee [this](article:{}#what-it-does) [no-citation: signpost].\n"
    ring = {"a": "c", "b": "d", "c": "e", "d": "a", "e": "gone"}
    for slug, other in ring.items():
        write(folder / f"articles/{slug}.md", TEXT.replace("title: ", f"title: {slug} ", 1) + link.format(other))
    write(folder / "articles/gone.md", TEXT)
    monkeypatch.setattr(applying, "BATCH", 2)
    sync(folder)
    workflow.withdraw(article=article("gone"), reason="Old.", by=IMPORT, now=NOW)
    shown = Article.objects.published().filter(slug__in=ring).select_related("publication")
    assert {row.slug for row in shown} == set(ring)
    for row in shown:
        assert row.publication is not None
        assert (row.publication.number, row.publication.revision.number, row.draft_revision) == (1, 1, None)
        assert [event.act for event in row.audit_events.order_by("pk")] == ["save", "publish"]
        assert not RevisionState.objects.filter(article=row).exists()
        claims = Claim.objects.filter(publication=row.publication)
        assert {claim.section.publication_id for claim in claims if claim.section} == {row.publication_id}
        assert claims.count() == Claim.objects.filter(publication=article().publication_id).count()
        assert {work.reference.key for work in row.publication.snapshots.all()} >= {"RATS-1994"}
        sections = row.publication.sections.count()
        assert row.search_entries.filter(publication=row.publication_id).count() == sections + 1
        assert [found.is_dead for found in row.inside_links.all()] == [row.slug == "e"]


def test_one_text_that_cannot_be_published_stops_all(folder: Path) -> None:
    write(folder / "articles/a.md", TEXT.replace("title: ", "title: A ", 1))
    sync(folder, publish=False)
    drafts = [article("b12").draft_revision, article("a").draft_revision]
    texts = [(draft, workflow.prepare(workflow.text_of(draft))) for draft in drafts if draft]
    edit(article("a"), TEXT.replace("People were asked", "People were told"))
    with pytest.raises(workflow.ConflictError):
        workflow.publish_all(texts, by=IMPORT, now=NOW)
    assert not Article.objects.published().exists()
    assert workflow.publish_all([], by=IMPORT, now=NOW) == []

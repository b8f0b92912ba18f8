"""What goes from files into rows and back again is the same to the byte; ``export_content`` is tested beside."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from articles import content_export, content_sync
from articles.admin.article_form import LIST_FIELDS, TEXT_FIELDS, ArticleForm
from articles.content_sync import Change
from articles.models import Article, Conflict, Revision
from articles.text.bibliography import Reference, parse_references
from articles.text.bibliography_writing import write_reference
from articles.text.front_matter import Kind, replace_field
from articles.text.glossary import Term, parse_glossary
from articles.text.glossary_writing import write_term
from articles.text.merge import Side, merge
from articles.text.source import read_source
from articles.text.yaml_writing import write_scalar
from articles.workflow import check_source, settle
from tests.admin.test_rights import ADMIN
from tests.support import IMPORT, NOW, make_user
from tests.works import lines, works

pytestmark = pytest.mark.django_db
some = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])

SPACES = st.sampled_from(["", "", "", " ", "   "])
NOISE = st.sampled_from(["", "", "", "\n", "# a comment\n", "\n\n#: another 'one'\n", "  # indented\n", "   \n"])
WORDS = st.lists(
    st.sampled_from("nerves feet B12 it's “so” a:b x#y 1.10 no null é & % 50% ~ yes, then: \\".split()), min_size=1, max_size=8
).map(" ".join)


@st.composite
def scalars(draw: st.DrawFn, value: str) -> str:
    """A text as YAML people write: plain, in single or double quotes; spaces and a comment may follow."""
    single, double = value.replace("'", "''"), value.replace("\\", "\\\\").replace('"', '\\"')
    plain = [value] if write_scalar(value) == value else []
    written = draw(st.sampled_from([*plain, f"'{single}'", f'"{double}"']))
    return written + draw(SPACES) + draw(st.sampled_from(["", "", " # why"]))


@st.composite
def blocks(draw: st.DrawFn, value: str) -> str:
    """A text in one of YAML's blocks, each word on a line of its own."""
    mark, indent = draw(st.sampled_from([">", "|", ">-", "|-", ">+"])), draw(st.sampled_from(["  ", "    "]))
    return mark + "".join(f"\n{indent}{word}" for word in value.split())


@st.composite
def lists(draw: st.DrawFn) -> str:
    """A list on one line or several."""
    items = draw(st.lists(st.sampled_from(["B-12", "'tingling: feet'", '"pins, needles"', "no"]), max_size=3, unique=True))
    is_block: bool = draw(st.booleans())
    if items and is_block:
        return "".join(f"\n  - {item}{draw(SPACES)}" for item in items)
    return "[" + draw(st.sampled_from([",", ", ", " ,  "])).join(items) + draw(SPACES) + "]"


@st.composite
def heads(draw: st.DrawFn) -> str:
    """The fields of an article in any order and style, with comments and blank lines between."""
    fields = {"title": draw(WORDS.flatmap(scalars)), "topic": draw(scalars("Vitamin B12"))}
    for name in ("summary", "key_message"):
        fields[name] = draw(WORDS.flatmap(lambda value: st.one_of(scalars(value), blocks(value))))
    for name in draw(st.sets(st.sampled_from(["also_called", "conditions", "medicines"]))):
        fields[name] = draw(lists())
    if draw(st.booleans()):
        fields["review_every"] = draw(st.sampled_from(["6", '"6"', "'12'"]))
    names = draw(st.permutations(sorted(fields)))
    return draw(NOISE) + "".join(f"{name}:{draw(SPACES)} {fields[name]}\n{draw(NOISE)}" for name in names)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """An article's file that passes every check of form."""
    parts = st.sampled_from(
        ["Nerves.  ", "- one\n- two", "```\n## code  \n```", "Two\nlines\\", "\t", "", "> said", "*it*  \nso"]
    )
    sections = [
        f"{draw(st.sampled_from(['', chr(10)]))}## Part {number}{draw(SPACES)}\n\n"
        + "\n\n".join(draw(st.lists(parts, min_size=1)))
        for number in range(draw(st.integers(1, 3)))
    ]
    text = f"---\n{draw(heads())}---\n" + "\n".join(sections) + draw(st.sampled_from(["", "\n", "\n\n", "  ", "\n  \n"]))
    source, problems = read_source(text, Kind.ARTICLE)
    assume(source is not None and not problems)
    return text


@st.composite
def entries(draw: st.DrawFn, written: str) -> str:
    """An entry of a list, its fields in another order, with comments and blank lines between."""
    key, *rest = written.removesuffix("\n").split("\n")
    fields: list[str] = []
    for line in rest:
        if line.startswith("    "):
            fields[-1] += f"\n{line}"
        else:
            fields.append(line)
    changed = [f"{field}{draw(SPACES)}\n{draw(NOISE)}" for field in draw(st.permutations(fields))]
    return f"{key}{draw(SPACES)}\n" + "".join(changed)


def terms() -> st.SearchStrategy[Term]:
    """A word of the glossary."""
    names = st.lists(lines(20), max_size=2, unique_by=str.casefold).map(tuple)
    return st.builds(
        Term,
        key=st.from_regex(r"\A[a-z0-9]{1,8}(-[a-z0-9]{1,8})?\Z"),
        term=lines(30),
        explanation=lines(60).map(lambda said: said.rstrip(". ") or "said"),
        medical=st.just("") | lines(30),
        source=st.just(""),
        synonyms=names,
        misspellings=names,
    )


@st.composite
def shelves(draw: st.DrawFn) -> dict[str, str]:
    """The files of a content folder, by their path."""
    listed: list[Reference] = draw(
        st.lists(works(), max_size=2, unique_by=(lambda work: work.key, lambda work: work.doi or work.key))
    )
    words: list[Term] = draw(st.lists(terms(), max_size=2, unique_by=lambda term: term.key))
    files = {f"articles/a{number}.md": draw(texts()) for number in range(draw(st.integers(1, 2)))}
    for name, written in (
        ("references.yaml", [write_reference(work) for work in listed]),
        ("glossary.yaml", [write_term(term) for term in words]),
    ):
        text = draw(NOISE) + "".join(draw(entries(entry)) for entry in written)
        if written:
            files[name] = text if draw(st.booleans()) else text.rstrip("\n")
    assume(not any(parse(files.get(name, ""))[1] for name, parse in PARSERS.items() if name in files))
    return files


PARSERS: dict[str, Any] = {"references.yaml": parse_references, "glossary.yaml": parse_glossary}


@contextmanager
def shelf(files: dict[str, str], site: Any) -> Iterator[Path]:
    """A folder with these files that has been imported; the database forgets it afterwards."""
    with tempfile.TemporaryDirectory() as name, transaction.atomic():
        folder = Path(name) / "content"
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text.encode())
        site.CONTENT_DIR = folder
        sync(folder)
        yield folder
        transaction.set_rollback(True)


def sync(folder: Path) -> content_sync.Plan:
    plan = content_sync.plan(folder)
    assert plan.faults == []
    content_sync.apply(plan, by=IMPORT, now=NOW)
    return plan


def export(folder: Path) -> list[str]:
    """Export, and give the places of the files that were written."""
    result = content_export.plan(folder)
    assert (result.faults, result.conflicts) == ([], [])
    content_export.apply(result)
    after = content_export.plan(folder)
    assert (after.files, after.differences) == ([], [])
    return [file.place for file in result.files]


def read(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def state() -> list[Any]:
    return [*Article.objects.order_by("pk").values(), *Revision.objects.order_by("pk").values()]


def assert_nothing_to_import(folder: Path) -> None:
    before = state()
    plan = sync(folder)
    assert {content.change for content in plan.files} | {*plan.changed_facts.values()} <= {Change.UNCHANGED}
    assert plan.missing == []
    assert state() == before


@some
@given(shelves())
def test_import_then_export_changes_nothing(settings: Any, files: dict[str, str]) -> None:
    with shelf(files, settings) as folder:
        before = state()
        assert export(folder) == []
        assert read(folder) == {path: text.encode() for path, text in files.items()}
        assert state() == before


@some
@given(shelves())
def test_export_then_import_changes_nothing(settings: Any, files: dict[str, str]) -> None:
    with shelf(files, settings) as folder:
        copy = folder.parent / "copy/content"
        assert len(export(copy)) == len(files)
        for path, data in read(copy).items():
            if path in PARSERS:
                assert PARSERS[path](data.decode()) == PARSERS[path](files[path])
            else:
                assert data.decode() == files[path]
        settings.CONTENT_DIR = copy
        assert_nothing_to_import(copy)


@some
@given(shelves(), st.sampled_from(["Other: nerves", "Plainly another", "it's [so] #1"]))
def test_a_title_edited_in_the_admin_is_one_changed_line(
    settings: Any, client: Client, files: dict[str, str], title: str
) -> None:
    with shelf(files, settings) as folder:
        article = Article.objects.get(slug="a0")
        edit_title(client, article, title)
        assert export(folder) == ["content/articles/a0.md"]
        now = read(folder)
        was, become = files.pop("articles/a0.md").split("\n"), now.pop("articles/a0.md").decode().split("\n")
        changed = [line for old, line in zip(was, become, strict=True) if old != line]
        assert len(changed) == 1
        assert changed[0].startswith("title: ")
        assert now == {path: text.encode() for path, text in files.items()}
        assert_nothing_to_import(folder)


@some
@given(shelves(), st.sampled_from(["Other: nerves", "it's [so] #1"]))
def test_a_title_edited_here_and_a_section_added_there_go_round(
    settings: Any, client: Client, files: dict[str, str], title: str
) -> None:
    with shelf(files, settings) as folder:
        article = Article.objects.get(slug="a0")
        edit_title(client, article, title)
        file = folder / "articles/a0.md"
        added = files["articles/a0.md"] + "\n\n## Added\n\nNew words.\n"
        file.write_bytes(added.encode())
        assert [content.change for content in sync(folder).files if content.slug == "a0"] == [Change.MERGED]
        merged = replace_field(added, "title", title)
        article.refresh_from_db()
        assert article.latest_revision
        assert article.latest_revision.source == merged
        assert file.read_bytes() == added.encode()
        assert export(folder) == ["content/articles/a0.md"]
        assert file.read_bytes() == merged.encode()
        assert_nothing_to_import(folder)


@some
@given(shelves(), st.sampled_from(Side))
def test_titles_edited_here_and_there_go_round_once_somebody_chose(
    settings: Any, client: Client, files: dict[str, str], side: Side
) -> None:
    with shelf(files, settings) as folder:
        article = Article.objects.get(slug="a0")
        edit_title(client, article, "Ours")
        file = folder / "articles/a0.md"
        file.write_bytes(replace_field(files["articles/a0.md"], "title", "Theirs").encode())
        sync(folder)
        assert len(content_export.plan(folder).conflicts) == 1
        conflict = Conflict.objects.open().get()
        article.refresh_from_db()
        assert article.latest_revision
        assert conflict.base
        text = merge(conflict.base.source, article.latest_revision.source, conflict.kept.source).compose({"field-title": side})
        source = check_source(text, "article", article=article)
        settle(conflict=conflict, source=source, based_on=article.latest_revision, by=IMPORT, now=NOW)
        assert text == replace_field(files["articles/a0.md"], "title", side.title())
        assert export(folder) == (["content/articles/a0.md"] if side is Side.OURS else [])
        assert file.read_bytes() == text.encode()
        assert_nothing_to_import(folder)


def edit_title(client: Client, article: Article, title: str) -> None:
    """Send the article's form as a browser does, with another title."""
    client.force_login(make_user("Editors"))
    shown = ArticleForm(instance=article).initial
    data = {name: shown[name] for name in TEXT_FIELDS} | {name: "\r\n".join(shown[name]) for name in LIST_FIELDS}
    body = shown["body"].replace("\n", "\r\n")
    data |= {"title": title, "body": body, "based_on": shown["based_on"], "note": "Another title.", "significance": "change"}
    answer = client.post(f"{ADMIN}/{article.pk}/change/", data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    article.refresh_from_db()
    assert article.title == title

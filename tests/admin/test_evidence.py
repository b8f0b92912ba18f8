"""The screens of works and words, as editors use them."""

from typing import Any

import pytest
from django.test import Client

from articles.models import GlossaryTerm, Reference
from tests.support import make_article, make_evidence, make_user, words

pytestmark = pytest.mark.django_db

WORKS = "/admin/articles/reference/"
WORDS = "/admin/articles/glossaryterm/"
RATS = {"type": "article-journal", "title": "A study of rats", "design": "animal-experiment", "populations": ["rats"]}
MYELIN = {"term": "myelin", "explanation": "the layer around a nerve"}


@pytest.fixture(autouse=True)
def evidence() -> None:
    make_evidence()
    make_article()


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_user("Editors"))
    return client


def address(row: Any, page: str = "change") -> str:
    return f"/admin/articles/{row._meta.model_name}/{row.pk}/{page}/"


def work(key: str = "RATS-1994") -> Reference:
    return Reference.objects.get(key=key)


def save(client: Client, row: Any, **data: Any) -> Any:
    """Open the form of a work or word, change it, and save."""
    form = client.get(address(row)).context["adminform"].form
    return client.post(address(row), {"based_on": form.initial["based_on"], **data}, follow=True)


def errors(answer: Any) -> dict[str, list[str]]:
    return dict(answer.context["adminform"].form.errors)


def test_a_work_is_added(editor: Client) -> None:
    new = RATS | {"key": "NEW-2026", "author": "Watanabe T\r\n{A group}\r\n", "doi": "10.1000/NEW", "retracted_on": "2020-05-01"}
    answer = editor.post(f"{WORKS}add/", new, follow=True)
    assert "NEW-2026" in answer.content.decode()
    made = work("NEW-2026")
    assert (made.doi, made.file_facts) == ("10.1000/new", {})
    assert [str(author) for author in made.value().author] == ["Watanabe T", "A group"]
    assert 'value="2020-05-01"' in editor.get(address(made)).content.decode()
    assert "{A group}" in editor.get(address(made)).content.decode()


def test_a_work_is_changed_and_readers_see_it(editor: Client) -> None:
    answer = save(editor, work(), **RATS | {"populations": ["mice"]})
    assert "an entry in the public history, on: Vitamin B12 and your nerves." in answer.content.decode()
    assert "studied in mice, not people" in words("/articles/b12/")


def test_an_article_that_breaks_a_rule_since_is_named(editor: Client) -> None:
    page = save(editor, work(), **RATS | {"retracted_on": "2026-11-02"}).content.decode()
    assert "Readers see the change" in page
    assert "“Vitamin B12 and your nerves” breaks a rule now:" in page


@pytest.mark.parametrize(
    ("changed", "field", "told"),
    [
        ({"populations": []}, "populations", "is a study and does not say of whom"),
        ({"doi": "doi.org/1"}, "doi", "the bare DOI, such as"),
        ({"doi": "10.1000/PEOPLE"}, "doi", "already exists"),
        ({"author": "Watanabe"}, "author", "`Family Initials`"),
        ({"issued": "soon"}, "issued", "1994, 2024-03 or 2016-11-02"),
        ({"sample_size": "0"}, "sample_size", "a whole number from 1"),
        ({"title": "A\u202estudy"}, "title", "a character that no text may hold"),
        ({"title": ""}, "title", "required"),
        ({"based_on": "x"}, "__all__", "Somebody changed this entry while you were writing"),
    ],
)
def test_what_is_wrong_stands_at_its_field(editor: Client, changed: dict[str, Any], field: str, told: str) -> None:
    before = Reference.objects.values().get(key="RATS-1994")
    found = errors(save(editor, work(), **RATS | changed))
    assert list(found) == [field]
    assert told in " ".join(found[field])
    assert Reference.objects.values().get(key="RATS-1994") == before


@pytest.mark.parametrize("key", ["lower", "RATS-1994", "WITH SPACE", "<b>"])
def test_a_key_that_is_taken_or_none_is_refused(editor: Client, key: str) -> None:
    assert list(errors(editor.post(f"{WORKS}add/", RATS | {"key": key}))) == ["key"]


def test_the_key_stays(editor: Client) -> None:
    save(editor, work(), **RATS | {"key": "OTHER-1", "title": "Renamed"})
    assert work().title == "Renamed"


def test_a_work_in_use_is_not_deleted_and_the_uses_are_linked(editor: Client) -> None:
    GlossaryTerm.objects.update(source="RATS-1994")
    for answer in (editor.get(address(work(), "delete")), editor.post(address(work(), "delete"), {"post": "yes"})):
        page = answer.content.decode()
        assert "is in use and cannot be deleted" in page
        assert 'change/">Vitamin B12 and your nerves (in the text that readers see)</a>' in page
        assert 'change/">source of the word “myelin”</a>' in page
    assert work().title


def test_a_work_that_nothing_uses_is_deleted(editor: Client) -> None:
    row = Reference.objects.create(key="UNUSED-1", type="book", title="<i>Unused</i>", design="guideline")
    assert "Nothing uses it." in editor.get(address(row, "delete")).content.decode()
    answer = editor.post(address(row, "delete"), {"post": "yes"}, follow=True)
    assert "the next import brings it back" in answer.content.decode()
    assert not Reference.objects.filter(key="UNUSED-1").exists()


def test_a_word_is_added_changed_and_deleted(editor: Client) -> None:
    editor.post(
        f"{WORDS}add/", {"key": "axon", "term": "axon", "explanation": "a nerve's long thread", "synonyms": "fibre\nthread"}
    )
    axon = GlossaryTerm.objects.get(key="axon")
    assert axon.synonyms == ["fibre", "thread"]
    save(editor, axon, term="axon", explanation="a thread", source="RATS-1994")
    axon.refresh_from_db()
    assert (axon.explanation, axon.synonyms, axon.source) == ("a thread", [], "RATS-1994")
    editor.post(address(axon, "delete"), {"post": "yes"})
    assert not GlossaryTerm.objects.filter(key="axon").exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"explanation": "A layer."}, "explanation"), ({"source": "NO-SUCH"}, "source"), ({"based_on": ""}, "__all__")],
)
def test_what_is_wrong_with_a_word_stands_at_its_field(editor: Client, changed: dict[str, str], field: str) -> None:
    row = GlossaryTerm.objects.get(key="myelin")
    assert list(errors(save(editor, row, **MYELIN | changed))) == [field]


def test_a_word_in_use_is_not_deleted(editor: Client) -> None:
    row = GlossaryTerm.objects.get(key="myelin")
    assert "cannot be deleted" in editor.post(address(row, "delete"), {"post": "yes"}).content.decode()
    assert GlossaryTerm.objects.filter(key="myelin").exists()


@pytest.mark.parametrize("group", ["Reviewers", "Publishers"])
def test_others_look_works_and_words_up(client: Client, group: str) -> None:
    client.force_login(make_user(group))
    for row in (work(), GlossaryTerm.objects.get(key="myelin")):
        page = client.get(address(row)).content.decode()
        assert row.key in page
        assert 'name="_save"' not in page

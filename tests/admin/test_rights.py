"""Who may do what in the admin: one table, each cell tried by a request to the real address. Nobody here is a superuser."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles import workflow
from articles.models import (
    CHECKLIST,
    Article,
    Comment,
    Conflict,
    GlossaryTerm,
    Notice,
    PreviewLink,
    Publication,
    Rating,
    Reference,
    Review,
    Revision,
)
from articles.text.rating_questions import STANDARDS
from tests.support import IMPORT, NOW, TEXT, edit, make_article, make_evidence, make_user, publish

pytestmark = pytest.mark.django_db

#                                      Editors  Reviewers  Publishers  Editors+Publishers  no group
TABLE = {
    "see the list":                  (True,    True,      True,       True,               False),
    "open an article":               (True,    True,      True,       True,               False),
    "add an article":                (True,    False,     False,      True,               False),
    "save a draft":                  (True,    False,     False,      True,               False),
    "save and publish":              (False,   False,     False,      True,               False),
    "publish a draft":               (False,   False,     True,       True,               False),
    "preview a text":                (True,    True,      True,       True,               False),
    "preview a new text":            (True,    False,     False,      True,               False),
    "delete an article":             (False,   False,     False,      False,              False),
    "look up a work":                (True,    True,      True,       True,               False),
    "change a work":                 (True,    False,     False,      True,               False),
    "add a work":                    (True,    False,     False,      True,               False),
    "delete a work":                 (True,    False,     False,      True,               False),
    "look up a word":                (True,    True,      True,       True,               False),
    "change a word":                 (True,    False,     False,      True,               False),
    "add a word":                    (True,    False,     False,      True,               False),
    "delete a word":                 (True,    False,     False,      True,               False),
    "add an account":                (False,   False,     False,      False,              False),
    "see the review page":           (True,    True,      True,       True,               False),
    "review a text":                 (False,   True,      False,      False,              False),
    "see the revisions":             (True,    True,      True,       True,               False),
    "compare two revisions":         (True,    True,      True,       True,               False),
    "restore a revision":            (True,    False,     False,      True,               False),
    "see the comments":              (True,    True,      True,       True,               False),
    "comment on a text":             (True,    True,      True,       True,               False),
    "see the standards report":      (True,    True,      True,       True,               False),
    "see a rating's questions":      (False,   True,      False,      False,              False),
    "rate a text":                   (False,   True,      False,      False,              False),
    "see the public history's page": (True,    True,      True,       True,               False),
    "pin a note":                    (False,   False,     True,       True,               False),
    "take a banner down":            (False,   False,     True,       True,               False),
    "withhold a text":               (False,   False,     True,       True,               False),
    "show a text again":             (False,   False,     True,       True,               False),
    "see the links to drafts":       (True,    True,      True,       True,               False),
    "share a draft":                 (True,    False,     True,       True,               False),
    "take a link back":              (True,    False,     True,       True,               False),
    "see the texts kept beside it":  (True,    False,     True,       True,               False),
    "put two texts together":        (True,    False,     False,      True,               False),
    "let a kept text go":            (True,    False,     False,      True,               False),
    "look up a notice":              (True,    True,      True,       True,               False),
    "change a notice":               (False,   False,     False,      False,              False),
}  # fmt: skip
GROUPS = (("Editors",), ("Reviewers",), ("Publishers",), ("Editors", "Publishers"), ())

ADMIN = "/admin/articles/article"


def form(**changed: Any) -> dict[str, Any]:
    return {
        "title": "Vitamin B12 and your nerves",
        "summary": "Your nerves need vitamin B12 [@PEOPLE-2020].",
        "key_message": "In rats, a high dose did something [@RATS-1994].",
        "topic": "Vitamin B12",
        "body": TEXT.split("---\n", 2)[2] + "\nA new sentence [@PEOPLE-2020].\n",
        "review_every": "12",
        "note": "A sentence was added.",
        "significance": "change",
        "based_on": "3",
        **changed,
    }


def get(path: str) -> Callable[[Client, Article], bool]:
    def act(client: Client, article: Article) -> bool:
        return bool(client.get(path.format(pk=article.pk)).status_code == 200)

    return act


def post(path: str, count: Callable[[], Any], **data: Any) -> Callable[[Client, Article], bool]:
    """Make an act that counts as done only when ``count`` differs afterwards; refused means 403 and nothing changed."""

    def act(client: Client, article: Article) -> bool:
        before = count()
        answer = client.post(path.format(pk=article.pk), data)
        assert answer.status_code in {200, 302, 403}, answer.content
        is_done = count() != before
        assert is_done or answer.status_code == 403, answer.content
        return is_done

    return act


def preview(path: str) -> Callable[[Client, Article], bool]:
    def act(client: Client, article: Article) -> bool:
        answer = client.post(path.format(pk=article.pk), form(kind="article", slug="new"))
        return answer.status_code == 200 and b"A new sentence." in answer.content

    return act


def after(act: Callable[..., Any], then: Callable[[Client, Article], bool]) -> Callable[[Client, Article], bool]:
    """Make an act that is tried once another has been done to the first publication."""

    def both(client: Client, article: Article) -> bool:
        act(publication=Publication.objects.get(article=article, number=1), by=IMPORT, now=NOW)
        return then(client, article)

    return both


def withheld() -> int:
    return Publication.objects.filter(withheld_at__isnull=False).count()


def share_first(client: Client, article: Article) -> bool:
    """Take back a link that was made before."""
    article.refresh_from_db()
    assert article.draft_revision
    link, _token = workflow.make_preview_link(revision=article.draft_revision, days=7, by=IMPORT, now=timezone.now())
    return post(SHARE, lambda: list(PreviewLink.objects.values_list("revoked_at")), _revoke=str(link.pk))(client, article)


def keep_first(path: str, **data: str) -> Callable[[Client, Article], bool]:
    """Make an act on a conflict about the second text, which was made from the first one."""

    def act(client: Client, article: Article) -> bool:
        first, second = article.revisions.filter(number__lt=3).order_by("number")
        made = Conflict.objects.create(article=article, cause="desk", base=first, kept=second, made_at=NOW)
        sent = {name: value.format(number=made.pk) for name, value in data.items()}
        return post(path.format(pk=article.pk, number=made.pk), lambda: Conflict.objects.open().count(), **sent)(client, article)

    return act


SHARE = f"{ADMIN}/{{pk}}/share/"


def entry(name: str, page: str, model: Any, key: str, data: dict[str, Any]) -> Callable[[Client, Article], bool]:
    """Make an act on a work or a word, which the form was opened for."""

    def act(client: Client, article: Article) -> bool:
        row = model.objects.filter(key=key).first()
        path = f"/admin/articles/{name}/" + (f"{row.pk}/{page}/" if row else f"{page}/")
        opened = client.get(path)
        if opened.status_code == 200 and page == "change" and "adminform" in opened.context:
            based_on = opened.context["adminform"].form.initial.get("based_on", "")
            return post(path, lambda: list(model.objects.values()), **data, based_on=based_on)(client, article)
        return post(path, lambda: list(model.objects.values()), **data)(client, article)

    return act


WORK = {"type": "article-journal", "title": "A study of rats", "design": "animal-experiment", "populations": ["rats"]}
WORD = {"term": "myelin", "explanation": "the layer around a nerve"}
HISTORY = f"{ADMIN}/{{pk}}/publications/"
REVIEW = {
    "revision": "3",
    "decision": "approved",
    "checklist": list(CHECKLIST),
    "printed_name": "Dr Ada Example",
    "role": "neurologist",
    "credentials": "MD",
    "interests": "None",
}
RATING = {"printed_name": "Dr Ada Example"} | {
    f"{what}_{question.number}": value
    for question in STANDARDS["jama"].questions
    for what, value in (("answer", "yes"), ("reason", "It says so."))
}

ACTS: dict[str, Callable[[Client, Article], bool]] = {
    "see the list": get(f"{ADMIN}/"),
    "open an article": get(f"{ADMIN}/{{pk}}/change/"),
    "add an article": post(f"{ADMIN}/add/", Article.objects.count, **form(kind="article", slug="new", based_on="")),
    "save a draft": post(f"{ADMIN}/{{pk}}/change/", Revision.objects.count, **form()),
    "save and publish": post(
        f"{ADMIN}/{{pk}}/change/",
        lambda: (Publication.objects.count(), Revision.objects.count()),
        **form(_publish="Publish"),
    ),
    "publish a draft": post(f"{ADMIN}/{{pk}}/move/publish/", Publication.objects.count, revision="3"),
    "preview a text": preview(f"{ADMIN}/{{pk}}/preview/"),
    "preview a new text": preview(f"{ADMIN}/preview/"),
    "delete an article": post(f"{ADMIN}/{{pk}}/delete/", Article.objects.count, post="yes"),
    "look up a work": get("/admin/articles/reference/"),
    "change a work": entry("reference", "change", Reference, "RATS-1994", WORK | {"title": "Changed"}),
    "add a work": entry("reference", "add", Reference, "", WORK | {"key": "NEW-2026"}),
    "delete a work": entry("reference", "delete", Reference, "UNUSED-2001", {"post": "yes"}),
    "look up a word": get("/admin/articles/glossaryterm/"),
    "change a word": entry("glossaryterm", "change", GlossaryTerm, "myelin", WORD | {"explanation": "changed"}),
    "add a word": entry("glossaryterm", "add", GlossaryTerm, "", WORD | {"key": "new-word"}),
    "delete a word": entry("glossaryterm", "delete", GlossaryTerm, "unused", {"post": "yes"}),
    "add an account": post("/admin/auth/user/add/", lambda: None, username="intruder"),
    "see the review page": get(f"{ADMIN}/{{pk}}/review/"),
    "review a text": post(f"{ADMIN}/{{pk}}/review/", Review.objects.count, **REVIEW, _confirmed=""),
    "see the revisions": get(f"{ADMIN}/{{pk}}/revisions/"),
    "compare two revisions": get(f"{ADMIN}/{{pk}}/revisions/compare/?from=1&to=2"),
    "restore a revision": post(f"{ADMIN}/{{pk}}/revisions/1/", Revision.objects.count, based_on="3"),
    "see the comments": get(f"{ADMIN}/{{pk}}/comments/"),
    "comment on a text": post(f"{ADMIN}/{{pk}}/comments/", Comment.objects.count, _comment="", revision="3", words="Why?"),
    "see the standards report": get(f"{ADMIN}/{{pk}}/standards/"),
    "see a rating's questions": get(f"{ADMIN}/{{pk}}/rate/jama/"),
    "rate a text": post(f"{ADMIN}/{{pk}}/rate/jama/", Rating.objects.count, **RATING),
    "see the public history's page": get(HISTORY),
    "pin a note": post(HISTORY, lambda: list(Article.objects.values_list("pinned")), number="1", _pin=""),
    "take a banner down": after(
        workflow.pin, post(HISTORY, lambda: list(Article.objects.values_list("pinned")), number="1", _unpin="")
    ),
    "withhold a text": post(HISTORY, withheld, number="1", reason="It named a patient."),
    "show a text again": after(
        lambda **who: workflow.withhold(reason="A name.", **who), post(HISTORY, withheld, number="1", _show="")
    ),
    "see the links to drafts": get(SHARE),
    "share a draft": post(SHARE, PreviewLink.objects.count, revision="3", days="7"),
    "take a link back": share_first,
    "see the texts kept beside it": get(f"{ADMIN}/{{pk}}/conflicts/"),
    "put two texts together": keep_first(
        f"{ADMIN}/{{pk}}/conflicts/{{number}}/",
        based_on="3",
        note="Both.",
        significance="change",
        **{"choice-section-nerve-regeneration": "theirs"},
    ),
    "let a kept text go": keep_first(f"{ADMIN}/{{pk}}/conflicts/", _let_go="{number}"),
    "look up a notice": get("/admin/articles/notice/"),
    "change a notice": post("/admin/articles/notice/1/change/", lambda: list(Notice.objects.values_list("detail")), detail="x"),
}


def rows() -> list[int]:
    return [model._default_manager.count() for model in (Article, Revision, Publication, Reference, Review, Rating)]


@pytest.fixture
def article() -> Article:
    make_evidence()
    Reference.objects.create(key="UNUSED-2001", type="book", title="Nobody cites it", design="guideline")
    GlossaryTerm.objects.create(key="unused", term="unused", explanation="no text explains it")
    article = make_article()
    edit(article, TEXT + "\nA second [@PEOPLE-2020].\n")
    publish(article)
    edit(article, TEXT + "\nA draft [@PEOPLE-2020].\n")
    return article


@pytest.mark.parametrize("groups", GROUPS, ids="+".join)
@pytest.mark.parametrize("act", TABLE)
def test_who_may_do_what(act: str, groups: tuple[str, ...], article: Article, client: Client) -> None:
    client.force_login(make_user(*groups))
    assert ACTS[act](client, article) is TABLE[act][GROUPS.index(groups)]


@pytest.mark.parametrize("act", [act for act in TABLE if act not in {"see the list", "open an article", "look up a work"}])
def test_nobody_does_anything_without_signing_in(act: str, article: Article, client: Client) -> None:
    before = rows()
    is_done = False
    with contextlib.suppress(AssertionError):  # led to the sign-in page instead of a refusal
        is_done = ACTS[act](client, article)
    assert not is_done
    assert rows() == before


PAGES = ("publish", "preview", "change", "review", "rate/jama", "publications", "share", "comments", "revisions/1")


@pytest.mark.parametrize("path", [f"{ADMIN}/1/{page}/" for page in PAGES] + [f"{ADMIN}/add/"])
def test_a_form_from_elsewhere_is_refused(path: str, article: Article) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("Editors", "Publishers", "Reviewers"))
    before = rows()
    assert client.post(path.replace("/1/", f"/{article.pk}/"), form()).status_code == 403
    assert rows() == before

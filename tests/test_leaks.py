"""What is not published reaches nobody who may not see it: every address of the site is walked as each role and as nobody."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from articles import workflow
from articles.models import Article, Feedback, GlossaryTerm, Publication, Reference, Review, RevisionState
from tests.support import IMPORT, NOW, PAGE, TEXT, checked, edit, make_article, make_evidence, make_user, publish, take_down

pytestmark = pytest.mark.django_db

PLACES = ("title", "summary", "keymessage", "body", "note", "topic", "reference", "glossary", "reviewer")
STATES = ("draft", "rejected", "scheduled", "unpublished", "withheld", "withdrawn")
WORD = "zq{state}{place}"
REMARK = WORD.format(state="draft", place="reviewer")
"""What somebody said of a text that is published; it is for people in the admin alone."""

SECRET = re.compile("zq(?:" + "|".join(STATES) + ")(?:" + "|".join(PLACES) + ")", re.IGNORECASE)

TITLE_OF_WITHDRAWN = WORD.format(state="withdrawn", place="title")
TELLS_WITHDRAWALS = re.compile("/articles/withdrawn/|/changes/|/api/v1/articles/withdrawn/")
"""Where readers are told that an article was withdrawn, and which: of all that it said, its title alone."""

SLUGS = [*STATES, "b12", "about", "nothing"]
NUMBERS = ["1", "2", "3", "4"]
KEYS = ["PEOPLE-2020", "people-2020", "myelin", *(key for state in STATES for key in (f"{state.upper()}-2026", f"g-{state}"))]
PAIRS = ["?from=1&to=2", "?from=1&to=3", "?from=2&to=3", "?from=3&to=4", "?from=1&to=1"]
RECORD = {
    "history/": [""],
    "history/compare/": ["", "?since=review", *PAIRS],
    "history/feed/": [""],
    "history/<int:number>/": [""],
    "standards/": [""],
    "references.json": [""],
    "feedback/": [""],
    "feedback/thanks/": [""],
}
SECRET_WORDS = [WORD.format(state=state, place=place) for state in STATES for place in PLACES]
MISTYPED = [word.replace("zq", "zzq")[:-1] + "x" for word in SECRET_WORDS if "withdrawn" in word]
SEARCHES = ["", "?q=b12", "?q=nerves&topic=vitamin-b12", *(f"?q=nerves+{word}" for word in [*SECRET_WORDS, *MISTYPED])]
AFTER = [f"?{side}={slug}" for side in ("after", "before") for slug in SLUGS]
UNDER = ("articles/<small_slug:slug>/", "<small_slug:slug>/")
# Every address that readers and machines have, and what is asked there. A new one is added here, or the test fails.
READERS: dict[str, list[str]] = {
    "": [""],
    "api/": [""],
    "api/v1/": [""],
    "api/v1/openapi.json": [""],
    "api/v1/articles/": ["", "?limit=1", *(f"?topic=zq{state}topic" for state in STATES)],
    "api/v1/articles/<small_slug:slug>/": ["", "?language=en"],
    "api/v1/claims/": ["", *(f"?article={state}" for state in STATES), *(f"?work={state.upper()}-2026" for state in STATES)],
    "api/v1/references/": ["", "?design=randomised-trial"],
    "api/v1/references/<key:key>/": [""],
    "api/v1/glossary/": [""],
    "api/v1/glossary/<small_slug:key>/": [""],
    "api/v1/changes/": ["", "?since=2026-01-01", *(f"?article={state}" for state in STATES)],
    "api/<anything:rest>": [""],
    "healthz": [""],
    "readyz": [""],
    "topics/": [""],
    "topics/<small_slug:slug>/": ["", "?page=2", *AFTER],
    "articles/": ["", "?page=2", "?from=a", "?from=z", *AFTER],
    "articles/<small_slug:slug>/visit/": [""],
    "<language:language>/articles/<small_slug:slug>/visit/": [""],
    "glossary/": [""],
    "search/": SEARCHES,
    "search.json": SEARCHES,
    "changes/": ["", "?page=2", *(f"?{side}={number}" for side in ("after", "before") for number in range(1, 30))],
    "preview/<str:token>/": [""],
    "references/": ["", "?page=2", *(f"?{side}={key}" for side in ("after", "before") for key in KEYS)],
    "references/<key:key>/": [""],
    "changes/feed/": [""],
    "changes/new/feed/": [""],
    "topics/<small_slug:slug>/feed/": [""],
    "sitemap.xml": [""],
    "sitemap-<int:number>.xml": [""],
    "robots.txt": [""],
    ".well-known/security.txt": [""],
    "manifest.webmanifest": [""],
    **{prefix + under: [""] for prefix in ("", "<language:language>/") for under in UNDER},
    **{
        f"{prefix}{under}{route}": queries
        for prefix in ("", "<language:language>/")
        for under in UNDER
        for route, queries in RECORD.items()
    },
}
VALUES = {
    "slug": [*SLUGS, *(f"zq{state}topic" for state in STATES), "vitamin-b12"],
    "key": KEYS,
    "number": NUMBERS,
    "language": ["es"],
    "token": ["draft", "1", "A" * 43],
    "rest": ["nothing", "v1/articles/draft", "articles/draft/"],
}


def secret(text: str, state: str) -> str:
    """Plant a word of ``state`` in each place of a text, resting on a work and explaining a word of that state alone."""

    def word(place: str) -> str:
        return WORD.format(state=state, place=place)

    key = f"{state.upper()}-2026"
    Reference.objects.create(
        key=key,
        type="webpage",
        title=word("reference"),
        design="randomised-trial",
        populations=["people"],
        note=word("reference"),
    )
    GlossaryTerm.objects.create(key=f"g-{state}", term=word("glossary"), explanation=word("glossary"))
    text = text.replace("Vitamin B12 and your nerves", word("title")).replace("topic: Vitamin B12", f"topic: {word('topic')}")
    text = text.replace("summary: Your", f"summary: {word('summary')}. Your") if "key_message" not in text else text
    text = text.replace("high dose did something", f"{word('keymessage')} dose did something")
    text = text.replace("Your nerves need", f"{word('summary')} nerves need")
    return f"{text}\n{word('body')} is [so](glossary:g-{state}) [@{key}].\n"


@pytest.fixture(autouse=True)
def planted() -> None:
    make_evidence()
    told = make_article().publication
    assert told
    Feedback.objects.create(
        publication=told, is_helpful=False, comment=WORD.format(state="draft", place="note"), received_on=NOW.date()
    )
    workflow.comment(revision=told.revision, section_id="", quote="", words=REMARK, by=IMPORT, now=NOW)
    make_article("about", PAGE, "page")
    reviewer, writer = make_user("Reviewers", username="reviewer"), make_user("Editors", username="writer")
    for state in STATES:
        article = make_article(state, is_published=state != "unpublished", text=TEXT)
        text = secret(TEXT, state)
        source = checked(text, "article", article)
        note = WORD.format(state=state, place="note")
        workflow.save_revision(
            article=article, source=source, based_on=article.latest_revision, by=workflow.Actor.person(writer), now=NOW, note=note
        )
        article.refresh_from_db()
        _bring_to(article, state, reviewer)


def _bring_to(article: Article, state: str, reviewer: Any) -> None:
    revision = article.latest_revision
    assert revision is not None
    if state == "rejected":
        words = WORD.format(state=state, place="reviewer")
        verdict = workflow.Verdict(Review.Decision.CHANGES_REQUESTED, [], words, words, words, words, words)
        workflow.review(revision=revision, verdict=verdict, by=workflow.Actor.person(reviewer), now=NOW)
    elif state == "scheduled":
        RevisionState.objects.filter(revision=revision).update(status="scheduled", publish_at=timezone.now())
    elif state == "withheld":
        publication = publish(article)
        edit(article, TEXT + "\nA sentence more [@PEOPLE-2020].\n")
        publish(article)
        workflow.withhold(publication=publication, reason="It named somebody.", by=IMPORT, now=NOW)
    elif state == "withdrawn":
        publish(article)
        take_down(article)


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        else:
            yield route


def addresses(route: str, values: dict[str, list[str]]) -> list[str]:
    """Fill a route's parameters in every way; a parameter without values is an error."""
    match = re.search(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)\$?", route)
    if not match:
        return [f"/{route}"]
    name = match[1] or match[2]
    return [path for value in values[name] for path in addresses(route[: match.start()] + value + route[match.end() :], values)]


def reader_paths() -> list[str]:
    return [path + query for route, queries in READERS.items() for path in addresses(route, VALUES) for query in queries]


def admin_paths() -> list[str]:
    articles = [str(pk) for pk in Article.objects.values_list("pk", flat=True)]
    values = {
        "pk": articles,
        "object_id": [*articles, "1"],
        "standard": ["discern"],
        "content_type_id": ["1"],
        "id": ["1"],
        "app_label": ["articles"],
        "url": ["nothing"],
        "number": NUMBERS,
        "name": ["submit", "withdraw"],
    }
    found = [route for route in routes(get_resolver()) if route.startswith("admin/") and "logout" not in route]
    paths = [path for route in found for path in addresses(route, values)]
    return paths + [f"{path}?from=1&to=2" for path in paths if path.endswith("/revisions/compare/")]


def leaks(client: Client, paths: list[str]) -> list[str]:
    found = []
    for path in dict.fromkeys(paths):
        answer = client.get(path)
        told = answer.getvalue().decode() + "".join(f"{name}: {value}\n" for name, value in answer.headers.items())
        asked = SECRET.search(path)
        words = {word for word in SECRET.findall(told) if not (asked and word == asked[0])}
        if TELLS_WITHDRAWALS.match(path) and words == {TITLE_OF_WITHDRAWN}:
            continue
        found += [f"{answer.status_code} {path}: {sorted(words)}"] if words else []
    return found


def in_caches() -> list[str]:
    return [
        str(stored) for cache in caches.all() for stored in getattr(cache, "_cache", {}).values() if SECRET.search(repr(stored))
    ]


def test_every_address_is_listed_here() -> None:
    assert {route for route in routes(get_resolver()) if not route.startswith("admin/")} == READERS.keys()


def test_the_words_are_planted_and_would_be_seen() -> None:
    client = Client()
    client.force_login(make_user("Editors", "Publishers"))
    found = "".join(leaks(client, admin_paths()))
    for state in STATES:
        seen = {place for place in PLACES if WORD.format(state=state, place=place) in found}
        assert {"title", "body", "note"} - seen <= ({"title", "body"} if state == "withheld" else set()), state
    assert REMARK in found
    article = Article.objects.get(slug="draft")
    publish(article)
    shown = "".join(leaks(Client(), reader_paths()))
    assert {place for place in PLACES if f"zqdraft{place}" in shown} >= set(PLACES) - {"reviewer"}


@pytest.mark.parametrize("groups", [None, (), ("Editors",), ("Reviewers",), ("Publishers",)], ids=str)
def test_readers_pages_show_nobody_what_is_not_published(groups: tuple[str, ...] | None) -> None:
    client = Client()
    if groups is not None:
        client.force_login(make_user(*groups))
    assert leaks(client, reader_paths()) == []
    assert in_caches() == []


@pytest.mark.parametrize("groups", [None, ()], ids=["nobody", "an account without a group"])
def test_the_admin_shows_it_to_nobody_without_the_right(groups: tuple[str, ...] | None) -> None:
    client = Client()
    if groups is not None:
        client.force_login(make_user(*groups))
    assert leaks(client, admin_paths()) == []


def test_a_withheld_text_keeps_its_entry_with_the_reason() -> None:
    html = Client().get("/articles/withheld/history/").content.decode()
    assert "The text is withheld." in html
    assert "It named somebody." in html
    assert Client().get("/articles/withheld/history/2/").status_code == 410
    assert Client().get("/articles/withheld/history/3/").status_code == 200
    assert Publication.objects.filter(article__slug="withheld").count() == 3

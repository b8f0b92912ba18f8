"""No page of readers makes the database read or sort a whole table: every address is walked, each query's plan looked at."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from articles import search
from articles.models import GlossaryTerm, Publication
from tests.many_articles import fill
from tests.support import NOW, PAGE, TEXT, edit, make_article, make_evidence, make_user, publish
from tests.test_leaks import READERS, UNDER, addresses

pytestmark = pytest.mark.django_db

MANY = 300
VALUES = {
    "slug": ["a-7", "a-99", "b12", "about", "balance-and-falls", "nothing"],
    "key": ["WORK-3", "PEOPLE-2020", "myelin"],
    "number": ["1", "2", "3"],
    "language": ["es"],
    "token": ["A" * 43],
    "rest": ["nothing"],
}
ASKED = {
    "articles/": ["?after=a-7", "?before=a-7", "?from=n", "?page=2"],
    "topics/<small_slug:slug>/": ["?after=a-9", "?before=a-9", "?page=2"],
    "references/": ["?after=WORK-3", "?before=WORK-3", "?page=2"],
    "search/": ["?q=nerve", "?q=nerv+rats&page=2", "?q=myelinn", "?q=b12&topic=vitamin-b12", '?q="in+rats"', "?q=xqzjw"],
    "search.json": ["?q=nerve"],
    "api/v1/articles/": ["?language=en", "?topic=vitamins", "?language=en&topic=vitamins", "?after=5"],
    "api/v1/articles/<small_slug:slug>/": ["?language=en"],
    "api/v1/claims/": [
        *("?article=a-7", "?work=WORK-3", "?language=en", "?certainty=low", "?section=what-it-does", "?after=5"),
        *("?population=rats", "?design=randomised-trial", "?work=WORK-3&design=guideline&population=rats&article=a-7"),
    ],
    "api/v1/references/": ["?design=randomised-trial", "?after=WORK-3"],
    "api/v1/changes/": ["?since=2026-01-01", "?article=a-7", "?language=en", "?after=5"],
    **{f"{route}history/compare/": ["?from=1&to=2", "?since=review"] for route in UNDER},
}
SORTED = {
    r'CASE WHEN \(\S*"slug" = ': "what to read next: the few that the editors chose",
    r'FROM "articles_publication".*"article_id" (=|IN) ': "the history of one article, or of the few on one page of a list",
    r'FROM "articles_claim".*"publication_id" (=|IN) ': "the statements of one text",
    r'FROM "articles_publication".*"revision_id" IN ': "the history of the articles on one page of a list",
    r'FROM "articles_(rating|review)"': "what people said of one revision",
    r'FROM "articles_glossaryterm".*"key" (=|IN) ': "the words that one text explains, or one word",
    r'FROM "articles_previewlink".*"token_digest" = ': "the one link with a secret",
    r'FROM "articles_notice"': "the notices on one work, or on those of one page of a list",
    r'FROM "articles_section".*"publication_id" (=|IN) ': "the sections of one text",
    r'FROM "articles_citation".*"claim_id" (=|IN) ': "what the statements of one page of a list rest on",
    r'FROM "articles_withdrawal".*"article_id" = ': "the withdrawals of one article",
    r'FROM "articles_claim".*"articles_claim"."id" IN \(': "as many statements as an answer looks through",
    r'FROM "articles_search': "what a search found, which is cut to a number (tests/test_search.py)",
}
"""Queries that sort, and why what they sort does not grow with the articles."""

READ_WHOLE = {
    r'FROM "django_migrations"$': "/readyz asks what was migrated; their number is that of the site's versions",
    r'FROM "articles_glossaryterm" WHERE "articles_glossaryterm"."is_public" ORDER BY "articles_glossaryterm"."key" ASC$': (
        "the glossary shows all its words"
    ),
}
"""Queries that read all of a table, and why."""

IN_ORDER = re.compile(r'ORDER BY (?:1|"\w+"."id") (?:ASC|DESC) LIMIT ')
WIDE = re.compile(r"\((?:(?:kind|language|is_public|is_dead|number|status)=\?(?: AND )?)+\)$")
"""A search in an index by what many rows have in common."""
IS_SORT = re.compile(r"USE TEMP B-TREE|Sort ")
ALL_ARTICLES = re.compile(r"(?:SCAN|SEARCH) articles_article USING .*\((?:publication_id>\?|kind=\?(?: AND \w+=\?)*)\)$")
DESK = ["/admin/", "/admin/articles/article/", "/admin/articles/article/?p=2"]


@pytest.fixture
def many() -> None:
    make_evidence()
    article = make_article()
    make_article("about", PAGE, "page")
    fill(article, MANY, works=40, now=NOW)
    edit(article, TEXT.replace("The rats were injected", "The rats were injected once"))
    publish(article)
    search.index_terms(GlossaryTerm.objects.all())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@contextmanager
def queries() -> Iterator[dict[str, Any]]:
    """Collect the queries that are made, each with its parameters."""
    found: dict[str, Any] = {}

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("SELECT", "WITH")):
            found.setdefault(sql, params)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def faults(sql: str, params: Any) -> list[str]:
    """Give the steps of a query's plan that read or sort a whole table.

    PostgreSQL chooses by the sizes of tables, which are small here: it is asked whether there is a way by indexes.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            steps = [row[3] for row in cursor.fetchall()]
        return [step for step in steps if _reads_all(step, sql) or step.startswith("USE TEMP B-TREE")]
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {sql}", params)
        steps = [row[0].strip(" ->") for row in cursor.fetchall()]
    return [step for step in steps if step.startswith(("Seq Scan on articles", "Sort "))]


def _reads_all(step: str, sql: str) -> bool:
    """Whether a step of SQLite's reads a table that is in no order, or goes through an order to its end."""
    if not step.startswith("SCAN "):
        return " LIMIT " not in sql and WIDE.search(step) is not None
    if "VIRTUAL TABLE" in step or step == "SCAN CONSTANT ROW":
        return False
    return not (" LIMIT " in sql if " USING " in step else IN_ORDER.search(sql))


def paths() -> Iterator[tuple[str, str]]:
    for route, asked in READERS.items():
        extra = ASKED.get(route, [])
        if route == "changes/":
            extra = [f"?{side}={Publication.objects.order_by('pk')[99].pk}" for side in ("after", "before")]
        for path in addresses(route, VALUES):
            yield from ((route, path + query) for query in dict.fromkeys(["", *([] if route in ASKED else asked[:2]), *extra]))


def test_no_query_of_readers_reads_or_sorts_a_whole_table(many: None) -> None:
    client, found, seen = Client(), [], set()
    for route, path in paths():
        with queries() as made:
            client.get(path).getvalue()
        for sql, params in made.items():
            if sql in seen:
                continue
            seen.add(sql)
            wrong = [step for step in faults(sql, params) if not _is_allowed(step, sql)]
            found += [f"{path} ({route}): {step}\n    {sql}" for step in wrong]
    assert not found, "\n" + "\n".join(found)


def _is_allowed(step: str, sql: str) -> bool:
    allowed = SORTED if step.startswith(("USE TEMP B-TREE", "Sort ")) else READ_WHOLE
    return any(re.search(pattern, sql, re.DOTALL) for pattern in allowed)


def test_the_desk_goes_through_what_waits_and_not_through_all_articles(many: None) -> None:
    """What waits is sorted: its lists are in orders of their own."""
    client, found = Client(), []
    client.force_login(make_user("Editors", "Publishers", "Reviewers"))
    for path in DESK:
        with queries() as made:
            assert client.get(path).status_code == 200
        for sql, params in made.items():
            if 'FROM "articles_article"' in sql and "COUNT(" not in sql.partition(" FROM ")[0]:
                wrong = [step for step in [*faults(sql, params), *_goes_through_all(sql, params)] if not IS_SORT.match(step)]
                found += [f"{path}: {step}\n    {sql}" for step in wrong]
    assert not found, "\n" + "\n".join(found)


def _goes_through_all(sql: str, params: Any) -> list[str]:
    """Give the steps of SQLite's plan that look at each article there is, to sort them or to leave most of them out."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return [row[3] for row in cursor.fetchall() if ALL_ARTICLES.match(row[3])]


def test_a_query_that_reads_or_sorts_all_would_be_seen(many: None) -> None:
    for rows in (
        Publication.objects.filter(by_name="x"),
        Publication.objects.order_by("by_name"),
        GlossaryTerm.objects.order_by("explanation")[:3],
    ):
        sql, params = rows.query.sql_with_params()
        assert faults(sql, params), sql


def test_an_article_is_shown_by_two_queries(many: None) -> None:
    with queries() as made:
        assert Client().get("/articles/a-7/").status_code == 200
    assert len(made) == 2

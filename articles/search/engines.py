"""What is asked of the database's full text search, and little but that: which entries have these words in these columns.

A question is a list of groups: an entry has at least one term of each. Every term is quoted here. Answers come by id, so that two
databases with the same entries give the same ones when there are more than are asked for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from articles.text.search_terms import Term

TITLE, HEADING, BODY, CONTEXT = COLUMNS = ("title_words", "heading_words", "body_words", "context_words")
NAMES = (TITLE, HEADING)
OWN = (TITLE, HEADING, BODY)
"""What belongs to the entry itself, and not to the article around it."""

_SQLITE = """
SELECT entry.id
FROM articles_searchentry_fts CROSS JOIN articles_searchentry AS entry ON entry.id = articles_searchentry_fts.rowid
WHERE articles_searchentry_fts MATCH %s AND entry.language = %s AND (%s = '' OR entry.topic_slug = %s)
ORDER BY articles_searchentry_fts.rowid LIMIT %s
"""
# Without MATERIALIZED, the limit tempts it to go through all entries in the order of ids.
_POSTGRESQL = """
WITH found AS MATERIALIZED (SELECT id, language, topic_slug FROM articles_searchentry WHERE document @@ %s::tsquery)
SELECT id FROM found WHERE language = %s AND (%s = '' OR topic_slug = %s) ORDER BY id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Group:
    """Terms of which an entry has at least one in one of the columns."""

    terms: tuple[Term, ...]
    columns: tuple[str, ...] = COLUMNS


def find_ids(groups: Sequence[Group], *, language: str, topic: str, limit: int) -> list[int]:
    """Give the ids of the first entries, by id, that have a term of each group; an empty ``topic`` stands for all."""
    if connection.vendor == "postgresql":
        statement, match = _POSTGRESQL, write_tsquery(groups)
    else:
        statement, match = _SQLITE, write_fts5(groups)
    with connection.cursor() as cursor:
        cursor.execute(statement, [match, language, topic, topic, limit])
        return [pk for (pk,) in cursor.fetchall()]


def repair() -> None:
    """Make the engine's own index anew from the table of entries, should it have come to differ."""
    if connection.vendor == "sqlite":  # PostgreSQL's is a column of the table
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO articles_searchentry_fts(articles_searchentry_fts) VALUES ('rebuild')")


def write_fts5(groups: Iterable[Group]) -> str:
    """Write a question in the language of FTS5."""

    def write(term: Term) -> str:
        return f'"{" ".join(term.words)}"' + (" *" if term.is_prefix else "")

    return " AND ".join(f"{{{' '.join(group.columns)}}} : ({' OR '.join(map(write, group.terms))})" for group in groups)


def write_tsquery(groups: Iterable[Group]) -> str:
    """Write a question in the language of PostgreSQL's ``tsquery``, each word with the first letter of its column in front."""

    def write(term: Term, column: str) -> str:
        end = ":*" if term.is_prefix else ""
        words = " <-> ".join(f"'{column[0]}{word}'{end}" for word in term.words)
        return f"({words})" if len(term.words) > 1 else words

    def write_group(group: Group) -> str:
        return f"({' | '.join(write(term, column) for term in group.terms for column in group.columns)})"

    return " & ".join(map(write_group, groups))

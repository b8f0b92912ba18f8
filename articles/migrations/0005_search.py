"""Tables of the search. ``manage.py prepare_database`` fills them, and ``rebuild_search_index`` makes them anew.

The engines keep themselves right: FTS5 by triggers on the table of entries, which is also its content, PostgreSQL by a column that it
computes. Both get tokens of ASCII letters and digits, so neither the ``ascii`` tokenizer nor the ``simple`` configuration has anything
to decide. A later migration that makes Django copy the table of entries on SQLite (any AlterField) loses its triggers, and has to run
``make_engine`` again.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

COLUMNS = ("title_words", "heading_words", "body_words", "context_words")
TABLE = "articles_searchentry"
CERTAINTIES = [
    ("high", "High certainty"),
    ("moderate", "Moderate certainty"),
    ("low", "Low certainty"),
    ("very-low", "Very low certainty"),
    ("none-found", "No study found"),
]


def sqlite_statements() -> list[str]:
    """Give what makes the FTS5 table and the triggers that keep it like the table of entries."""
    columns, fts = ", ".join(COLUMNS), f"{TABLE}_fts"
    new = ", ".join(f"new.{column}" for column in COLUMNS)
    old = ", ".join(f"old.{column}" for column in COLUMNS)
    insert = f"INSERT INTO {fts}(rowid, {columns}) VALUES (new.id, {new});"
    delete = f"INSERT INTO {fts}({fts}, rowid, {columns}) VALUES ('delete', old.id, {old});"
    return [
        f"CREATE VIRTUAL TABLE {fts} USING fts5({columns}, content='{TABLE}', content_rowid='id', tokenize='ascii')",
        f"CREATE TRIGGER {TABLE}_inserted AFTER INSERT ON {TABLE} BEGIN {insert} END",
        f"CREATE TRIGGER {TABLE}_deleted AFTER DELETE ON {TABLE} BEGIN {delete} END",
        f"CREATE TRIGGER {TABLE}_updated AFTER UPDATE ON {TABLE} BEGIN {delete} {insert} END",
    ]


def postgresql_statements() -> list[str]:
    """Give what makes the column of words and its index.

    Each word has the first letter of its column in front: weights, which are made for this, would make PostgreSQL read each row that it
    finds. Long values are kept out of the rows, so that going through many rows costs little.
    """
    words = " || ".join(
        f"to_tsvector('pg_catalog.simple'::regconfig, regexp_replace({column}, '(\\S+)', '{column[0]}\\1', 'g'))" for column in COLUMNS
    )
    return [
        f"ALTER TABLE {TABLE} SET (toast_tuple_target = 128)",
        f"ALTER TABLE {TABLE} ADD COLUMN document tsvector GENERATED ALWAYS AS ({words}) STORED",
        f"CREATE INDEX {TABLE}_document ON {TABLE} USING gin (document) WITH (fastupdate = off)",
    ]


STATEMENTS = {"sqlite": sqlite_statements, "postgresql": postgresql_statements}


def make_engine(apps: Any, schema_editor: Any) -> None:
    """Make what the database's own full text search needs."""
    for statement in STATEMENTS[schema_editor.connection.vendor]():
        schema_editor.execute(statement)


def drop_engine(apps: Any, schema_editor: Any) -> None:
    """Drop what the table of entries does not take with it."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TABLE {TABLE}_fts")


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_publications_and_rights")]
    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("article", "article"),
                            ("page", "page about the site"),
                            ("section", "section"),
                            ("term", "explained word"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0, verbose_name="position")),
                ("language", models.CharField(default="en", max_length=10, verbose_name="language")),
                ("topic", models.CharField(blank=True, max_length=80, verbose_name="topic")),
                ("topic_slug", models.CharField(blank=True, max_length=100, verbose_name="topic's address")),
                ("section_id", models.CharField(blank=True, max_length=100, verbose_name="id")),
                ("heading", models.CharField(blank=True, max_length=200, verbose_name="heading")),
                (
                    "certainty",
                    models.CharField(blank=True, choices=CERTAINTIES, max_length=10, verbose_name="certainty"),
                ),
                ("names", models.JSONField(default=list, verbose_name="other names")),
                ("lines", models.JSONField(default=list, verbose_name="sentences")),
                ("title_words", models.TextField(blank=True, verbose_name="tokens of titles")),
                ("heading_words", models.TextField(blank=True, verbose_name="tokens of headings and other names")),
                ("body_words", models.TextField(blank=True, verbose_name="tokens of the text")),
                ("context_words", models.TextField(blank=True, verbose_name="tokens of the article")),
                ("version", models.PositiveSmallIntegerField(verbose_name="version of the index")),
                (
                    "article",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_entries",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="articles.publication",
                        verbose_name="publication",
                    ),
                ),
                (
                    "term",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="articles.glossaryterm",
                        verbose_name="explained word",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of the search index",
                "verbose_name_plural": "entries of the search index",
                "constraints": [
                    models.UniqueConstraint(fields=("article", "position"), name="search_entry_position_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("article__isnull", False), ("publication__isnull", False), ("term__isnull", True)
                        )
                        | models.Q(("article__isnull", True), ("publication__isnull", True), ("term__isnull", False)),
                        name="search_entry_of_an_article_or_a_word",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchSpelling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("spelling", models.CharField(max_length=100, verbose_name="spelling")),
                ("right", models.CharField(max_length=100, verbose_name="what is meant")),
                (
                    "term",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="articles.glossaryterm",
                        verbose_name="explained word",
                    ),
                ),
            ],
            options={
                "verbose_name": "spelling",
                "verbose_name_plural": "spellings",
                "indexes": [models.Index(fields=["spelling"], name="search_spelling")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("term__isnull", True)),
                        fields=("spelling", "right"),
                        name="search_spelling_unique",
                    ),
                ],
            },
        ),
        migrations.RunPython(make_engine, drop_engine),
    ]

"""Rows of publications: what was made of texts for readers, and what they claim on which works. Many texts cost few questions."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from articles.grading import Population
from articles.models import Citation, Claim, Publication, Reference, ReferenceSnapshot, Section
from articles.text import bibliography
from articles.workflow.preparing import Prepared
from articles.workflow.word_uses import store_renderings

Made = tuple[Publication, Prepared]
"""A publication, and what was made of its text."""


def store(made: Sequence[Made]) -> None:
    """Store new publications with their renderings, sections, claims and works as they are now, inside a transaction."""
    Publication.objects.bulk_create(publication for publication, _prepared in made)
    for publication, prepared in made:
        prepared.rendering.publication = publication
    store_renderings([prepared.rendering for _publication, prepared in made])
    store_evidence(made)


def store_evidence(made: Sequence[Made]) -> None:
    """Store what publications claim on which works, as they are now, inside a transaction."""
    for publication, prepared in made:
        for section in prepared.sections:
            section.publication = publication
    Section.objects.bulk_create(section for _publication, prepared in made for section in prepared.sections)
    keys = {key for _publication, prepared in made for key in prepared.references}
    works = dict(Reference.objects.filter(key__in=keys).values_list("key", "pk"))
    _store_claims(made)
    _store_citations(made, works)
    facts: dict[bibliography.Reference, Any] = {}
    rows = []
    for publication, prepared in made:
        for key, value in prepared.references.items():
            if value not in facts:  # encoded once for all texts that cite it
                facts[value] = _as_json(ReferenceSnapshot, "facts", bibliography.as_facts(value))
            rows.append((publication.pk, works[key], facts[value]))
    _insert(ReferenceSnapshot, ("publication", "reference", "facts"), rows)


def _store_claims(made: Sequence[Made]) -> None:
    """Store the claims of texts whose sections are stored."""
    said: dict[tuple[Population, ...], Any] = {}
    rows = []
    for publication, prepared in made:
        sections = {section.section_id: section.pk for section in prepared.sections if section.section_id}
        for position, claim in enumerate(prepared.claims):
            if claim.populations not in said:
                said[claim.populations] = _as_json(Claim, "populations", [str(population) for population in claim.populations])
            where = (publication.pk, sections.get(claim.section_id), position, claim.key)
            rows.append((*where, claim.text, claim.said, said[claim.populations], str(claim.certainty or "")))
    names = ("publication", "section", "position", "key", "text", "said", "populations", "certainty")
    _insert(Claim, names, rows)


def _store_citations(made: Sequence[Made], works: Mapping[str, int]) -> None:
    """Store on which works the claims of texts rest, which are stored."""
    stored = Claim.objects.filter(publication__in=[publication.pk for publication, _prepared in made]).order_by()
    claims = {(publication, place): pk for pk, publication, place in stored.values_list("pk", "publication", "position")}
    rows = [
        (claims[publication.pk, place], works[key], position)
        for publication, prepared in made
        for place, claim in enumerate(prepared.claims)
        for position, key in enumerate(claim.keys)
    ]
    _insert(Citation, ("claim", "reference", "position"), rows)


def _as_json(model: type[Model], name: str, value: object) -> Any:
    """Give a value of a column of JSON as the database takes it."""
    return _column(model, name).get_db_prep_save(value, connection)


def _insert(model: type[Model], names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows of plain values, as the database takes them; they are in the order of ``names``.

    A text has some 250 of these rows, and an object of Django's for each costs five times what storing it does.
    """
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(_column(model, name).column)) for name in names)
    places = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})", rows)  # noqa: S608


def _column(model: type[Model], name: str) -> "Field[Any, Any]":
    return next(field for field in model._meta.concrete_fields if field.name == name)

"""Rows of publications: what was made of texts for readers, and what they claim on which works. Many texts cost few questions."""

from collections.abc import Sequence

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
    keys = {key for _publication, prepared in made for key in prepared.references}
    works = dict(Reference.objects.filter(key__in=keys).values_list("key", "pk"))
    for publication, prepared in made:
        for section in prepared.sections:
            section.publication = publication
    Section.objects.bulk_create(section for _publication, prepared in made for section in prepared.sections)
    claims = [claim for publication, prepared in made for claim in _claims(publication, prepared)]
    Claim.objects.bulk_create(claims)
    said = (claim for _publication, prepared in made for claim in prepared.claims)
    Citation.objects.bulk_create(
        Citation(claim_id=row.pk, reference_id=works[key], position=position)
        for row, claim in zip(claims, said, strict=True)
        for position, key in enumerate(claim.keys)
    )
    facts: dict[bibliography.Reference, dict[str, object]] = {}
    ReferenceSnapshot.objects.bulk_create(
        ReferenceSnapshot(publication_id=publication.pk, reference_id=works[key], facts=_facts(value, facts))
        for publication, prepared in made
        for key, value in prepared.references.items()
    )


def _claims(publication: Publication, prepared: Prepared) -> list[Claim]:
    """Give the claims of a text whose sections are stored, not yet stored themselves."""
    sections = {section.section_id: section.pk for section in prepared.sections}
    return [
        Claim(
            publication_id=publication.pk,
            section_id=sections.get(claim.section_id) if claim.section_id else None,
            position=position,
            key=claim.key,
            text=claim.text,
            said=claim.said,
            populations=[str(population) for population in claim.populations],
            certainty=claim.certainty or "",
        )
        for position, claim in enumerate(prepared.claims)
    ]


def _facts(value: bibliography.Reference, known: dict[bibliography.Reference, dict[str, object]]) -> dict[str, object]:
    """Give a work's facts as they are stored, made once for all texts that cite it."""
    if value not in known:
        known[value] = bibliography.as_facts(value)
    return known[value]

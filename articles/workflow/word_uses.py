"""Which texts explain which words of the glossary, kept as rows, so that a change of a word costs its uses and no more."""

from collections.abc import Collection

from django.db import transaction

from articles.models import Rendering, WordUse

BATCH = 500


def store_renderings(renderings: Collection[Rendering]) -> None:
    """Store what readers are shown of new publications, and which words they explain, inside a transaction."""
    for rendering in renderings:
        rendering.has_uses = True
    Rendering.objects.bulk_create(renderings)
    _store(renderings)


def save_rendering(rendering: Rendering) -> None:
    """Store what readers are shown of a publication from now on, and which words it explains, inside a transaction."""
    rendering.has_uses = True
    rendering.save()
    WordUse.objects.filter(publication=rendering.publication_id).exclude(key__in=rendering.term_keys).delete()
    _store([rendering])


def store_missing_uses() -> int:
    """Store the uses of words in what old code made, which knew nothing of them; gives of how many renderings."""
    done = 0
    while rows := list(Rendering.objects.filter(has_uses=False).only("term_keys").order_by("pk")[:BATCH]):
        with transaction.atomic():
            _store(rows)
            done += Rendering.objects.filter(pk__in=[row.pk for row in rows]).update(has_uses=True)
    return done


def _store(renderings: Collection[Rendering]) -> None:
    uses = [WordUse(publication_id=row.pk, key=key) for row in renderings for key in dict.fromkeys(row.term_keys)]
    WordUse.objects.bulk_create(uses, ignore_conflicts=True, batch_size=BATCH)

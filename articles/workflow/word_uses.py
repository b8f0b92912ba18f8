"""Which texts explain which words of the glossary, kept as rows, so that a change of a word costs its uses and no more."""

from collections.abc import Collection

from django.db import transaction

from articles.models import Rendering, WordUse

BATCH = 500


def save_rendering(rendering: Rendering, *, is_first: bool) -> None:
    """Store what readers are shown of a publication, and which words it explains, inside a transaction.

    ``is_first``: nothing was stored for it before.
    """
    rendering.has_uses = True
    rendering.save(force_insert=is_first)
    if not is_first:
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

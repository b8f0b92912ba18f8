"""Rows that are inserted and then left alone."""

from typing import Any, TypeVar

from django.db import models

T = TypeVar("T", bound=models.Model)


class AppendOnlyError(TypeError):
    """An attempt to change or delete a row that is only ever inserted."""


class AppendOnlyQuerySet(models.QuerySet[T]):
    """Refuses to change or delete rows in bulk."""

    def update(self, **kwargs: Any) -> int:
        """Refuse."""
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise AppendOnlyError(f"{self.model.__name__} rows are never deleted")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        """Refuse."""
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed")


class AppendOnlyManager(models.Manager[T]):
    """Gives querysets that refuse. (Written out, since mypy loses managers made by ``from_queryset`` between two runs.)"""

    def get_queryset(self) -> AppendOnlyQuerySet[T]:
        """Give a queryset that refuses to change or delete rows."""
        return AppendOnlyQuerySet(self.model, using=self._db)


class AppendOnlyModel(models.Model):
    """A model whose rows are only inserted. An account that goes away empties its foreign key; the printed name stays."""

    objects = AppendOnlyManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row; refuse to save it again."""
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} rows are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise AppendOnlyError(f"{type(self).__name__} rows are never deleted")

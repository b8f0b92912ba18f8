"""Which readers' pages are to be made anew: a row for each act that changed what some of them show."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class CurrentTransaction(models.Func):
    """The number of the transaction that writes, which PostgreSQL gives out in the order in which transactions begin."""

    template = "0"
    output_field = models.BigIntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """Ask PostgreSQL. SQLite lets one write after another, so there the row's id says enough."""
        sql, parameters = super().as_sql(compiler, connection, template="pg_current_xact_id()::text::bigint", **context)
        return sql, list(parameters)


class PageVersion(models.Model):
    """A change of what readers see: pages that show one of ``keys`` have a new version.

    Rows are only added, and deleted after some days: acts that change the same page need not wait for each other. Workers read
    those that came since they last looked (``articles.page_cache.versions``).
    """

    keys = models.TextField(_("keys of what changed"), help_text=_("Parted by spaces, such as “article:7 lists”."))
    is_gone = models.BooleanField(
        _("taken from readers"), default=False, db_default=False, help_text=_("The old pages are not shown a moment longer.")
    )
    at = models.DateTimeField(_("at"))
    version = models.BigIntegerField(_("number of the transaction"), db_index=True)

    class Meta:
        verbose_name = _("version of pages")
        verbose_name_plural = _("versions of pages")

    def __str__(self) -> str:
        return self.keys

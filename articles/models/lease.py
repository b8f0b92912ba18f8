"""Work that one process at a time does, on however many hosts the site runs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Lease(models.Model):
    """Who does a kind of work, and until when others leave it to them."""

    name = models.CharField(_("work"), max_length=50, primary_key=True)
    holder = models.CharField(_("who does it"), max_length=200)
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")

    def __str__(self) -> str:
        return f"{self.name}: {self.holder} until {self.until:%Y-%m-%d %H:%M:%S}"

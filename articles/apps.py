"""The one app of the site."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks


class ArticlesConfig(AppConfig):
    """Articles, their revisions and the evidence they rest on."""

    name = "articles"
    verbose_name = "Texts and sources"

    def ready(self) -> None:
        """Have the letters looked at by ``check --deploy``."""
        checks.register(check_letters, deploy=True)


def check_letters(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Warn of a public site that sends no letters.

    No refusal: readers miss nothing, and a site whose few editors sit in one room may do without.
    """
    if not settings.IS_PUBLIC or not settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        return []
    hint = "Set EMAIL_URL to a mail server, such as smtp+tls://USER:PASSWORD@HOST:587, and EMAIL_FROM to its sender."
    return [checks.Warning("Letters to reviewers and authors go to the log, and to nobody.", hint=hint, id="articles.W001")]

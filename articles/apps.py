"""The one app of the site."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    """Articles, their revisions and the evidence they rest on."""

    name = "articles"
    verbose_name = "Articles"

"""Addresses of the readers' pages. Addresses are promises: change one only with a redirect from the old."""

from django.urls import path, register_converter

from articles import views
from articles.text.fields import SLUG


class LanguageConverter:
    """A language tag other than those the site's main addresses stand for."""

    regex = "[a-z]{2,3}(?:-[A-Z]{2})?"

    def to_python(self, value: str) -> str:
        """Give the tag as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Give the tag as it is."""
        return value


class StrictSlugConverter(LanguageConverter):
    """A slug in small letters, as file names are."""

    regex = SLUG.pattern


register_converter(LanguageConverter, "language")
register_converter(StrictSlugConverter, "small_slug")

urlpatterns = [
    path("", views.home, name="home"),
    path("articles/<small_slug:slug>/", views.article_detail, name="article"),
    path("topics/<small_slug:slug>/", views.topic_detail, name="topic"),
    path("<language:language>/articles/<small_slug:slug>/", views.article_detail, name="article-in"),
    path("<small_slug:slug>/", views.page_detail, name="page"),
    path("<language:language>/<small_slug:slug>/", views.page_detail, name="page-in"),
]

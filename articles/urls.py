"""Addresses of the readers' pages. Addresses are promises: change one only with a redirect from the old."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from articles import feeds, sitemaps
from articles.admin import preview_links
from articles.api import views as api
from articles.models import Article
from articles.text.citations import KEY
from articles.text.fields import SLUG
from articles.views import evidence, feedback, history, lists, machine_files, pages, search


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


class KeyConverter(LanguageConverter):
    """The key of a work, such as WATANABE-1994; small letters lead to the capital ones."""

    regex = "(?i:" + KEY.pattern + ")"


class AnythingConverter(LanguageConverter):
    """Whatever follows, line breaks and all."""

    regex = "(?s:.+)"


register_converter(AnythingConverter, "anything")
register_converter(LanguageConverter, "language")
register_converter(StrictSlugConverter, "small_slug")
register_converter(KeyConverter, "key")


def under(kind: Article.Kind, route: str) -> list[URLPattern | URLResolver]:
    """Give the addresses of an article or page at ``route``, and of its record, which stand under it."""
    kwargs = {"kind": kind.value}
    name = kind.value + ("-in" if "language" in route else "")
    record = [
        path("history/", history.history_list, kwargs),
        path("history/compare/", history.history_compare, kwargs),
        path("history/feed/", feeds.article_changes, kwargs),
        path("history/<int:number>/", history.history_copy, kwargs),
        path("standards/", evidence.standards, kwargs),
        path("references.json", evidence.references_csl, kwargs),
        path("feedback/", feedback.feedback_form, kwargs),
        path("feedback/thanks/", feedback.feedback_thanks, kwargs),
    ]
    if kind is Article.Kind.ARTICLE:
        record.append(path("visit/", pages.visit_sheet, kwargs))
    return [path(route, pages.article_detail, kwargs, name=name), path(route, include(record))]


data = [
    path("", api.index, name="api"),
    path("v1/", api.index, name="api-v1"),
    path("v1/openapi.json", api.description, name="api-description"),
    path("v1/articles/", api.article_list, name="api-articles"),
    path("v1/articles/<small_slug:slug>/", api.article_detail, name="api-article"),
    path("v1/claims/", api.claim_list, name="api-claims"),
    path("v1/references/", api.reference_list, name="api-references"),
    path("v1/references/<key:key>/", api.reference_detail, name="api-reference"),
    path("v1/glossary/", api.term_list, name="api-glossary"),
    path("v1/glossary/<small_slug:key>/", api.term_detail, name="api-term"),
    path("v1/changes/", api.change_list, name="api-changes"),
    path("<anything:rest>", api.nothing, name="api-nothing"),  # or a page in the language "api" would be looked for
]

urlpatterns = [
    path("api/", include(data)),
    path("", pages.home, name="home"),
    path("articles/", lists.a_to_z, name="a-to-z"),
    path("topics/", lists.topic_list, name="topics"),
    path("topics/<small_slug:slug>/", pages.topic_detail, name="topic"),
    path("topics/<small_slug:slug>/feed/", feeds.topic_changes),
    path("references/", evidence.reference_list, name="references"),
    path("references/<key:key>/", evidence.reference_detail, name="reference"),
    path("glossary/", lists.glossary, name="glossary"),
    path("preview/<str:token>/", preview_links.shared_draft, name="shared-draft"),
    path("search/", search.search_page, name="search"),
    path("search.json", search.search_json, name="search-json"),
    path("changes/", lists.changes, name="changes"),
    path("changes/feed/", feeds.changes, name="changes-feed"),
    path("changes/new/feed/", feeds.new_articles),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", sitemaps.sitemap_file, name="sitemap-file"),
    path("robots.txt", machine_files.robots),
    path(".well-known/security.txt", machine_files.security_txt, name="security-txt"),
    path("manifest.webmanifest", machine_files.manifest),
    *under(Article.Kind.ARTICLE, "articles/<small_slug:slug>/"),
    *under(Article.Kind.ARTICLE, "<language:language>/articles/<small_slug:slug>/"),
    *under(Article.Kind.PAGE, "<small_slug:slug>/"),
    *under(Article.Kind.PAGE, "<language:language>/<small_slug:slug>/"),
]

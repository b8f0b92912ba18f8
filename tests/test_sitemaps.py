"""The sitemap: valid, complete, true, and every address in it answers."""

import re
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from math import ceil
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import sitemaps, workflow
from articles.models import Article, Reference, Rendering
from tests.support import NOW, PAGE, TEXT, edit, make_article, make_evidence, make_user, publish, take_down
from tests.workflow.support import judge

pytestmark = pytest.mark.django_db
NAMES = {"": "http://www.sitemaps.org/schemas/sitemap/0.9"}
LATER = NOW + timedelta(days=3)
CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)">')
TITLE = re.compile(r"<title>([^<]+)</title>")
DESCRIPTION = re.compile(r'<meta name="description"(?: property="og:description")? content="([^"]+)">')


@pytest.fixture(autouse=True)
def article() -> Article:
    make_evidence()
    return make_article()


def read(path: str = "/sitemap.xml") -> dict[str, datetime | None]:
    """Give the days of change by path, once the file keeps to the rules."""
    answer = Client().get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml"
    root = ET.fromstring(answer.getvalue())
    assert root.tag == "{http://www.sitemaps.org/schemas/sitemap/0.9}urlset"
    found = {}
    for place in root:
        assert {child.tag.partition("}")[2] for child in place} <= {"loc", "lastmod"}
        address = place.findtext("loc", "", NAMES)
        assert address.startswith(settings.SITE["url"] + "/")
        assert len(address) < 2_048
        changed = place.findtext("lastmod", None, NAMES)
        found[address.removeprefix(settings.SITE["url"])] = datetime.fromisoformat(changed) if changed else None
        assert changed is None or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.]*(Z|[+-]\d\d:\d\d)", changed)
    assert len(found) == len(root)
    return found


def test_every_address_is_canonical_and_has_a_title_and_description_of_its_own() -> None:
    make_article("about", PAGE, "page")
    make_article("vitamina", TEXT.replace("topic:", "language: es\ntopic:").replace("Vitamin B12 and", "Vitamina y"))
    make_article("falls", TEXT.replace("Vitamin B12", "Balance").replace("Your nerves", "Your legs"))
    titles, descriptions = [], []
    for path in read():
        answer = Client().get(path)
        assert answer.status_code == 200, path
        html = answer.content.decode()
        assert CANONICAL.findall(html) == [settings.SITE["url"] + path]
        assert "noindex" not in html
        titles += TITLE.findall(html)
        (description,) = DESCRIPTION.findall(html)
        descriptions += [] if path.startswith(("/es/", "/references/")) else [description]
    assert len(set(titles)) == len(titles) == len(read())
    assert len(set(descriptions)) == len(descriptions)


def test_it_lists_what_readers_may_see_and_no_more(article: Article) -> None:
    make_article("draft", is_published=False)
    make_article("draft-page", PAGE, "page", is_published=False)
    make_article("vitamina", TEXT.replace("topic: Vitamin B12", "language: es\ntopic: Vitamina"))
    lists = {"/", "/topics/", "/articles/", "/changes/", "/references/", "/glossary/"}
    works = {"/references/RATS-1994/", "/references/PEOPLE-2020/"}
    assert read().keys() == lists | works | {"/topics/vitamin-b12/", "/articles/b12/", "/es/articles/vitamina/"}
    Article.objects.update(withdrawn_at=LATER, withdrawn_reason="A wrong dose.")
    workflow.recount_topics()
    assert read().keys() == lists


def test_days_are_those_of_real_changes(article: Article) -> None:
    assert read()["/articles/b12/"] == NOW
    Rendering.objects.update(renderer_version=0)
    workflow.remake_stale_renderings()
    edit(article, TEXT.replace("The rats", "Some rats"))
    assert set(read().values()) == {NOW, None}
    publish(article, now=LATER)
    found = read()
    for path in ("/", "/topics/", "/topics/vitamin-b12/", "/articles/", "/articles/b12/", "/changes/"):
        assert found[path] == LATER
    assert found["/references/RATS-1994/"] is None


def test_lists_change_when_an_article_goes() -> None:
    falls = make_article("falls", TEXT.replace("topic: Vitamin B12", "topic: Falls"))
    take_down(falls, now=LATER)
    found = read()
    assert found["/"] == LATER
    assert found["/topics/vitamin-b12/"] == NOW
    assert "/topics/falls/" not in found


def test_a_site_without_articles_has_one_too() -> None:
    Article.objects.update(withdrawn_at=None, publication=None, published_revision=None)
    workflow.recount_topics()
    assert set(read().values()) == {None}


def test_a_long_one_is_cut_into_files_with_an_index(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abcde":
        make_article(f"b12-{name}")
    whole = read()
    size = 2
    monkeypatch.setattr(sitemaps, "PER_FILE", size)
    root = ET.fromstring(Client().get("/sitemap.xml").content)
    assert root.tag == "{http://www.sitemaps.org/schemas/sitemap/0.9}sitemapindex"
    files = [place.findtext("loc", "", NAMES).removeprefix(settings.SITE["url"]) for place in root]
    parts = {path: read(path) for path in files}
    assert {path: day for part in parts.values() for path, day in part.items()} == whole
    assert sum(map(len, parts.values())) == len(whole)
    assert max(len(part) for path, part in parts.items() if path != "/sitemap-1.xml") <= size
    assert all(path.startswith("/articles/") for path in parts[f"/sitemap-{2 * ceil(highest(Article) / size)}.xml"])
    assert all(path.startswith("/references/") for path in parts[f"/sitemap-{2 * ceil(highest(Reference) / size) + 1}.xml"])
    for number in ("0", f"{2 * ceil(highest(Article) / size) + 2}", "999999999999999999999"):
        assert Client().get(f"/sitemap-{number}.xml").status_code == 404


def highest(model: Any) -> int:
    return int(model.objects.order_by("-pk").values_list("pk", flat=True)[0])


def test_a_file_far_in_is_made_from_its_own_rows_and_sent_while_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "PER_FILE", 1)
    monkeypatch.setattr(sitemaps, "LINES_AT_ONCE", 1)
    path = f"/sitemap-{2 * highest(Article)}.xml"
    with CaptureQueriesContext(connection) as queries:
        answer = Client().get(path)
        assert answer.streaming
        assert len(list(answer)) > 1
    assert len(queries) == 4


def test_an_unchanged_one_is_not_sent_again(article: Article) -> None:
    first = Client().get("/sitemap.xml")
    again = Client().get("/sitemap.xml", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.getvalue()) == (304, b"")
    edit(article, TEXT.replace("The rats", "Some rats"))
    publish(article, now=LATER)
    assert Client().get("/sitemap.xml", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_it_asks_a_fixed_number_of_questions() -> None:
    with CaptureQueriesContext(connection) as few:
        read()
    for number in range(5):
        make_article(f"b12-{number}")
    with CaptureQueriesContext(connection) as many:
        read()
    assert len(many) == len(few) <= 7


def test_a_review_is_no_change_of_the_text(article: Article) -> None:
    judge(article, make_user("Reviewers"), now=LATER)
    assert read()["/articles/b12/"] == NOW

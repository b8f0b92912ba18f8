"""The open data holds what its OpenAPI file promises: schemathesis asks all that the file allows, and much that it does not."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from schemathesis.config import SchemathesisConfig

from articles import workflow
from articles.api import asking
from articles.grading import Certainty, Design, Population
from articles.models import CHECKLIST, Article, GlossaryTerm, Notice, Publication, Reference, Review
from articles.text.bibliography import WorkType
from articles.text.changes import Significance
from articles.urls import data
from tests.support import IMPORT, NOW, TEXT, edit, make_article, make_evidence, make_user, publish, take_down

pytestmark = pytest.mark.django_db

CONFIG = SchemathesisConfig.from_dict({"generation": {"max-examples": 15, "deterministic": True, "database": "none"}})
PLAIN = {"Accept-Encoding": "identity"}
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), config=CONFIG)
described = schema.raw_schema


@pytest.fixture(scope="module", autouse=True)
def shipped(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The content that comes with the software, imported once for all tests of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("import_content", "--publish", stdout=StringIO())
        for signal in (request_started, request_finished):  # a connection inside a transaction looks used up to them
            signal.disconnect(close_old_connections)
        yield
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
        transaction.set_rollback(True)


@schema.parametrize()
def test_every_answer_is_as_described(case: Any) -> None:
    case.call_and_validate(headers=PLAIN)


def make_everything_that_can_happen() -> None:
    """Make an article with reviews, a withheld text, a pinned correction, and a withdrawn work with its notice."""
    make_evidence()
    article = make_article()
    reviewer = workflow.Actor.person(make_user("Reviewers"))
    verdict = workflow.Verdict(Review.Decision.CHANGES_REQUESTED, [], "A. Name", "nurse", "RN", "none", "Say more.")
    assert article.latest_revision is not None
    workflow.review(revision=article.latest_revision, verdict=verdict, by=reviewer, now=NOW)
    edit(article, TEXT + "\nOne more [@PEOPLE-2020].\n")
    later = publish(article, now=NOW + timedelta(days=1))
    verdict = workflow.Verdict(Review.Decision.APPROVED, list(CHECKLIST), "A. Name", "nurse", "RN", "none")
    workflow.review(revision=later.revision, verdict=verdict, by=reviewer, now=NOW + timedelta(days=2))
    workflow.withhold(publication=article.publications.get(number=1), reason="It named somebody.", by=IMPORT, now=NOW)
    Publication.objects.filter(pk=later.pk).update(note="A number was wrong.", significance="urgent")
    work = Reference.objects.get(key="PEOPLE-2020")
    Notice.objects.create(reference=work, kind="retraction", noticed_on="2026-11-23", told_by="Crossref", found_at=NOW)
    Reference.objects.filter(pk=work.pk).update(noticed_retraction_on="2026-11-23", checked_at=NOW)
    workflow.take_in_changed_sources([work.key], by=IMPORT, now=NOW + timedelta(days=3))
    Article.objects.filter(pk=article.pk).update(pinned=later, sources_checked_at=NOW)
    GlossaryTerm.objects.filter(key="myelin").update(medical="myelin sheath", source="ODS-B12")


@pytest.mark.parametrize(
    ("path", "parameters", "query"),
    [
        ("/api/v1/articles/", {}, {}),
        ("/api/v1/articles/{slug}/", {"slug": "b12"}, {}),
        ("/api/v1/claims/", {}, {"limit": 100}),
        ("/api/v1/claims/", {}, {"work": "PEOPLE-2020"}),
        ("/api/v1/references/", {}, {}),
        ("/api/v1/references/{key}/", {"key": "PEOPLE-2020"}, {}),
        ("/api/v1/glossary/{key}/", {"key": "myelin"}, {}),
        ("/api/v1/changes/", {}, {"article": "b12"}),
    ],
)
def test_whatever_happens_to_an_article_is_described(path: str, parameters: dict[str, str], query: dict[str, Any]) -> None:
    Reference.objects.filter(key="PEOPLE-2020").delete()
    GlossaryTerm.objects.filter(key="myelin").delete()
    make_everything_that_can_happen()
    answer = schema[path]["GET"].Case(path_parameters=parameters, query=query).call_and_validate(headers=PLAIN)
    assert answer.json()["data"]


def test_a_withdrawn_article_answers_as_described() -> None:
    article = Article.objects.articles().published().first()
    assert article is not None
    take_down(article, "A study was made up.")
    path = "/api/v1/articles/{slug}/"
    answer = schema[path]["GET"].Case(path_parameters={"slug": article.slug}).call_and_validate(headers=PLAIN)
    assert answer.status_code == 410
    assert answer.json()["detail"].endswith("was withdrawn on 2026-11-22: A study was made up.")


def test_what_is_described_is_what_there_is() -> None:
    routes = ["/api/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern)) for pattern in data]
    assert list(described["paths"]) == [route for route in routes if route != "/api/{rest}"]


def test_every_object_names_all_its_fields() -> None:
    def objects(part: Any) -> Iterator[dict[str, Any]]:
        if isinstance(part, dict):
            if "properties" in part and part.get("type") is not None:
                yield part
            part = list(part.values())
        if isinstance(part, list):
            for inner in part:
                yield from objects(inner)

    found = list(objects(described))
    assert len(found) > 30
    assert not [part for part in found if part["additionalProperties"] is not False]


def test_the_codes_are_those_of_the_code() -> None:
    schemas = described["components"]["schemas"]
    parameters = {one["name"]: one["schema"] for one in described["paths"]["/api/v1/claims/"]["get"]["parameters"]}
    levels = [str(level) for level in Certainty]
    assert schemas["Certainty"]["properties"]["code"]["enum"] == levels
    assert parameters["certainty"]["enum"] == [level for level in levels if level != Certainty.NONE_FOUND]
    assert schemas["Design"]["properties"]["code"]["enum"] == parameters["design"]["enum"] == list(Design)
    assert schemas["Population"]["enum"] == parameters["population"]["enum"] == list(Population)
    assert schemas["Change"]["properties"]["kind"]["properties"]["code"]["enum"] == ["new", "sources", *Significance]
    assert schemas["Reference"]["properties"]["csl"]["properties"]["type"]["enum"] == list(WorkType)
    assert schemas["Review"]["properties"]["decision"]["enum"] == Review.Decision.values
    notice = schemas["Reference"]["properties"]["notices"]["items"]["properties"]["kind"]["properties"]["code"]
    assert notice["enum"] == Notice.Kind.values
    limit = {"type": "integer", "minimum": 1, "maximum": asking.MAX_LIMIT, "default": asking.DEFAULT_LIMIT}
    assert parameters["limit"] == limit

"""What pages tell machines about themselves: by the vocabulary of schema.org, and nothing that is not true."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from hypothesis import given

from articles import structured_data, workflow
from articles.models import Article, GlossaryTerm, Reference
from articles.text.bibliography import Reference as Work
from tests.schema_org import TYPES, find_faults, said_by
from tests.support import IMPORT, NOW, PAGE, TEXT, edit, make_article, make_evidence, make_user, publish
from tests.workflow.support import judge
from tests.works import works

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"
REVIEWED = {
    "lastReviewed": "2026-11-22",
    "reviewedBy": {"@type": "Person", "name": "Dr Ada Example", "jobTitle": "neurologist"},
}


@pytest.fixture(autouse=True)
def article() -> Article:
    make_evidence()
    return make_article()


def said(path: str) -> dict[str, Any]:
    answer = Client().get(path)
    assert answer.status_code == 200
    return said_by(answer.content.decode())


def review_of(path: str = "/articles/b12/") -> dict[str, Any]:
    return {name: value for name, value in said(path).items() if "eview" in name}


def test_an_article_tells_what_it_is_and_what_it_cites() -> None:
    assert said("/articles/b12/") == {
        "@type": "MedicalWebPage",
        "name": "Vitamin B12 and your nerves",
        "description": "Your nerves need vitamin B12.",
        "url": f"{SITE}/articles/b12/",
        "inLanguage": "en",
        "breadcrumb": {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": 1, "item": {"@id": f"{SITE}/topics/vitamin-b12/"}, "name": "Vitamin B12"},
                {"@type": "ListItem", "position": 2, "name": "Vitamin B12 and your nerves"},
            ],
        },
        "datePublished": "2026-11-22",
        "dateModified": "2026-11-22",
        "isAccessibleForFree": True,
        "citation": [f"{SITE}/references/RATS-1994/", "https://doi.org/10.1000/people"],
    }


def test_conditions_and_medicines_are_told_where_the_text_names_them() -> None:
    make_article("named", TEXT.replace("topic:", "conditions: [Peripheral neuropathy]\nmedicines: [Mecobalamin]\ntopic:"))
    assert said("/articles/named/")["about"] == [
        {"@type": "MedicalCondition", "name": "Peripheral neuropathy"},
        {"@type": "Drug", "name": "Mecobalamin"},
    ]


def test_a_review_is_told_where_it_approved_what_readers_see(article: Article) -> None:
    assert review_of() == {}
    judge(article, make_user("Reviewers"))
    assert review_of() == REVIEWED


def test_a_review_is_not_told_once_the_text_has_changed(article: Article) -> None:
    judge(article, make_user("Reviewers"))
    edit(article, TEXT + "\nOne more [@PEOPLE-2020].\n")
    assert review_of() == REVIEWED
    publish(article)
    assert review_of() == {}


def test_a_review_is_not_told_once_a_source_has_changed(article: Article) -> None:
    judge(article, make_user("Reviewers"))
    Reference.objects.filter(key="PEOPLE-2020").update(sample_size=91)
    workflow.take_in_changed_sources(["PEOPLE-2020"], by=IMPORT, now=NOW + timedelta(days=1))
    assert review_of() == {}
    assert said("/articles/b12/")["dateModified"] == "2026-11-23"


def test_a_review_that_asked_for_changes_is_not_told(article: Article) -> None:
    judge(article, make_user("Reviewers"))
    judge(article, make_user("Reviewers", username="second"), "changes_requested", NOW + timedelta(hours=1))
    assert review_of() == {}


def test_a_review_stays_told_with_its_day_when_the_next_is_overdue(article: Article) -> None:
    judge(article, make_user("Reviewers"))
    Article.objects.update(review_due_on="2020-01-01")
    assert "Review overdue" in Client().get("/articles/b12/").content.decode()
    assert review_of() == REVIEWED


def test_a_draft_changes_nothing_that_is_told(article: Article) -> None:
    before = said("/articles/b12/")
    edit(article, TEXT.replace("your nerves", "zebrafish"))
    assert said("/articles/b12/") == before


def test_home_tells_how_to_search() -> None:
    home = said("/")
    assert home["@type"] == "WebSite"
    assert home["potentialAction"]["target"]["urlTemplate"] == f"{SITE}/search/?q={{search_term_string}}"
    assert home["potentialAction"]["query-input"] == "required name=search_term_string"


def test_a_topic_tells_its_articles() -> None:
    topic = said("/topics/vitamin-b12/")
    assert topic["@type"] == "CollectionPage"
    assert topic["mainEntity"]["itemListElement"] == [f"{SITE}/articles/b12/"]


@pytest.mark.parametrize(("slug", "kind"), [("about", "AboutPage"), ("contact", "ContactPage"), ("privacy", "WebPage")])
def test_pages_about_the_site_are_not_medical(slug: str, kind: str) -> None:
    make_article(slug, PAGE, "page")
    page = said(f"/{slug}/")
    assert page["@type"] == kind
    assert "citation" not in page
    assert page["dateModified"] == "2026-11-22"


def test_a_page_of_a_work_tells_of_the_work() -> None:
    Reference.objects.filter(key="PEOPLE-2020").update(
        author=[{"family": "Example", "given": "A", "literal": ""}], container_title="The Journal", page="1-9", issued="2020-02"
    )
    page = said("/references/PEOPLE-2020/")
    assert page["@type"] == "WebPage"
    assert page["mainEntity"] == {
        "@type": "MedicalScholarlyArticle",
        "name": "A study of people",
        "author": [{"@type": "Person", "name": "Example A"}],
        "datePublished": "2020-02",
        "isPartOf": {"@type": "Periodical", "name": "The Journal"},
        "pagination": "1-9",
        "sameAs": ["https://doi.org/10.1000/people"],
    }


def test_a_withdrawn_work_is_told_as_such() -> None:
    Reference.objects.update(noticed_retraction_on="2016-11-02")
    assert said("/references/PEOPLE-2020/")["mainEntity"]["creativeWorkStatus"] == "Retracted"


@given(work=works())
def test_every_work_keeps_to_the_vocabulary(work: Work) -> None:
    page = structured_data.work_page(work, "Animal experiment")
    del page["@context"]
    assert find_faults(page) == []


def test_words_are_told_with_what_they_mean() -> None:
    GlossaryTerm.objects.update(medical="myelin sheath", synonyms=["nerve coat"])
    terms = [row.value() for row in GlossaryTerm.objects.all()]
    page = structured_data.glossary("Words", "Words in plain words.", "/glossary/", terms)
    del page["@context"]
    assert find_faults(page) == []
    (word,) = page["hasDefinedTerm"]
    assert word["description"] == "the layer around a nerve"
    assert word["alternateName"] == ["myelin sheath", "nerve coat"]


def test_a_publisher_is_told_where_one_is_named(settings: LazySettings) -> None:
    assert "publisher" not in said("/")
    settings.SITE = settings.SITE | {"publisher": "The Nerve Trust"}
    settings.IS_PUBLISHER_NAMED = True
    for path in ("/", "/articles/b12/"):
        assert said(path)["publisher"] == {"@type": "Organization", "name": "The Nerve Trust"}


def test_copies_records_and_errors_tell_nothing() -> None:
    for path in ("", "compare/", "1/"):
        assert b"ld+json" not in Client().get(f"/articles/b12/history/{path}").content
    for path in ("/articles/b12/standards/", "/nowhere/"):
        assert b"ld+json" not in Client().get(path).content


def test_the_vocabulary_would_tell_of_faults() -> None:
    assert find_faults({"@type": "Nothing"}) == ["Nothing is no type"]
    assert find_faults({"@type": "WebPage", "dosage": "1"}) == ["WebPage has no dosage"]
    assert find_faults({"@type": "WebPage", "lastReviewed": "yesterday"}) == ["lastReviewed of WebPage is no Date: yesterday"]
    wrong = {"@type": "WebPage", "breadcrumb": {"@type": "ItemList", "numberOfItems": "many"}}
    assert len(find_faults(wrong)) == 2
    assert "aspect" not in TYPES["MedicalWebPage"]["properties"]

"""What readers would see, made without storing anything."""

import pytest

from articles import workflow
from articles.models import Rendering, Revision
from tests.support import TEXT, checked, make_article, make_evidence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def evidence() -> None:
    make_evidence()


def test_a_preview_stores_nothing() -> None:
    article = make_article()
    shown, prepared = workflow.preview(checked(TEXT.replace("your nerves", "nerves")), article)
    assert shown.title == "Vitamin B12 and nerves"
    assert "studied in rats, not people" in prepared.rendering.key_message
    assert (Revision.objects.count(), Rendering.objects.count()) == (1, 1)


def test_a_faulty_body_can_be_previewed() -> None:
    assert "studied in rats, not people" in workflow.preview_body("## A\n\nIn rats [@RATS-1994].\n\n!!! nonsense\n")
    assert workflow.preview_body("[" * 10_000) == ""

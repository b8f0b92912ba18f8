"""Links inside the site: which of what readers see leads nowhere, whatever happened to its target."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from articles import workflow
from articles.admin.dashboard import find_tasks
from articles.models import Article, InsideLink
from tests.support import IMPORT, NOW, TEXT, edit, make_article, make_evidence, make_user, publish

pytestmark = pytest.mark.django_db

LINKED = TEXT + "\nSee [more](article:target#what-it-does) and [all](article:target) [no-citation: signpost].\n"
TITLE = "Vitamin B12 and your nerves"


@pytest.fixture
def target() -> Article:
    make_evidence()
    return make_article("target", TEXT.replace(TITLE, "Target"))


@pytest.fixture
def linking(target: Article) -> Article:
    return make_article("linking", LINKED.replace(TITLE, "Linking"))


def dead() -> list[str]:
    return sorted(str(link) for link in InsideLink.objects.filter(is_dead=True))


def listed() -> list[tuple[str, str]]:
    user: Any = make_user("Editors", username=f"e{InsideLink.objects.count()}-{len(dead())}")
    tasks = {task.key: task for task in find_tasks(user, NOW.date())}
    return [(entry.words, entry.note) for entry in tasks["links"].entries] if "links" in tasks else []


BOTH = ["article:target", "article:target#what-it-does"]


def test_links_live_while_their_target_is_there(target: Article, linking: Article) -> None:
    assert sorted(str(link) for link in linking.inside_links.all()) == BOTH
    assert dead() == []
    assert listed() == []


def test_a_withdrawn_target_and_one_that_is_back(target: Article, linking: Article) -> None:
    workflow.withdraw(article=target, reason="Old.", by=IMPORT, now=NOW)
    assert dead() == BOTH
    assert listed() == [("Linking", "Its link to article:target leads nowhere")]
    target.refresh_from_db()
    workflow.bring_back(article=target, note="Right.", by=IMPORT, now=NOW + timedelta(days=1))
    assert dead() == []


def test_a_section_that_is_gone_or_back(target: Article, linking: Article) -> None:
    edit(target, TEXT.replace(TITLE, "Target").replace("{#what-it-does}", "{#what-it-did}"))
    publish(target)
    assert dead() == ["article:target#what-it-does"]
    assert listed() == [("Linking", "Its link to article:target#what-it-does leads nowhere")]
    edit(target, TEXT.replace(TITLE, "Target"))
    publish(target)
    assert dead() == []


def test_a_target_that_was_never_published(target: Article) -> None:
    new = make_article("new", TEXT.replace(TITLE, "New"), is_published=False)
    make_article("linking", LINKED.replace(TITLE, "Linking").replace("article:target", "article:new"))
    assert len(dead()) == 2
    publish(new)
    assert dead() == []


def test_a_renamed_target_is_found_at_its_old_address(target: Article, linking: Article) -> None:
    workflow.rename(article=target, slug="elsewhere", by=IMPORT, now=NOW)
    assert dead() == []
    target.refresh_from_db()
    workflow.withdraw(article=target, reason="Old.", by=IMPORT, now=NOW)
    assert dead() == BOTH


def test_a_text_without_the_link_has_none(target: Article, linking: Article) -> None:
    workflow.withdraw(article=target, reason="Old.", by=IMPORT, now=NOW)
    edit(linking, TEXT.replace(TITLE, "Linking"))
    publish(linking)
    assert not InsideLink.objects.exists()


def test_the_migration_finds_the_same(target: Article, linking: Article) -> None:
    workflow.withdraw(article=target, reason="Old.", by=IMPORT, now=NOW)
    before = list(InsideLink.objects.order_by("slug", "section").values("article", "kind", "slug", "section", "is_dead"))
    InsideLink.objects.all().delete()
    import_module("articles.migrations.0014_inside_links").store_links(apps, SimpleNamespace(connection=connection))
    assert list(InsideLink.objects.order_by("slug", "section").values("article", "kind", "slug", "section", "is_dead")) == before

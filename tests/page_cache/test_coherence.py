"""No act leaves a page kept that shows something else by now, and none has pages made anew that it has nothing to do with."""

import inspect
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from articles import workflow
from articles.models import (
    CHECKLIST,
    Article,
    GlossaryTerm,
    Notice,
    PageVersion,
    Reference,
    ReferenceSnapshot,
    Review,
)
from articles.page_cache.marking import SHOWN
from articles.page_cache.versions import EVERYTHING
from articles.text import bibliography
from articles.text.rating_questions import STANDARDS
from tests.support import IMPORT, NOW, PAGE, TEXT, edit, make_article, make_evidence, make_user, publish

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=1)
RETRACTED_ON = date(2026, 11, 20)
ANEW = TEXT.replace("People were asked", "People were told")
FAR = """\
---
title: Sleep and sore feet
summary: Sleep helps [@SLEEP-2001].
key_message: Sleep helps [@SLEEP-2001].
topic: Sleep
---

## What helps {#what-helps}

People slept, and read about [myelin](glossary:myelin) and [naps](glossary:nap) [@SLEEP-2001].
"""
CHOSEN = TEXT.replace("topic: Vitamin B12", "topic: Nerves\nrelated: [b12]").replace("Vitamin B12 and", "Chosen and")
SAME = TEXT.replace("Vitamin B12 and", "The same vitamin and")
UNDER = ("", "visit/", "history/", "history/1/", "history/2/", "history/3/", "history/feed/", "standards/", "references.json")
LISTS = {
    "/",
    "/topics/",
    "/articles/",
    "/changes/",
    "/changes/feed/",
    "/changes/new/feed/",
}
OTHERS = {"/glossary/", "/references/", "/robots.txt", "/manifest.webmanifest"}
VERDICT = workflow.Verdict(Review.Decision.APPROVED, list(CHECKLIST), "Dr Rhea", "neurologist", "MD", "None")


class World:
    """Articles in three topics and a page, one with an old copy; another that nobody has seen."""

    def __init__(self) -> None:
        make_evidence()
        Reference.objects.create(
            key="SLEEP-2001", type="article-journal", title="Sleep", design="randomised-trial", populations=["people"]
        )
        GlossaryTerm.objects.create(key="nap", term="nap", explanation="a short sleep", source="SLEEP-2001")
        self.erin = workflow.Actor.person(make_user("Editors", "Publishers", username="erin"))
        self.rhea = workflow.Actor.person(make_user("Reviewers", username="rhea"))
        self.b12 = make_article("b12")
        self.first = self.b12.publication
        edit(self.b12, TEXT.replace("The rats were", "Rats were"))
        publish(self.b12)
        self.b12.refresh_from_db()
        self.same, self.chosen = make_article("same", SAME), make_article("chosen", CHOSEN)
        self.far = make_article("far", FAR)
        self.about = make_article("about", PAGE, "page")
        self.new = make_article("new", TEXT.replace("Vitamin B12 and", "New and"), is_published=False)

    def again(self, text: str, article: Article | None = None) -> None:
        """Publish another text of an article."""
        article = article or self.b12
        edit(article, text)
        publish(article, now=LATER)

    def change(self, key: str, **facts: Any) -> workflow.TakenIn:
        """Change a work at the desk."""
        was = Reference.objects.get(key=key).listed()
        work = bibliography.from_facts(bibliography.as_facts(was) | facts)
        return workflow.save_reference(work=work, was=was, by=self.erin, now=LATER)


def withdraw(world: World) -> None:
    workflow.withdraw(article=world.b12, reason="Old.", by=IMPORT, now=LATER)


def bring_back(world: World) -> None:
    workflow.bring_back(article=world.b12, note="Right.", by=IMPORT, now=LATER)


def withhold(world: World) -> None:
    assert world.first
    workflow.withhold(publication=world.first, reason="Wrong.", by=IMPORT, now=LATER)


def show_again(world: World) -> None:
    workflow.show_again(publication=world.b12.publications.get(number=1), by=IMPORT, now=LATER)


def pin(world: World) -> None:
    workflow.pin(publication=world.first, by=world.erin, now=LATER)  # type: ignore[arg-type]


def unpin(world: World) -> None:
    workflow.unpin(article=world.b12, by=world.erin, now=LATER)


def review(world: World) -> None:
    revision = world.b12.published_revision
    assert revision
    workflow.review(revision=revision, verdict=VERDICT, by=world.rhea, now=LATER)


def rate(world: World) -> None:
    answers = {question.number: ("yes", "It says so.") for question in STANDARDS["jama"].questions}
    revision = world.b12.published_revision
    assert revision
    workflow.rate(revision=revision, standard="jama", answers=answers, printed_name="Rhea", by=world.rhea, now=LATER)


def retract(world: World) -> None:
    """Find a notice that withdraws a work, as the nightly check does."""
    row = Reference.objects.get(key="RATS-1994")
    Notice.objects.create(reference=row, kind=Notice.Kind.RETRACTION, noticed_on=RETRACTED_ON, told_by="Crossref", found_at=LATER)
    Reference.objects.filter(pk=row.pk).update(noticed_retraction_on=RETRACTED_ON)
    workflow.record_notices(found=[("RATS-1994", "withdrawn")], by=IMPORT, now=LATER)
    workflow.take_in_changed_sources(["RATS-1994"], by=IMPORT, now=LATER)


def check_sources(world: World) -> None:
    Reference.objects.filter(doi__isnull=False).update(checked_at=LATER)
    workflow.record_source_check()


def save_term(world: World) -> None:
    was = GlossaryTerm.objects.get(key="nap").value()
    term = type(was)(**{field: getattr(was, field) for field in was.__dataclass_fields__} | {"explanation": "a little sleep"})
    workflow.save_term(term=term, was=was, by=world.erin, now=LATER)


def delete_unused(world: World) -> None:
    row = Reference.objects.create(key="UNUSED-2026", type="book", title="Unused", design="animal-experiment")
    workflow.delete_reference(reference=row, by=world.erin, now=LATER)
    term = GlossaryTerm.objects.create(key="unused", term="unused", explanation="x")
    workflow.delete_term(term=term, by=world.erin, now=LATER)


def schedule(world: World) -> None:
    assert world.new.latest_revision
    workflow.schedule(revision=world.new.latest_revision, publish_at=LATER, by=IMPORT, now=NOW)


def publish_due(world: World) -> None:
    workflow.publish_due(now=LATER + timedelta(hours=1))


def publish_two(world: World) -> None:
    """Publish an article's first text and another's next one together, as an import does."""
    texts = [world.new.latest_revision, edit(world.far, FAR.replace("People slept", "People slept more"))]
    prepared = [(text, workflow.prepare(workflow.text_of(text))) for text in texts]
    assert len(workflow.publish_all(prepared, by=IMPORT, now=LATER)) == 2


def rename(world: World) -> None:
    workflow.rename(article=world.b12, slug="vitamin", by=IMPORT, now=LATER)


Act = Callable[[World], Any]
OF_B12 = "/articles/b12/"
TOPIC = {"/topics/vitamin-b12/", "/topics/vitamin-b12/feed/"}
WORKS = {"/references/RATS-1994/", "/references/PEOPLE-2020/"}

# What happens, and which pages that are kept may be made anew, told by how their paths begin.
ACTS: dict[str, tuple[list[Act], set[str]]] = {
    "another text": ([lambda world: world.again(ANEW)], {OF_B12, *TOPIC, *WORKS}),
    "another title": (
        [lambda world: world.again(ANEW.replace("title: Vitamin B12 and your nerves", "title: Your nerves"))],
        {OF_B12, *TOPIC, *WORKS, "/articles/same/", "/articles/chosen/"},
    ),
    "another topic": (
        [lambda world: world.again(ANEW.replace("topic: Vitamin B12", "topic: Sleep"))],
        {OF_B12, *TOPIC, *WORKS, "/articles/same/", "/articles/chosen/", "/articles/far/", "/topics/sleep/"},
    ),
    "a work that is not cited any more": (
        [lambda world: world.again(ANEW.replace("PEOPLE-2020", "SLEEP-2001"))],
        {OF_B12, *TOPIC, *WORKS, "/references/"},
    ),
    "a first text": (
        [lambda world: publish(world.new, now=LATER)],
        {"/articles/new/", *TOPIC, *WORKS, "/references/", "/articles/"},
    ),
    "texts of two articles": (
        [publish_two],
        {"/articles/new/", "/articles/far/", *TOPIC, "/topics/sleep/", *WORKS, "/references/", "/articles/"},
    ),
    "a page": ([lambda world: world.again(PAGE.replace("the publisher", "a publisher"), world.about)], {"/about/"}),
    "a withdrawal": ([withdraw], {OF_B12, *TOPIC, *WORKS, "/references/", "/articles/"}),
    "an article that is back": ([withdraw, bring_back], {OF_B12, *TOPIC, *WORKS, "/references/", "/articles/"}),
    "an old text withheld": ([withhold], {OF_B12, *TOPIC, *WORKS, "/references/", "/articles/"}),
    "an old text shown again": ([withhold, show_again], {OF_B12, *TOPIC, *WORKS, "/references/", "/articles/"}),
    "a pin": ([pin], {OF_B12}),
    "a pin taken down": ([pin, unpin], {OF_B12}),
    "a review": ([review], {OF_B12, *TOPIC}),
    "a rating": ([rate], {OF_B12}),
    "a changed work": (
        [lambda world: world.change("SLEEP-2001", title="Sleep and more")],
        {"/articles/far/", "/topics/sleep/", "/references/"},
    ),
    "a retraction": ([retract], {"/articles/", "/topics/", "/references/", "/glossary/"}),
    "a check of all works": ([check_sources], {"/"}),
    "a changed word": ([save_term], {"/articles/far/", "/glossary/", "/references/SLEEP-2001/"}),
    "what nobody uses": ([delete_unused], {"/references/", "/glossary/", "/articles/"}),
    "a schedule": ([schedule], set()),
    "a time that has come": ([schedule, publish_due], {"/articles/new/", *TOPIC, *WORKS, "/references/", "/articles/"}),
    "another address": ([rename], {OF_B12, "/articles/vitamin/", *TOPIC, *WORKS, "/articles/same/", "/articles/chosen/"}),
}
UNSEEN = {
    "answer",
    "call_back",
    "cancel_withdrawal",
    "close_comment",
    "comment",
    "create_all",
    "create_article",
    "delete_answers",
    "keep_text",
    "make_preview_link",
    "mark_answers_read",
    "record_import",  # part of an import, which has a test of its own
    "reopen_comment",
    "replace_kept",
    "restore_revision",
    "revoke_preview_link",
    "save_revision",
    "settle",
    "submit",
    "unschedule",
}
"""Acts that change nothing readers see."""
SEEN = {
    "bring_back",
    "delete_reference",
    "delete_term",
    "pin",
    "publish",
    "publish_all",
    "rate",
    "record_notices",
    "rename",
    "review",
    "save_reference",
    "save_term",
    "schedule",
    "show_again",
    "take_in_changed_sources",
    "unpin",
    "withdraw",
    "withhold",
}


def paths() -> set[str]:
    """Give the path of every page that may be kept."""
    found = LISTS | OTHERS
    for article in Article.objects.all():
        found |= {article.get_absolute_url() + under for under in UNDER if under != "visit/" or article.kind == "article"}
        if article.topic_slug:
            found |= {f"/topics/{article.topic_slug}/", f"/topics/{article.topic_slug}/feed/"}
    return found | {f"/references/{key}/" for key in Reference.objects.values_list("key", flat=True)} | {"/topics/sleep/feed/"}


Shown = dict[str, tuple[int, bytes, frozenset[str] | None]]


def look(at: set[str]) -> Shown:
    """Fetch pages as nobody in particular; give what each shows."""
    found = {}
    for path in sorted(at):
        answer = Client().get(path)
        keys = answer.wsgi_request.META.get(SHOWN)
        found[path] = answer.status_code, answer.content, None if keys is None or answer.status_code != 200 else frozenset(keys)
    return found


def told_since(pk: int) -> set[str]:
    return {key for row in PageVersion.objects.filter(pk__gt=pk) for key in row.keys.split(" ")}


@pytest.mark.parametrize("name", ACTS)
def test_what_changed_is_made_anew_and_little_else(name: str) -> None:
    acts, allowed = ACTS[name]
    world = World()
    for act in acts[:-1]:
        act(world)
    before = look(paths())
    last = PageVersion.objects.order_by("pk").last()
    acts[-1](world)
    told = told_since(last.pk if last else 0)
    after = look(set(before))
    kept = {path for path, (_status, _body, keys) in before.items() if keys is not None}
    renewed = {path for path in kept if EVERYTHING in told or (before[path][2] or frozenset()) & told}
    changed = {path for path in kept if before[path][:2] != after[path][:2]}
    assert changed - renewed == set(), "pages that would be shown as they were"
    is_listed = any(path.startswith("/topics/") for path in allowed)  # what shows in a topic may show in any list
    others = renewed - changed - (LISTS if is_listed else set())
    needless = {path for path in others if not path.startswith(tuple(allowed))}
    assert needless == set(), "pages that it has nothing to do with"
    assert changed or name in {"a schedule", "what nobody uses"}


def test_every_act_is_here_or_changes_nothing_readers_see() -> None:
    functions = {name: getattr(workflow, name) for name in workflow.__all__}
    acts = {
        name for name, given in functions.items() if inspect.isfunction(given) and "by" in inspect.signature(given).parameters
    }
    assert acts - {"find_moves", "find_refusals", "require_reviewer"} == UNSEEN | SEEN


def test_a_withdrawal_and_a_withheld_text_are_gone_at_once_and_nothing_else_is() -> None:
    world = World()
    withdraw(world)
    assert PageVersion.objects.order_by("pk").last().is_gone  # type: ignore[union-attr]
    bring_back(world)
    assert not PageVersion.objects.order_by("pk").last().is_gone  # type: ignore[union-attr]
    withhold(world)
    gone = {key for row in PageVersion.objects.filter(is_gone=True) for key in row.keys.split(" ")}
    assert {f"article:{world.b12.pk}", "lists"} <= gone


def test_an_import_tells_of_works_and_words(tmp_path: Path) -> None:
    World()
    before = look(paths())
    last = PageVersion.objects.order_by("pk").last()
    assert last
    (tmp_path / "references.yaml").write_text(
        "SLEEP-2001:\n  type: article-journal\n  title: Sleep once more\n  design: randomised-trial\n  populations: [people]\n"
    )
    (tmp_path / "glossary.yaml").write_text("nap:\n  term: nap\n  explanation: a little sleep\n  source: SLEEP-2001\n")
    Reference.objects.update(file_facts=None)
    call_command("import_content", str(tmp_path), verbosity=0)
    told = told_since(last.pk)
    after = look(set(before))
    changed = {path for path, shown in before.items() if shown[2] is not None and shown[:2] != after[path][:2]}
    assert {"/references/SLEEP-2001/", "/glossary/", "/articles/far/"} <= changed
    assert {path for path in changed if not (before[path][2] or frozenset()) & told} == set()
    assert ReferenceSnapshot.objects.filter(facts__title="Sleep once more").exists()

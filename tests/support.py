"""Texts and rows that many tests need."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from articles import search, workflow
from articles.models import Article, GlossaryTerm, Reference, Withdrawal
from articles.text.source import Source
from articles.workflow.public_words import hide_words, show_words

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
IMPORT = workflow.Actor.command("import")

TEXT = """\
---
title: Vitamin B12 and your nerves
summary: Your nerves need vitamin B12 [@PEOPLE-2020].
key_message: In rats, a high dose did something [@RATS-1994].
topic: Vitamin B12
---

## What it does {#what-it-does}

The body needs it to make [myelin](glossary:myelin) [@PEOPLE-2020].

## Nerve regeneration: do nerves grow back? {#nerve-regeneration certainty=very-low}

!!! answer
    In rats, signals came back sooner [@RATS-1994].

!!! why
    The study was in animals [@RATS-1994].

!!! not-known
    Nobody measured it in people [no-citation: about-this-page].

The rats were injected [@RATS-1994]. People were asked [@PEOPLE-2020].
"""

PAGE = """\
---
title: About
summary: Who we are.
---

## Who we are {#who-we-are}

We are the publisher.
"""


def make_evidence() -> None:
    """Make the works and the word that TEXT names."""
    Reference.objects.create(
        key="RATS-1994", type="article-journal", title="A study of rats", design="animal-experiment", populations=["rats"]
    )
    Reference.objects.create(
        key="PEOPLE-2020",
        type="article-journal",
        title="A study of people",
        design="randomised-trial",
        populations=["people"],
        sample_size=90,
        doi="10.1000/people",
    )
    GlossaryTerm.objects.create(key="myelin", term="myelin", explanation="the layer around a nerve")


def checked(text: str = TEXT, kind: str = "article", article: Article | None = None) -> Source:
    """Check a text as the admin would."""
    return workflow.check_source(text, kind, article=article)


def make_article(slug: str = "b12", text: str = TEXT, kind: str = "article", *, is_published: bool = True) -> Article:
    """Make an article, published unless said otherwise."""
    article = workflow.create_article(slug=slug, source=checked(text, kind), by=IMPORT, now=NOW)
    if is_published:
        publish(article)
    article.refresh_from_db()
    return article


def publish(article: Article, by: workflow.Actor = IMPORT, now: datetime = NOW) -> Any:
    """Publish an article's latest revision."""
    article.refresh_from_db()
    revision = article.latest_revision
    assert revision is not None
    return workflow.publish(article=article, revision=revision, by=by, now=now)


def edit(article: Article, text: str, by: workflow.Actor = IMPORT, now: datetime = NOW) -> Any:
    """Save a text as an article's draft."""
    article.refresh_from_db()
    return workflow.save_revision(
        article=article, source=checked(text, article.kind, article), based_on=article.latest_revision, by=by, now=now
    )


def take_down(article: Article, reason: str = "It was wrong.", now: datetime = NOW) -> Withdrawal:
    """Put an article where ``workflow.withdraw`` leaves it."""
    Article.objects.filter(pk=article.pk).update(withdrawn_at=now, withdrawn_reason=reason)
    workflow.recount_topics()
    article.refresh_from_db()
    search.remove(article)
    hide_words(article)
    return Withdrawal.objects.create(
        article=article, reason=reason, due_at=now, decided_at=now, decided_by_name="Paula", done_at=now
    )


def bring_back(withdrawal: Withdrawal, now: datetime) -> None:
    """Let readers see an article again that was taken down; nothing is published anew."""
    article = withdrawal.article
    withdrawal.ended_at, withdrawal.ended_by_name = now, "Paula"
    withdrawal.save()
    Article.objects.filter(pk=article.pk).update(withdrawn_at=None, withdrawn_reason="")
    workflow.recount_topics()
    search.index_article(Article.objects.select_related("publication__revision").get(pk=article.pk))
    show_words(article)


def make_user(*groups: str, username: str = "") -> Any:
    """Make an account for the admin: a member of the named groups and nothing else."""
    user = get_user_model().objects.create_user(username or "-".join(groups).lower() or "nobody", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def words(path: str, status: int = 200) -> str:
    """Get a page as a reader does, see that it answers so, and give its HTML with single spaces."""
    answer = Client().get(path)
    assert answer.status_code == status
    return " ".join(answer.getvalue().decode().split())

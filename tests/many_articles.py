"""Many published articles, made in the database from one: for tests and benchmarks of what must not grow with them."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection, models
from django.db.models import Max

from articles import workflow
from articles.models import (
    Article,
    AuditEvent,
    Citation,
    Claim,
    InsideLink,
    Publication,
    Reference,
    ReferenceSnapshot,
    Rendering,
    Revision,
    RevisionState,
    Section,
    Withdrawal,
    WordUse,
)
from articles.text.sections import slugify

BATCH = 2_000
CLAIMS = 14
WORKS = 10
"""How much of what the pattern says is copied, at most."""
OTHER_TOPIC = "Balance and falls"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DAY = timedelta(days=1)


def fill(pattern: Article, count: int, *, works: int, now: datetime) -> None:
    """Make articles that claim what a published one does, each on other works of so many. Half of them are in its topic.

    Every 50th waits for a review, every 100th was withdrawn. Renderings are short. Nothing of them is found by the search.
    """
    last = Publication.objects.aggregate(last=Max("pk"))["last"]
    first_work = _make_works(pattern, works)
    for first in range(0, count, BATCH):
        _make_articles(pattern, range(first, min(first + BATCH, count)), now)
    publications = Publication.objects.filter(pk__gt=last).order_by("pk")
    _make_rendering(pattern, publications[0])
    _make_evidence(pattern.publication_id, last, publications[0].pk, first_work, works)  # type: ignore[arg-type]
    _point(last)
    _give_states(now)
    workflow.recount_topics()


def _make_works(pattern: Article, count: int) -> int:
    """Make works, and give the id of the first."""
    like = Reference.objects.filter(snapshots__publication=pattern.publication).order_by("pk")[0]
    facts = {"type": like.type, "author": like.author, "design": like.design, "populations": like.populations, "issued": "2020"}
    made = Reference.objects.bulk_create(
        (Reference(key=f"WORK-{number}", title=f"Work {number * 7919 % count:07}", **facts) for number in range(count)),
        batch_size=BATCH,
    )
    return int(made[0].pk)


def _make_articles(pattern: Article, numbers: range, now: datetime) -> None:
    """Make articles with a revision and a publication each; the later, the newer."""
    articles = Article.objects.bulk_create(_article(pattern, number, now) for number in numbers)
    texts = Revision.objects.bulk_create(
        Revision(article=article, number=1, source="x", digest="x", created_at=now, created_by_name="x") for article in articles
    )
    Publication.objects.bulk_create(
        Publication(article=text.article, revision=text, number=1, published_at=text.article.changed_at or now, by_name="x")
        for text in texts
    )
    AuditEvent.objects.bulk_create(
        AuditEvent(at=now, actor_name="x", act=AuditEvent.Act.PUBLISH, article=article) for article in articles
    )


def _article(pattern: Article, number: int, now: datetime) -> Article:
    title = f"{LETTERS[number % 26]} nerve {number}"
    topic = OTHER_TOPIC if number % 2 else pattern.topic
    return Article(
        slug=f"a-{number}",
        title=title,
        sort_title=title.lower(),
        summary=pattern.summary,
        topic=topic,
        topic_slug=slugify(topic),
        published_at=now,
        changed_at=now + timedelta(seconds=number),
        review_due_on=(now + (number % 10 + 365) * DAY).date(),
    )


def _make_rendering(pattern: Article, publication: Publication) -> None:
    """Make what is shown of one publication: a short part of what the pattern has."""
    like = Rendering.objects.get(publication=pattern.publication_id)
    like.sections = [section | {"html": section["html"][:100]} for section in like.sections]
    like.sources, like.visit_sheet = [source[:60] for source in like.sources], {}
    like.publication = publication
    like.pk = publication.pk
    like.save(force_insert=True)


def _make_evidence(pattern: int, last: int, shown: int, first_work: int, works: int) -> None:
    """Make what publications after ``last`` say, as that of ``pattern`` does; renderings as that of ``shown``."""
    of_new = f"FROM {{table}} o JOIN articles_publication p ON p.id > {last} WHERE o.publication_id = {pattern}"
    other = f"{first_work} + (p.id * 7 + o.reference_id) % {works}"
    rendered = of_new.replace(f"= {pattern}", f"= {shown} AND p.id <> {shown}")
    _copy(Rendering, {"publication_id": "p.id"}, rendered)
    for model in (Section, WordUse):
        _copy(model, {"publication_id": "p.id"}, of_new)
    first = f"(SELECT MIN(s.id) FROM {ReferenceSnapshot._meta.db_table} s WHERE s.publication_id = {pattern})"
    few = f"{of_new} AND o.id < {first} + {WORKS}"
    _copy(ReferenceSnapshot, {"publication_id": "p.id", "reference_id": other}, few)
    _copy(InsideLink, {"article_id": "p.article_id"}, of_new.replace("o.publication_id", _publication_of("o.article_id")))
    section = "(SELECT n.id FROM articles_section n JOIN articles_section s ON s.section_id = n.section_id"
    section += " WHERE n.publication_id = p.id AND s.id = o.section_id)"
    _copy(Claim, {"publication_id": "p.id", "section_id": section}, f"{of_new} AND o.position < {CLAIMS}")
    joined = f"FROM {{table}} o JOIN articles_claim c ON c.id = o.claim_id JOIN articles_publication p ON p.id > {last}"
    joined += " JOIN articles_claim n ON n.publication_id = p.id AND n.position = c.position"
    _copy(Citation, {"claim_id": "n.id", "reference_id": other}, f"{joined} WHERE c.publication_id = {pattern}")


def _publication_of(article: str) -> str:
    return f"(SELECT a.publication_id FROM articles_article a WHERE a.id = {article})"


def _copy(model: type[models.Model], others: Mapping[str, str], source: str) -> None:
    """Copy rows of a table into it, some columns said otherwise."""
    names = [str(field.column) for field in model._meta.concrete_fields if field.column not in {"id", "withheld"}]
    values = ", ".join(others.get(name, f"o.{name}") for name in names)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} {source.format(table=table)}")


def _point(last: int) -> None:
    """Let readers see what was made."""
    found = f"(SELECT {{}} FROM articles_publication p WHERE p.article_id = articles_article.id AND p.id > {last})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE articles_article SET publication_id = {found.format('p.id')},"
            f" published_revision_id = {found.format('p.revision_id')} WHERE publication_id IS NULL"
        )


def _give_states(now: datetime) -> None:
    """Let some articles wait for a review, and some be withdrawn."""
    begun = Article.objects.filter(slug__regex=r"^a-\d*[05]1$")
    drafts = Revision.objects.bulk_create(
        Revision(article=article, number=2, source="y", digest="y", created_at=now, created_by_name="x") for article in begun
    )
    for draft in drafts:
        draft.article.draft_revision = draft
    Article.objects.bulk_update([draft.article for draft in drafts], ["draft_revision"], batch_size=500)
    RevisionState.objects.bulk_create(
        RevisionState(article=draft.article, revision=draft, status="in_review", moved_at=now, moved_by_name="x")
        for draft in drafts
    )
    gone = Article.objects.filter(slug__regex=r"^a-\d*99$")
    Withdrawal.objects.bulk_create(
        Withdrawal(article=article, reason="Old.", due_at=now, decided_at=now, decided_by_name="x", done_at=now)
        for article in gone
    )
    gone.update(withdrawn_at=now, withdrawn_reason="Old.")

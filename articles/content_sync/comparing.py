"""What the files say against what the database says: which side was edited since the last sync."""

from django.db.models import QuerySet

from articles import workflow
from articles.content_sync.merging import find_waiting, put_together
from articles.content_sync.planned import Change, ContentFile, Plan
from articles.models import Article, GlossaryTerm, Reference
from articles.text import bibliography


def match_articles(result: Plan) -> None:
    """Find the row of each file, by its address or a former one, and decide by the three digests what is to be done."""
    rows = {(row.language, row.slug): row for row in articles_without_texts()}
    addresses: dict[tuple[str, str], str] = {}
    owners: dict[int, str] = {}
    waiting = find_waiting()
    for content in result.files:
        language = content.source.front_matter.language
        other = addresses.setdefault((language, content.slug), content.path)
        if other != content.path:
            result.faults.append(f"{content.path}:1: the address `{content.slug}` is also that of {other}; rename one")
            continue
        names = (content.slug, *content.source.front_matter.former_slugs)
        row = next((rows[language, name] for name in names if (language, name) in rows), None)
        if row is not None and row.kind != content.kind:
            result.faults.append(
                f"{content.path}:1: the address `{content.slug}` is that of another kind ({row.kind}); rename the file"
            )
            continue
        if row is not None and (other := owners.setdefault(row.pk, content.path)) != content.path:
            result.faults.append(f"{content.path}:1: `former_slugs` claims the article of {other}; delete the slug from one")
            continue
        content.article, content.waiting = row, waiting.get(row.pk) if row else None
        _decide(content)
    result.missing = [row for row in rows.values() if row.file_path and row.pk not in owners]


def articles_without_texts() -> QuerySet[Article]:
    """Give all articles with their revisions, but without the long texts."""
    texts = ("published_revision__source", "draft_revision__source")
    return Article.objects.select_related("published_revision", "draft_revision", "open_state").defer(*texts)


def _decide(content: ContentFile) -> None:
    article = content.article
    latest = article.latest_revision if article else None
    if article is None or latest is None:
        return
    file, base = content.source.digest, article.synced_digest
    if file == latest.digest:
        content.change = Change.UNCHANGED if article.slug == content.slug else Change.UPDATED
    elif latest.digest == base:
        content.change = Change.UPDATED
    elif not article.is_file_edited(file):
        content.change = Change.KEPT
    else:
        put_together(content)


def compare_facts(result: Plan) -> dict[tuple[str, str], Change]:
    """Say what becomes of each work and word, by ("work", key) and ("word", key). What is kept leaves the plan's lists.

    An edit in the admin is kept while the file says what it said before; where both have changed, that is a fault.
    """
    changes: dict[tuple[str, str], Change] = {}
    works = {row.key: (row.listed(), row.file_facts) for row in Reference.objects.all()}
    words = {row.key: (row.value(), row.file_facts) for row in GlossaryTerm.objects.all()}
    for key, work in result.references.items():
        changes["work", key] = _compare(work, bibliography.as_facts(work), works.get(key))
    for key, term in result.glossary.items():
        changes["word", key] = _compare(term, GlossaryTerm.columns(term), words.get(key))
    for (what, key), change in changes.items():
        values, name = (result.references, "references.yaml") if what == "work" else (result.glossary, "glossary.yaml")
        if change is Change.CONFLICT:
            said = f"conflict: {key} was edited here and in the admin since the last import"
            result.faults.append(f"{result.places[name, key]}: {said}; make both say the same")
        elif change is Change.KEPT:
            del values[key]
    return changes


def _compare(value: object, facts: object, row: tuple[object, object] | None) -> Change:
    if row is None:
        return Change.CREATED
    now, file_facts = row
    if now == value or file_facts is None:
        return Change.UNCHANGED if now == value else Change.UPDATED
    return Change.KEPT if facts == file_facts else Change.CONFLICT


WAITING = frozenset({workflow.Stage.IN_REVIEW, workflow.Stage.CHANGES_REQUESTED, workflow.Stage.SCHEDULED})
"""Where a text stands that somebody at the desk has plans for."""


def is_to_be_published(content: ContentFile) -> bool:
    """Whether readers see another text than the file's, and nobody at the desk has a say in it.

    What was edited there since is the editors' to publish, what they withdrew theirs to bring back, and what is in review, to be
    changed or scheduled waits for that.
    """
    article = content.article
    if article is None:
        return True
    if content.change in {Change.KEPT, Change.MERGED, Change.CONFLICT} or article.withdrawn_at:
        return False
    if content.change is Change.UNCHANGED and workflow.stage_of(article) in WAITING:
        return False
    published = article.published_revision
    return published is None or published.digest != content.source.digest

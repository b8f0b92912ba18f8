"""What a sync is going to do: values that planning makes and that carrying out reads."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from articles.models import Article, Conflict, Revision
from articles.text import bibliography
from articles.text.front_matter import Kind
from articles.text.glossary import Term
from articles.text.source import Known, Source
from articles.workflow import Prepared

Progress = Callable[[int, int], None]
"""Called with how many of how many files have been done."""


class Change(StrEnum):
    """What a sync does with one article, work or word."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    MERGED = "merged"
    CONFLICT = "conflict"
    MISSING = "missing"


@dataclass(slots=True)
class ContentFile:
    """A readable file: where it is, what it holds, and which row it belongs to.

    ``waiting`` is the conflict about an earlier text of the file that nobody has settled yet. Where both sides were edited,
    ``base`` is what they were made from, None where that is not known, and ``merged`` the text of both, None where they clash.
    ``prepared`` is what was made of the file's text for readers, None where it is not to be published or that was not asked.
    """

    path: str
    kind: Kind
    slug: str
    source: Source
    article: Article | None = None
    change: Change = Change.CREATED
    waiting: Conflict | None = None
    base: Revision | None = None
    merged: Source | None = None
    prepared: Prepared | None = None


@dataclass(slots=True)
class Plan:
    """What a sync would do, and the faults that keep it from being done (each ``path:line: what; right``).

    ``known`` is what the files of each language may point at, once the plan is carried out; ``unread`` are the kinds and slugs of
    files that no sense can be made of, and ``places`` says in which line (``path:line``) of which list each key stands. Where
    nothing has been touched since the last import, ``files`` is empty and ``untouched`` says how many there are. ``broken`` are,
    once it has been carried out, the published articles that break a rule since a work changed.
    """

    files: list[ContentFile] = field(default_factory=list)
    references: dict[str, bibliography.Reference] = field(default_factory=dict)
    glossary: dict[str, Term] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    missing: list[Article] = field(default_factory=list)
    changed_facts: dict[tuple[str, str], Change] = field(default_factory=dict)
    known: dict[str, Known] = field(default_factory=dict)
    unread: set[tuple[str, str]] = field(default_factory=set)
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    untouched: int = 0
    broken: list[Article] = field(default_factory=list)

    @property
    def is_in_step(self) -> bool:
        """Whether files and database say the same, so that there is nothing to bring over, either way."""
        changes = {content.change for content in self.files} | set(self.changed_facts.values())
        return changes <= {Change.UNCHANGED} and not self.missing

"""What changed between two publications, first by sentences, then by words inside a sentence that was reworded.

Comparing costs at most ``MAX_STEPS``, whatever the texts: where more would be needed, the old stands as deleted and the new as
inserted. That is less to the point, but never wrong.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

from articles.text.passages import Passage

MAX_STEPS = 4_000_000
"""What one comparison may cost, in steps of the matcher's worst case: a few seconds. An ordinary edit takes some thousands."""

MIN_LIKENESS = 0.5
"""The share of words two sentences have in common from which on one is shown as the other reworded."""

MAX_RUN = 3
"""How many unchanged sentences in a row are shown; more are counted."""

_TOKEN = re.compile(r"\s*(?:\w+(?:['’.,-]\w+)*|[^\w\s])|\s+")
_WORD = re.compile(r"\w+")


class Kind(StrEnum):
    """What became of a passage, a sentence or some words. Words are never "changed"."""

    SAME = "same"
    CHANGED = "changed"
    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a sentence with their spacing, and whether they stand in both texts, the new or the old alone."""

    kind: Kind
    text: str

    @property
    def words(self) -> str:
        """The words without the blanks around them."""
        return self.text.strip()

    @property
    def lead(self) -> str:
        """The blanks before the words."""
        return self.text[: len(self.text) - len(self.text.lstrip())]

    @property
    def tail(self) -> str:
        """The blanks behind the words; "" where there are no words."""
        return self.text[len(self.text.rstrip()) :] if self.words else ""


@dataclass(frozen=True, slots=True)
class LineDiff:
    """A sentence: its pieces without the inserted ones are the old sentence, without the deleted ones the new."""

    kind: Kind
    pieces: tuple[Piece, ...]

    @property
    def before(self) -> str:
        """The old sentence; "" where it is new."""
        return "".join(piece.text for piece in self.pieces if piece.kind is not Kind.INSERTED)

    @property
    def after(self) -> str:
        """The new sentence; "" where it was deleted."""
        return "".join(piece.text for piece in self.pieces if piece.kind is not Kind.DELETED)


@dataclass(frozen=True, slots=True)
class PassageDiff:
    """A section before and after. What stood only in one of the two has the other's heading and certainty empty."""

    kind: Kind
    id: str
    heading: str
    heading_before: str
    certainty: str
    certainty_before: str
    lines: tuple[LineDiff, ...]


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A run of unchanged sentences that are not shown: how many."""

    count: int


class _Budget:
    """The steps that are left."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def take(self, steps: int) -> bool:
        """Take ``steps`` if so many are left."""
        if steps > self.left:
            return False
        self.left -= steps
        return True


def diff_passages(old: Sequence[Passage], new: Sequence[Passage], max_steps: int = MAX_STEPS) -> list[PassageDiff]:
    """Compare two texts, section by section, in the order of the new one.

    Sections are paired by id, wherever they stand; a deleted one comes behind what it followed before.
    """
    budget = _Budget(max_steps)
    before, after = _by_id(old), _by_id(new)
    empty = Passage("", "", "", ())
    deleted: dict[tuple[str, int] | None, list[tuple[str, int]]] = {}
    last = None
    for key in before:
        if key in after:
            last = key
        else:
            deleted.setdefault(last, []).append(key)
    found = []
    for here in (None, *after):
        if here is not None:
            found.append(_diff_passage(before.get(here), after[here], budget))
        for key in deleted.get(here, ()):
            found.append(_passage(Kind.DELETED, key[0], before[key], empty, _whole(Kind.DELETED, before[key].lines)))
    return found


def _by_id(passages: Iterable[Passage]) -> dict[tuple[str, int], Passage]:
    """Give passages by id and how many had that id before."""
    seen: Counter[str] = Counter()
    keyed = {}
    for passage in passages:
        keyed[passage.id, seen[passage.id]] = passage
        seen[passage.id] += 1
    return keyed


def _diff_passage(before: Passage | None, after: Passage, budget: _Budget) -> PassageDiff:
    if before is None:
        return _passage(Kind.INSERTED, after.id, Passage("", "", "", ()), after, _whole(Kind.INSERTED, after.lines))
    kind = Kind.SAME if before == after else Kind.CHANGED
    return _passage(kind, after.id, before, after, _diff_lines(before.lines, after.lines, budget))


def _passage(kind: Kind, section_id: str, before: Passage, after: Passage, lines: Iterable[LineDiff]) -> PassageDiff:
    return PassageDiff(kind, section_id, after.heading, before.heading, after.certainty, before.certainty, tuple(lines))


def _whole(kind: Kind, lines: Iterable[str]) -> Iterator[LineDiff]:
    for line in lines:
        yield LineDiff(kind, (Piece(kind, line),))


def _match(old: Sequence[str], new: Sequence[str], budget: _Budget) -> Iterator[tuple[bool, int, int, int, int]]:
    """Cut two sequences into stretches that are the same and others: (is it the same, old start, old end, new start, new end).

    The common head and tail are found first. What is between is matched only if the matcher's worst case is within the budget:
    it looks for as many matches as the shorter side is long, and at each goes through the other and all equal pairs.
    """
    most = min(len(old), len(new))
    head = next((index for index in range(most) if old[index] != new[index]), most)
    tail = next((index for index in range(most - head) if old[-1 - index] != new[-1 - index]), most - head)
    yield True, 0, head, 0, head
    middle, other = old[head : len(old) - tail], new[head : len(new) - tail]
    counts = Counter(other)
    pairs = sum(counts[item] for item in middle)
    if not pairs or not budget.take(min(len(middle), len(other)) * (len(middle) + pairs)):
        yield False, head, len(old) - tail, head, len(new) - tail
    else:
        for tag, *places in SequenceMatcher(None, middle, other, autojunk=False).get_opcodes():
            start, end, new_start, new_end = (place + head for place in places)
            yield tag == "equal", start, end, new_start, new_end
    yield True, len(old) - tail, len(old), len(new) - tail, len(new)


def _diff_lines(old: Sequence[str], new: Sequence[str], budget: _Budget) -> Iterator[LineDiff]:
    for is_same, start, end, new_start, new_end in _match(old, new, budget):
        if is_same:
            yield from _whole(Kind.SAME, old[start:end])
        else:
            yield from _diff_replaced(old[start:end], new[new_start:new_end], budget)


def _diff_replaced(old: Sequence[str], new: Sequence[str], budget: _Budget) -> Iterator[LineDiff]:
    """Compare sentences of which none is the same: pair those that are alike, in order."""
    start = new_start = 0
    for index, new_index in [*_pair(old, new, budget), (len(old), len(new))]:
        yield from _whole(Kind.DELETED, old[start:index])
        yield from _whole(Kind.INSERTED, new[new_start:new_index])
        if index < len(old):
            yield from _diff_words(old[index], new[new_index], budget)
        start, new_start = index + 1, new_index + 1


def _pair(old: Sequence[str], new: Sequence[str], budget: _Budget) -> list[tuple[int, int]]:
    """Pair sentences in order so that the likeness of all pairs together is greatest."""
    words = [Counter(_WORD.findall(line.lower())) for line in old]
    new_words = [Counter(_WORD.findall(line.lower())) for line in new]
    if not old or not new or not budget.take(len(old) * (len(new) + sum(len(counted) for counted in new_words))):
        return []
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    likeness = [[_likeness(counted, other) for other in new_words] for counted in words]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] else 0)
    pairs = []
    i = j = 0
    while i < len(old) and j < len(new):
        if likeness[i][j] and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _likeness(words: Counter[str], other: Counter[str]) -> float:
    """Give the share of words in common (Dice's coefficient), 0 where it is too little to make a pair."""
    total = words.total() + other.total()
    common = sum(min(count, words[word]) for word, count in other.items())
    share = 2 * common / total if total else 0.0
    return share if share >= MIN_LIKENESS else 0.0


def _diff_words(old: str, new: str, budget: _Budget) -> Iterator[LineDiff]:
    """Compare a sentence with what it was reworded to; as a deletion and an insertion where that would cost too much."""
    tokens, new_tokens = _TOKEN.findall(old), _TOKEN.findall(new)
    pieces: list[Piece] = []
    gone = come = ""
    for is_same, start, end, new_start, new_end in _match(tokens, new_tokens, budget):
        before, after = "".join(tokens[start:end]), "".join(new_tokens[new_start:new_end])
        is_kept = is_same and (_WORD.search(before) or not (gone or come) or end == len(tokens))
        if not is_kept:  # a lone comma between two changes is read with them
            gone, come = gone + before, come + after
        elif before:
            pieces += [Piece(Kind.DELETED, gone), Piece(Kind.INSERTED, come), Piece(Kind.SAME, before)]
            gone = come = ""
    pieces += [Piece(Kind.DELETED, gone), Piece(Kind.INSERTED, come)]
    pieces = [piece for piece in pieces if piece.text]
    if any(piece.kind is Kind.SAME for piece in pieces):
        yield LineDiff(Kind.CHANGED, tuple(pieces))
    else:
        yield from _whole(Kind.DELETED, [old])
        yield from _whole(Kind.INSERTED, [new])


def fold_unchanged(lines: Iterable[LineDiff]) -> list[LineDiff | Unchanged]:
    """Count the sentences of each long run of unchanged ones, but keep the one next to a change, for its context."""
    runs = [(is_same, list(run)) for is_same, run in groupby(lines, key=lambda line: line.kind is Kind.SAME)]
    folded: list[LineDiff | Unchanged] = []
    for index, (is_same, run) in enumerate(runs):
        if not is_same or len(run) <= MAX_RUN:
            folded += run
            continue
        first = 1 if index > 0 else 0
        last = 1 if index < len(runs) - 1 else 0
        folded += [*run[:first], Unchanged(len(run) - first - last), *run[len(run) - last :]]
    return folded

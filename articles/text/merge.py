"""Two texts made from the same one, put together part by part: the fields of the head, and the sections by their ids.

A text is cut without a character left over, so that whatever nobody changed comes out as it went in. A part that one side changed
is taken from it; what both changed, each in a different way, is a conflict, for a person to decide.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum

from articles.text.front_matter import FENCE, cut_fields, replace_field, split_front_matter
from articles.text.sections import split_sections

MAX_STEPS = 250_000
"""How many pairs of paragraphs are compared, to find which of them are the same; beyond it none is looked for."""

_BLANK = " \t\n"


class Side(StrEnum):
    """One of the two texts that were made from the same."""

    OURS = "ours"
    THEIRS = "theirs"


class PartKind(StrEnum):
    """What a part is: a field, a section, the order of the sections, or a whole text that cannot be cut.

    The field and the section without a name are what stands before the first.
    """

    FIELD = "field"
    SECTION = "section"
    ORDER = "order"
    WHOLE = "whole"


class State(StrEnum):
    """What became of a part: the same everywhere, changed by one side, changed alike by both, or in different ways."""

    SAME = "same"
    OURS = "ours"
    THEIRS = "theirs"
    ALIKE = "alike"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Typed:
    """A text written by hand for a part: a section as it is written in Markdown, the value or values of a field."""

    value: str | Sequence[str]


Choice = Side | Typed
_Key = tuple[PartKind, str]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of one text; ``tail`` are the blank lines behind a section, which are nobody's words."""

    text: str
    tail: str = ""
    heading: str = ""
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A part as it is in the three texts, None where a text has none.

    ``heading`` is a section's. ``tail`` is what stands behind it once merged, and ``was_last`` says of each text that has it
    whether it ended there.
    """

    kind: PartKind
    name: str
    state: State
    base: str | None
    ours: str | None
    theirs: str | None
    heading: str = ""
    tail: str = ""
    was_last: tuple[bool, ...] = ()

    @property
    def key(self) -> str:
        """A name for the part that no other one has."""
        return f"{self.kind}-{self.name}"

    def of(self, side: Side) -> str | None:
        """Give the part as one side has it."""
        return self.ours if side is Side.OURS else self.theirs


@dataclass(frozen=True, slots=True)
class Merge:
    """What came of putting two texts together.

    ``orders`` holds the order of the sections by side; both are the same unless the order is a conflict.
    """

    parts: tuple[Part, ...]
    fields: tuple[str, ...] = ()
    orders: Mapping[Side, tuple[str, ...]] = field(default_factory=dict)

    @property
    def conflicts(self) -> list[Part]:
        """The parts that a person has to decide."""
        return [part for part in self.parts if part.state is State.CONFLICT]

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing to decide."""
        return not self.conflicts

    def compose(self, choices: Mapping[str, Choice] | None = None) -> str:
        """Give the merged text, with a choice for each conflict by the part's key.

        Raises ValueError for a conflict without a choice.
        """
        choices = choices or {}
        if undecided := [part.key for part in self.conflicts if part.key not in choices]:
            raise ValueError(f"undecided: {', '.join(undecided)}")
        chosen = {(part.kind, part.name): _choose(part, choices.get(part.key)) for part in self.parts}
        if (whole := chosen.get((PartKind.WHOLE, ""))) is not None:
            return whole
        head = "".join(chosen[PartKind.FIELD, name] or "" for name in self.fields)
        order = choices.get(f"{PartKind.ORDER}-", Side.OURS)
        text = f"{FENCE}\n{head}{FENCE}\n{self._body(chosen, self.orders[order if isinstance(order, Side) else Side.OURS])}"
        for part in self.conflicts:
            choice = choices[part.key]
            if part.kind is PartKind.FIELD and isinstance(choice, Typed):
                text = replace_field(text, part.name, choice.value)
        return text

    def _body(self, chosen: Mapping[_Key, str | None], order: Iterable[str]) -> str:
        sections = {part.name: part for part in self.parts if part.kind is PartKind.SECTION}
        present = [sections[name] for name in order if chosen[PartKind.SECTION, name] is not None]
        written = []
        for index, part in enumerate(present):
            tail = part.tail
            if index < len(present) - 1 and part.name:
                is_short = tail.count("\n") < (2 if all(part.was_last) else 1)
                tail = "\n\n" if is_short else tail
            elif part.name and not any(part.was_last):
                tail = "\n"
            written.append(f"{chosen[PartKind.SECTION, part.name]}{tail}")
        return "".join(written)


def merge(base: str | None, ours: str, theirs: str) -> Merge:
    """Compare two texts with the one that both were made from; without it every difference is a conflict."""
    cuts = [_cut(text) for text in (base, ours, theirs) if text is not None]
    if any(cut is None for cut in cuts):
        state = _state(base, ours, theirs, has_base=base is not None)
        return Merge((Part(PartKind.WHOLE, "", state, base, ours, theirs),))
    has_base = base is not None
    before = (cuts[0] or {}) if has_base else {}
    mine, yours = (_follow_renames(before, side or {}) for side in cuts[-2:])
    parts = [
        _compare(key, before.get(key), mine.get(key), yours.get(key), has_base=has_base)
        for key in dict.fromkeys([*before, *mine, *yours])
    ]
    names = [[_names(cut, kind) for cut in (before, mine, yours)] for kind in (PartKind.FIELD, PartKind.SECTION)]
    fields = min(_merge_orders(*names[0], has_base=has_base))  # their order has no meaning: one of the two, always the same
    orders = [tuple(order) for order in _merge_orders(*names[1], has_base=has_base)]
    if len(set(orders)) > 1:
        said = [_say_order(cut) for cut in (before, mine, yours)]
        parts.append(Part(PartKind.ORDER, "", State.CONFLICT, said[0] if has_base else None, said[1], said[2]))
    return Merge(tuple(parts), tuple(fields), {Side.OURS: orders[0], Side.THEIRS: orders[-1]})


def _cut(text: str) -> dict[_Key, _Piece] | None:
    """Cut a text into its pieces, in order; None where they would not make the same text again."""
    split, _problems = split_front_matter(text)
    fields = cut_fields(split.head) if split else None
    if split is None or fields is None:
        return None
    pieces = {(PartKind.FIELD, name): _Piece(written) for name, written in fields.items()}
    sections = [section for section in split_sections(split.body)[0] if section.id]
    lines = split.body.split("\n")
    starts = [section.line - 2 for section in sections]  # of the headings, counted from 0
    named = [("", "", 0), *((section.id, section.heading, start) for section, start in zip(sections, starts, strict=True))]
    for (name, heading, start), end in zip(named, [*starts, None], strict=True):
        written = "\n".join(lines[start:end]) + ("\n" if end is not None and start != end else "")
        words = written.rstrip(_BLANK)
        pieces[PartKind.SECTION, name] = _Piece(words, written[len(words) :], heading, end is None)
    again = "".join(f"{piece.text}{piece.tail}" for key, piece in pieces.items() if key[0] is PartKind.SECTION)
    return pieces if f"{FENCE}\n{split.head}{FENCE}\n{again}" == text else None


def _follow_renames(base: Mapping[_Key, _Piece], side: Mapping[_Key, _Piece]) -> dict[_Key, _Piece]:
    """Give a side's pieces with the sections it renamed under the ids they had: those with the same heading or the same words."""
    gone = {key: piece for key, piece in base.items() if key[0] is PartKind.SECTION and key not in side}
    alike: dict[str, list[_Key]] = {}
    for key, piece in gone.items():
        for words in _marks(piece):
            alike.setdefault(words, []).append(key)
    followed = {}
    for key, piece in side.items():
        is_new = key[0] is PartKind.SECTION and key not in base
        found = (old for words in _marks(piece) for old in alike.get(words, []) if old in gone) if is_new else iter(())
        old = next(found, key)
        gone.pop(old, None)
        followed[old] = piece
    return followed


def _marks(piece: _Piece) -> list[str]:
    """Give what a section is known by when it has another id: its heading, and its words, with a blank line before them."""
    words = piece.text.partition("\n")[2].strip()
    return [piece.heading, f"\n{words}"] if words else [piece.heading]


def _compare(key: _Key, base: _Piece | None, ours: _Piece | None, theirs: _Piece | None, *, has_base: bool) -> Part:
    texts = [piece.text if piece else None for piece in (base, ours, theirs)]
    there = [piece for piece in (ours, theirs, base) if piece]
    return Part(
        kind=key[0],
        name=key[1],
        state=_state(*texts, has_base=has_base),
        base=texts[0],
        ours=texts[1],
        theirs=texts[2],
        heading=there[0].heading,
        tail=_merge_tails(base, ours, theirs),
        was_last=tuple(piece.is_last for piece in there),
    )


def _state(base: str | None, ours: str | None, theirs: str | None, *, has_base: bool) -> State:
    if ours == theirs:
        return State.SAME if ours == base or not has_base else State.ALIKE
    if has_base and base in (ours, theirs):
        return State.THEIRS if base == ours else State.OURS
    return State.CONFLICT


def _merge_tails(base: _Piece | None, ours: _Piece | None, theirs: _Piece | None) -> str:
    tails = [piece.tail for piece in (ours, theirs) if piece]
    changed = [tail for tail in tails if base is None or tail != base.tail]
    return max(changed or tails or [""], key=lambda tail: (tail.count("\n"), tail))


def _names(cut: Mapping[_Key, _Piece], kind: PartKind) -> list[str]:
    return [name for of, name in cut if of is kind]


def _merge_orders(base: list[str], ours: list[str], theirs: list[str], *, has_base: bool) -> list[list[str]]:
    """Give the merged order; both sides' where each moved something in a different way.

    What all have in common stands as the side has it that moved something; the rest comes behind what it followed on its side.
    """
    common = {*ours} & {*theirs} & {*(base if has_base else ours)}
    before, mine, yours = ([name for name in names if name in common] for names in (base, ours, theirs))
    if mine == yours or (has_base and yours == before):
        spines = [mine]
    elif has_base and mine == before:
        spines = [yours]
    else:
        spines = [mine, yours]
    return [_insert(spine, ours, theirs) for spine in spines]


def _insert(spine: list[str], *sides: list[str]) -> list[str]:
    chains: dict[str | None, list[list[str]]] = {}
    known = {*spine}
    for side in sides:
        anchor = None
        chain: list[str] = []
        for name in [*side, None]:
            if name is not None and name not in known:
                chain.append(name)
                continue
            chains.setdefault(anchor, []).append(chain)
            anchor, chain = name, []
    order: dict[str, None] = {}
    for anchor in [None, *spine]:
        if anchor is not None:
            order[anchor] = None
        for chain in sorted(chains.get(anchor, [])):  # so that it is all one which side is which
            order |= dict.fromkeys(chain)
    return list(order)


def _say_order(cut: Mapping[_Key, _Piece]) -> str:
    return "\n".join(piece.heading for (kind, name), piece in cut.items() if kind is PartKind.SECTION and name)


def _choose(part: Part, choice: Choice | None) -> str | None:
    """Give the text of a part; that of a field written by hand is put in afterwards."""
    if part.state is not State.CONFLICT:
        return part.theirs if part.state is State.THEIRS else part.ours
    if not isinstance(choice, Typed):
        return part.of(choice or Side.OURS)
    if part.kind is PartKind.FIELD:
        return part.theirs if part.ours is None else part.ours
    words = choice.value if isinstance(choice.value, str) else "\n".join(choice.value)
    return words.replace("\r\n", "\n").replace("\r", "\n").rstrip(_BLANK) or None


def weave(part: Part) -> str:
    """Give both texts of a section as one to go on writing from: paragraphs that one side changed as it has them, and where both
    changed the same, first ours, then theirs.
    """
    base, ours, theirs = (_paragraphs(text) for text in (part.base, part.ours, part.theirs))
    if len(base) * max(len(ours), len(theirs)) > MAX_STEPS:
        base = []
    mine, yours = _match(base, ours), _match(base, theirs)
    ends = [(index, mine[index], yours[index]) for index in sorted(mine.keys() & yours.keys())]
    woven: list[str] = []
    start = (0, 0, 0)
    for end in [*ends, (len(base), len(ours), len(theirs))]:
        was, said, other = base[start[0] : end[0]], ours[start[1] : end[1]], theirs[start[2] : end[2]]
        if said == was:
            woven += other
        elif was == other:
            woven += said
        else:
            there = {*said}
            woven += said + [paragraph for paragraph in other if paragraph not in there]
        woven += base[end[0] : end[0] + 1]
        start = (end[0] + 1, end[1] + 1, end[2] + 1)
    return "\n\n".join(woven)


def _paragraphs(text: str | None) -> list[str]:
    return [paragraph.strip("\n") for paragraph in (text or "").split("\n\n") if paragraph.strip()]


def _match(base: list[str], other: list[str]) -> dict[int, int]:
    """Find which paragraph is which, by place."""
    blocks = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {block.a + offset: block.b + offset for block in blocks for offset in range(block.size)}

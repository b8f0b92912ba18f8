"""The list of works as CSL-JSON, which Zotero and most software for references write and read.

CSL has no fields for what kind of study a work is and who was studied. These facts travel twice: in ``custom`` (the schema's own
place) and as lines such as ``design: randomised-trial`` in ``note`` (Zotero's field Extra), since Zotero keeps ``note`` and drops
``custom``. Source: csl-data.json of citation-style-language/schema.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from articles.grading import STUDIES, Design
from articles.text.bibliography import SCHEMA, Author, Reference
from articles.text.citations import KEY
from articles.text.fields import read_fields
from articles.text.limits import find_forbidden_characters
from articles.text.strict_yaml import Node

FACTS = ("design", "populations", "sample_size", "studies", "retracted_on", "note")
"""What travels in ``custom`` and in lines of ``note``."""
MAX_ITEMS = 5_000
_NUMBERS = ("DOI", "PMID", "PMCID")
_TEXTS = ("container-title", "publisher", "volume", "issue", "page", *_NUMBERS, "URL")
_MARKUP = re.compile(r"</?(?:i|b|sub|sup|sc)>|<span [^<>]*>|</span>")
Reader = Callable[[Mapping[str, Any]], dict[str, Any]]
_DATE = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class ItemProblem:
    """One fault: the number of the item it is in (1 is the first, 0 the whole file), its name, what is wrong, what is right."""

    number: int
    name: str
    what: str
    right: str

    def __str__(self) -> str:
        start = f"item {self.number} ({self.name}): " if self.number else ""
        return f"{start}{self.what}; {self.right}"


class _Odd(ValueError):
    """A value that cannot be taken: what is wrong, and what would be right."""

    def __init__(self, what: str, right: str) -> None:
        self.what, self.right = what, right
        super().__init__(what)


def to_csl(references: Iterable[Reference]) -> list[dict[str, Any]]:
    """Give works as the items of a CSL-JSON file, in their order."""
    return [_item(reference) for reference in references]


def _item(work: Reference) -> dict[str, Any]:
    item: dict[str, Any] = {"id": work.key, "type": str(work.type), "title": work.title}
    if work.author:
        item["author"] = [
            {part: value for part in ("family", "given", "literal") if (value := getattr(author, part))} for author in work.author
        ]
    if work.issued:
        item["issued"] = {"date-parts": [[int(part) for part in work.issued.split("-")]]}
    item |= {name: value for name in _TEXTS if (value := getattr(work, name.lower().replace("-", "_")))}
    custom: dict[str, Any] = {
        "design": str(work.design),
        "populations": [str(population) for population in work.populations],
        "sample_size": work.sample_size,
        "studies": work.studies,
        "retracted_on": work.retracted_on and work.retracted_on.isoformat(),
        "note": work.note,
    }
    custom = {name: value for name, value in custom.items() if value}
    lines = [f"{name}: {', '.join(value) if isinstance(value, list) else value}" for name, value in custom.items()]
    return item | {"custom": custom, "note": "\n".join(lines)}


def from_csl(
    items: str | list[Any], known: Mapping[str, Reference] | None = None
) -> tuple[dict[str, Reference], list[ItemProblem]]:
    """Read the works of a CSL-JSON file (its text, or its items), by key in the file's order, and all problems.

    The design, the populations, the sample and the note on it are read from ``custom`` or from lines ``name: value`` of ``note``;
    an item without a design is refused. An item's ``id`` is its key where it can be one, else a key is made of the first author's
    name and the year, other than those of different works in ``known``.
    """
    loaded: Any = items
    if isinstance(items, str):
        try:
            loaded = json.loads(items)
        except (ValueError, RecursionError) as error:
            return {}, [ItemProblem(0, "", f"the file is not JSON ({str(error)[:80]})", "CSL-JSON, as Zotero exports it")]
        loaded = loaded.get("items") if isinstance(loaded, dict) else loaded
    if not isinstance(loaded, list) or not loaded:
        return {}, [ItemProblem(0, "", "the file holds no list of works", "CSL-JSON: a list of items")]
    if len(loaded) > MAX_ITEMS:
        return {}, [ItemProblem(0, "", f"the file holds {len(loaded):,} works", f"at most {MAX_ITEMS:,}")]
    taken = dict(known or {})
    works: dict[str, Reference] = {}
    problems: list[ItemProblem] = []
    places: dict[tuple[str, str], int] = {}
    for number, item in enumerate(loaded, start=1):
        values, found = _values(item, number)
        problems += found
        if found:
            continue
        work = _work(item, values, taken)
        for what, value in (("key", work.key), ("DOI", work.doi), ("PMID", work.pmid)):
            first = places.setdefault((what, value), number) if value else number
            if first != number:
                problems.append(ItemProblem(number, _name(item), f"the {what} of item {first}", "one item a work"))
        works[work.key] = taken[work.key] = work
    return ({} if problems else works), problems


def _values(item: Any, number: int) -> tuple[dict[str, Any], list[ItemProblem]]:
    """Read an item's fields by the schema of the list of works."""
    if not isinstance(item, dict):
        return {}, [ItemProblem(number, "?", "not an object", "an object with `id`, `type` and `title`")]
    fields: dict[str, Any] = {}
    problems = []
    name = _name(item)
    for read in (*(_plain(field) for field in ("type", "title", *_TEXTS)), _authors, _issued, _facts):
        try:
            fields |= read(item)
        except _Odd as error:
            problems.append(ItemProblem(number, name, error.what, error.right))
    problems = list(dict.fromkeys(problems))
    odd = bool(problems)  # then fields may be missing here that are there in the file
    values, found = read_fields(_node(fields), SCHEMA, name, number)
    for problem in found:
        what, right = problem.what, problem.right
        if what.startswith(f"{name} has no ") and odd:
            continue
        if what == f"{name} has no `design`":
            what, right = "no design is given", f"a line `design: ...` in `note` (Zotero's Extra), one of: {', '.join(Design)}"
        problems.append(ItemProblem(number, name, what, right))
    if find_forbidden_characters(" ".join(_texts(fields))):
        problems.append(ItemProblem(number, name, "a character that no text may hold", "delete it"))
    if problems:
        return {}, problems
    if values["design"] in STUDIES and not values["populations"]:
        problems.append(ItemProblem(number, name, "a study that does not say of whom", "a line `populations: people` in `note`"))
    if values["design"] not in STUDIES and values["populations"]:
        what = f"names populations, but a {values['design']} studies nobody"
        problems.append(ItemProblem(number, name, what, "delete `populations`, or name another design"))
    return values, problems


def _node(value: Any) -> Node:
    if isinstance(value, dict):
        keys = {key: Node(key, 0, 0, 0) for key in value}
        return Node({key: _node(part) for key, part in value.items()}, 0, 0, 0, keys=keys)
    return Node([_node(part) for part in value] if isinstance(value, list) else value, 0, 0, 0)


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
        return
    for part in value.values() if isinstance(value, dict) else value:
        yield from _texts(part)


def _name(item: Any) -> str:
    """Name an item in messages: its id, or its title where the id is an address."""
    said = item.get("id")
    if not isinstance(said, str) or "/" in said or not said.strip():
        said = item.get("title") or said
    return "".join(letter if letter.isprintable() else "?" for letter in " ".join(str(said).split())[:60])


def _text(item: Mapping[str, Any], field: str) -> str:
    value = item.get(field)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is not None and not isinstance(value, str):
        raise _Odd(f"`{field}` is not text", "text in quotes")
    return " ".join((value or "").split())


def _plain(name: str) -> Reader:
    """Make a reader of a field that is one text."""

    def read(item: Mapping[str, Any]) -> dict[str, Any]:
        value = _MARKUP.sub("", _text(item, name))
        if not value and name in _NUMBERS:  # Zotero has no field for these on most types, so people write them in Extra
            value = next((said for label, said in _lines(item) if label == name.lower()), "")
        if name == "DOI":
            value = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", value, flags=re.IGNORECASE).lower()
        if name == "URL" and (address := re.fullmatch(r"(https?://[^/?#]+)(.*)", value, re.IGNORECASE)):
            value = address[1].lower() + (address[2] if address[2].startswith("/") else f"/{address[2]}")
        return {name: value} if value else {}

    return read


def _authors(item: Mapping[str, Any]) -> dict[str, Any]:
    people = item.get("author") or []
    if not isinstance(people, list) or not all(isinstance(person, dict) for person in people):
        raise _Odd("`author` is not a list of names", 'such as [{"family": "Smith", "given": "J"}]')
    authors: list[Any] = []
    for person in people:
        literal, given = _text(person, "literal"), _initials(_text(person, "given"))
        particles = [_text(person, name) for name in ("dropping-particle", "non-dropping-particle", "family", "suffix")]
        family = " ".join(part for part in particles if part)
        if not (literal or family or given):
            raise _Odd("`author` holds an empty name", 'such as {"family": "Smith", "given": "J"}')
        authors.append(f"{family} {given}" if family and given and not literal else {"literal": literal or family or given})
    return {"author": authors} if authors else {}


def _initials(given: str) -> str:
    """Give the initials of given names, "David G." -> "DG"; what are initials already stays as it is."""
    if len(given) <= 4 and given == given.upper() and " " not in given and "." not in given:
        return given
    return "".join(part[0] for part in re.split(r"[\s.\-‐]+", given) if part).upper()


def _issued(item: Mapping[str, Any]) -> dict[str, Any]:
    issued = item.get("issued")
    if not issued:
        return {}
    right = '{"date-parts": [[2014, 8]]}: a year, and month and day where they are known'
    if isinstance(issued, dict) and issued.get("date-parts"):
        dates = issued["date-parts"]
        if not isinstance(dates, list) or len(dates) != 1 or not isinstance(dates[0], list):
            raise _Odd("`issued` is not one date", right)
        said = "-".join(str(part) for part in dates[0] if part not in ("", None)).zfill(4)
    else:
        said = str(issued.get("raw") or issued.get("literal") or "") if isinstance(issued, dict) else str(issued)
    found = _DATE.fullmatch(said.strip())
    if not found:
        raise _Odd(f"`issued` is {said[:40]!r}", right)
    return {"issued": "-".join(part.zfill(2) for part in found.groups() if part)}


def _lines(item: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give the lines ``name: value`` of an item's ``note``, names in small letters with underscores."""
    note = item.get("note") or ""
    if not isinstance(note, str):
        raise _Odd("`note` is not text", "text in quotes")
    pairs = [line.partition(":") for line in note.splitlines() if ":" in line]
    return [(re.sub(r"[\s-]+", "_", name.strip().lower()), " ".join(value.split())) for name, _colon, value in pairs]


def _facts(item: Mapping[str, Any]) -> dict[str, Any]:
    custom = item.get("custom") or {}
    if not isinstance(custom, dict):
        raise _Odd("`custom` is not an object", 'such as {"design": "guideline"}')
    facts: dict[str, Any] = {name: _fact(name, custom[name]) for name in FACTS if custom.get(name) not in (None, "", [])}
    for name, value in _lines(item):
        if name not in FACTS or not value:
            continue
        fact = _fact(name, value)
        if facts.setdefault(name, fact) != fact:
            raise _Odd(
                f"`note` says {name} {value[:60]!r}, another place says otherwise", "the same in `custom` and `note`, or one"
            )
    return facts


def _fact(name: str, value: Any) -> Any:
    if name == "populations":
        parts = re.split(r"[,;]", value) if isinstance(value, str) else value
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            raise _Odd("`custom`: `populations` is not a list", 'such as ["people"]')
        return [part.strip() for part in parts if part.strip()]
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _Odd(f"`custom`: `{name}` is neither text nor a number", "text in quotes, or a whole number")
    return " ".join(str(value).split())


def _work(item: Mapping[str, Any], values: Mapping[str, Any], known: Mapping[str, Reference]) -> Reference:
    facts = {name.lower().replace("-", "_"): value for name, value in values.items()}
    said = item.get("id")
    if isinstance(said, str) and KEY.fullmatch(said):
        return Reference(key=said, **facts)
    for ending in _endings():
        work = Reference(key=_stem(values) + ending, **facts)
        if work.key not in known or _is_same(known[work.key], work):
            break
    return work


def _endings() -> Iterable[str]:
    yield ""
    yield from (f"-{chr(letter)}" for letter in range(ord("B"), ord("Z") + 1))
    yield from (f"-{number}" for number in range(27, MAX_ITEMS * 2))


def _stem(values: Mapping[str, Any]) -> str:
    """Make a key of the first author's name, or else the title's first word, and the year."""
    first: Author | None = next(iter(values["author"]), None)
    names = [first.family, *first.literal.split()[:1]] if first else []
    for name in (*names, *values["title"].split()):
        folded = unicodedata.normalize("NFKD", name.upper()).encode("ascii", "ignore").decode()
        if letters := re.sub(r"[^A-Z0-9]+", "-", folded).strip("-"):
            break
    else:
        letters = "WORK"
    return "-".join(part for part in (letters[:60].strip("-"), values["issued"][:4]) if part)


def _is_same(work: Reference, other: Reference) -> bool:
    """Whether two works of one key are one: by number, or by title where a number is missing."""
    for mine, yours in ((work.doi, other.doi), (work.pmid, other.pmid)):
        if mine and yours:
            return mine == yours
    return work.title.casefold() == other.title.casefold()

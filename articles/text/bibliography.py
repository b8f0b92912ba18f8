"""The shared list of works (``references.yaml``), and what the page says of each."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from articles.grading import (
    DESIGN_WORDS,
    POPULATION_WORDS,
    STUDIES,
    Design,
    Population,
    is_without_people,
)
from articles.grading import gettext_noop as _
from articles.text.citations import KEY
from articles.text.fields import Field, FieldError, day, list_of, one_of, pattern, read_fields, text, whole_number
from articles.text.problems import MAX_PROBLEMS, Problem
from articles.text.strict_yaml import Node, read_yaml

MONTHS = (
    *(_("January"), _("February"), _("March"), _("April"), _("May"), _("June")),
    *(_("July"), _("August"), _("September"), _("October"), _("November"), _("December")),
)
FACT_WORDS = {
    "type": _("form"),
    "title": _("title"),
    "author": _("authors"),
    "container_title": _("journal"),
    "publisher": _("publisher"),
    "issued": _("date"),
    "volume": _("volume"),
    "issue": _("issue"),
    "page": _("pages"),
    "doi": "DOI",
    "pmid": "PMID",
    "pmcid": "PMCID",
    "url": _("web address"),
    "design": _("kind of work"),
    "populations": _("who was studied"),
    "sample_size": _("how many were studied"),
    "studies": _("studies it gathered"),
    "note": _("note on the sample"),
}
"""What readers are told a fact of a work is called."""

_STOPS = ".!?…:;,"
MAX_REFERENCES_BYTES = 1_000_000
Translate = Callable[[str], str]
"""Turns a marked English message into the language of the page."""


class WorkType(StrEnum):
    """CSL's name for the form a work has."""

    ARTICLE_JOURNAL = "article-journal"
    BOOK = "book"
    CHAPTER = "chapter"
    REPORT = "report"
    WEBPAGE = "webpage"
    PAMPHLET = "pamphlet"


@dataclass(frozen=True, slots=True)
class Author:
    """A person as ``family`` and ``given`` (initials), or an organisation as ``literal``."""

    family: str = ""
    given: str = ""
    literal: str = ""

    def __str__(self) -> str:
        return self.literal or f"{self.family} {self.given}".strip()


@dataclass(frozen=True, slots=True)
class Reference:
    """One work: CSL's fields under Python names, and what kind of study it was of whom. Empty fields are not confirmed."""

    key: str
    type: WorkType
    title: str
    design: Design
    author: tuple[Author, ...] = ()
    container_title: str = ""
    publisher: str = ""
    issued: str = ""
    volume: str = ""
    issue: str = ""
    page: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    url: str = ""
    populations: tuple[Population, ...] = ()
    sample_size: int | None = None
    studies: int | None = None
    note: str = ""
    retracted_on: date | None = None

    @property
    def is_without_people(self) -> bool:
        """Whether animals or cells, and no people, were studied."""
        return is_without_people(self.populations)

    @property
    def links(self) -> list[tuple[str, str]]:
        """Where to read the work: (the site's name, the address), the best first: free to read in full, then by its number."""
        links = []
        if self.pmcid:
            links.append(("PubMed Central", f"https://pmc.ncbi.nlm.nih.gov/articles/{self.pmcid}/"))
        if self.doi:
            links.append(("doi.org", f"https://doi.org/{self.doi}"))
        if self.pmid:
            links.append(("PubMed", f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"))
        known = {address.rstrip("/") for _, address in links}
        if self.url and self.url.rstrip("/") not in known:
            links.append((re.sub(r"^https?://(www\.)?", "", self.url).split("/")[0], self.url))
        return links


def as_facts(reference: Reference) -> dict[str, Any]:
    """Give a work as plain values (text, numbers, lists) that JSON can hold; empty fields are left out."""
    facts: dict[str, Any] = {
        field.name: value for field in fields(reference) if (value := getattr(reference, field.name)) not in ("", None, ())
    }
    facts["author"] = [
        {field.name: part for field in fields(author) if (part := getattr(author, field.name))} for author in reference.author
    ]
    facts["populations"] = [str(population) for population in reference.populations]
    facts |= {"type": str(reference.type), "design": str(reference.design)}
    if reference.retracted_on:
        facts["retracted_on"] = reference.retracted_on.isoformat()
    return facts


def from_facts(facts: Mapping[str, Any]) -> Reference:
    """Give the work that ``as_facts`` made these values of."""
    values = dict(facts)
    values["type"], values["design"] = WorkType(values["type"]), Design(values["design"])
    values["author"] = tuple(Author(**author) for author in values["author"])
    values["populations"] = tuple(Population(population) for population in values["populations"])
    if "retracted_on" in values:
        values["retracted_on"] = date.fromisoformat(values["retracted_on"])
    return Reference(**values)


def diff_facts(was: Reference, value: Reference, translate: Translate = str) -> list[str]:
    """Say in words what is different about a work, one line a field: "“A study” (RATS-1994), who was studied: mice → rats"."""
    before, after = as_facts(was), as_facts(value)
    name = f"“{value.title}” ({value.key})"
    lines = []
    for fact, words in FACT_WORDS.items():
        if before.get(fact) != after.get(fact):
            old, new = (_fact_in_words(facts.get(fact), translate) for facts in (before, after))
            lines.append(f"{name}, {translate(words)}: {old} → {new}")
    if value.retracted_on and value.retracted_on != was.retracted_on:
        words = translate(_("withdrawn by its journal on %(day)s"))
        lines.append(f"{name}: {words % {'day': day_in_words(value.retracted_on, translate)}}")
    elif was.retracted_on and not value.retracted_on:
        lines.append(f"{name}: {translate(_('no longer marked as withdrawn'))}")
    return lines


def _fact_in_words(value: Any, translate: Translate) -> str:
    """Say one of the values of ``as_facts`` in a line: "rats, cells", "90", "Watanabe T, Kaji R"."""
    if not value:
        return translate(_("not stated"))
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(Author(**one)) if isinstance(one, dict) else str(one) for one in values)


def populations_in_words(populations: Iterable[Population], translate: Translate) -> str:
    """Name who was studied: "rats", "rats and cells", "people, rats and mice"."""
    words = [translate(POPULATION_WORDS[population]) for population in populations]
    if len(words) < 2:
        return "".join(words)
    return translate(_("%(list)s and %(last)s")) % {"list": ", ".join(words[:-1]), "last": words[-1]}


def count_in_words(reference: Reference, translate: Translate) -> str:
    """Say how many were studied: "15 studies, 1,707 people", "90 people", or "" where the number is not confirmed."""
    parts = []
    if reference.studies:
        parts.append(translate(_("%(number)s studies")) % {"number": f"{reference.studies:,}"})
    if reference.sample_size and len(reference.populations) == 1:
        who = translate(POPULATION_WORDS[reference.populations[0]])
        parts.append(f"{reference.sample_size:,} {who}")
    return ", ".join(parts)


def label_at_sentence(reference: Reference, translate: Translate = str) -> str:
    """Say at the sentence what it rests on: "studied in rats, not people", "14 people, no comparison group", "guideline".

    A sentence may not lose this label, so it comes from the work and no writer types it.
    """
    if reference.is_without_people:
        who = populations_in_words(reference.populations, translate)
        return translate(_("studied in %(who)s, not people")) % {"who": who}
    design = translate(DESIGN_WORDS[reference.design].at_sentence)
    if set(reference.populations) - {Population.PEOPLE}:
        who = populations_in_words(reference.populations, translate)
        return translate(_("studied in %(who)s")) % {"who": who} + f", {design}"
    return ", ".join(part for part in (count_in_words(reference, translate), design) if part)


def label_of_claim(works: Iterable[Reference], translate: Translate = str) -> str:
    """Say what a sentence rests on where there is no link to show it: "studied in rats, not people"; "" where no label is due.

    Due when a work studied no people, or was withdrawn; then every study the sentence rests on is named.
    """
    cited = list(works)
    if not any(work.is_without_people or work.retracted_on for work in cited):
        return ""
    labels = [full_label(work, translate) for work in cited if work.design in STUDIES or work.retracted_on]
    return "; ".join(dict.fromkeys(labels))


def full_label(work: Reference, translate: Translate = str) -> str:
    """Say at the sentence that a work was withdrawn, where it was, and what it rests on."""
    label = label_at_sentence(work, translate)
    if work.retracted_on is None:
        return label
    day = day_in_words(work.retracted_on, translate)
    return translate(_("this study was withdrawn on %(day)s")) % {"day": day} + (f"; {label}" if label else "")


def with_label(text: str, works: Iterable[Reference], translate: Translate = str) -> str:
    """Put the label that is due into a sentence, in brackets before its full stop."""
    label = label_of_claim(works, translate)
    if not label:
        return text
    words = text.rstrip(_STOPS)
    return f"{words} ({label}){text[len(words) :]}"


def day_in_words(day: date, translate: Translate = str) -> str:
    """Write a date as "2 November 2016"."""
    return translate(_("%(day)s %(month)s %(year)s")) % {
        "day": day.day,
        "month": translate(MONTHS[day.month - 1]),
        "year": day.year,
    }


def who_in_words(reference: Reference, translate: Translate = str) -> str:
    """Say for the evidence box who was studied and how: "rats, not people", "14 people, no comparison group"."""
    if reference.is_without_people:
        who = populations_in_words(reference.populations, translate)
        return translate(_("%(who)s, not people")) % {"who": who}
    return label_at_sentence(reference, translate)


def kind_in_words(reference: Reference, translate: Translate = str) -> str:
    """Say in the list of sources what kind of work it is, and of whom: "Animal experiment: rats, not people"."""
    design = translate(DESIGN_WORDS[reference.design].name)
    if not reference.populations:
        return design
    if reference.is_without_people:
        return f"{design}: {who_in_words(reference, translate)}"
    who = count_in_words(reference, translate) or populations_in_words(reference.populations, translate)
    return f"{design}: {who}"


def _author(node: Node) -> Author:
    if isinstance(node.value, dict):
        if list(node.value) != ["literal"]:
            raise FieldError("has a mapping with other keys than `literal`", "{literal: Name of the organisation}")
        return Author(literal=text(200)(node.value["literal"]))
    family, space, given = text(100)(node).rpartition(" ")
    if not space:
        raise FieldError(f"has the author {given!r}", "`Family Initials`, or {literal: Name of the organisation}")
    return Author(family=family, given=given)


_ISSUED = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"

SCHEMA: Mapping[str, Field] = {
    "type": Field(one_of(WorkType), is_required=True),
    "author": Field(list_of(_author, limit=100), default=()),
    "title": Field(text(400), is_required=True),
    "container-title": Field(text(200), default=""),
    "publisher": Field(text(200), default=""),
    "issued": Field(pattern(_ISSUED, "1994, 2024-03 or 2016-11-02"), default=""),
    "volume": Field(text(40), default=""),
    "issue": Field(text(40), default=""),
    "page": Field(text(40), default=""),
    "DOI": Field(pattern(r"10\.\d{4,9}/[!-~]{1,200}", "the bare DOI, such as 10.3390/nu12082221"), default=""),
    "PMID": Field(pattern(r"[1-9]\d{0,8}", "the number alone, such as 25175124"), default=""),
    "PMCID": Field(pattern(r"PMC[1-9]\d{0,8}", "such as PMC4283280"), default=""),
    "URL": Field(pattern(r"https?://[a-z0-9.-]+(?::\d+)?/[!-~]{0,400}", "a whole web address, https://..."), default=""),
    "design": Field(one_of(Design), is_required=True),
    "populations": Field(list_of(one_of(Population)), default=()),
    "sample_size": Field(whole_number(1, 100_000_000)),
    "studies": Field(whole_number(1, 100_000)),
    "note": Field(text(120), default=""),
    "retracted_on": Field(day),
}


def parse_references(source: str) -> tuple[dict[str, Reference], list[Problem]]:
    """Read ``references.yaml``: the works by key, in the file's order, and all problems."""
    root, problems = read_yaml(source)
    if problems or root is None:
        return {}, problems or [Problem(1, "the file is empty", "one entry a work, such as `WATANABE-1994:`")]
    if not isinstance(root.value, dict):
        return {}, [Problem(root.line, "the file is not a list of works", "`KEY:` at the start of a line, its fields indented")]
    references = {}
    for key, node in root.value.items():
        reference, found = read_reference(key, node, root.keys[key].line)
        problems += found
        if reference:
            references[key] = reference
        if len(problems) > MAX_PROBLEMS:
            break
    return references, problems + _find_shared_dois(references, root.keys)


def read_reference(key: str, node: Node, line: int) -> tuple[Reference | None, list[Problem]]:
    """Read one entry of the list, whose key stands on ``line``: the work, where nothing is wrong, and all problems."""
    values, problems = read_fields(node, SCHEMA, key, line)
    if not KEY.fullmatch(key):
        problems.append(Problem(line, f"the key {key[:60]!r}", "capital letters, digits and hyphens, such as SMITH-2020"))
    if problems:
        return None, problems
    line = node.keys["populations"].line if "populations" in node.keys else line
    if values["design"] in STUDIES and not values["populations"]:
        problems.append(Problem(line, f"{key} is a study and does not say of whom", "add `populations: [people]`"))
    if values["design"] not in STUDIES and values["populations"]:
        what = f"{key} names populations, but a {values['design']} studies nobody"
        problems.append(Problem(line, what, "delete `populations`, or name another design"))
    if problems:
        return None, problems
    values["DOI"] = values["DOI"].lower()
    return Reference(key=key, **{_python_name(name): value for name, value in values.items()}), []


def _python_name(field: str) -> str:
    return field.lower().replace("-", "_")


def _find_shared_dois(references: Mapping[str, Reference], keys: Mapping[str, Node]) -> list[Problem]:
    first: dict[str, str] = {}
    problems = []
    for key, reference in references.items():
        if reference.doi and first.setdefault(reference.doi, key) != key:
            what = f"{key} has the DOI of {first[reference.doi]}"
            problems.append(Problem(keys[key].line, what, "one entry a work; cite it by one key"))
    return problems

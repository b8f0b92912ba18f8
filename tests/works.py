"""Works of the bibliography that nobody thought of, for property tests."""

import re
from datetime import date

from hypothesis import strategies as st

from articles.grading import STUDIES, Design, Population
from articles.text.bibliography import Author, Reference, WorkType
from articles.text.limits import find_forbidden_characters

_MARKUP = re.compile(r"</?(i|b|sub|sup|sc)>|<span [^<>]*>|</span>")
INITIALS = st.from_regex(r"\A[A-ZÄØŁ]{1,3}\Z")


def lines(limit: int) -> st.SearchStrategy[str]:
    """One line of text as the list holds it: spaces single, no character that no text may hold, no markup of CSL."""
    odd = st.sampled_from(
        ["a: b", "#", "'", '"', "[x]", "{", "- ", "no", "1.5", "é", "\\", ":", "design: x", "&", "@A", "%", "<5"]
    )
    words = st.lists(st.one_of(odd, st.text(max_size=8)), min_size=1, max_size=5).map(" ".join)
    cleaned = words.map(lambda text: " ".join(text.split())[:limit].strip())
    return cleaned.filter(lambda text: bool(text) and not find_forbidden_characters(text) and not _MARKUP.search(text))


def _authors() -> st.SearchStrategy[tuple[Author, ...]]:
    person = st.builds(Author, family=lines(40), given=INITIALS)
    organisation = st.builds(Author, literal=lines(40))
    return st.lists(st.one_of(person, organisation), max_size=3, unique=True).map(tuple)


@st.composite
def works(draw: st.DrawFn) -> Reference:
    """A work with any of its fields."""
    design = draw(st.sampled_from(Design))
    who = st.lists(st.sampled_from(Population), min_size=1, unique=True).map(tuple)
    issued = st.one_of(
        st.dates(min_value=date(1000, 1, 1)).map(lambda day: day.isoformat()[:10]),
        st.sampled_from(["1994", "2024-03", "0999"]),
    )
    return Reference(
        key=draw(st.from_regex(r"\A[A-Z0-9][A-Z0-9-]{0,20}\Z")),
        type=draw(st.sampled_from(WorkType)),
        title=draw(lines(60)),
        design=design,
        author=draw(_authors()),
        container_title=draw(st.just("") | lines(30)),
        publisher=draw(st.just("") | lines(30)),
        issued=draw(st.just("") | issued),
        volume=draw(st.sampled_from(["", "12", "1e3", "S1", "0x1F", "1_000"])),
        issue=draw(st.sampled_from(["", "2", "1-2", "1:2"])),
        page=draw(st.sampled_from(["", "1-9", "395", "e12", "12:30", "CD1.pub2"])),
        doi=draw(st.sampled_from(["", "10.1000/(sici)1<1::aid>3.0;2-#", "10.1000/a:", "10.1000/a'b\"[c]{d}"])),
        pmid=draw(st.sampled_from(["", "1", "123456789"])),
        pmcid=draw(st.sampled_from(["", "PMC12"])),
        url=draw(st.sampled_from(["", "https://e.org/", "http://e.org:80/a?b=c#d", "https://e.org/a:"])),
        populations=draw(who) if design in STUDIES else (),
        sample_size=draw(st.none() | st.integers(1, 100_000_000)),
        studies=draw(st.none() | st.integers(1, 100_000)),
        note=draw(st.just("") | lines(60)),
        retracted_on=draw(st.none() | st.dates(min_value=date(1000, 1, 1))),
    )

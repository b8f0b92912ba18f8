"""Mappings, lists and text, and nothing else that YAML can do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.strict_yaml import read_yaml


def plain(text: str) -> object:
    root, problems = read_yaml(text)
    assert root, problems
    assert not problems
    return root.plain()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (
            "a: no\nb: 1.10\nc: 2016-11-02\nd: ~\ne: 0x1F\nf:",
            {"a": "no", "b": "1.10", "c": "2016-11-02", "d": "~", "e": "0x1F", "f": ""},
        ),
        ("a: [b, 'c: d', {e: f}]", {"a": ["b", "c: d", {"e": "f"}]}),
        ("- a\n-\n  - b", ["a", ["b"]]),
        ("a: >\n  two\n  lines\n", {"a": "two lines\n"}),
        ('"a b": "\\u00e9"', {"a b": "é"}),
        ("# note\n---\na: b # note\n...\n", {"a": "b"}),
        ("<<: b", {"<<": "b"}),
    ],
)
def test_everything_is_text(text: str, value: object) -> None:
    assert plain(text) == value


def test_values_know_their_places() -> None:
    root, _problems = read_yaml("a: 1\n\nb:\n  - c\n", first_line=5)
    assert root
    assert isinstance(root.value, dict)
    assert {name: (key.line, root.value[name].line) for name, key in root.keys.items()} == {"a": (5, 5), "b": (7, 8)}


@pytest.mark.parametrize("text", ["", "# only a comment\n", "\n\n"])
def test_nothing_gives_nothing(text: str) -> None:
    assert read_yaml(text) == (None, [])


QUOTES = "delete it, or put the value in quotes"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: !!python/object/apply:os.system [ls]", f"1: a YAML tag (tag:yaml.org,2002:python/object/apply:os.system); {QUOTES}"),
        ("a: !x b", f"1: a YAML tag (!x); {QUOTES}"),
        ("a: ! b", f"1: a YAML tag (!); {QUOTES}"),
        ("a: !!str b", f"1: a YAML tag (tag:yaml.org,2002:str); {QUOTES}"),
        ("a: &x b", f"1: a YAML anchor (&x); {QUOTES}"),
        ("a: b\nc: *x", "2: a YAML alias (*x); write the value out, or put it in quotes"),
        ("a: 1\nb: 2\na: 3", "3: `a` is given twice (first on line 1); keep one"),
        ("a: {b: 1, b: 2}", "1: `b` is given twice (first on line 1); keep one"),
        ("? [a]\n: b", "1: a key that is not text; one word, then a colon"),
        ("a: b\n---\nc: d", "2: a second YAML document begins; one document a file; delete the `---`"),
        ("%YAML 1.2\n---\na: b", "1: a YAML directive; delete the line that begins with `%`"),
        ("%TAG ! tag:x,2000:\n---\na: b", "1: a YAML directive; delete the line that begins with `%`"),
        ("[[[[[[[a]]]]]]]", "1: the YAML is nested too deeply; at most 5 levels"),
        ("a:\n b:\n  c:\n   d:\n    e:\n     f:\n      g: h", "6: the YAML is nested too deeply; at most 5 levels"),
        ('a: "\\0"', "1: an escape makes a character no text may hold; delete the escape"),
        ('a: "\\ud800"', "1: an escape makes a character no text may hold; delete the escape"),
        ('a: "\\u202E"', "1: an escape makes a character no text may hold; delete the escape"),
        ('"\\x1b": a', "1: an escape makes a character no text may hold; delete the escape"),
        ('a: "\\UFFFFFFFF"', "1: the YAML cannot be read"),
        ("a: [b", "1: the YAML cannot be read"),
        ("a: b: c", "1: the YAML cannot be read (mapping values are not allowed here); put odd values in quotes"),
        ("a: @b", "1: the YAML cannot be read (found character '@' that cannot start any token); put odd values in quotes"),
        ("a:\tb\n\tc: d", "1: the YAML cannot be read"),
        ("a: 'b", "1: the YAML cannot be read"),
        ("a\nb", None),
        ("a: \x00", "1: the YAML cannot be read"),
    ],
)
def test_what_else_yaml_can_do_is_a_fault(text: str, problem: str | None) -> None:
    found = [str(fault) for fault in read_yaml(text)[1]]
    assert found == [] if problem is None else any(fault.startswith(problem) for fault in found)


BOMB = "a: &a [x]\n" + "\n".join(f"b{n}: &b{n} [{', '.join(['*a' if n == 0 else f'*b{n - 1}'] * 9)}]" for n in range(30))


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        "[" * 20_000,
        "{" * 20_000,
        "- " * 20_000,
        "? " * 20_000,
        "a: " * 20_000,
        "!a " * 20_000,
        "&a " * 20_000,
        "'" * 20_001,
    ],
    ids=lambda text: repr(text)[:12],
)
def test_bombs_go_out_at_once(text: str) -> None:
    root, problems = read_yaml(text)
    assert root is None
    assert len(problems) < 10


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    root, problems = read_yaml(text)
    assert root is None or problems or root.plain() is not None

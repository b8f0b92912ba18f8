"""The head of a file: one field changes, everything else stays."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from articles.text.front_matter import Kind, cut_fields, parse_front_matter, replace_field, split_front_matter

SOURCE = """\
---
# about the title
title:   'A title'   # keep me
summary: >
  Two lines
  of summary

# before the list
also_called:
  - one   # first
  - two

topic: "Vitamin B12"
---

Body: untouched
"""


def head(source: str) -> dict[str, object]:
    split, problems = split_front_matter(source)
    assert split
    assert not problems
    values, problems = parse_front_matter(split.head, Kind.PAGE)
    assert values, problems
    return {name: getattr(values, name) for name in ("title", "summary", "also_called", "topic", "review_every")}


@pytest.mark.parametrize(
    ("name", "value", "before", "after"),
    [
        ("title", "New: title", "title:   'A title'   # keep me", "title: 'New: title'   # keep me"),
        ("topic", "Falls", 'topic: "Vitamin B12"', "topic: Falls"),
        ("summary", "Short.", "summary: >\n  Two lines\n  of summary\n", "summary: Short.\n"),
        ("also_called", ["a", "b, c"], "also_called:\n  - one   # first\n  - two\n", "also_called: [a, 'b, c']\n"),
        ("also_called", [], "also_called:\n  - one   # first\n  - two\n", ""),
        ("review_every", "6", 'topic: "Vitamin B12"\n', 'topic: "Vitamin B12"\nreview_every: 6\n'),
    ],
)
def test_a_change_touches_its_own_lines_alone(name: str, value: str | list[str], before: str, after: str) -> None:
    assert before in SOURCE
    assert replace_field(SOURCE, name, value) == SOURCE.replace(before, after)


def test_taking_away_what_is_not_there_changes_nothing() -> None:
    assert replace_field(SOURCE, "related", []) == SOURCE


def test_a_head_that_cannot_be_read_is_not_changed() -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        replace_field("---\ntitle: [\n---\n", "title", "x")


words = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60
).filter(lambda text: text.split())


@given(words)
def test_any_words_are_read_back_as_they_were_written(value: str) -> None:
    changed = replace_field(SOURCE, "title", value)
    assert head(changed) == head(SOURCE) | {"title": " ".join(value.split())}
    assert changed.split("---\n")[-1] == SOURCE.rsplit("---\n", maxsplit=1)[-1]


@given(st.lists(words.map(lambda text: " ".join(text.split())), min_size=1, max_size=5, unique=True))
def test_any_list_is_read_back_as_it_was_written(values: list[str]) -> None:
    assert head(replace_field(SOURCE, "also_called", values)) == head(SOURCE) | {"also_called": tuple(values)}


# Every way to write a value that may stand in a head: what is replaced, and what stays behind it on the line.
WRITTEN = [
    ("{}: plain words", "\n"),
    ("{}: plain", "   # a comment\n"),
    ("{}: 'it''s quoted: # [x]'", " # a comment\n"),
    ('{}: "quoted \\" \\u00e9"', "\n"),
    ("{}: 'over\n  two\n\n  lines'", "\n"),
    ("{}: over\n  two\n  lines", "\n"),
    ("{}: [a, 'b, c']", "  # a comment\n"),
    ("{}: [a,\n  b,  # first\n  c\n  ]", "\n"),
    ("{}:\n  - a\n  # between\n  - b: c", "\n"),
    ("{}:\n- a\n- 'b'   # last", "\n"),
    ("{}: >\n  folded\n\n  # text\n  lines", "\n"),
    ("{}: |-\n    literal\n      lines", "\n"),
    ("{}: |+\n  kept", "\n"),
    ("{}:", "\n"),
    ("{}: {{a: b}}", "\n"),
]
GAPS = ["", "\n", "# a comment\n", "\n# --- a comment: x\n\n\n", "#\n#\n"]
fields = st.lists(st.tuples(st.sampled_from(WRITTEN), st.sampled_from(GAPS)), min_size=1, max_size=6)


@given(fields, st.data(), words)
def test_all_else_stays_character_for_character(
    fields: list[tuple[tuple[str, str], str]], data: st.DataObject, value: str
) -> None:
    written = [(form.format(f"field_{n}"), rest, gap) for n, ((form, rest), gap) in enumerate(fields)]
    source = "---\n# first\n" + "".join("".join(parts) for parts in written) + "---\nbody\n---\n"
    chosen = data.draw(st.integers(0, len(fields) - 1))
    before, after = source.split(written[chosen][0] + written[chosen][1], 1)
    _old, rest, _gap = written[chosen]

    changed = replace_field(source, f"field_{chosen}", value)
    assert changed.startswith(f"{before}field_{chosen}: ")
    assert changed.endswith(f"{rest}{after}")
    line = changed[len(before) : len(changed) - len(rest) - len(after)]
    assert "\n" not in line
    assert yaml.load(line, yaml.BaseLoader) == {f"field_{chosen}": " ".join(value.split())}  # noqa: S506 - text alone

    gone = replace_field(source, f"field_{chosen}", "")
    assert gone == before + (rest if rest != "\n" else "") + after

    added = replace_field(source, "new", value)
    end = source.index("---\nbody")
    assert added.startswith(source[:end] + "new: ")
    assert added.endswith("\n" + source[end:])


@pytest.mark.parametrize(
    "text",
    [
        "---\n{title: a}\n---\n",
        "---\n  title: a\n---\n",
        "---\n? title\n: a\n---\n",
        "---\n- title\n---\n",
        "---\na\n---\n",
        "---\ntitle: a\n",
    ],
)
def test_what_has_not_a_field_a_line_is_refused_and_not_changed(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        replace_field(text, "title", "x")
    split, _problems = split_front_matter(text)
    if split:
        assert parse_front_matter(split.head, Kind.PAGE)[0] is None


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("", "1: the file is empty; begin with `---`, the fields, `---`, then sections"),
        (" \n\n", "1: the file is empty; begin with `---`, the fields, `---`, then sections"),
        ("## A\n", "1: the file does not begin with front matter; the first line is `---` alone, then `title: ...`"),
        (
            "\n---\ntitle: a\n---\n",
            "1: the file does not begin with front matter; the first line is `---` alone, then `title: ...`",
        ),
        (
            "--- \ntitle: a\n---\n",
            "1: the file does not begin with front matter; the first line is `---` alone, then `title: ...`",
        ),
        ("---\ntitle: a\n## A\n", "1: front matter that does not end; a line of `---` alone after the last field"),
        ("---\ntitle: a\n --- \n", "1: front matter that does not end; a line of `---` alone after the last field"),
        ("---\n" + "#\n" * 10_001 + "---\n", "1: front matter of 20,002 characters; at most 20,000"),
    ],
    ids=range(8),
)
def test_a_head_stands_between_two_fences(source: str, problem: str) -> None:
    split, problems = split_front_matter(source)
    assert split is None
    assert [str(found) for found in problems] == [problem]


KNOWN = "title, summary, key_message, topic, language, also_called, conditions, medicines, former_slugs, related, review_every"
SLUG = "small letters, digits and single hyphens, such as b12-basics"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("tags: [a]", f"4: `tags` is no field of front matter; one of: {KNOWN}"),
        ("Title: a", f"4: `Title` is no field of front matter; one of: {KNOWN}"),
        ("title: again", "4: `title` is given twice (first on line 2); keep one"),
        ("topic: ''", "4: `topic` is empty; write a value or delete the line"),
        ("topic: ' - '", "4: `topic` is '-'; a name of at most 80 characters with a letter in it"),
        ("topic:", "4: `topic` is empty; write a value or delete the line"),
        ("topic: [a]", "4: `topic` is not text; one value, in quotes if it begins with a sign such as `[` or `{`"),
        ("key_message: " + "a" * 501, "4: `key_message` is 501 characters long; at most 500"),
        ("language: english", "4: `language` is 'english'; a language tag such as en, es or pt-BR"),
        ("language: en_GB", "4: `language` is 'en_GB'; a language tag such as en, es or pt-BR"),
        (
            "also_called: a",
            "4: `also_called` is not a list; values in square brackets with commas between, or one `- value` a line",
        ),
        ("also_called: [a, a]", "4: `also_called` names a value twice; name each once"),
        ("also_called: [[a]]", "4: `also_called` is not text; one value, in quotes if it begins with a sign such as `[` or `{`"),
        ("also_called: [" + ", ".join(map(str, range(51))) + "]", "4: `also_called` has 51 values; at most 50"),
        ("former_slugs: [../x]", f"4: `former_slugs` is '../x'; {SLUG}"),
        ("related: [B12]", f"4: `related` is 'B12'; {SLUG}"),
        ("related: ['']", "4: `related` is empty; write a value or delete the line"),
        ("review_every: 0", "4: `review_every` is '0'; a whole number from 1 to 60"),
        ("review_every: 1.5", "4: `review_every` is '1.5'; a whole number from 1 to 60"),
        ("review_every: ٣", "4: `review_every` is '٣'; a whole number from 1 to 60"),
        ("review_every: yearly", "4: `review_every` is 'yearly'; a whole number from 1 to 60"),
        ("review_every: 99999999999999999999", "4: `review_every` is '99999999999999999999'; a whole number from 1 to 60"),
    ],
)
def test_each_field_takes_what_it_takes(line: str, problem: str) -> None:
    values, problems = parse_front_matter(f"title: a\nsummary: b\n{line}\n", Kind.PAGE)
    assert values is None
    assert [str(found) for found in problems] == [problem]


def test_a_head_that_is_no_list_of_fields() -> None:
    for written in ("", "# a comment\n", "a\n", "- title: a\n"):
        values, problems = parse_front_matter(written, Kind.PAGE)
        assert values is None
        assert "front matter is not a list of fields" in str(problems[0])


def test_fields_know_their_lines() -> None:
    values, _problems = parse_front_matter("title: a\n\nsummary: >\n  b\n", Kind.PAGE)
    assert values
    assert (values.line("title"), values.line("summary"), values.line("topic")) == (2, 4, 1)


def test_a_head_is_cut_without_a_character_left_over() -> None:
    head = "# first\n\ntitle: a\n# of the title, or of what follows\nsummary: |\n  # no comment\n\n  b\n\n'topic': c"
    assert cut_fields(head) == {
        "": "# first\n\n",
        "title": "title: a\n# of the title, or of what follows\n",
        "summary": "summary: |\n  # no comment\n\n  b\n\n",
        "topic": "'topic': c",
    }
    assert cut_fields("") is None
    assert cut_fields("{title: a, summary: b}\n") is None
    assert cut_fields("- a\n") is None

"""How single values are read."""

from datetime import date
from typing import Any

import pytest

from articles.grading import Design
from articles.text.fields import Field, FieldError, day, list_of, one_of, pattern, read_fields, slug, text, whole_number
from articles.text.strict_yaml import Node, read_yaml


def node(written: str) -> Node:
    root, problems = read_yaml(written)
    assert root
    assert not problems
    return root


@pytest.mark.parametrize(
    ("read", "written", "value"),
    [
        (text(5), "abcde", "abcde"),
        (text(9), "'a\n  b\t c '", "a b c"),
        (text(9, may_be_empty=True), "''", ""),
        (slug, "b12-basics", "b12-basics"),
        (whole_number(1, 60), "060", 60),
        (day, "2016-11-02", date(2016, 11, 2)),
        (one_of(Design), "guideline", Design.GUIDELINE),
        (list_of(whole_number(1, 9)), "[1, 2]", (1, 2)),
        (list_of(slug), "[]", ()),
        (pattern("a+", "some a"), "aaa", "aaa"),
    ],
)
def test_values(read: Any, written: str, value: object) -> None:
    assert read(node(written)) == value


@pytest.mark.parametrize(
    ("read", "written", "what"),
    [
        (text(5), "abcdef", "is 6 characters long"),
        (text(5), "' '", "is empty"),
        (text(5), "[a]", "is not text"),
        (slug, "a--b", "is 'a--b'"),
        (slug, "a" * 101, "is 101 characters long"),
        (slug, "ä", "is 'ä'"),
        (whole_number(1, 60), "²", "is '²'"),
        (whole_number(1, 60), "-1", "is '-1'"),
        (whole_number(1, 60), "1_0", "is '1_0'"),
        (day, "2016-02-30", "is '2016-02-30'"),
        (day, "20161102", "is '20161102'"),
        (day, "2016-11-02T00:00", "is '2016-11-02T00:00'"),
        (day, "٢٠١٦-١١-٠٢", "is '٢٠١٦-١١-٠٢'"),
        (one_of(Design), "Guideline", "is 'Guideline'"),
        (list_of(slug), "{a: b}", "is not a list"),
        (list_of(slug, limit=1), "[a, b]", "has 2 values"),
        (list_of(slug), "[a, a]", "names a value twice"),
        (pattern("a+", "some a"), "ab", "is 'ab'"),
    ],
)
def test_what_they_do_not_take(read: Any, written: str, what: str) -> None:
    with pytest.raises(FieldError) as caught:
        read(node(written))
    assert caught.value.what == what
    assert caught.value.right


def test_all_faults_of_an_entry_are_found_at_once() -> None:
    schema = {
        "a": Field(text(3), is_required=True),
        "b": Field(whole_number(1, 2), is_required=True),
        "c": Field(slug, default="x"),
    }
    values, problems = read_fields(node("a: long\nd: 1\n"), schema, "IT", 7)
    assert values["c"] == "x"
    assert [str(problem) for problem in problems] == [
        "1: `a` is 4 characters long; at most 3",
        "2: `d` is no field of IT; one of: a, b, c",
        "7: IT has no `b`; add a line `b: ...`",
    ]


def test_what_is_no_list_of_fields() -> None:
    assert [str(problem) for problem in read_fields(None, {}, "IT", 7)[1]] == [
        "7: IT is not a list of fields; one `name: value` a line"
    ]
    assert [str(problem) for problem in read_fields(node("[a]"), {}, "IT", 7)[1]] == [
        "1: IT is not a list of fields; one `name: value` a line"
    ]

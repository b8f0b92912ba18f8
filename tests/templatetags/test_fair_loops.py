"""Loops in templates write what Django's write, and give way for each row."""

from typing import Any

import pytest
from django.template import Context, Template

from articles.templatetags import fair_loops


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("{% for x in xs %}{{ forloop.counter }}{{ x }}{% if not forloop.last %}, {% endif %}{% endfor %}", "1a, 2b, 3c"),
        ("{% for x in xs reversed %}{{ x }}{% endfor %}", "cba"),
        ("{% for key, value in pairs.items %}{{ key }}={{ value }};{% endfor %}", "a=1;b=2;c=3;"),
        ("{% for x in xs %}{% cycle 'odd' 'even' %} {% endfor %}", "odd even odd "),
        ("{% for x in none %}{{ x }}{% empty %}nothing{% endfor %}", "nothing"),
    ],
)
def test_rows_are_written_as_ever_and_each_gives_way(source: str, written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ways: list[None] = []
    monkeypatch.setattr(fair_loops, "give_way", lambda: ways.append(None))
    values: dict[str, Any] = {"xs": "abc", "pairs": {"a": 1, "b": 2, "c": 3}, "none": []}
    assert Template(source).render(Context(values)) == written
    assert len(ways) == (0 if written == "nothing" else 3)

"""Structured data cannot leave its place in the page, whatever it says."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from articles.templatetags.json_ld import json_ld

TEXT = st.text() | st.sampled_from(["</script><script>alert(1)</script>", "<!--<script>", "]]>", "\u2028\u2029", "&lt;"])


@given(st.dictionaries(TEXT, TEXT | st.lists(TEXT) | st.integers() | st.booleans()))
def test_what_is_written_is_read_back_and_holds_no_sign_of_html(value: dict[str, object]) -> None:
    html = json_ld(value)
    match = re.fullmatch(r'<script type="application/ld\+json">([^<>&\u2028\u2029]*)</script>', html)
    assert match
    assert json.loads(match[1]) == value


def test_it_is_written_without_spaces() -> None:
    assert json_ld({"a": [1, "é"]}) == '<script type="application/ld+json">{"a":[1,"é"]}</script>'

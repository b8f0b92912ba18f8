"""The words of a text, and what the form of sentences is told from."""

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from articles.text.words import _UNSEEN, MARK, judge

SIGNS = st.one_of(
    st.characters(), st.sampled_from([MARK, "\t", "\n", "\x1c", "\x7f", "\u00ad", "\u3000", "ﬁ", "Ａ", "…", "é", "’", "a"])
)


@given(st.text(SIGNS))
@example(f"a\tb{MARK}.")
@example("plain words")
@example("")
def test_each_sign_is_judged_by_itself(words: str) -> None:
    judged, places = judge(words)
    expected = []
    for place, sign in enumerate(words):
        for one in unicodedata.normalize("NFKC", sign):
            category = unicodedata.category(one)
            if category != "Cf" and category[0] != "M" and one not in _UNSEEN:
                expected.append((" " if one != "\n" and one.isspace() else one, place))
    assert judged == "".join(one for one, _place in expected)
    assert list(places) == [*(place for _one, place in expected), len(words)]

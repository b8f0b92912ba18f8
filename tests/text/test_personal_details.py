"""What tells who somebody is goes; what a comment is about stays."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.personal_details import REMOVED, remove_personal_details

GOES = """\
jane.doe@example.org
Jane_Doe+b12@mail.example.co.uk
jane@localhost
jane @ example.org
jane (at) example (dot) org
jane [at] example.org
jane at example dot org
jane at example.org
jane AT mail.example.co.uk
jane@ example.org
jane @example.org
jane (a) example.org
example.org/jane
m.example.com/jane.doe?x=1
H1234567
A-123456789
jané@exämple.org
jane＠example.org
@janedoe
https://example.org/jane?a=b#c
HTTP://example.org
www.example.org/jane
07700 900123
07700900123
020 7946 0018
(0151) 496 0123
(0151)496-0123
+44 (0)20 7946 0018
+44 20 7946 0018
+442079460018
0044 20 7946 0018
555-1234
555 1234
(555) 010-9999
555.010.9999
+1-555-010-9999
1-800-555-0199
06 12 34 56 78
06.12.34.56.78
612 345 678
030/1234567
0 7 7 0 0 9 0 0 1 2 3
07700–900–123
07700\u00a0900\u00a0123
٠٧٧٠٠٩٠٠١٢٣
０７７００９００１２３
943 476 5919
9434765919
123-45-6789
123 45 6789
QQ 12 34 56 C
qq123456c
4111 1111 1111 1111
4111-1111-1111-1111
4000 0000 0000 0000
4111111111111111
"""

STAYS = """\
500 micrograms
the dose at example.nonsense
and/or
mg/kg
1,000 micrograms
1000 micrograms
1000000 units
1 000 000 units
1.000.000 units
1,000,000 units
500-1000 micrograms
500–1000 micrograms
500 1000 1500 micrograms
B12
B-12 and B6
10 of 100
49 of 57 people
2016
2010-2016
2010–2016
2010, 2012 and 2014
in 2016 500 people
12/03/2016
12/03/2016 5 tablets
12.3.2016
1-2-16
2016-03-12
2016/03/12
12 March 2016
120/80
120/80 130/85 125/90
12.5-13.75 mmol
150 180 210
0.00012345
3.14159
10.1016/0022-510X(94)90290-9
PMID 8021696
PMID: 8021696
NCT01234567
PMC1234567
Call 999 or 911
999, 911 or 112
1994 Watanabe
page 12, line 3
"""


@pytest.mark.parametrize("detail", GOES.splitlines())
def test_it_goes(detail: str) -> None:
    assert remove_personal_details(detail) == REMOVED
    assert remove_personal_details(f"Write to: {detail}, please.") == f"Write to: {REMOVED}, please."
    assert remove_personal_details(f"One\n{detail}\ntwo") == f"One\n{REMOVED}\ntwo"


@pytest.mark.parametrize("words", STAYS.splitlines())
def test_it_stays(words: str) -> None:
    assert remove_personal_details(words) == words
    assert remove_personal_details(f"It says {words}, which I cannot follow.") == f"It says {words}, which I cannot follow."


def test_several_in_one_text() -> None:
    text = "I am Jane (jane@example.org, 07700 900123,07700 900124). In 2016 I took 500 micrograms."
    assert remove_personal_details(text) == "I am Jane ([removed], [removed],[removed]). In 2016 I took 500 micrograms."


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\u202eb\u2066c\u200bd\ufeffe", "abcde"),
        ("a\x00b\x1bc\td", "a b c d"),
        ("077\u200b00900\u20601\u202e23", REMOVED),
        ("tel07700900123", f"tel{REMOVED}"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\n\n\n \n b", "a\n\n b"),
        ("  a \n", "a"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d⚕️", "👩\u200d⚕️"),
        ("a\ud800b", "a b"),
    ],
    ids=ascii,
)
def test_what_is_not_seen_goes(text: str, cleaned: str) -> None:
    assert remove_personal_details(text) == cleaned


@given(st.text(max_size=300))
def test_any_text_can_be_cleaned_and_cleaning_again_changes_nothing_more(text: str) -> None:
    once = remove_personal_details(text)
    assert "\x00" not in once
    assert remove_personal_details(once) == once


@pytest.mark.parametrize(
    "piece", ["a", "1 ", "1    ", "a.", "@", "a@", "1.", "(", " at ", "www.", "10.1234/", "+1", "[", "\n "], ids=ascii
)
def test_a_long_text_takes_no_long_time(piece: str) -> None:
    start = time.process_time()
    remove_personal_details(piece * (10_000 // len(piece)))
    assert time.process_time() - start < 1

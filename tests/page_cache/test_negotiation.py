"""What a request accepts and has already, as RFC 9110 says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.page_cache.negotiation import choose_encoding, has_already, is_wanted


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        (None, ""),
        ("", ""),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("deflate", ""),
        ("identity", ""),
        ("br;q=0", ""),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.0, gzip;q=0.000", ""),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0.001", "br"),
        ("gzip;q=1.000", "gzip"),
        ("identity;q=1, br;q=0.5", ""),
        ("identity;q=0.5, br;q=0.5", "br"),
        ("*", "br"),
        ("*;q=0", None),
        ("*;q=0, gzip", "gzip"),
        ("*;q=0, identity", ""),
        ("*;q=0.3, br;q=0", "gzip"),
        ("identity;q=0", None),
        ("identity;q=0, gzip", "gzip"),
        ("identity;q=0, deflate", None),
        ("gzip;q=0, br;q=0, identity;q=0", None),
        ("br ; Q=0.7 , gzip ;q= 0.9", "gzip"),
        ("br;q=2, gzip", "gzip"),  # no such weight: the part is passed over
        ("br;q=-1", ""),
        ("br;level=5", ""),
        ("br;;;, ,,gzip", "gzip"),
        ("brotli", ""),
        ("xbr, gzipped", ""),
        ("gzip," * 200, ""),
    ],
)
def test_the_encoding_liked_best_is_chosen(accepted: str | None, chosen: str | None) -> None:
    assert choose_encoding(accepted) == chosen


@given(st.text(max_size=60))
def test_anything_can_be_asked(accepted: str) -> None:
    assert choose_encoding(accepted) in {"br", "gzip", "", None}


TAG = '"abc-br"'


@pytest.mark.parametrize("said", [TAG, f"W/{TAG}", "*", " * ", f'"x", {TAG}', f'W/"x" , W/{TAG}', f'"a,b",{TAG}'])
def test_what_a_reader_has_is_known_weakly(said: str) -> None:
    assert has_already(said, TAG)


@pytest.mark.parametrize("said", ["", '"abc"', "abc-br", '"abc-br', '"x*"', '"abc-gzip"', f"{TAG[:-1]}x{TAG}"])
def test_what_a_reader_does_not_have_is_sent(said: str) -> None:
    assert not has_already(said, TAG)


@pytest.mark.parametrize(
    ("said", "is_so"), [(TAG, True), ("*", True), (f'"x", {TAG}', True), ('"x"', False), (f"W/{TAG}", False)]
)
def test_a_condition_on_what_is_there_is_strong(said: str, is_so: bool) -> None:
    assert is_wanted(said, TAG) is is_so

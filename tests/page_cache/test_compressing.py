"""Compressing, and what goes on meanwhile."""

from tests import greenlets

COMPRESSING = """
from articles.page_cache.compressing import compress
words = " ".join(str(number * number) for number in range(20_000)).encode()
before = turns
for _time in range(3):
    assert len(compress(words, "br", is_best=True)) < len(words) / 2
print(turns - before)
"""


def test_a_gevent_worker_goes_on_while_a_page_is_compressed() -> None:
    assert greenlets.run(COMPRESSING)[0] > 10, "greenlets that wait for it have three turns or less"

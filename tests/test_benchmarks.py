"""The parts of ``make bench`` that measure nothing, and the page that it writes."""

import re
from pathlib import Path

import pytest

from benchmarks.measuring.answers import find_differences, read_answer
from benchmarks.measuring.figures import LIMITS, Figure, all_met, middle_ratio, percentile, skipped, write_table
from benchmarks.measuring.peers import parts_of
from benchmarks.measuring.programs import import_figures, scale_figures, search_figures, stalled_figures
from benchmarks.measuring.proxied import Ports, for_this_machine
from benchmarks.measuring.servers import ROOT, Load, Pair, take_turns
from benchmarks.measuring.storm import give_own_works
from benchmarks.run import PARTS

RAW = b"HTTP/1.1 200 OK\r\nDate: now\r\nVary: Accept\r\nContent-Length: 2\r\n\r\nhi"


def test_every_limit_has_one_part_that_measures_it() -> None:
    assert sorted(key for part in PARTS.values() for key in part.keys) == sorted(LIMITS)


def test_the_page_names_every_figure_with_its_limits() -> None:
    rows = [line for line in (ROOT / "docs/benchmarks.md").read_text().splitlines() if line.startswith("| ")]
    for limit in LIMITS.values():
        of_limit = [row for row in rows if row.startswith((f"| {limit.name} |", f"| {limit.name} ("))]
        assert of_limit, limit.name
        assert all(f"| {limit.say(limit.must)} | {limit.say(limit.aim)} |" in row for row in of_limit), limit.name


def test_the_page_says_when_and_with_what() -> None:
    text = (ROOT / "docs/benchmarks.md").read_text()
    assert re.search(r"Measured on \d{4}-\d\d-\d\d\.", text)
    assert all(name in text for name in ("CPython 3.", "Django 5.", "gunicorn 27.", "wagtail 8.", "nginx 1.", "wrk "))


def test_a_limit_judges_on_the_right_side() -> None:
    floor, ceiling = LIMITS["cached"], LIMITS["memory"]
    assert [floor.judge(value) for value in (0.97, 0.9, 0.899)] == ["aim met", "met", "**not met**"]
    assert [ceiling.judge(value) for value in (16, 25, 25.1)] == ["aim met", "met", "**not met**"]
    assert LIMITS["stalled"].judge(0.1) == "met"
    assert (floor.say(floor.must), ceiling.say(ceiling.aim), LIMITS["stalled"].say(None)) == ("≥ 0.9", "≤ 16 MB", "")


def test_a_table_keeps_the_order_of_the_limits_and_names_what_was_skipped() -> None:
    figures = [*skipped(["nginx"], "nginx is not there"), Figure("cached", "10 µs", 0.9, "9 µs", "gzip")]
    assert write_table(figures).splitlines()[2:] == [
        "| cached article / bare gunicorn, capacity (gzip) | 10 µs | 9 µs | 0.9 | ≥ 0.9 | ≥ 0.97 | met |",
        "| through nginx proxy_cache / nginx static, capacity | skipped: nginx is not there |  |  | ≥ 0.85 | ≥ 0.95 | skipped |",
    ]
    assert all_met(figures)
    assert not all_met([Figure("cached", "10 µs", 0.8, "8 µs")])


def test_ratios_are_of_pairs_and_their_median_counts() -> None:
    assert middle_ratio([1, 10, 3], [1, 5, 9]) == 1
    ours = [Load(100, 1, 0.01), Load(100, 1, 0.02), Load(100, 1, 0.01)]
    base = [Load(200, 1, 0.01), Load(200, 1, 0.02), Load(100, 1, 0.03)]
    pair = Pair(ours, base)
    assert pair.capacity() == 0.5
    assert pair.words() == ("100 µs, 100/s", "100 µs, 200/s")


def test_the_order_of_the_two_sides_changes_each_round() -> None:
    called: list[str] = []
    results = take_turns(lambda: called.append("a"), lambda: called.append("b"), rounds=3)
    assert "".join(called) == "abbaab"
    assert [len(side) for side in results] == [3, 3]


@pytest.mark.parametrize(("share", "expected"), [(0.5, 51), (0.99, 100), (1.0, 100)])
def test_percentiles(share: float, expected: int) -> None:
    assert percentile(list(range(100, 0, -1)), share) == expected


def test_the_same_answer_at_another_time_is_the_same() -> None:
    assert find_differences(read_answer(RAW), read_answer(RAW.replace(b"now", b"then"))) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"200 OK", b"404 Not Found", "status"),
        (b"\r\n\r\nhi", b"\r\n\r\nho", "bodies"),
        (b"Vary: Accept\r\n", b"", "only in the first: vary"),
        (b"Vary: Accept", b"Vary: Cookie", "only in the second: vary: Cookie"),
        (b"Vary: Accept\r\n", b"Vary: Accept\r\nVary: Accept\r\n", "more often"),
    ],
)
def test_differences_between_answers_are_told(old: bytes, new: bytes, said: str) -> None:
    assert said in "; ".join(find_differences(read_answer(RAW), read_answer(RAW.replace(old, new))))


@pytest.mark.parametrize("raw", [b"", b"nonsense\r\n\r\n", RAW[:-1], RAW.replace(b"Content-Length: 2\r\n", b"")])
def test_half_an_answer_is_none(raw: bytes) -> None:
    with pytest.raises(ValueError):
        read_answer(raw)


def test_an_article_is_cut_at_its_headings() -> None:
    parts = parts_of('<html><body class="a"><p>one</p><h2 id="x">A &amp; <i>b</i></h2><p>two</p></body></html>')
    assert [(part["type"], part["value"]) for part in parts] == [
        ("text", "<p>one</p>"),
        ("heading", "A & b"),
        ("text", "<p>two</p>"),
    ]


def test_the_configuration_of_nginx_can_be_measured_here(tmp_path: Path) -> None:
    mine = "    ssl_certificate /x/chain.pem;\n"
    text = for_this_machine((ROOT / "deploy/nginx.conf").read_text(), Ports(8080, 8443), 9000, tmp_path, mine)
    assert "listen 127.0.0.1:8080;" in text
    assert "listen 127.0.0.1:8443 ssl http2;" in text
    assert "server 127.0.0.1:9000;" in text
    assert "proxy_cache neuropathy;" in text
    assert mine in text
    assert "ssl_session_cache" in text
    assert "/etc/ssl" not in text


def test_articles_get_works_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "references.yaml").write_text("A-1:\n  title: a\n  DOI: 10.1/a\n\nB-2:\n  title: b\n")
    for name in ("one", "two"):
        (tmp_path / f"articles/{name}.md").write_text("Words [@A-1].\n")
    give_own_works(tmp_path)
    assert (tmp_path / "articles/two.md").read_text() == "Words [@A-1-N1].\n"
    library = (tmp_path / "references.yaml").read_text()
    assert library.endswith("A-1-N0:\n  title: a\n\nA-1-N1:\n  title: a\n")
    assert library.count("DOI") == 1


def test_what_the_other_programs_print_is_read() -> None:
    said = "50 articles\nnew:         40.9 ms of CPU an article, 89 MB at most\nunchanged:   -0.1 ms of CPU an article\n"
    assert [(figure.key, figure.value) for figure in import_figures(said)] == [("import-new", 40.9), ("import-unchanged", -0.1)]
    (scale,) = scale_figures([{"name": "article view", "median": {"10": 2.0, "1000": 2.5, "100000": 2.2}}])
    assert scale.value == 1.1
    searched = {"milliseconds": {"1 common word": {"cpu_p99": 9.0}, "1 rare word": {"cpu_p99": 2.0}}}
    assert [figure.value for figure in search_figures(searched)] == [9.0, 2.0]
    rows = [{"kind": "says nothing", "clients": clients, "slowest": slowest} for clients, slowest in ((8, 0.2), (64, 0.1))]
    (stalled,) = stalled_figures({"alone": 0.01, "figures": rows})
    assert (stalled.value, stalled.variant) == (0.2, "says nothing")

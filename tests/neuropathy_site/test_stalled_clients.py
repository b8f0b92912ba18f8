"""Clients that stall keep nobody waiting, with no proxy in front. benchmarks/stalled.py measures it."""

from pathlib import Path

import pytest

from benchmarks.stalled import KINDS, slowest_answer, stalling
from tests.processes import served

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_other_clients_are_answered(tmp_path: Path) -> None:
    with served(tmp_path / "log", SCHEDULER="false") as site:
        for kind in KINDS:
            with stalling(site.port, kind, 9):  # one more than four threads in each of two workers
                assert slowest_answer(site.port, 2) < 8, kind

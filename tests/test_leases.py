"""Who does work that one process at a time does."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from articles import leases
from articles.models import Lease

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def run_out() -> None:
    Lease.objects.update(until=Now() - MINUTE)


def test_the_first_has_it_and_keeps_it() -> None:
    assert leases.hold("sweep", "a", lasts=MINUTE)
    assert not leases.hold("sweep", "b", lasts=MINUTE)
    before = Lease.objects.get().until
    assert leases.hold("sweep", "a", lasts=10 * MINUTE)
    assert Lease.objects.get().until - before > 8 * MINUTE
    assert abs(Lease.objects.get().until - timezone.now() - 10 * MINUTE) < MINUTE


def test_another_takes_it_once_it_has_run_out() -> None:
    assert leases.hold("sweep", "a", lasts=MINUTE)
    run_out()
    assert leases.hold("sweep", "b", lasts=MINUTE)
    assert not leases.hold("sweep", "a", lasts=MINUTE)
    assert Lease.objects.get().holder == "b"


def test_it_is_given_back_by_its_holder_alone() -> None:
    leases.hold("sweep", "a", lasts=MINUTE)
    leases.give_back("sweep", "b")
    assert not leases.hold("sweep", "b", lasts=MINUTE)
    leases.give_back("sweep", "a")
    assert leases.hold("sweep", "b", lasts=MINUTE)


def test_kinds_of_work_are_apart() -> None:
    assert leases.hold("sweep", "a", lasts=MINUTE)
    assert leases.hold("dust", "b", lasts=MINUTE)


def test_no_two_holders_share_a_name() -> None:
    assert leases.name_holder() != leases.name_holder()
    assert len(leases.name_holder()) <= 200

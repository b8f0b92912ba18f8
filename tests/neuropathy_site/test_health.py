"""The two addresses for those who watch over the site."""

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client


def test_live_asks_no_database(client: Client) -> None:
    answer = client.get("/healthz")  # any query would fail: the test asks for no database

    assert (answer.status_code, answer.content) == (200, b"alive\n")
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_ready(client: Client) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.content) == (200, b"ready\n")


@pytest.mark.django_db
def test_not_ready_while_migrations_are_missing(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")

    answer = client.get("/readyz")

    assert (answer.status_code, answer.content) == (503, b"not ready: 1 migrations of the database are not applied\n")


def test_not_ready_when_the_database_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise OperationalError("no answer")

    monkeypatch.setattr("neuropathy_site.health.MigrationExecutor", fail)

    answer = client.get("/readyz")

    assert (answer.status_code, answer.content) == (503, b"not ready: the database does not answer\n")


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
@pytest.mark.django_db
def test_they_answer_behind_the_proxy_that_speaks_https(client: Client, settings, address: str) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert client.get(address).status_code == 200

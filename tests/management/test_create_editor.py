"""Making an account by prompts."""

import getpass
from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the person types, in order; secrets are asked for by getpass, the rest by input."""
    typed: list[str] = []

    def answer(prompt: str = "") -> str:
        if not typed:
            raise EOFError
        return typed.pop(0)

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr(getpass, "getpass", answer)
    yield typed
    assert not typed, "not everything was asked for"


def groups(username: str) -> set[str]:
    return set(get_user_model().objects.get(username=username).groups.values_list("name", flat=True))


def test_the_defaults_make_an_editor_who_may_publish(answers: list[str]) -> None:
    answers += ["edith", "Edith Jones", "edith@example.org", "", PASSWORD, PASSWORD]
    call_command("create_editor", stdout=None)
    user = get_user_model().objects.get(username="edith")
    assert user.check_password(PASSWORD)
    assert (user.is_staff, user.is_superuser, user.get_full_name()) == (True, False, "Edith Jones")
    assert user.email == "edith@example.org"
    assert groups("edith") == {"Editors", "Publishers"}


def test_odd_answers_are_explained_and_asked_again(answers: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    get_user_model().objects.create_user("taken")
    answers += ["", "no spaces please", "taken", "rita", "", "no address", "", "Editors, Nobody", "reviewers"]
    answers += ["short", "short", PASSWORD, "another", PASSWORD, PASSWORD]
    call_command("create_editor")
    said = capsys.readouterr().err
    assert "This field cannot be blank" in said
    assert "Enter a valid username" in said
    assert "such an account already" in said
    assert "Enter a valid email" in said
    assert "No such group: nobody" in said
    assert "too short" in said
    assert "The two differ" in said
    assert groups("rita") == {"Reviewers"}


def test_stopping_makes_no_account(answers: list[str]) -> None:
    answers += ["edith", ""]
    with pytest.raises(CommandError, match="no account was made"):
        call_command("create_editor")
    assert not get_user_model().objects.exists()

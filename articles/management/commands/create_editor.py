"""``manage.py create_editor``: an account for the admin, by prompts."""

import getpass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

DEFAULT_GROUPS = ("Editors", "Publishers")


class Command(BaseCommand):
    """Asks for a name, a password and groups; an odd answer is explained and asked again."""

    help = "Make an account that may sign in to the admin. Asks for everything."

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask and create."""
        try:
            username = self._ask_username()
            full_name = input("Full name, printed in histories (may be empty): ").strip()
            email = self._ask_email()
            groups = self._ask_groups()
            user = get_user_model()(username=username, email=email, is_staff=True)
            user.first_name, _, user.last_name = full_name.partition(" ")
            password = self._ask_password(user)
        except (EOFError, KeyboardInterrupt):
            raise CommandError("Stopped; no account was made.") from None
        user.set_password(password)
        user.save()
        user.groups.set(groups)
        names = ", ".join(group.name for group in groups)
        self.stdout.write(f"Made the account {username} ({names}). Sign in at /admin/.")

    def _ask_username(self) -> str:
        users = get_user_model()
        while True:
            username = input("Account name: ").strip()
            try:
                users._meta.get_field("username").clean(username, None)
            except ValidationError as error:
                self.stderr.write(" ".join(error.messages))
                continue
            if users.objects.filter(username=username).exists():
                self.stderr.write("There is such an account already; choose another name.")
                continue
            return username

    def _ask_email(self) -> str:
        while True:
            email = input("E-mail address, for letters about reviews (may be empty): ").strip()
            try:
                if email:
                    validate_email(email)
            except ValidationError as error:
                self.stderr.write(" ".join(error.messages))
                continue
            return email

    def _ask_groups(self) -> list[Group]:
        known = {group.name.lower(): group for group in Group.objects.all()}
        default = ", ".join(DEFAULT_GROUPS)
        while True:
            self.stdout.write("Groups: " + ", ".join(group.name for group in known.values()))
            answer = input(f"Which, with commas between [{default}]: ").strip() or default
            names = [name.strip().lower() for name in answer.split(",") if name.strip()]
            unknown = [name for name in names if name not in known]
            if not unknown:
                return [known[name] for name in names]
            self.stderr.write("No such group: " + ", ".join(unknown))

    def _ask_password(self, user: Any) -> str:
        while True:
            password = getpass.getpass("Password: ")
            if password != getpass.getpass("Password again: "):
                self.stderr.write("The two differ; try again.")
                continue
            try:
                validate_password(password, user)
            except ValidationError as error:
                self.stderr.write(" ".join(error.messages))
                continue
            return password

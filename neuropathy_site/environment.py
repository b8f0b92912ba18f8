"""Reads settings from environment variables, strictly.

Each read is remembered with its default and its help, so that a test can compare the documentation with the code. Odd
values are collected, so that a start that fails names all of them at once.
"""

import ipaddress
import os
import re
import secrets
import string
import tempfile
import zoneinfo
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import URLValidator, validate_email

T = TypeVar("T")

BOOLEANS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.IGNORECASE)
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")  # controls, line ends, broken UTF-8
SECRET_KEY_LENGTH = 64
SECRET_KEY_MIN_LENGTH = 50
SECRET_KEY_MIN_DIFFERENT = 5


@dataclass(frozen=True, slots=True)
class Variable:
    """What the documentation says of one variable. ``default`` is as an operator would write it, or put in words."""

    name: str
    default: str
    help: str


class Environment:
    """Variables, read by kind. An unset or empty variable means its default.

    ``variables`` holds all that were read; ``problems`` one line for each odd value.
    """

    def __init__(self, values: Mapping[str, str] = os.environ) -> None:
        self._values = values
        self.variables: list[Variable] = []
        self.problems: list[str] = []

    def text(self, name: str, default: str, help: str) -> str:
        """Give one line of text."""
        return self._read(Variable(name, default, help), default, _parse_text, "one line of text")

    def boolean(self, name: str, default: bool, help: str) -> bool:
        """Give True or False."""
        return self._read(Variable(name, str(default).lower(), help), default, _parse_boolean, "true or false")

    def integer(self, name: str, default: int, help: str, *, minimum: int, maximum: int, default_words: str = "") -> int:
        """Give a whole number between ``minimum`` and ``maximum``, both included."""

        def parse(value: str) -> int:
            if not re.fullmatch(r"[0-9]{1,18}", value):
                raise ValueError("not a whole number")
            if not minimum <= int(value) <= maximum:
                raise ValueError("out of range")
            return int(value)

        right = f"a whole number from {minimum} to {maximum}"
        return self._read(Variable(name, default_words or str(default), help), default, parse, right)

    def choice(self, name: str, default: str, help: str, *, options: Collection[str]) -> str:
        """Give one of ``options``."""

        def parse(value: str) -> str:
            if value not in options:
                raise ValueError("not known")
            return value

        return self._read(Variable(name, default, help), default, parse, "one of " + ", ".join(options))

    def time_zone(self, name: str, default: str, help: str) -> str:
        """Give the name of a time zone."""
        return self._read(Variable(name, default, help), default, _parse_time_zone, "a name such as Europe/London")

    def url(self, name: str, default: str, help: str, *, default_words: str) -> str:
        """Give the address of a site: scheme and host, perhaps a port, nothing after it."""
        right = "an address without a path, such as https://example.org"
        return self._read(Variable(name, default_words, help), default, _parse_site_url, right, _hide_secrets)

    def host(self, name: str, default: str, help: str) -> str:
        """Give one host name or IP address to listen on."""
        return self._read(Variable(name, default, help), default, _parse_host, "a name or address such as 127.0.0.1")

    def hosts(self, name: str, default: list[str], help: str, *, default_words: str) -> list[str]:
        """Give host names for Django's ALLOWED_HOSTS: a dot before a name admits its subdomains, ``*`` admits all."""
        right = "names without scheme and port, parted by commas, such as example.org,www.example.org"
        return self._read(Variable(name, default_words, help), default, _parse_hosts, right)

    def database(self, name: str, default: Path, help: str, *, base: Path, default_words: str) -> dict[str, Any]:
        """Give a database as Django describes it; ``default`` is an SQLite file, and relative files lie in ``base``."""
        sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(default)}
        right = "sqlite:///FILE or postgres://USER:PASSWORD@HOST:5432/NAME"
        variable = Variable(name, default_words, help)
        return self._read(variable, sqlite, lambda value: _parse_database(value, base), right, _hide_secrets)

    def cache(self, name: str, default: str, help: str) -> dict[str, Any]:
        """Give a cache as Django describes it."""
        right = "locmemcache:// or redis://HOST:6379/0"
        return self._read(Variable(name, default, help), _parse_cache(default), _parse_cache, right, _hide_secrets)

    def email(self, name: str, default: str, help: str) -> dict[str, Any]:
        """Give the way to send e-mail, as Django's ``EMAIL_*`` settings."""
        right = "consolemail:// or smtp+tls://USER:PASSWORD@HOST:587"
        return self._read(Variable(name, default, help), _parse_email(default), _parse_email, right, _hide_secrets)

    def email_address(self, name: str, default: str, help: str) -> str:
        """Give an e-mail address."""
        right = "an address such as me@example.org"
        return self._read(Variable(name, default, help), default, _parse_email_address, right)

    def contact(self, name: str, default: str, help: str) -> str:
        """Give an e-mail address or a web address."""
        right = "an e-mail address or a web address that begins with https://"
        return self._read(Variable(name, default, help), default, _parse_contact, right)

    def folder(self, name: str, default: str, help: str, *, base: Path, is_made: bool = False) -> Path:
        """Give a folder; a relative one lies in ``base``. It must exist, or is made when ``is_made`` says so."""
        value = self.text(name, default, help)
        folder = Path(base, value)
        try:
            if is_made:
                folder.mkdir(parents=True, exist_ok=True)
            elif not folder.is_dir():
                raise FileNotFoundError(2, "there is none")
        except OSError as error:
            self.add_problem(name, repr(value), f"no folder to use ({error.strerror})", "a folder of this machine")
        return folder

    def secret_key(self, name: str, file: Path, help: str, *, default_words: str) -> str:
        """Give the key that is set, or else the one kept in ``file``, made if need be. No message shows its value."""
        right = f"at least {SECRET_KEY_MIN_LENGTH} random characters, or an unset {name}: then a good one is made"
        key = self._read(Variable(name, default_words, help), "", _parse_text, right, _hide)
        place = _hide(key)
        try:
            if not key:
                key, place = read_or_make_secret_key(file), f"(kept in {file})"
        except (OSError, UnicodeDecodeError) as error:
            self.add_problem(name, place, f"not set, and {file} cannot be read or made ({error})", right)
            return ""
        if weakness := _find_weakness(key):
            self.add_problem(name, place, weakness, right)
        return key

    def add_problem(self, name: str, shown: str, fault: str, right: str) -> None:
        """Note one line on variable ``name``, whose value is printed as ``shown``."""
        self.problems.append(f"{name}={shown} is {fault}; right would be {right}")

    def stop_if_faulty(self) -> None:
        """Raise SystemExit with every problem, one a line, when there is any."""
        if self.problems:
            raise SystemExit("\n".join(self.problems))

    def _read(
        self, variable: Variable, default: T, parse: Callable[[str], T], right: str, show: Callable[[str], str] = repr
    ) -> T:
        self.variables.append(variable)
        value = self._values.get(variable.name, "").strip()
        try:
            return parse(value) if value else default
        except ValueError as fault:
            self.add_problem(variable.name, show(value), str(fault), right)
            return default


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` (a name or an address without brackets) can only mean this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def in_brackets(host: str) -> str:
    """Give a host as it stands in addresses and in ``Host``: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def is_catch_all(host: str) -> bool:
    """Tell whether an entry of ALLOWED_HOSTS admits any host: ``*``, or a whole top-level domain such as ``.com``."""
    return host == "*" or (host.startswith(".") and "." not in host[1:])


def read_or_make_secret_key(file: Path) -> str:
    """Give the key kept in ``file``, making it first when there is none. Safe when several processes start at once.

    Raises OSError when the file can be neither read nor made, UnicodeDecodeError when it holds no text.
    """
    if not file.exists():
        _make_secret_key(file)
    return file.read_text(encoding="ascii").strip()


def _make_secret_key(file: Path) -> None:
    # The key is complete before it gets its name, and the first to give the name wins: nobody reads half a key.
    # mkstemp makes a file that only its owner can read.
    alphabet = string.ascii_letters + string.digits
    descriptor, temporary = tempfile.mkstemp(prefix=".secret_key.", dir=file.parent)
    try:
        with open(descriptor, "w", encoding="ascii") as new:
            new.write("".join(secrets.choice(alphabet) for _ in range(SECRET_KEY_LENGTH)) + "\n")
        os.link(temporary, file)
    except FileExistsError:
        pass
    finally:
        os.unlink(temporary)


def _find_weakness(key: str) -> str:
    if key.startswith("django-insecure"):
        return "one that was made for development"
    if len(key) < SECRET_KEY_MIN_LENGTH:
        return f"shorter than {SECRET_KEY_MIN_LENGTH} characters"
    if len(set(key)) < SECRET_KEY_MIN_DIFFERENT:
        return f"made of fewer than {SECRET_KEY_MIN_DIFFERENT} different characters"
    return ""


def _hide(value: str) -> str:
    return "(not shown)"


def _hide_secrets(value: str) -> str:
    """Show an address, but of one that may hold a password (before ``@`` or after ``?``) its scheme only."""
    if "@" not in value and "?" not in value:
        return repr(value)
    scheme, separator, _ = value.partition("://")
    return repr(f"{scheme}://..." if separator else "...")


def _parse_text(value: str) -> str:
    if UNPRINTABLE.search(value):
        raise ValueError("more than one line, or not all text")
    return value


def _parse_boolean(value: str) -> bool:
    if value.lower() not in BOOLEANS:
        raise ValueError("neither true nor false")
    return BOOLEANS[value.lower()]


def _parse_time_zone(value: str) -> str:
    try:
        return zoneinfo.ZoneInfo(value).key
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("no time zone") from None


def _parse_host(value: str) -> str:
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        if not HOST_NAME.fullmatch(value):
            raise ValueError("no host name or address") from None
        return value.lower()


def _parse_hosts(value: str) -> list[str]:
    hosts = [host.strip() for host in value.split(",") if host.strip()]
    for host in hosts:
        bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host.removeprefix(".")
        if host != "*":
            _parse_host(bare)
    return [host if host.startswith("[") else in_brackets(host) for host in hosts]


def _parse_site_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        port = f":{parts.port}" if parts.port is not None else ""
        host = _parse_host(parts.hostname or "")
    except ValueError:
        raise ValueError("no web address") from None
    if parts.scheme not in ("http", "https"):
        raise ValueError("no web address")
    if parts.username is not None or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("more than scheme, host and port")
    return f"{parts.scheme}://{in_brackets(host)}{port}"


def _parse_address(value: str, schemes: Collection[str], parse: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    # django-environ only warns of a scheme it does not know, and its errors may quote a password.
    if value.partition("://")[0] not in schemes or "://" not in value:
        raise ValueError("of a kind that is not known")
    try:
        return parse(value)
    except (ValueError, ImproperlyConfigured):
        raise ValueError("an address that cannot be read") from None


def _parse_database(value: str, base: Path) -> dict[str, Any]:
    if value.startswith("sqlite:") and not re.match(r"sqlite:///+[^/?]", value):
        raise ValueError("without a file")
    database = _parse_address(value, ("sqlite", "postgres", "postgresql"), environ.Env.db_url_config)
    if not database["NAME"]:
        raise ValueError("without the name of a database")
    if database["ENGINE"].endswith("sqlite3"):
        database["NAME"] = str(Path(base, database["NAME"]))
    return database


def _parse_cache(value: str) -> dict[str, Any]:
    cache = _parse_address(value, ("locmemcache", "redis", "rediss"), environ.Env.cache_url_config)
    if value.startswith("redis") and not _has_host(value):
        raise ValueError("without a host, or with a wrong port")
    return cache


def _parse_email(value: str) -> dict[str, Any]:
    email = _parse_address(value, ("consolemail", "smtp", "smtp+tls", "smtp+ssl"), environ.Env.email_url_config)
    if value.startswith("smtp") and not _has_host(value):
        raise ValueError("without a host, or with a wrong port")
    return {name: setting for name, setting in email.items() if setting is not None}


def _has_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _parse_email_address(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError:
        raise ValueError("no e-mail address") from None
    return value


def _parse_contact(value: str) -> str:
    if "://" not in value:
        return _parse_email_address(value)
    try:
        URLValidator(schemes=["https", "http"])(value)
    except ValidationError:
        raise ValueError("no web address") from None
    return value

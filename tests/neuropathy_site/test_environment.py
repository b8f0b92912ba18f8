"""Each kind of variable: what it takes, and the one line that an odd value earns."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from neuropathy_site.environment import Environment, is_catch_all, is_loopback, read_or_make_secret_key

Read = Callable[[Environment], object]

KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def text(env: Environment) -> object:
    return env.text("X", "plain", "")


def boolean(env: Environment) -> object:
    return env.boolean("X", False, "")


def integer(env: Environment) -> object:
    return env.integer("X", 8000, "", minimum=1, maximum=65535)


def choice(env: Environment) -> object:
    return env.choice("X", "INFO", "", options=("INFO", "ERROR"))


def time_zone(env: Environment) -> object:
    return env.time_zone("X", "UTC", "")


def url(env: Environment) -> object:
    return env.url("X", "http://127.0.0.1:8000", "", default_words="")


def host(env: Environment) -> object:
    return env.host("X", "127.0.0.1", "")


def hosts(env: Environment) -> object:
    return env.hosts("X", ["localhost"], "", default_words="")


def database(env: Environment) -> object:
    found = env.database("X", Path("/data/site.sqlite3"), "", base=Path("/base"), default_words="")
    return found["ENGINE"].rpartition(".")[2], found.get("HOST", ""), found["NAME"]


def cache(env: Environment) -> object:
    found = env.cache("X", "locmemcache://", "")
    return found["BACKEND"].rpartition(".")[2], found["LOCATION"]


def email(env: Environment) -> object:
    found = env.email("X", "consolemail://", "")
    kind = found["EMAIL_BACKEND"].split(".")[-2]
    return kind, found.get("EMAIL_HOST"), found.get("EMAIL_PORT"), found.get("EMAIL_USE_TLS")


def email_address(env: Environment) -> object:
    return env.email_address("X", "site@localhost", "")


def contact(env: Environment) -> object:
    return env.contact("X", "not set", "")


def content_folder(env: Environment) -> object:
    return env.folder("X", "tests", "", base=Path(__file__).parents[2])


def secret_key(env: Environment) -> object:
    return env.secret_key("X", Path("/nowhere/secret_key"), "", default_words="")


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (text, "", "plain"),
        (text, "  ", "plain"),
        (text, " Nerves, simply ", "Nerves, simply"),
        (boolean, "", False),
        (boolean, "True", True),
        (boolean, "1", True),
        (boolean, "off", False),
        (integer, "", 8000),
        (integer, "65535", 65535),
        (choice, "", "INFO"),
        (choice, "ERROR", "ERROR"),
        (time_zone, "", "UTC"),
        (time_zone, "Europe/London", "Europe/London"),
        (url, "", "http://127.0.0.1:8000"),
        (url, "https://Example.org/", "https://example.org"),
        (url, "http://[::1]:9000", "http://[::1]:9000"),
        (host, "0.0.0.0", "0.0.0.0"),
        (host, "::1", "::1"),
        (hosts, "example.org, .example.net,[::1],*", ["example.org", ".example.net", "[::1]", "*"]),
        (database, "", ("sqlite3", "", "/data/site.sqlite3")),
        (database, "sqlite:///var/other.sqlite3", ("sqlite3", "", "/base/var/other.sqlite3")),
        (database, "sqlite:////srv/site.sqlite3", ("sqlite3", "", "/srv/site.sqlite3")),
        (database, "postgres://site:secret@db.example:5433/site", ("postgresql", "db.example", "site")),
        (database, "postgres://site@//run/postgresql/site", ("postgresql", "/run/postgresql", "site")),
        (cache, "", ("LocMemCache", "")),
        (cache, "redis://127.0.0.1:6379/1", ("RedisCache", "redis://127.0.0.1:6379/1")),
        (email, "", ("console", None, None, None)),
        (email, "smtp+tls://me:secret@mail.example:587", ("smtp", "mail.example", 587, True)),
        (email_address, "editors@example.org", "editors@example.org"),
        (contact, "", "not set"),
        (contact, "editors@example.org", "editors@example.org"),
        (contact, "https://example.org/contact/", "https://example.org/contact/"),
        (content_folder, "", Path(__file__).parents[2] / "tests"),
        (secret_key, KEY, KEY),
    ],
)
def test_a_good_value_is_taken(read: Read, value: str, expected: object) -> None:
    environment = Environment({"X": value})

    assert read(environment) == expected
    environment.stop_if_faulty()


@pytest.mark.parametrize(
    ("read", "value", "line"),
    [
        (text, "a\nb", r"X='a\nb' is more than one line, or not all text; right would be one line of text"),
        (text, "a\udcffb", r"X='a\udcffb' is more than one line, or not all text; right would be one line of text"),
        (boolean, "maybe", "X='maybe' is neither true nor false; right would be true or false"),
        (integer, "80a", "X='80a' is not a whole number; right would be a whole number from 1 to 65535"),
        (integer, "-1", "X='-1' is not a whole number; right would be a whole number from 1 to 65535"),
        (integer, "٣", "X='٣' is not a whole number; right would be a whole number from 1 to 65535"),
        (integer, "65536", "X='65536' is out of range; right would be a whole number from 1 to 65535"),
        (choice, "info", "X='info' is not known; right would be one of INFO, ERROR"),
        (time_zone, "Mars/Olympus", "X='Mars/Olympus' is no time zone"),
        (time_zone, "../../etc/passwd", "X='../../etc/passwd' is no time zone"),
        (time_zone, "Europe", "X='Europe' is no time zone"),
        (url, "example.org", "X='example.org' is no web address"),
        (url, "ftp://example.org", "X='ftp://example.org' is no web address"),
        (url, "https://", "X='https://' is no web address"),
        (url, "https://a b", "X='https://a b' is no web address"),
        (url, "https://[::1", "X='https://[::1' is no web address"),
        (url, "https://a:99999", "X='https://a:99999' is no web address"),
        (url, "https://a.org/b", "X='https://a.org/b' is more than scheme, host and port"),
        (url, "https://me:secret@a.org", "X='https://...' is more than scheme, host and port"),
        (host, "a b", "X='a b' is no host name or address"),
        (host, "-a", "X='-a' is no host name or address"),
        (hosts, "https://a.org", "X='https://a.org' is no host name or address; right would be names without scheme"),
        (hosts, "a.org:8000", "X='a.org:8000' is no host name or address; right would be names without scheme"),
        (hosts, "a.org,*.b.org", "X='a.org,*.b.org' is no host name or address; right would be names without scheme"),
        (database, "site.sqlite3", "X='site.sqlite3' is of a kind that is not known"),
        (database, "mysql://me:secret@db/site", "X='mysql://...' is of a kind that is not known"),
        (database, "me:secret@db/site", "X='...' is of a kind that is not known"),
        (database, "sqlite://", "X='sqlite://' is without a file"),
        (database, "sqlite://site.sqlite3", "X='sqlite://site.sqlite3' is without a file"),
        (database, "sqlite://:memory:", "X='sqlite://:memory:' is without a file"),
        (database, "postgres://db.example", "X='postgres://db.example' is without the name of a database"),
        (database, "postgres://me:sec/ret@db/site", "X='postgres://...' is an address that cannot be read"),
        (cache, "memory", "X='memory' is of a kind that is not known"),
        (cache, "redis://", "X='redis://' is without a host, or with a wrong port"),
        (cache, "redis://h:x/?password=secret", "X='redis://...' is without a host, or with a wrong port"),
        (email, "mail.example", "X='mail.example' is of a kind that is not known"),
        (email, "smtp://", "X='smtp://' is without a host, or with a wrong port"),
        (email_address, "nobody", "X='nobody' is no e-mail address"),
        (contact, "nobody", "X='nobody' is no e-mail address"),
        (contact, "javascript://a", "X='javascript://a' is no web address"),
        (content_folder, "/nowhere", "X='/nowhere' is no folder to use (there is none)"),
        (secret_key, "secret", "X=(not shown) is shorter than 50 characters"),
        (secret_key, "secret\nsecret", "X=(not shown) is more than one line, or not all text"),
        (secret_key, "abcd" * 20, "X=(not shown) is made of fewer than 5 different characters"),
        (secret_key, "django-insecure-" + KEY, "X=(not shown) is one that was made for development"),
        (secret_key, "", "X=(not shown) is not set, and /nowhere/secret_key cannot be read or made"),
    ],
)
def test_an_odd_value_earns_one_line(read: Read, value: str, line: str) -> None:
    environment = Environment({"X": value})
    read(environment)

    with pytest.raises(SystemExit) as stop:
        environment.stop_if_faulty()

    problems = str(stop.value).splitlines()
    assert problems[0].startswith(line)
    assert "; right would be " in problems[0]
    assert "secret" not in problems[0].replace("secret_key", "")


def test_all_odd_values_are_told_at_once() -> None:
    environment = Environment({"A": "maybe", "B": "0", "C": "fine"})
    environment.boolean("A", False, "")
    environment.integer("B", 2, "", minimum=1, maximum=9)
    environment.text("C", "", "")

    with pytest.raises(SystemExit) as stop:
        environment.stop_if_faulty()

    assert [line.partition(" is ")[0] for line in str(stop.value).splitlines()] == ["A='maybe'", "B='0'"]


def test_each_read_is_remembered_with_its_default_and_help() -> None:
    environment = Environment({"A": "yes"})
    environment.boolean("A", False, "switches it on")
    environment.url("B", "http://127.0.0.1:8000", "address", default_words="this machine")

    assert [(v.name, v.default, v.help) for v in environment.variables] == [
        ("A", "false", "switches it on"),
        ("B", "this machine", "address"),
    ]


def test_a_folder_is_made_where_that_is_asked_for(tmp_path: Path) -> None:
    environment = Environment({"X": "a/b"})

    folder = environment.folder("X", "var", "", base=tmp_path, is_made=True)

    assert folder == tmp_path / "a" / "b"
    assert folder.is_dir()


def test_a_file_in_the_place_of_a_folder_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    environment = Environment({})

    environment.folder("X", "var", "", base=tmp_path, is_made=True)

    assert environment.problems == ["X='var' is no folder to use (File exists); right would be a folder of this machine"]


def test_a_secret_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    file = tmp_path / "secret_key"

    key = read_or_make_secret_key(file)

    assert re.fullmatch(r"[A-Za-z0-9]{64}", key)
    assert read_or_make_secret_key(file) == key
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_weak_key_in_the_file_is_refused_and_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "secret_key"
    file.write_text("hunter2")
    environment = Environment({})

    environment.secret_key("X", file, "", default_words="")

    assert environment.problems[0].startswith(f"X=(kept in {file}) is shorter than 50 characters; right would be ")
    assert "hunter2" not in environment.problems[0]


@pytest.mark.parametrize("name", ["localhost", "a.localhost", "127.0.0.1", "127.1.2.3", "::1"])
def test_loopback(name: str) -> None:
    assert is_loopback(name)


@pytest.mark.parametrize("name", ["example.org", "localhost.example.org", "10.0.0.1", "0.0.0.0", "::", ""])
def test_not_loopback(name: str) -> None:
    assert not is_loopback(name)


def test_catch_all_hosts() -> None:
    names = ["*", ".com", ".example.org", "example.org", "localhost"]

    assert [name for name in names if is_catch_all(name)] == ["*", ".com"]

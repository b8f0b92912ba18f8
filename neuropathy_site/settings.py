"""Settings, read from the environment and safe by default. docs/settings.md lists every variable."""

import os
import warnings
from pathlib import Path
from urllib.parse import urlsplit

from django.http.request import validate_host

from articles.text.disclaimer import DisclaimerError, read_disclaimer
from neuropathy_site import security_headers
from neuropathy_site.environment import Environment, in_brackets, is_catch_all, is_loopback

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

# Where things lie
DATA_DIR = env.folder(
    "DATA_DIR",
    "var",
    "folder for the database, the secret key and collected files; made when missing",
    base=BASE_DIR,
    is_made=True,
)
CONTENT_DIR = env.folder("CONTENT_DIR", "content", "folder of the articles and the words of the help box", base=BASE_DIR)

# How the application server listens (deploy/gunicorn.conf.py)
HOST = env.host("HOST", "127.0.0.1", "name or address to listen on; `0.0.0.0` for every network of the machine")
PORT = env.integer("PORT", 8000, "port to listen on", minimum=1, maximum=65535)
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
WORKER_CLASS = env.choice(
    "WORKER_CLASS",
    "gevent",
    "kind of worker: `gevent` stands naked on a port, `gthread` needs a proxy in front that takes in slow clients",
    options=("gevent", "gthread"),
)
WEB_CONCURRENCY = env.integer(
    "WEB_CONCURRENCY",
    max(2, min(CORES, 256)),
    "worker processes",
    minimum=1,
    maximum=256,
    default_words="one a core, two at least",
)
THREADS = 4  # of a gthread worker; more make nothing faster
PLACES = THREADS - 1 if WORKER_CLASS == "gthread" else 8000  # requests of a worker that may wait for the database at a time
PAGE_CACHE_MB = env.integer(
    "PAGE_CACHE_MB", 32, "memory of each worker for readers' pages, ready to send; 0 for none", minimum=0, maximum=4096
)
SCHEDULER = env.boolean(
    "SCHEDULER", True, "publish and withdraw at the times set; `false` where a timer runs `manage.py publish_scheduled`"
)

# What the site is
SITE_URL = env.url(
    "SITE_URL",
    f"http://127.0.0.1:{PORT}",
    "address that readers use; one that is not of this machine makes the site public, with stricter rules",
    default_words="this machine, with PORT",
)
SITE_HOST = urlsplit(SITE_URL).hostname or ""
NAMELESS = "the operator of this site (name not set)"
SITE_NAME = env.text("SITE_NAME", "Neuropathy, plainly", "name of the site")
SITE = {  # for templates
    "name": SITE_NAME,
    "url": SITE_URL,
    "publisher": env.text("PUBLISHER_NAME", NAMELESS, "who publishes the site; shown on every page"),
    "funding": env.text("FUNDING", "not stated", "who pays for the site; shown on every page"),
    "contact": env.contact(
        "CONTACT", "not set", "e-mail or web address of the publisher; shown on every page, and in security.txt"
    ),
}
IS_PUBLISHER_NAMED = SITE["publisher"] != NAMELESS
REGION = env.text("REGION", "international", "whose emergency numbers are shown: one of `regions` in `content/disclaimer.yaml`")

# Safety
IS_PUBLIC = not is_loopback(SITE_HOST)
IS_HTTPS = SITE_URL.startswith("https://")
DEBUG = env.boolean("DEBUG", False, "show errors in full, for development; refused on a public site")
SECRET_KEY = env.secret_key(
    "SECRET_KEY",
    DATA_DIR / "secret_key",
    "signs sessions and links; at least 50 random characters",
    default_words="one made once, kept in DATA_DIR",
)
ALLOWED_HOSTS = env.hosts(
    "ALLOWED_HOSTS",
    ["localhost", "127.0.0.1", "[::1]", in_brackets(HOST), in_brackets(SITE_HOST)],
    "host names that the site answers to, parted by commas; that of SITE_URL is always one",
    default_words="this machine, HOST and the host of SITE_URL",
)
if SITE_HOST and not validate_host(in_brackets(SITE_HOST), ALLOWED_HOSTS):
    ALLOWED_HOSTS.append(in_brackets(SITE_HOST))  # pages kept ready are made for it
TRUST_PROXY = env.boolean(
    "TRUST_PROXY",
    False,
    "believe `X-Forwarded-Proto` and `X-Forwarded-For`, which the proxy in front must set on every request",
)
HSTS_SECONDS = env.integer(
    "HSTS_SECONDS",
    31_536_000,
    "how long browsers insist on https, when SITE_URL is https; 0 for not at all",
    minimum=0,
    maximum=63_072_000,
)

# What readers send
FEEDBACK_DAYS = env.integer(
    "FEEDBACK_DAYS",
    90,
    "days that what readers say of a page is kept; the default is named in `content/pages/privacy.md`",
    minimum=1,
    maximum=365,
)

# Services
DATABASES = {
    "default": env.database(
        "DATABASE_URL",
        DATA_DIR / "site.sqlite3",
        "`sqlite:///FILE` or `postgres://USER:PASSWORD@HOST:5432/NAME`",
        base=BASE_DIR,
        default_words="the file site.sqlite3 in DATA_DIR",
    )
}
CACHES = {
    "default": env.cache(
        "CACHE_URL",
        "locmemcache://",
        "memory of each process, or `redis://HOST:6379/0`, by which several hosts tell each other at once what changed",
    )
}
PAGE_CALLS = (
    "articles.page_cache.redis_calls.RedisCalls" if "redis" in CACHES["default"]["BACKEND"] else "articles.page_cache.calls.Calls"
)
EMAIL = env.email("EMAIL_URL", "consolemail://", "how to send e-mail: to the log, or `smtp+tls://USER:PASSWORD@HOST:587`")
DEFAULT_FROM_EMAIL = env.email_address("EMAIL_FROM", "site@localhost", "sender of the site's e-mail")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
LOG_LEVEL = env.choice(
    "LOG_LEVEL",
    "INFO",
    "how grave a message must be to be logged (to standard error): DEBUG, INFO, WARNING, ERROR or CRITICAL",
    options=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
)
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC", "zone of the dates and times shown")

# Words of the help that stands on every page: without them no page may be shown
try:
    DISCLAIMER = read_disclaimer(CONTENT_DIR / "disclaimer.yaml", region=REGION)
except DisclaimerError as error:
    env.problems.extend(str(error).splitlines())

# Unsafe at a public address, or on a network that others are on
UNSAFE = "unsafe where others can reach the site"
IS_REACHABLE = IS_PUBLIC or not is_loopback(HOST)
if IS_REACHABLE and DEBUG:
    env.add_problem("DEBUG", "'true'", UNSAFE, "DEBUG=false")
if IS_REACHABLE and any(is_catch_all(host) for host in ALLOWED_HOSTS):
    env.add_problem("ALLOWED_HOSTS", repr(",".join(ALLOWED_HOSTS)), UNSAFE, "the names of the site's hosts")
if IS_PUBLIC and not IS_HTTPS:
    env.add_problem("SITE_URL", repr(SITE_URL), UNSAFE, f"https://{in_brackets(SITE_HOST)}")

env.stop_if_faulty()

# Database
# Opening one takes longer than what a page asks. gthread's few threads keep theirs; with gevent each client would keep one.
CONN_MAX_AGE = 600 if WORKER_CLASS == "gthread" else 0
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"] |= {
        "ENGINE": "neuropathy_site.sqlite3",
        "CONN_MAX_AGE": CONN_MAX_AGE,
        "CONN_HEALTH_CHECKS": True,
    }
    DATABASES["default"]["OPTIONS"] = {
        # A transaction that may write asks for the lock at once, instead of failing when it comes to its first write.
        "transaction_mode": "IMMEDIATE",
        # Writes are short; a second of waiting is more than they need, and less than a reader notices.
        "timeout": 1,
        # What is deleted is overwritten (secure_delete): feedback, and the day's key of its senders, are gone for good.
        # Readers go on during a write (WAL), which is flushed safely at each checkpoint (NORMAL).
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;",
    } | DATABASES["default"].get("OPTIONS", {})
else:
    DATABASES["default"] = {"CONN_MAX_AGE": CONN_MAX_AGE, "CONN_HEALTH_CHECKS": True} | DATABASES["default"]
    # A host that is gone says nothing: 3 seconds to be let in, 10 (in milliseconds) until a question counts as lost.
    DATABASES["default"]["OPTIONS"] = {"connect_timeout": 3, "tcp_user_timeout": 10_000} | DATABASES["default"].get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Application
INSTALLED_APPS = [
    "articles",  # first: it overrides templates of the admin
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # static files need nothing of what follows
    "neuropathy_site.security_headers.ContentPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "neuropathy_site.head_requests.drop_body",
    "neuropathy_site.security_headers.cross_origin_resource_policy",
    "neuropathy_site.reader_cookies.drop_cookies",
    "django.middleware.gzip.GZipMiddleware",
    "neuropathy_site.compression.brotli_for_readers",  # inside of gzip, which leaves alone what is compressed
    "neuropathy_site.turned_away.turn_away",  # before the first that asks the database
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "neuropathy_site.broken_forms.RefuseBrokenForms",
]
ROOT_URLCONF = "neuropathy_site.urls"
WSGI_APPLICATION = "neuropathy_site.wsgi.application"
LOGIN_URL = "admin:login"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["articles.templatetags.fair_loops"],
            # The admin needs these; each is lazy, so a reader's page that does not use them opens no session.
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Static files: hashed names, compressed once, cached for ever; plain while they are being worked on
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_ROOT = BASE_DIR / "static" / "root"  # icons that browsers ask for at the root, by name
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site needs our files

# Security
CONTENT_SECURITY_POLICY = security_headers.CONTENT_SECURITY_POLICY
PERMISSIONS_POLICY = security_headers.PERMISSIONS_POLICY
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked for on this machine, behind the proxy that speaks https
SECURE_HSTS_SECONDS = HSTS_SECONDS if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None
# Other sites must not learn what a reader read; our own forms need a referrer to tell that they are ours.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # ten times the longest article
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# HSTS for subdomains and in browsers' own lists binds hosts that are not ours to speak for.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# Language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
FORMAT_MODULE_PATH = "neuropathy_site.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True

# E-mail
EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL.get("EMAIL_HOST", "localhost")
EMAIL_PORT = EMAIL.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = EMAIL.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = EMAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10  # seconds; a mail server that hangs must not hold a worker

# Forms: addresses typed without a scheme are https, which Django does by itself from 6.0 on and warns about until then
warnings.filterwarnings("ignore", message="The FORMS_URLFIELD_ASSUME_HTTPS transitional setting is deprecated")
FORMS_URLFIELD_ASSUME_HTTPS = True

# Log: to standard error, and nothing in it says who reads what
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"links": {"()": "neuropathy_site.private_log.HideLinks"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["links"]}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL},  # to the root's, instead of Django's own
        "django.request": {
            "level": "ERROR"
        },  # it would write down every address that was not found, and so what readers look for
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # anybody can ask for any host, and machines do all day
        "django.template": {"level": "INFO"},  # below, it would write down what readers searched for and wrote
    },
}

"""Settings of the Wagtail site: those of ``wagtail start``, in production; ``WAGTAIL_CACHE`` adds wagtail-cache by its manual."""

import os

from plain.settings.production import *  # noqa: F403
from plain.settings.production import INSTALLED_APPS, MIDDLEWARE

SECRET_KEY = "for-the-benchmark-only"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["article", *INSTALLED_APPS]
if os.environ.get("WAGTAIL_CACHE"):
    INSTALLED_APPS = [*INSTALLED_APPS, "wagtailcache"]
    MIDDLEWARE = ["wagtailcache.cache.UpdateCacheMiddleware", *MIDDLEWARE, "wagtailcache.cache.FetchFromCacheMiddleware"]
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

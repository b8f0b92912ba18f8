"""Settings of the Wagtail site: those of ``wagtail start``, for production; ``WAGTAIL_CACHE`` adds wagtail-cache as its manual says."""

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

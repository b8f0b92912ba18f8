"""The entry for application servers: pages that are ready first, then Django."""

import os

from django.core.wsgi import get_wsgi_application

from neuropathy_site.content_types import plain_content_type

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "neuropathy_site.settings")

django_application = plain_content_type(get_wsgi_application())

from django.conf import settings  # noqa: E402 - what follows needs models, which are there by now

from articles.page_cache import PageCache  # noqa: E402

_megabytes = 0 if settings.DEBUG else settings.PAGE_CACHE_MB  # who changes a template wants to see it
application = django_application
if _megabytes:
    _free = (settings.STATIC_URL, "/healthz")
    application = PageCache(django_application, _megabytes * 1024**2, places=settings.PLACES, free=_free)

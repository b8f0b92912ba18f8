"""The entry for application servers."""

import os

from django.core.wsgi import get_wsgi_application

from neuropathy_site.content_types import plain_content_type

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "neuropathy_site.settings")

application = plain_content_type(get_wsgi_application())

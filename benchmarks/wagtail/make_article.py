"""Publish the article of the benchmark at ``/article/``; run in the project, with the article's parts as JSON on standard input.

The parts are pairs: ``heading`` or ``text``, and the words or the HTML.
"""

import json
import os
import sys

sys.path.insert(0, os.getcwd())
os.environ["DJANGO_SETTINGS_MODULE"] = "plain.settings.bench"

import django  # noqa: E402

django.setup()

from article.models import ArticlePage  # noqa: E402
from home.models import HomePage  # noqa: E402

given = json.load(sys.stdin)
home = HomePage.objects.get()
ArticlePage.objects.all().delete()
home.refresh_from_db()
page = home.add_child(instance=ArticlePage(title=given["title"], slug="article", body=json.dumps(given["body"])))
page.save_revision().publish()

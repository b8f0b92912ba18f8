"""An article as a site of Wagtail would have it: headings and texts in a StreamField."""

import os

from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

if os.environ.get("WAGTAIL_CACHE"):
    from wagtailcache.cache import WagtailCacheMixin as Mixin
else:

    class Mixin:  # type: ignore[no-redef]
        """Nothing."""


class ArticlePage(Mixin, Page):
    """An article."""

    body = StreamField([("heading", blocks.CharBlock()), ("text", blocks.RichTextBlock())])
    content_panels = [*Page.content_panels, FieldPanel("body")]

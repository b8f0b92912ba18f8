"""Mount points: the admin, the health checks and, from the root, the articles."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from articles.admin import dashboard
from neuropathy_site import health

admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.index_title = "Write, review and publish"

urlpatterns = [
    path("admin/", admin.site.admin_view(dashboard.index)),  # in the place of the admin's own first page
    path("admin/", admin.site.urls),
    path("healthz", health.live, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("", include("articles.urls")),
]

handler400 = "articles.views.errors.bad_request"
handler403 = "articles.views.errors.forbidden"
handler404 = "articles.views.errors.not_found"
handler500 = "articles.views.errors.server_error"

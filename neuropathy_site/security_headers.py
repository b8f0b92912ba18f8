"""The security headers of every page, beside those that Django's own middleware sends."""

from collections.abc import Callable

from csp.constants import NONE, SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

# No unsafe-*: our styles and scripts lie in files. No nonces: they differ from answer to answer, so pages could not be cached.
CONTENT_SECURITY_POLICY: dict[str, dict[str, list[str]]] = {
    "DIRECTIVES": {
        "default-src": [NONE],  # no script either: readers' pages have none, so none that gets in may run
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],  # without scripts nothing connects but tools that audit a page, which read robots.txt
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
ADMIN_DIRECTIVES = CONTENT_SECURITY_POLICY["DIRECTIVES"] | {"script-src": [SELF]}


class ContentPolicyMiddleware(CSPMiddleware):
    """Middleware that sends the content security policy; only the admin may run scripts, our own."""

    def get_policy_parts(self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False) -> PolicyParts:
        """Give the parts of the policy of one answer; a view's own additions stay."""
        parts = super().get_policy_parts(request, response, report_only)
        if parts.config is None and not report_only and request.path_info.startswith("/admin/"):
            parts.config = ADMIN_DIRECTIVES
        return parts


# What tells most about a reader, or watches and interrupts them. The rest needs script, of which readers' pages have none; each
# name costs bytes on every answer. Features that only one browser knows are left out: naming them makes the others complain.
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: [] for feature in ("browsing-topics", "camera", "display-capture", "geolocation", "microphone", "payment", "usb")
}


def cross_origin_resource_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that forbids other sites to embed our answers, unless a view has allowed it by the same header."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware

"""The security headers of every page, beside those that Django's own middleware sends."""

from collections.abc import Callable

from csp.constants import NONE, SELF
from django.http import HttpRequest, HttpResponse

# No nonces: they differ from answer to answer, so pages could not be cached. No unsafe-*: all our code lies in files.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

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

"""Addresses of the API. A key in the request opens them, not a login."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from seonmul.api.pos import pos
from seonmul.api.problems import nowhere


def _opened(pattern: URLPattern) -> URLPattern:
    """For callers with a key instead of a session: no login page, no token of a form."""
    pattern.callback = csrf_exempt(login_not_required(pattern.callback))  # type: ignore[type-var]
    return pattern


patterns, _app, _namespace = pos.urls
urlpatterns = [
    path(
        "v1/",
        (
            [_opened(one) for one in patterns if isinstance(one, URLPattern)],
            "pos",
            "pos",
        ),
    ),
    _opened(path("<path:rest>", nowhere)),
]

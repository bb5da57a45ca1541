"""Pages that open a vendor's window (persons, payments): what the strict policy of all others must not allow."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


def opens_window(view: View) -> View:
    """Let the pages of this view load the vendor's script and keep hold of the window that it opens.

    Adds `settings.WINDOW_POLICY` to the content policy. Without the second header the browser would cut the tie
    between the page and a window of another origin, and the script would wait for ever.
    """

    @wraps(view)
    def opening(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = csp_update(settings.WINDOW_POLICY)(view)(request, *args, **kwargs)
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
        return response

    return opening

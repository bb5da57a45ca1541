"""The cookie by which a browser is known again: a random key, signed, unread by scripts, for longer than a session. M8

Whoever clears it sits at a new device. The database has only its keyed hash, beside each member who logged in here.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from seonmul.kit import ids

COOKIE = "device"
_SALT = "seonmul.device"
_LASTS = timedelta(days=400)  # browsers keep no cookie longer
_MADE = "seonmul.device"


def key_of(request: HttpRequest) -> str:
    """The key of this browser; "" when it has none, or one that we did not sign."""
    found = request.get_signed_cookie(COOKIE, default="", salt=_SALT, max_age=_LASTS)
    return str(found or "")


def make_key(request: HttpRequest) -> str:
    """The browser's key, or a new one for the answer to this request."""
    key = key_of(request) or ids.link_token()
    request.META[_MADE] = key
    return key


def give(request: HttpRequest, answer: HttpResponse) -> None:
    """Let the browser keep the key that was made."""
    key = request.META.get(_MADE)
    if key:
        answer.set_signed_cookie(
            COOKIE, key, salt=_SALT, max_age=_LASTS, httponly=True, samesite="Lax", secure=settings.SECURE
        )

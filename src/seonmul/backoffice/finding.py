"""What staff look for. Names and numbers that were typed stand in no address: addresses end in logs and histories. X2

They are posted and wait in the session, sealed, under a key of their own; the address of the result has only the key,
so that two windows, the way back and the next page go on working. After logging out a key finds nothing.
"""

from __future__ import annotations

import base64
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from seonmul.backoffice.forms import FindForm
from seonmul.kit import crypto, ids

#: The name of the key in addresses.
KEY = "find"
_CONTEXT = "backoffice.find"
_OURS = "finds"
_MOST = 20


def begin(request: HttpRequest) -> HttpResponse:
    """Keep the words that were posted, and lead to the same list with their key; other filters (`only`) stay."""
    words, only = FindForm(request.POST).words(), request.POST.get("only", "")
    kept = {"only": only} if only else {}
    if words:
        kept[KEY] = key = ids.public_id()
        sealed = base64.b64encode(crypto.ring().seal(_CONTEXT, words)).decode()
        before = list(request.session.get(_OURS, {}).items())[1 - _MOST :]
        request.session[_OURS] = {**dict(before), key: sealed}
    return redirect(f"{request.path}?{urlencode(kept)}" if kept else request.path)


def words(request: HttpRequest) -> str:
    """The words of this address; "" when it has no key, or one of another session."""
    sealed = request.session.get(_OURS, {}).get(request.GET.get(KEY, ""))
    try:
        return crypto.ring().open(_CONTEXT, base64.b64decode(sealed)) if sealed else ""
    except crypto.NotSealedHere:
        return ""


def kept(request: HttpRequest) -> dict[str, str]:
    """What addresses on a page with these words go on saying; {} without words."""
    return {KEY: request.GET[KEY]} if words(request) else {}

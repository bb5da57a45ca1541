"""What staff look for: posted, kept sealed in the session, and named by a key in addresses (`kit.searches`). X2"""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from seonmul.backoffice.forms import FindForm
from seonmul.kit import searches
from seonmul.kit.searches import KEY as KEY

_CONTEXT = "backoffice.find"


def begin(request: HttpRequest) -> HttpResponse:
    """Keep the words that were posted, and lead to the same list with their key; other filters (`only`) stay."""
    words, only = FindForm(request.POST).words(), request.POST.get("only", "")
    kept = {"only": only} if only else {}
    if words:
        kept[KEY] = searches.keep(request.session, _CONTEXT, words)
    return redirect(f"{request.path}?{urlencode(kept)}" if kept else request.path)


def words(request: HttpRequest) -> str:
    """The words of this address; "" when it has no key, or one of another session."""
    return searches.words(request.session, _CONTEXT, request.GET.get(KEY, ""))


def kept(request: HttpRequest) -> dict[str, str]:
    """What addresses on a page with these words go on saying; {} without words."""
    return {KEY: request.GET[KEY]} if words(request) else {}

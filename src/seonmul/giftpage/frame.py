"""What all of a recipient's pages share: opening a link, throttled, and answers that keep it to who has it. V5"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from seonmul.giftpage.shown import shown
from seonmul.gifts import actions
from seonmul.gifts import queries as gifts
from seonmul.gifts.models import Gift
from seonmul.kit.refusals import Refused


def opened(request: HttpRequest, token: str, at: datetime) -> Gift | HttpResponse:
    """The gift of a link, or the page that says why there is none."""
    try:
        found = actions.open_link(token, place=get_adapter().get_client_ip(request), at=at)
    except Refused as refused:
        words = {"said": refused.no.say(gettext)}
        return page(request, "giftpage/busy.html", words, status=429)
    return found or dead(request, token, at)


def dead(request: HttpRequest, token: str, at: datetime) -> HttpResponse:
    """A link that opens nothing (any more): of a gift that went to another number it says so. S5"""
    moved = gifts.by_dead_link(token)
    if moved is None:
        return page(request, "giftpage/unknown.html", {}, status=404)
    gift, was_for = moved
    seen = shown(gift, at=at, was_for=was_for)
    words = {"gift": seen, "token": token, "is_first": False, "is_told": False}
    return page(request, "giftpage/ended.html", words, status=410)


def page(request: HttpRequest, template: str, words: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page for a recipient: seen by nobody else, and without a cookie."""
    # no form, so no cookie for the recipient; and a member's own messages are not for this page
    return unseen(render(request, template, {"csrf_token": "", "messages": (), **words}, status=status))


def unseen(response: HttpResponse) -> HttpResponse:
    """Keep the link to those who have it: no search engine lists it, no other site is told of it."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response

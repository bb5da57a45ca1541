"""Finding rows: only among those that the member who asks may see; all others do not exist. O11, M7"""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from seonmul.gifts import queries as gifts
from seonmul.gifts.models import Gift
from seonmul.members import queries as members
from seonmul.members.models import Buyer, Member
from seonmul.orders import queries as orders
from seonmul.orders.models import Draft, Order
from seonmul.payments import queries as payments
from seonmul.payments.models import Payment


def member(request: HttpRequest) -> Member:
    """Who asks; the middleware has let in nobody else."""
    return cast(Member, request.user)


def is_fragment(request: HttpRequest) -> bool:
    """Say whether htmx asks for a part of the page."""
    return "HX-Request" in request.headers


def buyer(request: HttpRequest) -> Buyer:
    """For whom the member acts; staff act for nobody."""
    found = members.buyer_of(member(request))
    if found is None:
        raise PermissionDenied
    return found


def draft(request: HttpRequest, public_id: str) -> Draft | None:
    """The draft, or None when it has become an order; its list is whole numbers, so only buyers see it. M7"""
    found = orders.drafts_seen_by(member(request)).select_related("buyer").filter(public_id=public_id).first()
    if found is None:
        order(request, public_id)
        return None
    if not members.may_buy(member(request)):
        raise PermissionDenied
    return found


def to_order(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where a draft leads that was paid meanwhile: the whole page goes there, also when only a part was asked for."""
    if is_fragment(request):
        return HttpResponse(headers={"HX-Redirect": reverse("storefront:order", args=[public_id])})
    return redirect("storefront:order", public_id)


def order(request: HttpRequest, public_id: str) -> Order:
    found = orders.orders_seen_by(member(request)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def charge(request: HttpRequest, public_id: str) -> Payment:
    found = payments.charge_seen_by(member(request), public_id)
    if found is None:
        raise Http404
    return found


def gift(request: HttpRequest, public_id: str) -> Gift:
    rows = gifts.gifts_seen_by(member(request)).select_related(
        "recipient", "voucher", "order", "line__product__brand", "line__policy", "line__order"
    )
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found

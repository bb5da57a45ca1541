"""Shops that take vouchers: opened, stopped, their keys and what they redeemed lately. V3"""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from seonmul.backoffice import guard
from seonmul.backoffice.forms import ShopForm, ShopKeyForm
from seonmul.backoffice.guard import needs
from seonmul.backoffice.rules import Power
from seonmul.catalog import queries as catalog
from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.vouchers import actions, queries
from seonmul.vouchers.models import Shop


@needs(Power.SEE_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def shops(request: HttpRequest) -> HttpResponse:
    """Every shop, and for whoever may a new one."""
    return _open(request) if request.method == "POST" else _list_page(request, ShopForm())


@needs(Power.EDIT_CATALOGUE)
def _open(request: HttpRequest) -> HttpResponse:
    form = ShopForm(request.POST)
    if not form.is_valid():
        return _list_page(request, form, status=422)
    brand, name = catalog.brand(form.cleaned_data["brand"]), form.cleaned_data["name"]
    try:
        made = actions.open_shop(brand.id, name, by=guard.member(request).id, at=clock.now())
    except Refused as refused:
        form.add_error("name", refused.no.say(gettext))
        return _list_page(request, form, status=422)
    messages.success(request, gettext("매장을 등록했습니다. 이제 열쇠를 만들어 주세요."))
    return redirect("backoffice:shop", made.public_id)


@never_cache
@needs(Power.SEE_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def shop(request: HttpRequest, public_id: str) -> HttpResponse:
    """One shop; a new key's secret is shown here, once."""
    found = _found(public_id)
    return _make_key(request, found) if request.method == "POST" else _page(request, found)


@needs(Power.EDIT_CATALOGUE)
@sensitive_variables("secret")
def _make_key(request: HttpRequest, found: Shop) -> HttpResponse:
    form = ShopKeyForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    try:
        secret = actions.make_shop_key(
            found.id, form.cleaned_data["label"], by=guard.member(request).id, at=clock.now()
        )
    except Refused as refused:
        form.add_error("label", refused.no.say(gettext))
        return _page(request, found, form=form, status=422)
    return _page(request, found, secret=secret)


@needs(Power.EDIT_CATALOGUE)
@require_POST
def revoke(request: HttpRequest, public_id: str, code: str) -> HttpResponse:
    """Make a key worthless."""
    actions.revoke_shop_key(_found(public_id).id, code, by=guard.member(request).id, at=clock.now())
    messages.success(request, gettext("열쇠를 폐기했습니다. 그 열쇠로는 더 이상 교환할 수 없습니다."))
    return redirect("backoffice:shop", public_id)


@needs(Power.EDIT_CATALOGUE)
@require_POST
def switch(request: HttpRequest, public_id: str) -> HttpResponse:
    """Stop a shop, or let it redeem again."""
    is_open = request.POST.get("is_open") == "1"
    actions.set_shop_open(_found(public_id).id, is_open=is_open, by=guard.member(request).id, at=clock.now())
    said = gettext("다시 교환할 수 있습니다.") if is_open else gettext("이 매장의 교환을 중지했습니다.")
    messages.success(request, said)
    return redirect("backoffice:shop", public_id)


def _found(public_id: str) -> Shop:
    found = queries.shop(public_id)
    if found is None:
        raise Http404
    return found


def _list_page(request: HttpRequest, form: ShopForm, status: int = 200) -> HttpResponse:
    found = queries.shops_page(request.GET.get("after", ""))
    context = {
        "shops": found.rows,
        "is_later": bool(request.GET.get("after")),
        "first": request.path,
        "more": f"?{urlencode({'after': found.after})}" if found.after else "",
        "form": form,
        "may_change": guard.may(request, Power.EDIT_CATALOGUE),
    }
    return render(request, "backoffice/shops/shops.html", context, status=status)


def _page(
    request: HttpRequest, found: Shop, *, form: ShopKeyForm | None = None, secret: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "shop": found,
        "keys": queries.keys_of(found.id),
        "redemptions": queries.redemptions_of(found.id),
        "form": form or ShopKeyForm(),
        "secret": secret,
        "may_change": guard.may(request, Power.EDIT_CATALOGUE),
    }
    return render(request, "backoffice/shops/shop.html", context, status=status)

"""The till: look a code up, take it, undo it. Each form has a number of its own, so that sending it twice takes once. V3"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from seonmul.kit import clock, crypto, ids
from seonmul.kit.refusals import No, Refused
from seonmul.vouchers import actions, queries
from seonmul.vouchers.models import Shop, Voucher
from seonmul.vouchers.rules import GuessRefusal, RedeemRefusal

#: The session's name for the sealed key; also the context it is sealed in.
_KEY = "till.key"
_TERMINAL = "TILL"
_AMOUNT_DIGITS = 9
#: Why nothing is shown of a code: nobody has it, or too many such codes were asked for.
_NOBODYS = (RedeemRefusal.UNKNOWN, GuessRefusal.TOO_MANY)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code")
def till(request: HttpRequest) -> HttpResponse:
    """The field for a code; posted, what the code is good for here."""
    shop = _shop(request)
    if shop is None:
        return _key_page(request)
    code = request.POST.get("code", "").strip()[:64]
    if request.method != "POST":
        return _page(request, shop)
    if not code:
        return _page(request, shop, said=gettext("쿠폰 번호를 적어 주세요."), status=422)
    try:
        voucher, no = actions.inquire(shop, code, place=get_adapter().get_client_ip(request), at=clock.now())
    except Refused as refused:
        return _page(request, shop, code=code, said=refused.no.say(gettext), status=422)
    return _page(request, shop, code=code, voucher=voucher, no=no)


@login_not_required
@never_cache
@require_POST
@sensitive_post_parameters("key")
def enter(request: HttpRequest) -> HttpResponse:
    """Take a shop's key into the session, sealed: it is asked for at every step, and so ends when it is revoked."""
    key = request.POST.get("key", "").strip()[:100]
    if queries.shop_by_key(key) is None:
        return _key_page(
            request, said=gettext("열쇠가 맞지 않아요. 운영사에서 받은 그대로 적어 주세요."), status=422
        )
    request.session.cycle_key()
    request.session[_KEY] = crypto.ring().seal(_KEY, key).hex()
    return redirect("till:till")


@login_not_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the key."""
    request.session.pop(_KEY, None)
    return redirect("till:till")


@login_not_required
@never_cache
@require_POST
@sensitive_post_parameters("code")
def redeem(request: HttpRequest) -> HttpResponse:
    """Take what the page before has shown."""
    shop = _shop(request)
    if shop is None:
        return redirect("till:till")
    at, code, typed = clock.now(), request.POST.get("code", "")[:64], request.POST.get("amount", "").strip()
    digits = typed.replace(",", "").removesuffix("원").strip()
    if typed and not (digits.isascii() and digits.isdigit() and len(digits) <= _AMOUNT_DIGITS):
        return _again(request, shop, code, gettext("사용할 금액을 숫자로 적어 주세요."))
    try:
        row = actions.redeem(
            shop, code, terminal=_TERMINAL, day=clock.seoul_date(at), number=request.POST.get("number", ""),
            amount_won=int(digits or 0), place=get_adapter().get_client_ip(request), at=at,
        )  # fmt: skip
    except Refused as refused:
        said = refused.no.say(gettext)
        if refused.no.why in _NOBODYS:  # counted already: to look it up again would count it twice
            return _page(request, shop, code=code, said=said, status=422)
        return _again(request, shop, code, said)
    messages.success(request, gettext("교환했습니다."))
    return redirect(f"/till/?{urlencode({'done': row.public_id})}")


@login_not_required
@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    """Undo a redemption of this shop."""
    shop = _shop(request)
    if shop is None:
        return redirect("till:till")
    try:
        actions.cancel_redemption(shop, request.POST.get("approval", ""), at=clock.now())
    except Refused as refused:
        messages.error(request, refused.no.say(gettext))
    else:
        messages.success(request, gettext("교환을 취소했습니다. 쿠폰을 다시 쓸 수 있습니다."))
    return redirect("till:till")


def _shop(request: HttpRequest) -> Shop | None:
    sealed = request.session.get(_KEY, "")
    return queries.shop_by_key(crypto.ring().open(_KEY, bytes.fromhex(sealed))) if sealed else None


def _again(request: HttpRequest, shop: Shop, code: str, said: str) -> HttpResponse:
    """The same voucher as it stands now, with what was wrong; nothing was taken."""
    try:
        voucher, no = actions.inquire(shop, code, place=get_adapter().get_client_ip(request), at=clock.now())
    except Refused as refused:
        return _page(request, shop, code=code, said=refused.no.say(gettext), status=422)
    return _page(request, shop, code=code, voucher=voucher, no=no, said="" if no else said, status=422)


def _key_page(request: HttpRequest, said: str = "", status: int = 200) -> HttpResponse:
    return render(request, "till/key.html", {"said": said}, status=status)


def _page(
    request: HttpRequest,
    shop: Shop,
    *,
    code: str = "",
    voucher: Voucher | None = None,
    no: No | None = None,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    done = request.GET.get("done", "") if request.method != "POST" else ""
    context: dict[str, Any] = {
        "shop": shop, "code": code, "voucher": voucher, "no": no, "said": said, "number": ids.public_id(),
        "rows": queries.redemptions_of(shop.id, 10), "done": done,
        "amount": request.POST.get("amount", "").strip()[:20],
    }  # fmt: skip
    return render(request, "till/till.html", context, status=status)

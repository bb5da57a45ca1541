"""The card window of a draft: opened here, done at the provider, read by a job. O6, P3

The browser's own word counts for nothing: coming back only lets a job ask the provider.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seonmul.kit import clock
from seonmul.kit.windows import opens_window
from seonmul.orders import actions, queries
from seonmul.payments import actions as payments
from seonmul.payments import queries as payments_now
from seonmul.storefront import card_page
from seonmul.storefront.views import seen

_SAID_MOST = 200


@never_cache
@require_safe
@opens_window
def card(request: HttpRequest, public_id: str) -> HttpResponse:
    """The card's choice, the button that opens the window, and what became of it; leads on to the order."""
    draft = seen.draft(request, public_id)
    if draft is None:
        return _leave(request, reverse("storefront:order", args=[public_id]))
    at, checkout = clock.now(), card_page.last(draft)
    if checkout is None:
        return _leave(request, reverse("storefront:pay", args=[public_id]))
    chosen = card_page.choice(request.GET.dict(), at)
    if "watch" in request.GET:
        payment = payments_now.payment(checkout.payment_id)
        refunds = payments_now.refunds_of_payment(payment.id)
        if card_page.token(checkout, payment, refunds, at) == request.GET["watch"]:
            return HttpResponse(status=204)
        return _leave(request, f"{request.path}?{chosen.query}")
    context = card_page.context(draft, checkout, queries.quote(draft), chosen, at)
    name = "card/choice" if seen.is_fragment(request) else "card"
    return render(request, f"storefront/{name}.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def back(request: HttpRequest, public_id: str) -> HttpResponse:
    """The browser came back from the window, by a form or sent by the provider. Safe to repeat; not believed."""
    draft = seen.draft(request, public_id)
    if draft is None:
        return seen.to_order(request, public_id)
    at, checkout = clock.now(), queries.open_checkout(draft.id)
    said = request.POST if request.method == "POST" else request.GET
    if checkout:
        code, text = said.get("code", ""), said.get("message", "")
        payments.note_return(checkout.payment_id, code=code, text=text[:_SAID_MOST], at=at)
    query = card_page.choice(request.GET.dict(), at).query
    return redirect(f"{reverse('storefront:card', args=[public_id])}?{query}")


@never_cache
@require_POST
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give the window up; the draft is kept as it is."""
    draft = seen.draft(request, public_id)
    if draft is None:
        return seen.to_order(request, public_id)
    actions.cancel_card(draft.id, at=clock.now())
    messages.success(request, gettext("카드 결제를 취소했습니다. 작성하신 주문은 그대로 있습니다."))
    return redirect("storefront:draft", public_id)


def _leave(request: HttpRequest, address: str) -> HttpResponse:
    if seen.is_fragment(request):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)

"""One door for each kind of provider."""

import hmac

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from seonmul.dispatch import actions as dispatch
from seonmul.kit import clock
from seonmul.payments import actions as payments
from seonmul.payments import provider as payment_provider

#: Headers that help to read a report; the rest is not kept.
_KEPT = {"content-type", "user-agent", "x-toast-webhook-signature"}
_SIGNED = {"content-type", "webhook-id", "webhook-timestamp", "webhook-signature"}
#: A report names one payment: what is much longer is none, and is not kept.
_REPORT_MOST_BYTES = 16 * 1024


@csrf_exempt
@require_POST
@login_not_required
def carrier_report(request: HttpRequest, carrier: str, secret: str) -> HttpResponse:
    """Keep what a carrier reports; a hint that is asked for again before it is believed. S4"""
    if carrier not in settings.CARRIERS or not hmac.compare_digest(
        secret.encode(), settings.WEBHOOK_SECRET.encode()
    ):
        raise Http404
    headers = {name: value for name, value in request.headers.items() if name.lower() in _KEPT}
    dispatch.keep_report(carrier, headers, request.body, at=clock.now())
    return HttpResponse("ok")


@csrf_exempt
@require_POST
@login_not_required
def payment_report(request: HttpRequest, provider: str) -> HttpResponse:
    """Keep what a payment provider reports; its signature is looked at by whoever reads it. P2, P3"""
    if provider != payment_provider.name():
        raise Http404
    if len(request.body) > _REPORT_MOST_BYTES:
        return HttpResponse(status=413)
    headers = {name: value for name, value in request.headers.items() if name.lower() in _SIGNED}
    payments.keep_report(provider, headers, request.body, at=clock.now())
    return HttpResponse("ok")

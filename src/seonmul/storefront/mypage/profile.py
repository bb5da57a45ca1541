"""마이페이지 itself, 회원정보 and 추가 인증: changed only behind a fresh identity verification. M4, M5"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seonmul.figures import queries as figures_now
from seonmul.kit import clock
from seonmul.kit.refusals import Refusal
from seonmul.ledger import queries as ledger
from seonmul.members import actions, queries, rules
from seonmul.members.actions import Profile
from seonmul.members.models import Consent, SpendMethod
from seonmul.members.rules import ProfileRefusal, ProofRefusal, SpendRefusal
from seonmul.orders import queries as orders
from seonmul.payments import queries as payments
from seonmul.storefront import budget_page
from seonmul.storefront.mypage import mail, page
from seonmul.storefront.mypage.forms import MethodForm, PasswordForm, ProfileForm
from seonmul.storefront.views import seen, terms

_FIELDS: dict[Refusal, str] = {
    ProfileRefusal.MAIL_TAKEN: "mail",
    ProfileRefusal.NO_NAME: "name",
    ProfileRefusal.NO_MAIL: "mail",
    ProofRefusal.TOO_MANY: "mail",
    ProofRefusal.TOO_MANY_TODAY: "mail",
}


@never_cache
@require_safe
def my(request: HttpRequest) -> HttpResponse:
    """Who the member is and where everything stands."""
    member = seen.member(request)
    place = queries.place_of(member)
    context = {
        "place": place,
        "balances": ledger.balances(place.buyer_id) if place else None,
        "limit": orders.limit_of(place.buyer, clock.now()) if place else None,
        "phone": queries.phone_of(member),
        "left_purses": payments.left_purses(member),
        "request_of_join": queries.open_join_request_of(member),
    }
    context |= budget_page.of_member(place.buyer if place else None, member, clock.now())
    return page.show(request, "my", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, mail, number, consent, and whether the own number stands in the sender field. M5"""
    at, member = clock.now(), seen.member(request)
    verified = page.verified(request, at)
    if request.method != "POST":
        initial = {
            name: getattr(member, name) for name in ("name", "mail", "auto_sender", "marketing_consent")
        }
        return _profile_page(request, ProfileForm(initial=initial), at)
    form, asked = ProfileForm(request.POST), []
    if not form.is_valid() or page.is_refused(
        form,
        lambda: asked.append(
            actions.change_profile(member.id, Profile(**form.cleaned_data), verified, at=at)
        ),
        _FIELDS,
    ):
        return _profile_page(request, form, at, status=422)
    if asked[0]:
        return mail.begin(request, asked[0])
    messages.success(request, gettext("회원정보를 바꿨습니다."))
    return redirect("storefront:profile")


def _profile_page(request: HttpRequest, form: ProfileForm, at: datetime, status: int = 200) -> HttpResponse:
    verified, phone = page.verified(request, at), queries.phone_of(seen.member(request))
    new_phone = queries.verified_phone(verified) if verified else ""
    context = page.verification(request, at) | {
        "form": form,
        "phone": phone,
        "new_phone": new_phone if new_phone != phone else "",
        "consents": [(_text_of(one), one) for one in queries.consents_of(seen.member(request))],
    }
    return page.show(request, "profile", context, status)


def _text_of(consent: Consent) -> str:
    """Where the text stands that was agreed to, as it was then; "" for what has no text, or none of ours any more."""
    if consent.kind not in terms.TEXTS or consent.version not in rules.CONSENT_VERSIONS:
        return ""
    return f"{reverse(f'storefront:{consent.kind}')}?{urlencode({'version': consent.version})}"


@never_cache
@require_safe
def spend_auth(request: HttpRequest) -> HttpResponse:
    """How payments are authorised, and what must be done to change it. M4"""
    return _spend_page(request, clock.now())


@never_cache
@require_POST
def method(request: HttpRequest) -> HttpResponse:
    """Choose the method. M4"""
    at, form = clock.now(), MethodForm(request.POST)
    is_verified = page.verified(request, at) is not None
    if not form.is_valid() or page.is_refused(
        form,
        lambda: actions.set_spend_method(
            seen.member(request).id,
            SpendMethod(form.cleaned_data["method"]),
            is_verified=is_verified,
            at=at,
        ),
        {SpendRefusal.METHOD_NEEDS_PASSWORD: "method"},
    ):
        return _spend_page(request, at, method=form, status=422)
    messages.success(request, gettext("추가 인증 방법을 바꿨습니다."))
    return redirect("storefront:spend_auth")


@sensitive_post_parameters("password", "again")
@never_cache
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """Set the payment password. M4"""
    at = clock.now()
    form = PasswordForm(request.POST, least=_least(at))
    is_verified = page.verified(request, at) is not None
    if not form.is_valid() or page.is_refused(
        form,
        lambda: actions.change_payment_password(
            seen.member(request).id, form.cleaned_data["password"], is_verified=is_verified, at=at
        ),
        {SpendRefusal.PASSWORD_SHORT: "password", SpendRefusal.PASSWORD_SAME: "password"},
    ):
        return _spend_page(request, at, password=form, status=422)
    messages.success(request, gettext("결제 비밀번호를 정했습니다."))
    return redirect("storefront:spend_auth")


def _least(at: datetime) -> int:
    return figures_now.figures(at).payment_password_least


def _spend_page(request: HttpRequest, at: datetime, status: int = 200, **typed: forms.Form) -> HttpResponse:
    member = seen.member(request)
    context = page.verification(request, at) | {
        "method": typed.get("method") or MethodForm(initial={"method": member.spend_method}),
        "password": typed.get("password") or PasswordForm(least=_least(at)),
        "has_password": bool(member.payment_password),
        "phone": queries.phone_of(member),
    }
    return page.show(request, "spend_auth", context, status)

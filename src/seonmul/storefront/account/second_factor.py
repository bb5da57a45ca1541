"""Second factors are allauth's pages; on a new device they open behind an identity verification. M4, M8"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache

from seonmul.kit import clock
from seonmul.members import queries
from seonmul.storefront import devices
from seonmul.storefront.mypage import page
from seonmul.storefront.views import seen

View = Callable[..., HttpResponse]


def _guarded(view: View) -> View:
    """Allauth's view where the rule of new devices lets it; elsewhere the way to the verification, and back here."""

    @never_cache
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        member, at = seen.member(request), clock.now()
        if "pk" in kwargs and not queries.has_passkey(member, kwargs["pk"]):
            raise Http404
        is_verified = page.verified(request, at) is not None
        no = queries.why_not_change_factors(member, devices.key_of(request), at, is_verified=is_verified)
        if no is None:
            return view(request, *args, **kwargs)
        context = {"no": no, "here_address": request.get_full_path()}
        return render(request, "mfa/new_device.html", context, status=403)

    return asked


#: Where allauth has them, under its own names. Codes that stand on a page are as good as a factor.
urlpatterns = [
    path("totp/activate/", _guarded(totp.activate_totp), name="mfa_activate_totp"),
    path("totp/deactivate/", _guarded(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("recovery-codes/", _guarded(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "recovery-codes/generate/",
        _guarded(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "recovery-codes/download/",
        _guarded(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("webauthn/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("webauthn/add/", _guarded(keys.add_webauthn), name="mfa_add_webauthn"),
    path("webauthn/reauthenticate/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("webauthn/keys/<int:pk>/remove/", _guarded(keys.remove_webauthn), name="mfa_remove_webauthn"),
    path("webauthn/keys/<int:pk>/edit/", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("webauthn/login/", keys.login_webauthn, name="mfa_login_webauthn"),
]

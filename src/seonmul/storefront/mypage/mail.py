"""A new mail address: stored only when the code that went there was typed here. M5"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.members import actions, queries
from seonmul.members.models import Proof
from seonmul.storefront.mypage import page
from seonmul.storefront.views import seen

#: Where a browser's session remembers the address that is being proved.
_OURS = "profile_mail"


def begin(request: HttpRequest, proof: Proof) -> HttpResponse:
    """Go on to the code of an address that was asked for behind an identity verification."""
    request.session[_OURS] = str(proof.id)
    return redirect("storefront:profile_mail")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """The code that came; with it the address is the member's."""
    found = request.session.get(_OURS)
    proof = queries.proof(UUID(found)) if found else None
    if proof is None or proof.used_at:
        return redirect("storefront:profile")
    no = None
    if request.method == "POST":
        try:
            if proof.proved_at is None:
                actions.try_proof(proof.id, request.POST.get("code", "")[:20], at=clock.now())
            actions.take_mail(seen.member(request).id, proof.id, at=clock.now())
        except Refused as refused:
            no = refused.no
        else:
            del request.session[_OURS]
            messages.success(request, gettext("이메일을 바꿨습니다."))
            return redirect("storefront:profile")
    context = {"proof": proof, "address": queries.proved_address(proof), "no": no}
    return page.show(request, "profile_mail", context, 422 if no else 200)

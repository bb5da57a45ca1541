"""발신번호: what stands, what waits, and asking for another. M6"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from seonmul.dispatch import actions, queries
from seonmul.dispatch.rules import SenderRefusal
from seonmul.figures import queries as figures_now
from seonmul.kit import clock
from seonmul.members import queries as members
from seonmul.storefront.mypage import page
from seonmul.storefront.mypage.forms import SenderForm, content_of
from seonmul.storefront.views import seen

R = SenderRefusal
_FIELDS = {
    R.WRONG_FORM: "number", R.MOBILE_BY_DOCUMENT: "number", R.ALREADY_APPROVED: "number",
    R.ALREADY_WAITING: "number", R.NO_CERTIFICATE: "certificate", R.WRONG_TYPE: "certificate",
    R.TOO_LARGE: "certificate", R.PROOF_TOO_OLD: "proved_on", R.PROOF_AHEAD: "proved_on",
}  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def senders(request: HttpRequest) -> HttpResponse:
    """The list, and the form under it."""
    member, buyer, at = seen.member(request), seen.buyer(request), clock.now()
    form = SenderForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if form.is_valid() and not page.is_refused(
            form,
            lambda: actions.apply_for_sender(
                member,
                buyer.id,
                form.cleaned_data["number"],
                label=form.cleaned_data["label"],
                certificate=content_of(form),
                proved_on=form.cleaned_data["proved_on"],
                at=at,
            ),
            _FIELDS,
        ):
            messages.success(request, gettext("발신번호를 신청했습니다. 결과를 문자로 알려 드립니다."))
            return redirect("storefront:senders")
    context = {
        "senders": [row for row in queries.senders_asked_for(buyer.id) if row.member_id in (None, member.id)],
        "form": form,
        "phone": members.phone_of(member),
        "may_apply": members.may_buy(member),
        "proof_days": figures_now.figures(at).proof_days,
    }
    return page.show(request, "senders", context, 422 if form.errors else 200)

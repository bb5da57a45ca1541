"""광고 표기: what stands around a company's advertising, and who wants none of it. O3, S7"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from seonmul.dispatch import actions, queries, rules
from seonmul.dispatch.rules import Ad, AdRefusal
from seonmul.kit import clock, phones
from seonmul.kit.refusals import Refusal, Refused
from seonmul.members import queries as members
from seonmul.storefront.mypage import page
from seonmul.storefront.mypage.forms import AdForm
from seonmul.storefront.views import seen

_FIELDS: dict[Refusal, str] = {
    AdRefusal.NO_NAME: "name",
    AdRefusal.NO_CONTACT: "contact",
    AdRefusal.NO_OPT_OUT: "opt_out",
}
#: A long list is pasted in parts; more at once is not read.
_MOST_TYPED = 200_000


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def advertising(request: HttpRequest) -> HttpResponse:
    """The marks, and under them the list of refusals."""
    if request.method != "POST":
        return _page(request)
    form = AdForm(request.POST)
    if form.is_valid() and not page.is_refused(
        form, lambda: actions.set_ad(seen.member(request), Ad(**form.cleaned_data), at=clock.now()), _FIELDS
    ):
        messages.success(request, gettext("저장했습니다. 다음 광고부터 이렇게 표기해요."))
        return redirect("storefront:advertising")
    return _page(request, form)


@never_cache
@require_POST
def note(request: HttpRequest) -> HttpResponse:
    """Numbers of people who want no advertising, as they were pasted."""
    typed = request.POST.get("numbers", "")[:_MOST_TYPED]
    try:
        added = actions.note_opt_outs(seen.member(request), typed, at=clock.now())
    except Refused as refused:
        return _page(request, said=refused.no.say(gettext), typed=typed)
    messages.success(request, gettext("{count}명을 더했습니다.").format(count=f"{added:,}"))
    return redirect("storefront:advertising")


@never_cache
@require_POST
def drop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Somebody wants advertising again."""
    try:
        if not actions.drop_opt_out(seen.member(request), public_id, at=clock.now()):
            raise Http404
    except Refused as refused:
        messages.error(request, refused.no.say(gettext))
    return redirect("storefront:advertising")


def _page(
    request: HttpRequest, form: AdForm | None = None, *, said: str = "", typed: str = ""
) -> HttpResponse:
    member, buyer = seen.member(request), seen.buyer(request)
    ad = queries.ad_of(buyer.id)
    if form is None:
        form = AdForm(initial=_shown(ad) if ad else {"name": buyer.name})
    refusals = queries.opt_outs_of(buyer.id, request.GET.get("after", ""))
    context = {
        "form": form,
        "ad": ad,
        "sample": rules.ad_text(gettext("여름 신메뉴를 만나 보세요."), ad) if ad else "",
        "may_set": members.may_buy(member),
        "refusals": [(row, queries.number_of(row)) for row in refusals.rows],
        "after": refusals.after,
        "said": said,
        "typed": typed,
    }
    return page.show(request, "advertising", context, 422 if form.errors or said else 200)


def _shown(ad: Ad) -> dict[str, str]:
    return {
        "name": ad.name,
        "contact": phones.format_phone(ad.contact),
        "opt_out": phones.format_phone(ad.opt_out),
    }

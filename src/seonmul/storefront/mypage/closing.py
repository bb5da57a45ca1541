"""회원 탈퇴: what is still open and what to do with each, then leaving for good. M9"""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from seonmul.kit import clock
from seonmul.members import queries as members
from seonmul.members import rules
from seonmul.members.models import KeptWhat
from seonmul.members.rules import CloseRefusal
from seonmul.orders import actions, queries
from seonmul.storefront.mypage import page
from seonmul.storefront.mypage.forms import CloseForm
from seonmul.storefront.views import seen


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """What stands in the way; with nothing in it, the form."""
    seen.buyer(request)
    member, at = seen.member(request), clock.now()
    is_proved = page.verified(request, at) is not None
    is_weighty = queries.closing_facts(member).is_weighty
    by_password = not is_proved and not is_weighty
    form = CloseForm(request.POST if request.method == "POST" else None, is_proved=not by_password)
    if not form.is_valid():
        return _page(request, form, 422 if form.is_bound else 200)
    if by_password:
        try:
            is_proved = get_adapter().reauthenticate(member, form.cleaned_data["password"])
        except ValidationError as error:
            form.add_error("password", error)
            return _page(request, form, 422)
    if page.is_refused(
        form,
        lambda: actions.close_account(
            member,
            is_proved=is_proved,
            by_password=by_password,
            gives_up_reward=form.cleaned_data["gives_up_reward"],
            at=at,
        ),
        {CloseRefusal.NOT_PROVED: "password", CloseRefusal.REWARD: "gives_up_reward"},
    ):
        return _page(request, form, 422)
    logout(request)
    messages.success(request, gettext("탈퇴했습니다. 그동안 이용해 주셔서 고맙습니다."))
    return redirect("account_login")


def _page(request: HttpRequest, form: CloseForm, status: int = 200) -> HttpResponse:
    member, at = seen.member(request), clock.now()
    facts, ends = queries.closing_facts(member), members.ends_with(member)
    context = {
        "form": form,
        "facts": facts,
        "hindrances": rules.what_hinders_closing(facts),
        "ends": ends,
        "ends_company": ends is not None and members.is_company(ends),
        "drafts": len(queries.drafts_of(member, ends)),
        "verified_until": page.verified_until(page.verified(request, at), at),
        "kept": _kept_labels(),
    }
    return page.show(request, "close", context, status)


def _kept_labels() -> list[str]:
    return [
        gettext("{what}: {law}, {term}").format(
            what=KeptWhat(what).label, law=gettext(law), term=_term(months)
        )
        for what, (law, months) in rules.KEPT.items()
    ]


def _term(months: int) -> str:
    years, rest = divmod(months, 12)
    return gettext("{n}개월").format(n=months) if rest else gettext("{n}년").format(n=years)

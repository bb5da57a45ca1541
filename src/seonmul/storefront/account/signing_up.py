"""Sign-up: one form, one page of codes, a short wait for the tax office where a company signs up. M1"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows import login as logging_in
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seonmul.figures import queries as figures_now
from seonmul.kit import clock
from seonmul.kit.refusals import No, Refused
from seonmul.members import actions as members
from seonmul.members import queries, rules
from seonmul.members.models import BuyerKind, Member, ProofKind, SignUp
from seonmul.storefront import devices
from seonmul.storefront.account import codes as code_page
from seonmul.storefront.account.codes import Part
from seonmul.storefront.account.forms import READERS, SignUpForm
from seonmul.storefront.views import seen

#: Where a browser's session remembers its own sign-up.
_OURS = "sign_up"


@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """The form. What was typed stays after every error, and when somebody comes back from the codes."""
    if request.user.is_authenticated:
        return redirect("storefront:products")
    earlier = _ours(request)
    if earlier and earlier.proved_at:
        return redirect("account_signup_wait")
    if request.method != "POST":
        return _form_page(request, SignUpForm(earlier=earlier))
    form = SignUpForm(request.POST, earlier=earlier)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    if not ratelimit.consume(request, action="signup"):
        return _form_page(request, form, no=_too_often(), status=429)
    try:
        made = members.begin_sign_up(
            form.wish(),
            instead_of=earlier.id if earlier else None,
            client=get_adapter().get_client_ip(request),
            at=clock.now(),
        )
    except Refused as refused:
        return _form_page(request, form, no=refused.no, status=422)
    request.session[_OURS] = str(made.id)
    return redirect("account_signup_codes")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: HttpRequest) -> HttpResponse:
    """Both codes on one page; what is proved stays proved."""
    row = _ours(request)
    if row is None:
        return redirect("account_signup")
    if row.proved_at:
        return redirect("account_signup_wait")
    if request.method != "POST":
        return _codes_page(request, row)
    typed = {kind: code_page.typed(request, kind.value) for kind in ProofKind}
    try:
        wrong = members.prove_sign_up(row.id, typed, at=clock.now())
    except Refused as refused:
        return _over(request, refused.no)
    if wrong:
        return _codes_page(request, _ours(request) or row, no=wrong, typed=typed, status=422)
    return _go_on(request, row.id)


@login_not_required
@never_cache
@require_POST
def code_again(request: HttpRequest) -> HttpResponse:
    """A new code, to the same address or to a mended one."""
    row = _ours(request)
    if row is None:
        return redirect("account_signup")
    kind = ProofKind.MAIL if request.POST.get("kind") == ProofKind.MAIL else ProofKind.PHONE
    typed = request.POST.get("address", "")[:254]
    try:
        address = READERS[kind](typed)
        if not ratelimit.consume(request, action="signup"):
            raise Refused(_too_often())
        client = get_adapter().get_client_ip(request)
        members.change_sign_up_address(row.id, kind, address, client=client, at=clock.now())
    except ValidationError as error:
        unfit = {kind: error.messages[0]}
        return _codes_page(request, row, unfit=unfit, typed_address={kind: typed}, status=422)
    except Refused as refused:
        if refused.no.why is rules.SignUpRefusal.OVER:
            return _over(request, refused.no)
        return _codes_page(request, row, unfit={kind: refused.no.say(gettext)}, status=422)
    messages.success(request, gettext("인증번호를 보냈습니다."))
    return redirect("account_signup_codes")


@login_not_required
@never_cache
@require_safe
def wait(request: HttpRequest) -> HttpResponse:
    """While the tax office is asked; the page asks `finish` every second. It says why nothing came of the sign-up."""
    row = _ours(request)
    if row is None:
        return redirect("account_signup")
    no = queries.why_sign_up_ended(row.id)  # also when a job has ended it, or the browser comes back
    return _over(request, no) if no else render(request, "account/sign_up_wait.html")


@login_not_required
@never_cache
@require_POST
def finish(request: HttpRequest) -> HttpResponse:
    """Go on when the member is made: the browser that signed up is logged in."""
    row = _ours(request)
    if row is None:
        return _to(request, reverse("account_signup"))
    return _go_on(request, row.id)


@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """What became of the sign-up: a company, or a general account with the reason and the way on. M1, M2"""
    member = seen.member(request)
    check = queries.newest_check(member)
    buyer = queries.buyer_of(member)
    context = {
        "company": buyer if buyer and buyer.kind == BuyerKind.COMPANY else None,
        "check": check,
        "no": rules.why_general(check.outcome) if check else None,
        "is_known": bool(check and check.outcome == "known"),
    }
    return render(request, "account/sign_up_done.html", context)


def _ours(request: HttpRequest) -> SignUp | None:
    found = request.session.get(_OURS)
    row = queries.sign_up(UUID(found)) if found else None
    if row is None or (row.ended_at and row.member is None and not row.refusal):
        return None
    return row


def _go_on(request: HttpRequest, sign_up_id: UUID) -> HttpResponse:
    member = members.finish_sign_up(sign_up_id, at=clock.now())
    if no := queries.why_sign_up_ended(sign_up_id):
        return _over(request, no)
    if member is None:
        return redirect("account_signup_wait") if not seen.is_fragment(request) else HttpResponse(status=204)
    return _log_in(request, member)


def _log_in(request: HttpRequest, member: Member) -> HttpResponse:
    del request.session[_OURS]
    record_authentication(request, member, method="password", username=member.login)
    done_url = reverse("account_signup_done")
    answer: HttpResponse = logging_in.perform_login(
        request, Login(user=member, redirect_url=done_url, signup=True)
    )
    if not seen.is_fragment(request):
        return answer
    led = _to(request, done_url)
    devices.give(request, led)
    return led


def _to(request: HttpRequest, url: str) -> HttpResponse:
    if seen.is_fragment(request):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def _over(request: HttpRequest, no: No) -> HttpResponse:
    request.session.pop(_OURS, None)
    messages.error(request, no.say(gettext))
    return _to(request, reverse("account_signup"))


def _form_page(
    request: HttpRequest, form: SignUpForm, *, no: No | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "no": no, "version": rules.CONSENT_VERSION}
    return render(request, "account/sign_up.html", context, status=status)


def _codes_page(
    request: HttpRequest, row: SignUp, *, status: int = 200, **more: Mapping[ProofKind, Any]
) -> HttpResponse:
    """`more`: what a part of the page shows besides its address, by kind."""
    proofs = {ProofKind.PHONE: row.phone_proof, ProofKind.MAIL: row.mail_proof}
    parts = [
        Part(proof, kind.value, **{name: said[kind] for name, said in more.items() if kind in said})
        for kind, proof in proofs.items()
    ]
    return code_page.sign_up_page(request, parts, status=status)


def _too_often() -> No:
    at = clock.now()
    return rules.asked_too_often(figures_now.figures(at))

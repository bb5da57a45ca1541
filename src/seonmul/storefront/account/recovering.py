"""Recovery by a code to the mailbox or the phone. Every answer is the same whether there is an account. M1"""

from __future__ import annotations

from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from seonmul.figures import queries as figures_now
from seonmul.kit import clock
from seonmul.kit.refusals import No, Refused
from seonmul.members import actions as members
from seonmul.members import queries, rules
from seonmul.members.models import Proof
from seonmul.members.rules import ProofPurpose
from seonmul.storefront.account import codes
from seonmul.storefront.account.forms import NewPasswordForm, RecoverForm

_OURS = "recovery"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """Ask where the code goes. Sent or not, the next page is the same."""
    form = RecoverForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _address_page(request, form, status=422 if form.is_bound else 200)
    kind, address = form.cleaned_data["address"]
    if not ratelimit.consume(request, action="reset_password", key=address):
        no = rules.asked_too_often(figures_now.figures(clock.now()))
        return _address_page(request, form, no=no, status=429)
    try:
        client = get_adapter().get_client_ip(request)
        proof = members.ask_proof(kind, address, ProofPurpose.RECOVER, client=client, at=clock.now())
    except Refused as refused:
        return _address_page(request, form, no=refused.no, status=422)
    request.session[_OURS] = str(proof.id)
    return redirect("account_recover_code")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code that came."""
    proof = _ours(request)
    if proof is None:
        return redirect("account_reset_password")
    if proof.proved_at:
        return redirect("account_recover_password")
    no = None
    if request.method == "POST":
        try:
            members.try_proof(proof.id, codes.typed(request, "code"), at=clock.now())
            return redirect("account_recover_password")
        except Refused as refused:
            no = refused.no
    return codes.recovery_page(request, proof, no)


@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """The new password; with it every session of the member ends."""
    proof = _ours(request)
    if proof is None or proof.proved_at is None:
        return redirect("account_reset_password")
    logins = [member.login for member in queries.members_at(proof.kind, queries.proved_address(proof))]
    if not logins:
        return _from_the_start(request, No(rules.ProofRefusal.UNPROVED))
    form = NewPasswordForm(request.POST if request.method == "POST" else None, logins=logins)
    if not form.is_valid():
        return _password_page(request, form, logins)
    login = form.cleaned_data["login"]
    try:
        members.recover(proof.id, login, form.cleaned_data["password"], at=clock.now())
    except Refused as refused:
        if refused.no.why is not rules.SpendRefusal.LOGIN_SAME:
            return _from_the_start(request, refused.no)
        form.add_error("password", refused.no.say(gettext))
        return _password_page(request, form, logins)
    del request.session[_OURS]
    # whoever was locked out by wrong tries may come in with the new password at once
    get_adapter()._delete_login_attempts_cached_email(request, username=login)
    messages.success(request, gettext("비밀번호를 바꿨습니다. 새 비밀번호로 로그인해 주세요."))
    return redirect("account_login")


def _password_page(request: HttpRequest, form: NewPasswordForm, logins: list[str]) -> HttpResponse:
    context = {"form": form, "logins": logins}
    return render(request, "account/recover_password.html", context, status=422 if form.is_bound else 200)


def _ours(request: HttpRequest) -> Proof | None:
    found = request.session.get(_OURS)
    proof = queries.proof(UUID(found)) if found else None
    return proof if proof and proof.used_at is None else None


def _from_the_start(request: HttpRequest, no: No) -> HttpResponse:
    request.session.pop(_OURS, None)
    messages.error(request, no.say(gettext))
    return redirect("account_reset_password")


def _address_page(
    request: HttpRequest, form: RecoverForm, *, no: No | None = None, status: int = 200
) -> HttpResponse:
    return render(request, "account/recover.html", {"form": form, "no": no}, status=status)

"""M4: how a member authorises payments is changed behind a fresh identity verification only, and told."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.audit import queries as audit
from seonmul.figures.rules import Figures
from seonmul.kit.refusals import Refused
from seonmul.members import actions, queries, rules
from seonmul.members.models import Member, ProofKind, SpendMethod
from seonmul.members.rules import ProofPurpose, Purpose, SpendRefusal
from tests import given
from tests.given import MONDAY
from tests.members.test_sign_up import code_of

pytestmark = pytest.mark.django_db
PASSWORD = "지불은 신중하게 1"


@pytest.fixture
def who() -> Member:
    return given.company(cash_won=0).owner


def refusal(call: Any, *args: Any, **named: Any) -> SpendRefusal:
    with pytest.raises(Refused) as refused:
        call(*args, **named)
    why = refused.value.no.why
    assert isinstance(why, SpendRefusal)
    return why


def test_a_phone_code_is_asked_for_unless_something_else_was_chosen(who: Member) -> None:
    """M4: the default stands in the schema."""
    assert Member.objects.get(id=who.id).spend_method == SpendMethod.PHONE_CODE
    assert Member._meta.get_field("spend_method").default == SpendMethod.PHONE_CODE


@pytest.mark.parametrize("method", list(SpendMethod))
def test_nothing_changes_without_a_fresh_verification(who: Member, method: SpendMethod) -> None:
    """M4: neither the method nor the password, and nobody is told."""
    actions.set_payment_password(who.id, PASSWORD, at=MONDAY)
    before = Member.objects.filter(id=who.id).values().get()
    choose = partial(actions.set_spend_method, who.id, method, is_verified=False, at=MONDAY)
    assert refusal(choose) is SpendRefusal.NOT_VERIFIED
    renew = partial(actions.change_payment_password, who.id, "another one 22", is_verified=False, at=MONDAY)
    assert refusal(renew) is SpendRefusal.NOT_VERIFIED
    assert Member.objects.filter(id=who.id).values().get() == before
    assert not ProcrastinateJob.objects.exists()


def test_a_password_is_chosen_before_it_is_the_method(who: Member) -> None:
    """M4"""
    choose = partial(
        actions.set_spend_method, who.id, SpendMethod.PAYMENT_PASSWORD, is_verified=True, at=MONDAY
    )
    assert refusal(choose) is SpendRefusal.METHOD_NEEDS_PASSWORD
    actions.change_payment_password(who.id, PASSWORD, is_verified=True, at=MONDAY)
    choose()
    who.refresh_from_db()
    assert who.spend_method == SpendMethod.PAYMENT_PASSWORD
    assert actions.enter_payment_password(
        who.id, Purpose("a", 1, 1), PASSWORD, device=given.device(who), at=MONDAY
    )
    assert [act.verb for act in audit.acts_on(who.id)] == ["spend_method_set", "payment_password_set"]


def test_a_bad_password_is_refused_behind_a_verification_too(who: Member) -> None:
    """M4"""
    renew = partial(actions.change_payment_password, who.id, is_verified=True, at=MONDAY)
    assert refusal(renew, "short") is SpendRefusal.PASSWORD_SHORT
    assert refusal(renew, "long-enough-1") is SpendRefusal.PASSWORD_SAME
    assert not ProcrastinateJob.objects.exists()


def test_how_short_a_login_password_may_be_is_a_figure() -> None:
    """M1"""
    figures = Figures(login_password_least=12)
    no = rules.why_not_as_short("x" * 11, figures=figures)
    assert no and no.why is SpendRefusal.LOGIN_SHORT and "12자" in no.say()
    assert rules.why_not_as_short("x" * 12, figures=figures) is None


def test_nor_may_the_login_password_become_the_payment_password(who: Member) -> None:
    """M4: by recovery it is refused, nothing is changed, and the code that was proved still opens the way."""
    actions.set_payment_password(who.id, PASSWORD, at=MONDAY)
    proof = actions.ask_proof(ProofKind.PHONE, queries.phone_of(who), ProofPurpose.RECOVER, at=MONDAY)
    actions.try_proof(proof.id, code_of(proof), at=MONDAY)
    renew = partial(actions.recover, proof.id, who.login, at=MONDAY)
    assert refusal(renew, PASSWORD) is SpendRefusal.LOGIN_SAME
    who.refresh_from_db()
    assert who.check_password("long-enough-1") and who.payment_password
    renew("quite another 33")
    who.refresh_from_db()
    assert who.check_password("quite another 33")
    assert rules.why_not_set_login_password(is_payment_password=False) is None


def test_a_new_password_opens_a_lock(who: Member) -> None:
    """M4: whoever proved who they are need not wait half an hour."""
    actions.set_payment_password(who.id, PASSWORD, at=MONDAY)
    for _ in range(5):
        refusal(
            actions.enter_payment_password,
            who.id,
            Purpose("a", 1, 1),
            "wrong",
            device=given.device(who),
            at=MONDAY,
        )
    actions.change_payment_password(who.id, "another one 22", is_verified=True, at=MONDAY)
    assert actions.enter_payment_password(
        who.id, Purpose("a", 1, 1), "another one 22", device=given.device(who), at=MONDAY
    )


def test_each_change_is_told_to_the_member_s_phone(who: Member, carrier: Any) -> None:
    """M4"""
    actions.change_payment_password(who.id, PASSWORD, is_verified=True, at=MONDAY)
    actions.set_spend_method(who.id, SpendMethod.PAYMENT_PASSWORD, is_verified=True, at=MONDAY)
    given.worked(later=False)
    texts = carrier.ask("GET", f"/_/messages?to={queries.phone_of(who)}&limit=10").json
    assert [text["text"] for text in texts] == [
        "[선물] 추가 인증 방법이 바뀌었습니다. 본인이 아니면 결제를 멈추고 문의해 주세요."
    ] * 2

"""캐쉬 환급 in the storefront: two steps, and only to one's own account. P5, M4"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.kit import clock, crypto
from seonmul.ledger import queries as ledger
from seonmul.members.models import Buyer, Member, SpendCode
from seonmul.payments.models import Payout
from seonmul.payments.rules import PayoutRefusal, RefundRefusal
from tests import given

pytestmark = pytest.mark.django_db
PAGE = reverse("storefront:payout")
WISH = {"won": "40,000", "bank": "kookmin", "number": "123-456-7890001"}


def browser(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def firm(cash_won: int = 50_000) -> given.Company:
    made = given.company(cash_won=cash_won, at=clock.now())
    Buyer.objects.filter(id=made.buyer.id).update(name="한빛테크", business_number="9998800014")
    return made


def code() -> str:
    return crypto.ring().open(SpendCode.CODE, SpendCode.objects.latest("asked_at").code_sealed)


def test_two_steps_hold_the_cash_and_it_can_be_taken_back() -> None:
    """P5, M4: the account, then the code; withdrawn before it is approved."""
    who = firm()
    client = browser(who.owner)
    assert "50,000원" in client.get(PAGE).content.decode()
    second = client.post(PAGE, WISH).content.decode()
    assert "인증번호 6자리" in second and "40,000원" in second and SpendCode.objects.count() == 1
    wrong = client.post(PAGE, WISH | {"secret": "x"})
    assert wrong.status_code == 422 and "인증번호가 다릅니다" in wrong.content.decode()
    assert client.post(PAGE, WISH | {"secret": code()})["Location"] == PAGE
    row = Payout.objects.get()
    assert ledger.balances(who.buyer.id).cash_won == 10_000
    page = client.get(PAGE).content.decode()
    assert "예금주 확인 중" in page and "***0001" in page and "1234567890001" not in page
    taken = reverse("storefront:payout_withdraw", args=[row.public_id])
    assert client.post(taken)["Location"] == PAGE
    assert ledger.balances(who.buyer.id).cash_won == 50_000
    assert PayoutRefusal.DECIDED.sentence in client.post(taken, follow=True).content.decode()


def test_what_cannot_be_is_said_beside_its_field() -> None:
    client = browser(firm().owner)
    for wish, said in (
        (WISH | {"won": "50,001"}, "지금 환급받을 수 있는 캐쉬는 50,000원입니다"),
        (WISH | {"won": ""}, PayoutRefusal.NOTHING.sentence),
        (WISH | {"number": "12"}, RefundRefusal.NO_ACCOUNT.sentence),
        (WISH | {"number": ""}, RefundRefusal.NO_ACCOUNT.sentence),
    ):
        answer = client.post(PAGE, wish)
        assert answer.status_code == 422 and said in answer.content.decode()
    assert not SpendCode.objects.exists()


def test_a_new_code_can_be_asked_for() -> None:
    client = browser(firm().owner)
    client.post(PAGE, WISH)
    client.post(PAGE, WISH)
    assert SpendCode.objects.count() == 1
    assert client.post(PAGE, WISH | {"secret": "", "again": "1"}).status_code == 200
    assert SpendCode.objects.count() == 2


def test_others_of_the_company_look_and_do_not_ask() -> None:
    """P5: the owner alone."""
    who = firm()
    client = browser(who.approver)
    assert "대표만 신청할 수 있어요" in client.get(PAGE).content.decode()
    answer = client.post(PAGE, WISH)
    assert answer.status_code == 422 and not SpendCode.objects.exists()


def test_a_person_is_led_to_the_identity_verification() -> None:
    page = browser(given.person(cash_won=1_000, at=clock.now())).get(PAGE).content.decode()
    assert "본인인증하기" in page and "인증번호 받기" not in page


def test_a_strangers_payout_is_not_there() -> None:
    """M7"""
    mine = firm()
    client = browser(mine.owner)
    client.post(PAGE, WISH)
    client.post(PAGE, WISH | {"secret": code()})
    row = Payout.objects.get()
    other = browser(given.company().owner)
    assert other.post(reverse("storefront:payout_withdraw", args=[row.public_id])).status_code == 404

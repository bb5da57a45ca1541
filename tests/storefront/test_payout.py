"""캐쉬 환급 in the storefront: two steps, and only to one's own account. P5, M4"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.kit import clock, crypto
from seonmul.kit.refusals import Refused
from seonmul.ledger import actions as books
from seonmul.ledger import queries as ledger
from seonmul.ledger.models import Kind
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.models import Buyer, Member, Role, SpendCode
from seonmul.orders import queries as orders
from seonmul.payments import actions as payments
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


def left_with(won: int) -> tuple[Member, Buyer]:
    """Somebody verified who went over to a company, and to whose own account money came back afterwards."""
    who, day = given.person(), clock.now() - timedelta(days=3)
    own = members_now.buyer_of(who)
    assert own
    place = members.invite(given.company(at=day).owner, who.mail, Role.BUYER, is_verified=True, at=day)
    members.accept_invitation(members_now.link_of(place), who, at=day)
    given.verified(who, "", clock.now())
    if won:
        books.charge(own.id, won, cause="a voucher that arrived nowhere", at=clock.now())
    return who, Buyer.objects.get(id=own.id)


def test_money_that_comes_back_to_an_account_that_was_left_is_paid_out_to_who_left_it() -> None:
    """M7, P5: nobody opens that account any more, so the member asks for its cash from where they are now."""
    who, own = left_with(40_000)
    client, there = browser(who), f"{PAGE}?left={own.public_id}"
    assert own.closed_at and own.left_by_id == who.id
    for page in (reverse("storefront:my"), PAGE):
        said = client.get(page).content.decode()
        assert f'href="{there}"' in said and "40,000원" in said
    assert client.post(PAGE, WISH).status_code == 422, "of the company's cash a buyer gets nothing"
    assert "예전 개인 계정" in client.get(there).content.decode()
    assert "인증번호 6자리" in client.post(there, WISH).content.decode()
    assert client.post(there, WISH | {"secret": code()})["Location"] == there
    row = Payout.objects.get()
    assert (row.buyer_id, row.member_id, row.won) == (own.id, who.id, 40_000)
    assert ledger.balances(own.id).cash_won == 0
    taken = reverse("storefront:payout_withdraw", args=[row.public_id])
    assert client.post(taken)["Location"] == there and ledger.balances(own.id).cash_won == 40_000
    client.post(there, WISH)
    client.post(there, WISH | {"secret": code()})
    again = Payout.objects.latest("asked_at")
    Payout.objects.filter(id=again.id).update(state="checked", told_sealed=b"")
    staff = given.operator()
    payments.approve_payout(again.id, is_holder_seen=True, by=staff, at=clock.now())
    payments.confirm_by_hand(again.id, note="이체함", by=staff, at=clock.now())
    again.refresh_from_db()
    assert again.state == "done" and ledger.balances(own.id).held_won == 0


def test_whoever_left_an_account_with_money_in_it_does_not_close_before_it_is_paid_out() -> None:
    """M9: money of the account that was left counts like the member's own."""
    who, own = left_with(40_000)
    assert orders.closing_facts(who, is_proved=True).cash_won == 40_000
    books.hold(own.id, [(Kind.CASH, 40_000)], cause="asked", subject="x", at=clock.now())
    facts = orders.closing_facts(who, is_proved=True)
    assert (facts.cash_won, facts.held_won) == (0, 40_000)


def test_an_account_that_was_left_is_nobody_elses() -> None:
    """M7: neither the company's owner nor a stranger finds it; without money there is nothing to say."""
    who, own = left_with(0)
    assert "left=" not in browser(who).get(reverse("storefront:my")).content.decode()
    _, theirs = left_with(40_000)
    company = members_now.buyer_of(who)
    owner = next(one.member for one in members_now.places_of(company.id) if one.role == "owner")
    for stranger in (who, owner, given.person()):
        there, client = f"{PAGE}?left={theirs.public_id}", browser(stranger)
        assert client.get(there).status_code == client.post(there, WISH).status_code == 404
    with pytest.raises(Refused) as refused:
        payments.check_payout(owner, 1, "kookmin", "1234567890001", left=own.public_id, at=clock.now())
    assert refused.value.no.why is PayoutRefusal.NOT_OWNER

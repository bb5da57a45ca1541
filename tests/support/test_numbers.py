"""H3, S5: a change of number is asked for, decided beside the thread, and both sides see what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from seonmul.dispatch.models import Message
from seonmul.dispatch.ports import Result
from seonmul.gifts import queries as gifts
from seonmul.gifts.models import Gift, NumberChange
from seonmul.gifts.rules import ChangeRefusal, ResendRefusal
from seonmul.kit.refusals import Refused
from seonmul.support import actions, queries, rules
from seonmul.support.models import Inquiry, InquiryKind, Outcome, Word
from seonmul.support.rules import InquiryRefusal
from seonmul.vouchers.models import Voucher
from seonmul.vouchers.rules import ReplaceRefusal
from tests import given
from tests.gifts.test_cancelling import sent
from tests.given import MONDAY, Company
from tests.sandbox.outside import Outside
from tests.vouchers import codes, coupons

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)
NEW = "010-9999-0001"


@pytest.fixture
def firm() -> Company:
    return given.company(cash_won=100_000)


@pytest.fixture
def gift(firm: Company) -> Gift:
    sent(firm, 1)
    return Gift.objects.get()


def asked(firm: Company, gift: Gift, **more: Any) -> Inquiry:
    said = {"about": gift.public_id, "to": NEW, "at": MONDAY} | more
    return actions.ask(more.pop("by", firm.owner), InquiryKind.NUMBER, "번호가 바뀌었어요.", **said)


def refusal_of(does: Any) -> Any:
    with pytest.raises(Refused) as refused:
        does()
    return refused.value.no.why


def test_the_new_number_is_sealed_and_stands_nowhere_else(firm: Company, gift: Gift) -> None:
    """S5, X2"""
    row = asked(firm, gift)
    assert row.about == gift.public_id and queries.to_of(row) == "01099990001"
    assert b"9999" not in bytes(row.to_sealed or b"") and "9999" not in queries.thread(row)[0].text
    assert queries.is_move_open(gift.public_id)


def test_why_a_change_is_not_taken(firm: Company, gift: Gift) -> None:
    """S5: said before anybody waits for it."""
    assert refusal_of(lambda: asked(firm, gift, about="nothing")) is InquiryRefusal.NO_COPY
    assert refusal_of(lambda: asked(given.company(), gift)) is InquiryRefusal.NO_COPY
    assert refusal_of(lambda: asked(firm, gift, to="02-123")) is ChangeRefusal.NO_NUMBER
    same = gifts.cells_of(gift).phone
    assert refusal_of(lambda: asked(firm, gift, to=same)) is ChangeRefusal.SAME
    by = {"by": firm.approver}
    ask = actions.ask
    assert (
        refusal_of(lambda: ask(by["by"], InquiryKind.NUMBER, "글", about=gift.public_id, to=NEW, at=MONDAY))
        is ResendRefusal.NOT_A_BUYER
    )
    asked(firm, gift)
    assert refusal_of(lambda: asked(firm, gift)) is InquiryRefusal.ASKED_BEFORE
    Voucher.objects.update(state="used")
    Inquiry.objects.update(state="closed")
    assert refusal_of(lambda: asked(firm, gift)) is ReplaceRefusal.USED


def test_staff_confirm_and_the_member_reads_it(firm: Company, gift: Gift) -> None:
    """S5, H3: once."""
    row, operator = asked(firm, gift), given.operator()
    old_voucher = gift.voucher_id
    actions.change_number(row.id, text="확인했습니다.", by=operator, at=LATER)
    row.refresh_from_db()
    gift.refresh_from_db()
    assert (row.state, row.outcome) == ("answered", Outcome.MOVED)
    assert (
        "새 쿠폰을 보냈습니다" in queries.thread(row)[-1].text
        and "확인했습니다." in queries.thread(row)[-1].text
    )
    assert gifts.cells_of(gift).phone == "01099990001" and gift.voucher_id != old_voucher
    assert Message.objects.filter(subject=gift.id).count() == 2
    again = lambda: actions.change_number(row.id, by=operator, at=LATER)  # noqa: E731
    assert refusal_of(again) is InquiryRefusal.DECIDED
    assert not queries.is_move_open(gift.public_id)


def test_staff_refuse_with_one_of_the_reasons(firm: Company, gift: Gift) -> None:
    """S5"""
    row, operator = asked(firm, gift), given.operator()
    why = lambda code: actions.refuse_number(row.id, code, by=operator, at=LATER)  # noqa: E731
    assert refusal_of(lambda: why("because")) is InquiryRefusal.NO_MOVE_REASON
    why("arrived")
    row.refresh_from_db()
    assert (row.outcome, row.why) == (Outcome.NOT_MOVED, "arrived") and not NumberChange.objects.exists()
    assert rules.MOVE_REFUSALS["arrived"] in queries.thread(row)[-1].text


def test_what_was_used_meanwhile_is_said_and_the_inquiry_stays_open(firm: Company, gift: Gift) -> None:
    """S5: the world may have moved since it was asked."""
    row = asked(firm, gift)
    Voucher.objects.update(state="used")
    does = lambda: actions.change_number(row.id, by=given.operator(), at=LATER)  # noqa: E731
    assert refusal_of(does) is ReplaceRefusal.USED
    row.refresh_from_db()
    assert row.state == "open" and Word.objects.count() == 1


def test_a_pool_that_cannot_end_codes_is_refused_when_it_is_asked(firm: Company) -> None:
    """S5, C3"""
    given.placed(firm, given.numbers(1), codes.product(5))
    given.worked(only="gifts")
    Gift.objects.update(result=Result.DELIVERED, result_at=MONDAY)
    assert refusal_of(lambda: asked(firm, Gift.objects.get())) is ReplaceRefusal.NOT_VOIDABLE


@pytest.mark.parametrize("is_used", [False, True])
def test_how_an_external_issuer_ended_it_is_said_in_the_thread(
    firm: Company, carrier: Outside, settings: Any, is_used: bool
) -> None:
    """S5, H3: first that it is under way, then how it ended."""
    settings.SECONDS_ISSUER, settings.SANDBOX_URL = 1, carrier.url
    coupons.ordered(firm, 1)
    coupons.attended()
    Gift.objects.update(result=Result.DELIVERED, result_at=MONDAY)
    row = asked(firm, Gift.objects.get())
    if is_used:
        supply = Gift.objects.get().voucher.supply
        carrier.inside("POST", "giftishow/use", {"trId": supply.reference})
    actions.change_number(row.id, by=given.operator(), at=LATER)
    row.refresh_from_db()
    assert row.outcome == Outcome.MOVING and "취소를 요청했습니다" in queries.thread(row)[-1].text
    coupons.attended(LATER)
    for _ in range(2):
        given.worked(only="gifts")
        given.worked(only="support")
        actions.note_moved(NumberChange.objects.get().id, at=LATER)
    row.refresh_from_db()
    assert row.outcome == (Outcome.NOT_MOVED if is_used else Outcome.MOVED)
    said = [word.text for word in queries.thread(row)]
    assert len(said) == 3 and ("바꾸지 못했습니다" in said[-1]) == is_used

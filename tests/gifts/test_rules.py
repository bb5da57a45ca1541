"""S5: why a gift may not be sent again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from seonmul.dispatch.ports import Result
from seonmul.figures.rules import Figures
from seonmul.gifts import rules
from seonmul.gifts.rules import GiftFacts, LinkRefusal, ResendRefusal, why_not_resend, why_not_send
from tests.given import MONDAY

FAILED = GiftFacts(
    voucher_state="issued",
    valid_until=MONDAY + timedelta(days=93),
    result=Result.POWER_OFF,
    resends=0,
    sent_at=MONDAY - timedelta(minutes=10),
)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"voucher_state": "used"}, ResendRefusal.USED),
        ({"voucher_state": "expired"}, ResendRefusal.EXPIRED),
        ({"valid_until": MONDAY - timedelta(seconds=1)}, ResendRefusal.EXPIRED),
        ({"voucher_state": "refunded"}, ResendRefusal.REFUNDED),
        ({"voucher_state": "frozen"}, ResendRefusal.STOPPED),
        ({"voucher_state": "void"}, ResendRefusal.STOPPED),
        ({"result": Result.WAITING}, ResendRefusal.UNDER_WAY),
        ({"resends": 5}, ResendRefusal.RESENT_ENOUGH),
        ({"sent_at": MONDAY - timedelta(minutes=4)}, ResendRefusal.TOO_SOON),
    ],
)
def test_why_not_resend(changed, refusal):
    """S5"""
    no = why_not_resend(replace(FAILED, **changed), may_buy=True, figures=Figures(), at=MONDAY)
    assert no is not None and no.why is refusal and "{" not in no.say()


def test_a_failed_gift_may_be_sent_again_until_the_figures_say_no():
    """S5: also one that was delivered, since the recipient may have lost it."""
    for result in (Result.POWER_OFF, Result.DELIVERED, Result.NO_ANSWER):
        assert (
            why_not_resend(replace(FAILED, result=result), may_buy=True, figures=Figures(), at=MONDAY) is None
        )
    again = replace(FAILED, resends=5, sent_at=MONDAY)
    generous = Figures(resend_most=6, resend_wait_minutes=0)
    assert why_not_resend(again, may_buy=True, figures=generous, at=MONDAY) is None


def test_only_who_may_buy_may_resend():
    """M7"""
    no = why_not_resend(FAILED, may_buy=False, figures=Figures(), at=MONDAY)
    assert no is not None and no.why is ResendRefusal.NOT_A_BUYER


def test_the_wait_is_told_in_whole_minutes_rounded_up():
    no = why_not_resend(
        replace(FAILED, sent_at=MONDAY - timedelta(minutes=3, seconds=30)),
        may_buy=True, figures=Figures(), at=MONDAY,
    )  # fmt: skip
    assert no is not None and no.numbers == {"minutes": 2}


def test_a_partly_used_voucher_may_still_be_sent():
    assert why_not_send("partly_used", MONDAY, at=MONDAY) is None


def test_why_an_address_must_wait() -> None:
    """V5"""
    some = Figures(wrong_links_from_place=5, wrong_links_minutes=7)
    assert rules.why_not_try_link(4, figures=some) is None
    no = rules.why_not_try_link(5, figures=some)
    assert no and no.why is LinkRefusal.TOO_MANY and "7분 뒤에" in no.say()

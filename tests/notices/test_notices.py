"""M4, M8: the texts we write ourselves, to the phone that gets them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.dispatch import rules as dispatch
from seonmul.dispatch.models import Letter, Message
from seonmul.figures import actions as figures
from seonmul.figures.rules import Figures
from seonmul.kit import clock, crypto, euckr
from seonmul.kit.refusals import Refused
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.models import SpendCode
from seonmul.members.rules import Purpose
from seonmul.notices import actions
from tests import given
from tests.given import MONDAY

pytestmark = pytest.mark.django_db

ORDER = Purpose("draft-1", 13_500, 3)


def test_every_notice_fits_a_short_text_with_its_largest_numbers() -> None:
    """O3: 90 bytes; an order of a hundred thousand million won to a million people."""
    largest = {"code": "000000", "people": f"{1_000_000:,}", "won": f"{100_000_000_000:,}"}
    sizes = {place: euckr.byte_length(value) for place, value in largest.items()}
    assert dispatch.longest_bytes(actions.SPEND_CODE, sizes) <= 90
    minutes = f"{Figures.__dataclass_fields__['payment_password_lock_minutes'].metadata['most']:,}"
    assert dispatch.longest_bytes(actions.LOCKED, {"minutes": len(minutes)}) <= 90
    for text in (actions.SPEND_CODE, actions.LOCKED):
        assert not euckr.cannot_carry(text)


def test_a_spend_code_reaches_the_phone_and_names_amount_and_people(carrier: Any) -> None:
    """M4, M8: through the real adapter; what stands on the phone opens the payment."""
    who, at = given.company(cash_won=0).owner, clock.now()
    members.ask_spend_code(who.id, Purpose("draft-1", 1_350_000, 300), at=at)
    given.worked(later=False)
    (text,) = carrier.ask("GET", f"/_/messages?to={members_now.phone_of(who)}&limit=10").json
    code = crypto.ring().open(SpendCode.CODE, SpendCode.objects.get().code_sealed)
    assert (text["type"], text["from"]) == ("SMS", "15990000")
    assert text["text"] == f"[선물] 결제 인증번호 {code}\n300명, 1,350,000원. 남에게 알려 주지 마세요."
    assert members.enter_spend_code(who.id, Purpose("draft-1", 1_350_000, 300), code, at=at)


def test_a_locked_payment_password_is_told_to_its_member(carrier: Any) -> None:
    """M4"""
    who = given.company(cash_won=0).owner
    members.set_payment_password(who.id, "결제비밀번호 1", at=MONDAY)
    figures.change("payment_password_lock_minutes", 45, by="test", at=MONDAY)
    for _ in range(5):
        with pytest.raises(Refused):
            members.enter_payment_password(who.id, ORDER, "wrong one", device=given.device(who), at=MONDAY)
    given.worked(later=False)
    (text,) = carrier.ask("GET", f"/_/messages?to={members_now.phone_of(who)}&limit=10").json
    assert text["text"] == (
        "[선물] 결제 비밀번호를 여러 번 틀려 45분 동안 잠갔습니다. 본인이 아니면 문의해 주세요."
    )


def test_notices_go_before_any_bulk() -> None:
    """Somebody sits in front of a form."""
    who = given.company(cash_won=0).owner
    code = members.ask_spend_code(who.id, ORDER, at=MONDAY)
    ProcrastinateJob.objects.all()._raw_delete("default")  # type: ignore[attr-defined]
    for _ in range(2):  # as after a kill -9 between the job's end and its note
        actions.send_spend_code(code.id, at=MONDAY)
    (job,) = ProcrastinateJob.objects.values_list("task_name", "priority")
    assert job == ("dispatch.send", 10)
    assert Letter.objects.get().priority == 10


def test_nothing_personal_is_stored_open_or_queued() -> None:
    """X2: neither the number nor the code."""
    who = given.company(cash_won=0).owner
    code = members.ask_spend_code(who.id, ORDER, at=MONDAY)
    digits = crypto.ring().open(SpendCode.CODE, code.code_sealed)
    phone = members_now.phone_of(who)
    actions.send_spend_code(code.id, at=MONDAY)
    message = Message.objects.get()
    kept = bytes(message.to_sealed) + bytes(message.to_index) + bytes(message.fields_sealed)
    assert phone.encode() not in kept and digits.encode() not in kept
    assert message.subject == code.id
    for arguments in ProcrastinateJob.objects.values_list("args", flat=True):
        assert all(name.endswith("_id") for name in arguments)
        assert phone not in str(arguments)


def test_a_code_that_is_dead_is_not_texted() -> None:
    """M4: the worker came too late."""
    who = given.company(cash_won=0).owner
    code = members.ask_spend_code(who.id, ORDER, at=MONDAY)
    actions.send_spend_code(code.id, at=MONDAY + timedelta(minutes=3))
    assert not Message.objects.exists()


def test_who_cannot_be_reached_is_passed_over() -> None:
    staff = members.make_member(
        "operator", "long-enough-1", "운영자", phone="01011112222", mail="", at=MONDAY, is_staff=True
    )
    actions.tell_password_locked(staff.id, at=MONDAY)
    assert not Message.objects.exists()

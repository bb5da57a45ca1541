"""What is sent when somebody comes in: codes, and news of a changed login. M1, M8"""

from __future__ import annotations

import smtplib
from typing import Any

import pytest
from django.core import mail

from seonmul.dispatch import rules as dispatch
from seonmul.kit import clock, euckr
from seonmul.members import actions as members
from seonmul.members.models import ProofKind
from seonmul.members.rules import ProofPurpose
from seonmul.notices import actions
from tests import given
from tests.given import MONDAY

pytestmark = pytest.mark.django_db


def test_a_code_fits_a_short_text() -> None:
    assert euckr.byte_length(dispatch.fill(actions.PROOF, {"code": "123456"})) <= 90


def test_a_mail_server_that_fails_is_told_without_the_address(monkeypatch: Any) -> None:
    """X2: what a job's error says is logged."""

    def fails(*args: Any, **more: Any) -> None:
        raise smtplib.SMTPRecipientsRefused({"kim@home.example": (550, b"no kim@home.example here")})

    monkeypatch.setattr(mail, "send_mail", fails)
    proof = members.ask_proof(ProofKind.MAIL, "kim@home.example", ProofPurpose.SIGN_UP, at=clock.now())
    with pytest.raises(actions.NotMailed) as failed:
        actions.send_proof(proof.id, at=clock.now())
    assert str(failed.value) == "SMTPRecipientsRefused" and failed.value.__cause__ is None
    assert failed.value.__suppress_context__


def test_a_code_that_is_over_is_not_sent(mailoutbox: list[Any]) -> None:
    proof = members.ask_proof(ProofKind.MAIL, "kim@home.example", ProofPurpose.SIGN_UP, at=MONDAY)
    actions.send_proof(proof.id, at=proof.expires_at)
    assert mailoutbox == []


def test_staff_are_told_of_a_changed_login_too(carrier: Any) -> None:
    """M8: they act for no buyer, and so the text is our own."""
    staff = members.make_member(
        "operator", "long-enough-1", "운영자", phone="01024680007", mail="", at=MONDAY, is_staff=True
    )
    members.note_login_changed(staff.id, "password_changed", at=clock.now())
    given.worked()
    told = carrier.ask("GET", "/_/messages?to=01024680007").json
    assert "operator" in told[0]["text"] and "로그인 방법이 바뀌었습니다" in told[0]["text"]

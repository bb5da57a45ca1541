"""Decisions on codes that prove a phone or a mailbox. M1"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from seonmul.figures.rules import Figures
from seonmul.kit.refusals import No, Refusal, _


class ProofPurpose(enum.StrEnum):
    """What a proved address is used for, once."""

    SIGN_UP = "sign_up"
    RECOVER = "recover"
    HAND_OVER = "hand_over"
    SENDER = "sender"
    PROFILE = "profile"
    CLAIM = "claim"


class ProofRefusal(Refusal):
    TOO_MANY = (
        "proof_too_many",
        _(
            "인증번호를 너무 자주 요청했습니다. 적으신 내용은 그대로 있으니 {minutes}분 뒤에 다시 요청해 주세요."
        ),
    )
    TOO_MANY_TODAY = (
        "proof_too_many_today",
        _("하루에 보낼 수 있는 인증번호를 모두 보냈습니다. 내일 다시 요청하거나 고객센터에 알려 주세요."),
    )
    TOO_MANY_HERE = (
        "proof_too_many_here",
        _(
            "지금 쓰는 인터넷 주소에서 하루에 요청할 수 있는 인증번호를 모두 보냈습니다. "
            "적으신 내용은 그대로 있으니 다른 통신망에서 하거나 내일 다시 요청해 주세요."
        ),
    )
    NONE = "proof_none", _("보낸 인증번호가 없습니다. 인증번호를 다시 요청해 주세요.")
    EXPIRED = "proof_expired", _("인증번호의 유효시간이 지났습니다. 다시 요청해 주세요.")
    SPENT = "proof_tries", _("인증번호를 {tries}번 틀렸습니다. 다시 요청해 주세요.")
    WRONG = "proof_wrong", _("인증번호가 다릅니다. {left}번 더 입력할 수 있습니다.")
    UNPROVED = "proof_unproved", _("인증이 끝나지 않았습니다. 인증번호를 다시 요청해 주세요.")


@dataclass(frozen=True)
class ProofFacts:
    tries: int
    expires_at: datetime
    is_proved: bool
    is_used: bool


def why_not_ask_proof(
    lately: int, of_a_day: int, *, of_asker: int = 0, of_place: int = 0, figures: Figures
) -> No | None:
    """Say why no further code goes to this address; the counts: codes of the last minutes (`spend_codes_minutes`), of a day. M1

    The second keeps whoever guesses day and night from ever getting far; `of_asker`, those that one member asked for in
    a day, keeps anybody from having strangers texted one after the other; `of_place`, those of who has no account,
    from one internet address, does the same at sign-up and recovery.
    """
    if of_place >= figures.proofs_from_one_place_in_a_day:
        return No(ProofRefusal.TOO_MANY_HERE)
    if of_asker >= figures.proofs_of_one_in_a_day:
        return No(ProofRefusal.TOO_MANY_TODAY)
    if of_a_day >= figures.proofs_in_a_day:
        return No(ProofRefusal.TOO_MANY_TODAY)
    if lately >= figures.spend_codes_most:
        return asked_too_often(figures)
    return None


def asked_too_often(figures: Figures) -> No:
    """The one answer to whoever asks for codes too often, by whatever count. M1"""
    return No(ProofRefusal.TOO_MANY, {"minutes": figures.spend_codes_minutes})


def why_not_try_proof(proof: ProofFacts | None, *, figures: Figures, at: datetime) -> No | None:
    """Say why no code can be entered for this proof. M1"""
    if proof is None or proof.is_proved or proof.is_used:
        return No(ProofRefusal.NONE)
    if at >= proof.expires_at:
        return No(ProofRefusal.EXPIRED)
    if proof.tries >= figures.spend_code_tries:
        return No(ProofRefusal.SPENT, {"tries": proof.tries})
    return None


def wrong_proof(tries: int, *, figures: Figures) -> No:
    """The answer to a wrong code, `tries` counting this one."""
    left = figures.spend_code_tries - tries
    return No(ProofRefusal.WRONG, {"left": left}) if left > 0 else No(ProofRefusal.SPENT, {"tries": tries})


def why_not_use_proof(
    proved_at: datetime | None, used_at: datetime | None, *, figures: Figures, at: datetime
) -> No | None:
    """Say why this proof proves nothing now. M1"""
    lasts = timedelta(minutes=figures.proved_minutes)
    if proved_at is None or used_at is not None or at >= proved_at + lasts:
        return No(ProofRefusal.UNPROVED)
    return None

"""Decisions on spend authentication. M4"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from seonmul.figures.rules import Figures
from seonmul.kit import clock
from seonmul.kit.refusals import No, Refusal, _

#: Roles that may buy and send; the others look. M7
BUYING_ROLES = frozenset({"owner", "buyer"})


SPEND_CODE_DIGITS = 6  # fixed, M4


class SpendRefusal(Refusal):
    TOO_MANY_CODES = (
        "spend_code_too_many",
        _("인증번호를 너무 자주 요청했습니다. {minutes}분 뒤에 다시 요청해 주세요."),
    )
    NO_PHONE = (
        "spend_no_phone",
        _("휴대폰 번호가 없어 인증번호를 보낼 수 없습니다. 회원정보에서 번호를 등록해 주세요."),
    )
    NO_CODE = "spend_code_none", _("이 주문으로 보낸 인증번호가 없습니다. 인증번호를 다시 요청해 주세요.")
    CODE_EXPIRED = (
        "spend_code_expired",
        _("인증번호의 유효시간이 지났습니다. 주문은 그대로 있으니 다시 요청해 주세요."),
    )
    CODE_SPENT = (
        "spend_code_tries",
        _("인증번호를 {tries}번 틀렸습니다. 주문은 그대로 있으니 다시 요청해 주세요."),
    )
    CODE_WRONG = "spend_code_wrong", _("인증번호가 다릅니다. {left}번 더 입력할 수 있습니다.")
    NO_PASSWORD = (
        "payment_password_none",
        _("결제 비밀번호를 정하지 않았습니다. 휴대폰 인증으로 결제해 주세요."),
    )
    PASSWORD_LOCKED = (
        "payment_password_locked",
        _("결제 비밀번호를 여러 번 틀려 {minutes}분 동안 잠겼습니다. 주문은 그대로 있습니다."),
    )
    PASSWORD_WRONG = "payment_password_wrong", _("결제 비밀번호가 다릅니다. {left}번 더 틀리면 잠깁니다.")
    PASSWORD_SHORT = "payment_password_short", _("결제 비밀번호는 {least}자 이상이어야 합니다.")
    PASSWORD_SAME = "payment_password_same", _("로그인 비밀번호와 다른 비밀번호를 정해 주세요.")
    LOGIN_SHORT = "login_password_short", _("비밀번호가 짧습니다. {least}자 이상으로 적어 주세요.")
    LOGIN_SAME = (
        "login_password_same",
        _("결제 비밀번호와 같은 비밀번호는 쓸 수 없습니다. 바꾼 것은 없습니다. 다른 비밀번호를 정해 주세요."),
    )
    NEW_DEVICE = (
        "spend_new_device",
        _(
            "새 기기에서는 {hours}시간 동안 결제 비밀번호만으로 결제할 수 없습니다. "
            "{until}부터 쓸 수 있고, 지금은 휴대폰 인증으로 결제해 주세요."
        ),
    )
    BLOCKED = (
        "spend_blocked",
        _(
            "담당자 정보가 바뀌었거나 회사에 새로 들어와 {until}까지 결제할 수 없습니다. "
            "주문은 그대로 있습니다."
        ),
    )
    NOT_VERIFIED = (
        "spend_not_verified",
        _("본인인증을 먼저 해 주세요. 인증한 지 오래되었으면 다시 해 주세요."),
    )
    METHOD_NEEDS_PASSWORD = "spend_method_needs_password", _("결제 비밀번호를 먼저 정해 주세요.")
    GRANT_UNFIT = (
        "spend_grant_unfit",
        _("인증한 내용과 주문이 다릅니다. 결제하지 않았습니다. 다시 인증해 주세요."),
    )
    GRANT_USED = "spend_grant_used", _("이미 사용한 인증입니다. 결제하려면 다시 인증해 주세요.")
    GRANT_EXPIRED = (
        "spend_grant_expired",
        _("인증한 뒤 시간이 지났습니다. 주문은 그대로 있으니 다시 인증해 주세요."),
    )


@dataclass(frozen=True)
class Purpose:
    """What a payment is for: the spend code and the grant are bound to exactly this."""

    subject: str
    amount_won: int
    people: int

    @property
    def key(self) -> str:
        return f"{self.subject}:{self.amount_won}:{self.people}"


@dataclass(frozen=True)
class CodeFacts:
    tries: int
    expires_at: datetime


@dataclass(frozen=True)
class PasswordFacts:
    is_set: bool
    failures: int
    locked_until: datetime | None


@dataclass(frozen=True)
class GrantFacts:
    purpose: str
    expires_at: datetime
    used_at: datetime | None


def why_not_ask_code(has_phone: bool, by_member: int, by_number: int, *, figures: Figures) -> No | None:
    """Say why no further code may be sent; the counts are of the last `spend_codes_minutes`. M4"""
    if not has_phone:
        return No(SpendRefusal.NO_PHONE)
    if max(by_member, by_number) >= figures.spend_codes_most:
        return No(SpendRefusal.TOO_MANY_CODES, {"minutes": figures.spend_codes_minutes})
    return None


def why_not_try_code(code: CodeFacts | None, *, figures: Figures, at: datetime) -> No | None:
    """Say why no code can be entered now. M4"""
    if code is None:
        return No(SpendRefusal.NO_CODE)
    if at >= code.expires_at:
        return No(SpendRefusal.CODE_EXPIRED)
    if code.tries >= figures.spend_code_tries:
        return No(SpendRefusal.CODE_SPENT, {"tries": code.tries})
    return None


def wrong_code(tries: int, *, figures: Figures) -> No:
    """The answer to a wrong code, `tries` counting this one."""
    left = figures.spend_code_tries - tries
    return (
        No(SpendRefusal.CODE_WRONG, {"left": left})
        if left > 0
        else No(SpendRefusal.CODE_SPENT, {"tries": tries})
    )


def why_not_try_password(facts: PasswordFacts, *, at: datetime) -> No | None:
    """Say why no payment password can be entered now. M4"""
    if not facts.is_set:
        return No(SpendRefusal.NO_PASSWORD)
    if facts.locked_until and at < facts.locked_until:
        minutes = -(-(facts.locked_until - at) // timedelta(minutes=1))
        return No(SpendRefusal.PASSWORD_LOCKED, {"minutes": minutes})
    return None


def wrong_password(failures: int, *, figures: Figures) -> No:
    """The answer to a wrong payment password, `failures` counting this one."""
    left = figures.payment_password_tries - failures
    if left > 0:
        return No(SpendRefusal.PASSWORD_WRONG, {"left": left})
    return No(SpendRefusal.PASSWORD_LOCKED, {"minutes": figures.payment_password_lock_minutes})


def why_not_set_password(password: str, *, is_login_password: bool, figures: Figures) -> No | None:
    """Say why this may not be the payment password. M4"""
    if len(password) < figures.payment_password_least:
        return No(SpendRefusal.PASSWORD_SHORT, {"least": figures.payment_password_least})
    if is_login_password:
        return No(SpendRefusal.PASSWORD_SAME)
    return None


def why_not_as_short(password: str, *, figures: Figures) -> No | None:
    """Say why a login password is too short; what else Django's validators say stands beside it. M1"""
    if len(password) >= figures.login_password_least:
        return None
    return No(SpendRefusal.LOGIN_SHORT, {"least": figures.login_password_least})


def why_not_set_login_password(*, is_payment_password: bool) -> No | None:
    """Say why this may not be the login password: whoever has one of the two must not have the other. M4"""
    return No(SpendRefusal.LOGIN_SAME) if is_payment_password else None


def why_not_spend(blocked_until: datetime | None, *, at: datetime) -> No | None:
    """Say why this member may not spend for a while: the person behind it, or its company, has just changed. M5, M8"""
    if blocked_until and at < blocked_until:
        return No(SpendRefusal.BLOCKED, {"until": clock.korean_datetime(blocked_until)})
    return None


def why_not_unverified(is_verified: bool) -> No | None:
    """Say why this waits for an identity verification. M4, M5"""
    return None if is_verified else No(SpendRefusal.NOT_VERIFIED)


def why_not_set_method(*, needs_password: bool, has_password: bool, is_verified: bool) -> No | None:
    """Say why this method may not be chosen. M4"""
    if not is_verified:
        return No(SpendRefusal.NOT_VERIFIED)
    if needs_password and not has_password:
        return No(SpendRefusal.METHOD_NEEDS_PASSWORD)
    return None


def why_not_use_grant(grant: GrantFacts, purpose: Purpose, *, at: datetime) -> No | None:
    """Say why this grant does not pay for this purpose. M4"""
    if grant.purpose != purpose.key:
        return No(SpendRefusal.GRANT_UNFIT)
    if grant.used_at:
        return No(SpendRefusal.GRANT_USED)
    if at >= grant.expires_at:
        return No(SpendRefusal.GRANT_EXPIRED)
    return None

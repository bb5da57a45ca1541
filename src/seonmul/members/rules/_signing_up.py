"""Decisions on signing up. M1"""

from __future__ import annotations

import unicodedata
from datetime import date

from seonmul.kit.refusals import No, Refusal, _
from seonmul.members.ports import BusinessState


class SignUpRefusal(Refusal):
    LOGIN_FORM = "sign_up_login_form", _("아이디는 영문 소문자와 숫자 {least}~{most}자로 적어 주세요.")
    LOGIN_TAKEN = "sign_up_login_taken", _("이미 쓰고 있는 아이디입니다. 다른 아이디를 적어 주세요.")
    NO_CONSENT = "sign_up_no_consent", _("동의해야 가입할 수 있습니다.")
    MAIL_TAKEN = "sign_up_mail_taken", _("이미 가입한 이메일입니다. 로그인하거나 비밀번호를 찾아 주세요.")
    OVER = "sign_up_over", _("가입 시간이 지났습니다. 처음부터 다시 적어 주세요.")
    NUMBER_FORM = (
        "business_number_form",
        _("사업자등록번호가 아닙니다. 사업자등록증의 숫자 10자리를 확인해 주세요."),
    )
    OPENED_LATER = "business_opened_later", _("개업일이 오늘보다 뒤입니다. 사업자등록증을 확인해 주세요.")


LOGIN_LENGTH = (4, 20)  # fixed, M1


#: The days from which the texts held that people agree to at sign-up, the newest last (storefront/terms has each).
CONSENT_VERSIONS = ("2026-11-26",)
CONSENT_VERSION = CONSENT_VERSIONS[-1]


NEEDED_CONSENTS = frozenset({"terms", "personal_data", "age_14"})  # fixed, M1


def why_not_login(login: str, *, is_taken: bool) -> No | None:
    """Say why this may not be somebody's login id. M1"""
    least, most = LOGIN_LENGTH
    is_plain = login.isascii() and login.isalnum() and login == login.lower()
    if not (is_plain and least <= len(login) <= most):
        return No(SignUpRefusal.LOGIN_FORM, {"least": least, "most": most})
    return No(SignUpRefusal.LOGIN_TAKEN) if is_taken else None


def why_taken(*, is_login_taken: bool) -> No:
    """Say what was taken while a sign-up was proved: the login id, else the mail address. M1"""
    return No(SignUpRefusal.LOGIN_TAKEN if is_login_taken else SignUpRefusal.MAIL_TAKEN)


def why_not_without(consents: frozenset[str]) -> No | None:
    """Say why these consents are not enough; marketing is never needed. M1"""
    return None if consents >= NEEDED_CONSENTS else No(SignUpRefusal.NO_CONSENT)


_NUMBER_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


def business_number(typed: str) -> str | None:
    """Read a business number: ten digits whose check digit fits, the first three 101 to 999; None otherwise. M1"""
    digits = "".join(unicodedata.normalize("NFKC", typed).split()).replace("-", "")
    if not (len(digits) == 10 and digits.isascii() and digits.isdigit() and int(digits[:3]) >= 101):
        return None
    weighed = (
        sum(int(d) * w for d, w in zip(digits, _NUMBER_WEIGHTS, strict=False)) + int(digits[8]) * 5 // 10
    )
    return digits if (10 - weighed % 10) % 10 == int(digits[9]) else None


def why_not_business(number: str, opened_on: date, *, today: date) -> No | None:
    """Say why the tax office need not be asked about this business. M1"""
    if business_number(number) is None:
        return No(SignUpRefusal.NUMBER_FORM)
    return No(SignUpRefusal.OPENED_LATER) if opened_on > today else None


class CheckRefusal(Refusal):
    """Why a sign-up as a company became a general account. What was typed is kept for the conversion. M1, M2"""

    SUSPENDED = (
        "business_suspended",
        _("국세청에 휴업 중으로 등록된 사업자입니다. 일반회원으로 가입했습니다."),
    )
    CLOSED = "business_closed", _("국세청에 폐업한 것으로 등록된 사업자입니다. 일반회원으로 가입했습니다.")
    UNREGISTERED = (
        "business_unregistered",
        _("국세청에 등록되지 않은 사업자등록번호입니다. 일반회원으로 가입했습니다."),
    )
    MISMATCH = (
        "business_mismatch",
        _("대표자 이름이나 개업일이 국세청에 등록된 내용과 다릅니다. 일반회원으로 가입했습니다."),
    )
    NO_ANSWER = (
        "business_no_answer",
        _("국세청이 답하지 않아 사업자 정보를 확인하지 못했습니다. 일반회원으로 가입했습니다."),
    )
    KNOWN = (
        "business_known",
        _("이미 가입한 회사입니다. 회사의 대표에게 함께 쓰겠다고 요청했고, 그때까지는 일반회원입니다."),
    )


def why_general(outcome: str) -> No | None:
    """Say why a check with this outcome made no company; None when it did. M1"""
    return None if outcome == "continuing" else No(CheckRefusal[outcome.upper()])


def outcome_of(state: BusinessState, *, matches: bool) -> str:
    """What the tax office's answer means for a sign-up: its state first, then whether the three belong together. M1"""
    if state is not BusinessState.CONTINUING:
        return state.value
    return "continuing" if matches else "mismatch"

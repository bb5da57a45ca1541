"""Decisions on spend authentication and roles. M4, M7."""

from __future__ import annotations

import enum
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from seonmul.figures.rules import Figures
from seonmul.kit import clock
from seonmul.kit.refusals import No, Refusal, _
from seonmul.members.ports import BusinessState

#: Roles that may buy and send; the others look. M7
BUYING_ROLES = frozenset({"owner", "buyer"})
PAYMENT_PASSWORD_LEAST = 8  # fixed, M4
SPEND_CODE_DIGITS = 6  # fixed, M4


class SpendRefusal(Refusal):
    TOO_MANY_CODES = (
        "spend_code_too_many",
        _("인증번호를 너무 자주 요청했습니다. 10분 뒤에 다시 요청해 주세요."),
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
    BLOCKED = (
        "spend_blocked",
        _("담당자 정보가 바뀌어 {until}까지 결제할 수 없습니다. 주문은 그대로 있습니다."),
    )
    NOT_VERIFIED = "spend_not_verified", _("본인인증을 먼저 해 주세요. 인증한 뒤 10분 안에 바꿀 수 있습니다.")
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
    """Say why no further code may be sent; the counts are of the last ten minutes. M4"""
    if not has_phone:
        return No(SpendRefusal.NO_PHONE)
    if max(by_member, by_number) >= figures.spend_codes_in_ten_minutes:
        return No(SpendRefusal.TOO_MANY_CODES)
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


def why_not_set_password(password: str, *, is_login_password: bool) -> No | None:
    """Say why this may not be the payment password. M4"""
    if len(password) < PAYMENT_PASSWORD_LEAST:
        return No(SpendRefusal.PASSWORD_SHORT, {"least": PAYMENT_PASSWORD_LEAST})
    if is_login_password:
        return No(SpendRefusal.PASSWORD_SAME)
    return None


def why_not_spend(blocked_until: datetime | None, *, at: datetime) -> No | None:
    """Say why this member may not spend for a while: the person behind it has just changed. M5, M8"""
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


class ConversionRefusal(Refusal):
    ALREADY_CORPORATE = "conversion_already_corporate", _("이미 기업회원입니다.")
    ALREADY_WAITING = (
        "conversion_already_waiting",
        _("신청이 심사 중입니다. 결과를 문자와 이메일로 알려 드립니다."),
    )
    NOT_OWNER = "conversion_not_owner", _("이 계정은 기업회원전환을 신청할 수 없습니다.")
    NO_CERTIFICATE = "conversion_no_certificate", _("사업자등록증이나 고유번호증 파일을 올려 주세요.")
    WRONG_TYPE = "conversion_wrong_type", _("PDF, JPEG, PNG 파일만 올릴 수 있습니다. 신청하지 않았습니다.")
    TOO_LARGE = "conversion_too_large", _("파일이 {most_megabytes}MB를 넘습니다. 줄여서 다시 올려 주세요.")
    NUMBER_FORM = (
        "conversion_number_form",
        _("사업자등록번호나 고유번호가 아닙니다. 증명서의 숫자 10자리를 확인해 주세요."),
    )
    NUMBER_TAKEN = (
        "conversion_number_taken",
        _("이미 등록된 사업자등록번호입니다. 그 회사의 대표에게 초대를 요청해 주세요."),
    )
    NOT_WAITING = "conversion_not_waiting", _("이미 처리된 신청입니다.")
    NO_REASON = "conversion_no_reason", _("반려하는 이유를 적어 주세요. 신청한 분께 그대로 전합니다.")
    NOT_TEMPORARY = "conversion_not_temporary", _("임시기업회원이 아닙니다.")


@dataclass(frozen=True)
class ConversionFacts:
    """An application before it is stored. `is_number`: its business number can be one, or none is needed.

    `certificate_type`: by content, "" for anything that is not taken."""

    is_corporate: bool
    is_owner: bool
    has_waiting: bool
    is_number: bool
    is_number_taken: bool
    needs_certificate: bool
    certificate_bytes: int
    certificate_type: str


CERTIFICATE_MOST_MEGABYTES = 10  # fixed, M2


def why_not_convert(facts: ConversionFacts) -> No | None:
    """Say why this application is not taken. First reason wins. M2"""
    if facts.is_corporate:
        return No(ConversionRefusal.ALREADY_CORPORATE)
    if not facts.is_owner:
        return No(ConversionRefusal.NOT_OWNER)
    if facts.has_waiting:
        return No(ConversionRefusal.ALREADY_WAITING)
    if not facts.is_number:
        return No(ConversionRefusal.NUMBER_FORM)
    if facts.is_number_taken:
        return No(ConversionRefusal.NUMBER_TAKEN)
    return _why_not_certificate(facts) if facts.needs_certificate else None


def _why_not_certificate(facts: ConversionFacts) -> No | None:
    if not facts.certificate_bytes:
        return No(ConversionRefusal.NO_CERTIFICATE)
    if facts.certificate_bytes > CERTIFICATE_MOST_MEGABYTES * 1024 * 1024:
        return No(ConversionRefusal.TOO_LARGE, {"most_megabytes": CERTIFICATE_MOST_MEGABYTES})
    if not facts.certificate_type:
        return No(ConversionRefusal.WRONG_TYPE)
    return None


def why_not_decide(is_waiting: bool, *, approve: bool, reason: str) -> No | None:
    """Say why this decision is not taken: a decided matter stays decided, a refusal needs its reason. M2, M6"""
    if not is_waiting:
        return No(ConversionRefusal.NOT_WAITING)
    if not approve and not reason.strip():
        return No(ConversionRefusal.NO_REASON)
    return None


def why_not_end_temporary(*, is_temporary: bool) -> No | None:
    """Say why there is no temporary membership to end. M2"""
    return None if is_temporary else No(ConversionRefusal.NOT_TEMPORARY)


class CompanyRefusal(Refusal):
    NOT_OWNER = "company_not_owner", _("회사의 대표만 바꿀 수 있습니다.")
    NOT_A_COMPANY = "company_not_a_company", _("기업회원만 쓸 수 있는 기능입니다.")
    LAST_OWNER = "company_last_owner", _("대표가 한 명은 있어야 합니다. 다른 대표를 먼저 정해 주세요.")
    ALREADY_MEMBER = (
        "company_already_member",
        _("이미 회사에 속한 계정입니다. 다른 계정으로 로그인해 주세요."),
    )
    HAS_MONEY = (
        "company_has_money",
        _(
            "개인 계정에 캐쉬나 리워드가 남아 있어 들어가지 못했습니다. 먼저 쓰거나 환불받은 뒤 다시 눌러 주세요."
        ),
    )
    ALREADY_INVITED = (
        "company_already_invited",
        _("이미 초대한 주소입니다. 초대를 취소하고 다시 보낼 수 있습니다."),
    )
    INVITATION_GONE = (
        "company_invitation_gone",
        _("초대가 끝났거나 취소되었습니다. 대표에게 다시 요청해 주세요."),
    )
    FROZEN = "company_frozen", _("회사의 모든 결제가 멈춰 있습니다. 대표가 다시 열어야 결제할 수 있습니다.")
    DEPARTMENT_TAKEN = "company_department_taken", _("같은 이름의 부서가 있습니다.")


INVITATION_DAYS = 7  # fixed, M7


@dataclass(frozen=True)
class InvitationFacts:
    expires_at: datetime
    is_accepted: bool
    is_withdrawn: bool
    has_membership: bool
    has_money: bool


def why_not_accept(invitation: InvitationFacts | None, *, at: datetime) -> No | None:
    """Say why this invitation brings nobody in. M7"""
    if invitation is None or invitation.is_accepted or invitation.is_withdrawn or at >= invitation.expires_at:
        return No(CompanyRefusal.INVITATION_GONE)
    if invitation.has_membership:
        return No(CompanyRefusal.ALREADY_MEMBER)
    return No(CompanyRefusal.HAS_MONEY) if invitation.has_money else None


def why_not_manage(*, is_company: bool, is_owner: bool) -> No | None:
    """Say why this member does not run this company. M7"""
    if not is_company:
        return No(CompanyRefusal.NOT_A_COMPANY)
    return None if is_owner else No(CompanyRefusal.NOT_OWNER)


def why_not_change_role(*, is_owner_now: bool, becomes_owner: bool, owners: int) -> No | None:
    """Say why a role may not change: a company is never without an owner. M7"""
    if is_owner_now and not becomes_owner and owners <= 1:
        return No(CompanyRefusal.LAST_OWNER)
    return None


def _tiers(figures: Figures) -> tuple[tuple[int, int], ...]:
    return (1, figures.tier_1_won), (2, figures.tier_2_won), (3, figures.tier_3_won)


def tier_percent(paid_won: int, figures: Figures) -> int:
    """How many percent a company's tier takes off goods; `paid_won`: what it paid lately, less refunds. M3"""
    return max((percent for percent, bound_won in _tiers(figures) if paid_won >= bound_won), default=0)


def next_tier(paid_won: int, figures: Figures) -> tuple[int, int] | None:
    """The nearest better tier as (percent, won missing to it); None at the best. M3"""
    now = tier_percent(paid_won, figures)
    better = [(bound_won - paid_won, -percent) for percent, bound_won in _tiers(figures) if percent > now]
    if not better:
        return None
    missing_won, negative = min(better)
    return -negative, missing_won


class StaffRefusal(Refusal):
    NOT_SELF = "staff_not_self", _("자기 역할은 바꿀 수 없습니다. 다른 총괄 담당자에게 부탁해 주세요.")
    LAST_SUPER = "staff_last_super", _("총괄 담당자가 한 명은 있어야 합니다. 다른 총괄을 먼저 정해 주세요.")
    BUYS = "staff_buys", _("구매하는 회원은 담당자가 될 수 없습니다. 담당자용 계정을 따로 만들어 주세요.")
    LOGIN_FORM = "staff_login_form", _("아이디는 영문 소문자와 숫자 {least}~{most}자로 적어 주세요.")
    LOGIN_TAKEN = "staff_login_taken", _("이미 쓰고 있는 아이디입니다. 다른 아이디를 적어 주세요.")
    NO_NAME = "staff_no_name", _("담당자의 이름을 적어 주세요.")
    NO_PHONE = "staff_no_phone", _("담당자의 휴대폰 번호를 확인해 주세요.")


@dataclass(frozen=True)
class StaffFacts:
    """Whose role is to change. `is_last_super`: nobody else is one."""

    is_self: bool
    is_last_super: bool
    has_membership: bool


def why_not_set_role(facts: StaffFacts, role: str) -> No | None:
    """Say why this person may not get this role at the console ("": none any more). B"""
    if facts.is_self:
        return No(StaffRefusal.NOT_SELF)
    if facts.has_membership:
        return No(StaffRefusal.BUYS)
    if facts.is_last_super and role != "super":
        return No(StaffRefusal.LAST_SUPER)
    return None


STAFF_LOGIN = (4, 20)  # fixed, M1: letters and digits


def why_not_make_staff(login: str, name: str, phone: str | None, *, is_taken: bool) -> No | None:
    """Say why no such account can be made for staff; `phone`: national digits, None when it cannot be read. B"""
    least, most = STAFF_LOGIN
    is_plain = login.isascii() and login.isalnum() and login == login.lower()
    if not (is_plain and least <= len(login) <= most):
        return No(StaffRefusal.LOGIN_FORM, {"least": least, "most": most})
    if is_taken:
        return No(StaffRefusal.LOGIN_TAKEN)
    if not name.strip():
        return No(StaffRefusal.NO_NAME)
    return No(StaffRefusal.NO_PHONE) if phone is None else None


class ProofPurpose(enum.StrEnum):
    """What a proved address is used for, once."""

    SIGN_UP = "sign_up"
    RECOVER = "recover"


class ProofRefusal(Refusal):
    TOO_MANY = (
        "proof_too_many",
        _("인증번호를 너무 자주 요청했습니다. 적으신 내용은 그대로 있으니 10분 뒤에 다시 요청해 주세요."),
    )
    TOO_MANY_TODAY = (
        "proof_too_many_today",
        _("하루에 보낼 수 있는 인증번호를 모두 보냈습니다. 내일 다시 요청하거나 고객센터에 알려 주세요."),
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


def why_not_ask_proof(lately: int, of_a_day: int, *, figures: Figures) -> No | None:
    """Say why no further code goes to this address; the counts: codes of the last ten minutes, of a day. M1

    The second keeps whoever guesses day and night from ever getting far.
    """
    if of_a_day >= figures.proofs_in_a_day:
        return No(ProofRefusal.TOO_MANY_TODAY)
    return No(ProofRefusal.TOO_MANY) if lately >= figures.spend_codes_in_ten_minutes else None


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


PROVED_MINUTES = 30  # fixed: how long a proved address may be used


def why_not_use_proof(proved_at: datetime | None, used_at: datetime | None, *, at: datetime) -> No | None:
    """Say why this proof proves nothing now. M1"""
    if proved_at is None or used_at is not None or at >= proved_at + timedelta(minutes=PROVED_MINUTES):
        return No(ProofRefusal.UNPROVED)
    return None


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
#: The version of the texts that people agree to at sign-up.
CONSENT_VERSION = "2026-11-23"
NEEDED_CONSENTS = frozenset({"terms", "personal_data", "age_14"})  # fixed, M1


def why_not_login(login: str, *, is_taken: bool) -> No | None:
    """Say why this may not be somebody's login id. M1"""
    least, most = LOGIN_LENGTH
    is_plain = login.isascii() and login.isalnum() and login == login.lower()
    if not (is_plain and least <= len(login) <= most):
        return No(SignUpRefusal.LOGIN_FORM, {"least": least, "most": most})
    return No(SignUpRefusal.LOGIN_TAKEN) if is_taken else None


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


class ProfileRefusal(Refusal):
    NO_NAME = "profile_no_name", _("이름을 적어 주세요. 바꾸지 않았습니다.")
    NO_MAIL = "profile_no_mail", _("이메일을 적어 주세요. 바꾸지 않았습니다.")
    MAIL_TAKEN = "profile_mail_taken", _("다른 회원이 쓰는 이메일입니다. 다른 주소를 적어 주세요.")


def why_not_change_profile(name: str, mail: str, *, is_mail_taken: bool, is_verified: bool) -> No | None:
    """Say why a member's own data stay as they are. M5"""
    if not is_verified:
        return No(SpendRefusal.NOT_VERIFIED)
    if not name:
        return No(ProfileRefusal.NO_NAME)
    if not mail:
        return No(ProfileRefusal.NO_MAIL)
    return No(ProfileRefusal.MAIL_TAKEN) if is_mail_taken else None


class IdentityRefusal(Refusal):
    NOT_THE_MEMBER = (
        "identity_not_the_member",
        _("인증한 분이 이 계정의 회원과 다릅니다. 회원 본인의 휴대폰으로 다시 인증해 주세요."),
    )
    FAILED = "identity_failed", _("본인인증에 실패했습니다. 바뀐 것은 없습니다. 다시 인증해 주세요.")


def why_not_identity(*, has_failed: bool, is_own: bool) -> No | None:
    """Say why a verification that has ended opens nothing. M4, M5"""
    if has_failed:
        return No(IdentityRefusal.FAILED)
    return None if is_own else No(IdentityRefusal.NOT_THE_MEMBER)


class JoinRefusal(Refusal):
    NOT_WAITING = "join_not_waiting", _("이미 답한 요청입니다.")
    HAS_MONEY = (
        "join_has_money",
        _("요청한 분의 개인 계정에 캐쉬나 리워드가 남아 있습니다. 먼저 쓰거나 환불받도록 알려 주세요."),
    )


def why_not_join(*, is_waiting: bool, has_membership: bool, has_money: bool) -> No | None:
    """Say why somebody who asked does not come into the company. M7"""
    if not is_waiting:
        return No(JoinRefusal.NOT_WAITING)
    if has_membership:
        return No(CompanyRefusal.ALREADY_MEMBER)
    return No(JoinRefusal.HAS_MONEY) if has_money else None

"""Decisions on roles, invitations and those who ask to come in. M7"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seonmul.kit.refusals import No, Refusal, _
from seonmul.members.rules._spending import why_not_unverified


class CompanyRefusal(Refusal):
    NOT_OWNER = "company_not_owner", _("회사의 대표만 바꿀 수 있습니다.")
    NOT_A_READER = (
        "company_not_a_reader",
        _("회사 기록은 대표와 회계 담당만 볼 수 있습니다. 필요하면 대표에게 요청해 주세요."),
    )
    NOT_A_COMPANY = "company_not_a_company", _("기업회원만 쓸 수 있는 기능입니다.")
    LAST_OWNER = "company_last_owner", _("대표가 한 명은 있어야 합니다. 다른 대표를 먼저 정해 주세요.")
    ALREADY_MEMBER = (
        "company_already_member",
        _("이미 회사에 속한 계정입니다. 다른 계정으로 로그인해 주세요."),
    )
    HAS_MONEY = (
        "company_has_money",
        _(
            "개인 계정에 캐쉬나 리워드가 남아 있거나 끝나지 않은 충전, 주문, 환불이 있어 들어가지 못했습니다. "
            "먼저 쓰거나 취소하거나 환불받은 뒤 다시 눌러 주세요."
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
    FROZEN = (
        "company_frozen",
        _("모든 결제가 멈춰 있습니다. 대표나 고객센터가 다시 열어야 결제할 수 있습니다."),
    )
    HELD = (
        "company_held",
        _(
            "고객센터에서 멈춘 결제라 여기서는 열 수 없습니다. 고객센터에 문의해 주세요. 돈과 주문은 그대로 있습니다."
        ),
    )
    END_NOT_ONESELF = (
        "company_end_not_oneself",
        _("자신은 내보낼 수 없습니다. 바뀐 것은 없습니다. 회사를 나가려면 회사 나가기를 눌러 주세요."),
    )
    DEPARTMENT_TAKEN = "company_department_taken", _("같은 이름의 부서가 있습니다.")


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


#: Who reads everything that a company's people did; the others read of their own logins and payments. M7
RECORD_ROLES = frozenset({"owner", "accountant"})


def why_not_read_record(*, is_company: bool, role: str) -> No | None:
    """Say why this member does not read the company's record. M7"""
    if not is_company:
        return No(CompanyRefusal.NOT_A_COMPANY)
    return None if role in RECORD_ROLES else No(CompanyRefusal.NOT_A_READER)


def why_not_change_role(*, is_owner_now: bool, becomes_owner: bool, owners: int) -> No | None:
    """Say why a role may not change: a company is never without an owner. M7"""
    if is_owner_now and not becomes_owner and owners <= 1:
        return No(CompanyRefusal.LAST_OWNER)
    return None


@dataclass(frozen=True)
class EndingFacts:
    """A place in a company that is to end. `by_oneself`: its member leaves; `is_self`: an owner ends their own."""

    is_company: bool
    by_owner: bool
    by_oneself: bool
    is_self: bool
    is_last_owner: bool
    is_verified: bool


def why_not_end_place(facts: EndingFacts) -> No | None:
    """Say why this member keeps the place in the company. First reason wins. M7, M8"""
    if not facts.is_company:
        return No(CompanyRefusal.NOT_A_COMPANY)
    if not facts.by_oneself and not facts.by_owner:
        return No(CompanyRefusal.NOT_OWNER)
    if not facts.by_oneself and facts.is_self:
        return No(CompanyRefusal.END_NOT_ONESELF)
    if facts.is_last_owner:
        return No(CompanyRefusal.LAST_OWNER)
    return why_not_unverified(facts.is_verified)


def widens(now: int | None, wanted: int | None) -> bool:
    """Say whether a bound is raised or removed (None: no bound). M7, M8"""
    return now is not None and (wanted is None or wanted > now)


def why_not_widen(is_wider: bool, *, is_verified: bool) -> No | None:
    """Say why this lets nobody spend more: that waits for an identity verification, letting less does not. M8"""
    return why_not_unverified(is_verified) if is_wider else None


class JoinRefusal(Refusal):
    NOT_WAITING = "join_not_waiting", _("이미 답한 요청입니다.")
    HAS_MONEY = (
        "join_has_money",
        _(
            "요청한 분의 개인 계정에 캐쉬나 리워드가 남아 있거나 끝나지 않은 충전, 주문, 환불이 있습니다. "
            "먼저 정리하도록 알려 주세요."
        ),
    )


def why_not_join(*, is_waiting: bool, has_membership: bool, has_money: bool) -> No | None:
    """Say why somebody who asked does not come into the company. M7"""
    if not is_waiting:
        return No(JoinRefusal.NOT_WAITING)
    if has_membership:
        return No(CompanyRefusal.ALREADY_MEMBER)
    return No(JoinRefusal.HAS_MONEY) if has_money else None

"""Decisions on a member's own data and on who was verified. M5"""

from __future__ import annotations

from seonmul.kit.refusals import No, Refusal, _
from seonmul.members.rules._spending import SpendRefusal


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

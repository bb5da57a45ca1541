"""Decisions on staff. B"""

from __future__ import annotations

from dataclasses import dataclass

from seonmul.kit.refusals import No, Refusal, _


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

"""Comparing a list with a staff list, and beginning anew from an old order. O1, O12"""

from __future__ import annotations

from dataclasses import dataclass

from seonmul.kit.refusals import No, Refusal, _


class StaffRefusal(Refusal):
    NOBODY = (
        "staff_nobody",
        _("직원 명단에서 읽을 수 있는 번호나 이메일이 없습니다. 대조하지 않았습니다. 파일을 확인해 주세요."),
    )


@dataclass(frozen=True)
class StaffFacts:
    """A draft's list beside the staff list, in people. `leavers`: on the list and not on the staff's; `missed`: the other way
    round; `sent`: who got the same product from this buyer within `days`.
    """

    staff: int
    leavers: int
    missed: int
    sent: int
    days: int


def why_not_compare(readable: int) -> No | None:
    """Say why there is nothing to compare with. O1"""
    return None if readable else No(StaffRefusal.NOBODY)

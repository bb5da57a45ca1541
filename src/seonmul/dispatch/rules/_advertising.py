"""Decisions on advertising: what has to stand around it, and when it may go. O3, providers 5.3"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from seonmul.kit import clock, euckr, phones
from seonmul.kit.phones import SenderKind
from seonmul.kit.refusals import No, Refusal, _

#: No advertising from nine in the evening to eight in the morning, Seoul time. Fixed, O3
DAY_BEGINS, DAY_ENDS = time(8), time(21)
MARK = "(광고)"
NAME_MOST_BYTES = 40


class AdRefusal(Refusal):
    NOT_A_BUYER = (
        "ad_not_a_buyer",
        _("광고 표기와 수신거부 명단을 바꿀 권한이 없는 계정입니다. 회사의 대표에게 요청해 주세요."),
    )
    NO_NAME = "ad_no_name", _("광고를 보내는 회사 이름을 적어 주세요. 한글 20자까지 적을 수 있습니다.")
    NO_CONTACT = (
        "ad_no_contact",
        _("받는 분이 연락할 전화번호를 적어 주세요. 지역번호까지 넣었는지 확인해 주세요."),
    )
    NO_OPT_OUT = (
        "ad_no_opt_out",
        _("무료 수신거부 번호는 080으로 시작합니다. 통신사에서 받은 번호를 적어 주세요."),
    )
    NOT_SET = (
        "ad_not_set",
        _(
            "광고에는 보내는 회사, 연락처, 무료 수신거부 번호가 들어가야 합니다. 마이페이지의 ‘광고 표기’에 먼저 적어 주세요."
        ),
    )
    AT_NIGHT = (
        "ad_at_night",
        _(
            "광고는 밤 9시부터 아침 8시까지 보낼 수 없습니다. 발송 시간을 {morning} 뒤로 바꿔 주세요. 작성한 내용은 그대로 있습니다."
        ),
    )
    NO_NUMBERS = (
        "opt_out_no_numbers",
        _("휴대폰 번호나 이메일을 읽지 못했습니다. 한 줄에 하나씩 넣어 주세요."),
    )


@dataclass(frozen=True)
class Ad:
    """Who advertises, whom to call, and the free number that refuses it; digits only. O3"""

    name: str
    contact: str
    opt_out: str


def why_not_set_ad(ad: Ad, *, may_set: bool) -> No | None:
    """Say why this may not stand around a buyer's advertising. O3"""
    if not may_set:
        return No(AdRefusal.NOT_A_BUYER)
    if not ad.name.strip() or euckr.cannot_carry(ad.name) or euckr.byte_length(ad.name) > NAME_MOST_BYTES:
        return No(AdRefusal.NO_NAME)
    if phones.sender_kind(ad.contact) is None:
        return No(AdRefusal.NO_CONTACT)
    return None if phones.sender_kind(ad.opt_out) is SenderKind.FREE_080 else No(AdRefusal.NO_OPT_OUT)


def why_not_advertise(ad: Ad | None, moment: datetime) -> No | None:
    """Say why advertising does not go out at this moment: its marks are missing, or it is night. O3"""
    if ad is None:
        return No(AdRefusal.NOT_SET)
    morning = rests_until(moment)
    return No(AdRefusal.AT_NIGHT, {"morning": clock.korean_datetime(morning)}) if morning else None


def rests_until(at: datetime) -> datetime | None:
    """The end of the night in which `at` lies, in Seoul; None by day. O3"""
    local = at.astimezone(clock.SEOUL)
    if DAY_BEGINS <= local.time() < DAY_ENDS:
        return None
    day = local.date() + timedelta(days=local.time() >= DAY_ENDS)
    return datetime.combine(day, DAY_BEGINS, clock.SEOUL)


def ad_title(title: str, ad: Ad | None) -> str:
    """The title with the mark in front of it, since it is what a phone shows first. O3"""
    return f"{MARK}{title}" if ad and title.strip() else title


def ad_text(text: str, ad: Ad | None) -> str:
    """The text between its marks: who advertises at the very start, how to refuse it at the very end. O3"""
    if ad is None:
        return text
    return f"{ad_head(ad)}{text.rstrip()}\n무료수신거부 {phones.format_phone(ad.opt_out)}"


def ad_head(ad: Ad | None) -> str:
    """What comes before the text; nothing where it is no advertising. O3"""
    return f"{MARK}{ad.name} {phones.format_phone(ad.contact)}\n" if ad else ""

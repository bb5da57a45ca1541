"""Results in words, one table: what is on the screen, the likely cause, the next step. S4"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from seonmul.dispatch.ports import Result
from seonmul.kit.refusals import _


@dataclass(frozen=True)
class Words:
    """A result in Korean: the word on the screen, the likely cause, and the next step."""

    label: str
    cause: str
    next_step: str


#: Results that speak against a number: the sender, the text and the vendor's own trouble do not. O4
COUNTS_AGAINST = frozenset(
    {
        Result.INVALID_NUMBER, Result.SUSPENDED, Result.POWER_OFF, Result.NO_COVERAGE, Result.TIMEOUT,
        Result.DEVICE, Result.REFUSED, Result.SPAM, Result.UNKNOWN, Result.NO_ANSWER,
    }
)  # fmt: skip

#: S4: screens, papers and API never say 수신완료.
WORDS: Mapping[Result, Words] = {
    Result.WAITING: Words(_("대기"), _("보낼 차례를 기다립니다."), ""),
    Result.ACCEPTED: Words(_("전송중"), _("통신사의 결과를 기다립니다."), ""),
    Result.DELIVERED: Words(
        _("전송성공"), _("통신사가 알려 준 결과이며 받는 분이 읽었는지는 알 수 없습니다."), ""
    ),
    Result.INVALID_NUMBER: Words(
        _("없는 번호"), _("결번이거나 잘못된 번호입니다."), _("번호를 확인해 주세요.")
    ),
    Result.POWER_OFF: Words(
        _("전원 꺼짐"), _("휴대폰이 꺼져 있었습니다."), _("같은 쿠폰을 다시 보낼 수 있습니다.")
    ),
    Result.NO_COVERAGE: Words(
        _("음영지역"), _("지하나 해외처럼 신호가 닿지 않는 곳에 있었습니다."), _("같은 쿠폰을 다시 보낼 수 있습니다.")
    ),
    Result.TIMEOUT: Words(
        _("전송시간 초과"), _("통신사가 시간 안에 전하지 못했습니다."), _("같은 쿠폰을 다시 보낼 수 있습니다.")
    ),
    Result.DEVICE: Words(
        _("단말기 수신 불가"), _("긴 문자를 받지 못하는 회선이거나 저장 공간이 가득 찼습니다."),
        _("받는 분께 휴대폰을 다시 켜 달라고 하신 뒤 다시 보내 주세요."),
    ),
    Result.REFUSED: Words(
        _("수신 거부"), _("받는 분이 이 번호나 광고 문자를 막아 두었습니다."), _("받는 분께 차단을 풀어 달라고 해 주세요.")
    ),
    Result.SPAM: Words(
        _("스팸 차단"), _("통신사가 스팸으로 판단했습니다."), _("문구와 발신번호를 바꾸어 다시 보내 주세요.")
    ),
    Result.SENDER: Words(
        _("발신번호 오류"), _("등록되지 않았거나 도용 차단된 발신번호입니다."), _("다른 발신번호로 보내 주세요.")
    ),
    Result.SUSPENDED: Words(
        _("서비스 정지"), _("받는 분의 회선이 정지되어 있습니다."), _("다른 번호를 확인해 주세요.")
    ),
    Result.CONTENT: Words(
        _("내용 오류"), _("통신사가 받지 못하는 글자나 길이입니다."), _("문구를 바꾸어 다시 보내 주세요.")
    ),
    Result.VENDOR: Words(
        _("발송사 오류"), _("발송사 안에서 문제가 생겼습니다."), _("관리자가 확인하고 있습니다. 다시 보낼 수 있습니다.")
    ),
    Result.UNKNOWN: Words(
        _("전송실패"), _("통신사가 사유를 알려 주지 않았습니다."), _("같은 쿠폰을 다시 보낼 수 있습니다.")
    ),
    Result.NO_ANSWER: Words(
        _("결과 없음"), _("통신사가 정해진 시간 안에 결과를 주지 않았습니다."), _("받는 분께 먼저 확인해 주세요.")
    ),
    Result.IN_DOUBT: Words(
        _("확인 필요"), _("발송사와 연결이 끊겨 보냈는지 알 수 없습니다. 두 번 가지 않도록 다시 보내지 않았습니다."),
        _("받는 분께 먼저 확인해 주세요. 받지 못하셨다면 다시 보낼 수 있습니다."),
    ),
    Result.WITHDRAWN: Words(_("보내지 않음"), _("보내기 전에 쿠폰이 사용되었거나 끝났거나, 받는 분이 광고를 거부했습니다."), ""),
}  # fmt: skip


#: Where a mail's result means something else than a text's.
MAIL_WORDS: Mapping[Result, Words] = {
    Result.ACCEPTED: Words(_("전송중"), _("메일 서버의 답을 기다립니다."), ""),
    Result.DELIVERED: Words(
        _("전송성공"), _("받는 쪽으로 가는 메일 서버가 받았습니다. 나중에 되돌아오면 결과가 바뀝니다."), ""
    ),
    Result.INVALID_NUMBER: Words(
        _("없는 주소"), _("받는 쪽 메일 서버에 없는 주소입니다."), _("이메일 주소를 확인해 주세요.")
    ),
    Result.NO_COVERAGE: Words(
        _("서버 연결 불가"), _("받는 쪽 메일 서버를 찾지 못했거나 닿지 않았습니다."),
        _("@ 뒤의 주소를 확인하고 다시 보내 주세요."),
    ),
    Result.TIMEOUT: Words(
        _("전송시간 초과"), _("받는 쪽 메일 서버가 오래도록 받지 않았습니다."), _("같은 쿠폰을 다시 보낼 수 있습니다.")
    ),
    Result.DEVICE: Words(
        _("메일함 가득 참"), _("받는 분의 메일함에 자리가 없습니다."),
        _("받는 분께 메일함을 비워 달라고 하신 뒤 다시 보내 주세요."),
    ),
    Result.REFUSED: Words(
        _("수신 거부"), _("받는 쪽 메일 서버가 정책에 따라 받지 않았습니다."),
        _("받는 분의 회사 메일 담당자께 확인하거나 다른 주소로 보내 주세요."),
    ),
    Result.SPAM: Words(
        _("스팸 차단"), _("받는 쪽 메일 서버가 스팸으로 판단했습니다."), _("제목과 내용을 바꾸어 다시 보내 주세요.")
    ),
    Result.SENDER: Words(
        _("보내는 주소 오류"), _("보내는 주소를 받는 쪽이 믿지 않습니다."), _("관리자가 확인하고 있습니다.")
    ),
    Result.SUSPENDED: Words(
        _("메일함 정지"), _("받는 분의 메일함이 정지되어 있습니다."), _("다른 주소를 확인해 주세요.")
    ),
    Result.CONTENT: Words(
        _("내용 오류"), _("메일이 너무 크거나 받는 쪽이 읽지 못하는 내용입니다."), _("내용을 바꾸어 다시 보내 주세요.")
    ),
    Result.UNKNOWN: Words(
        _("전송실패"), _("메일 서버가 알 수 없는 사유로 받지 않았습니다."), _("같은 쿠폰을 다시 보낼 수 있습니다.")
    ),
}  # fmt: skip


def words_of(result: Result, channel: str = "") -> Words:
    """Say a result in words, as its channel means it. S4"""
    return MAIL_WORDS.get(result, WORDS[result]) if channel == "mail" else WORDS[result]

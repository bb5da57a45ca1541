"""What is checked before a message is accepted, as the vendor's codes."""

from __future__ import annotations

from typing import Any

import pytest

from seonmul.sandbox.solapi.check import Check

check = Check(frozenset({"15770000", "0232140000"}), {"ST01"}.__contains__)


def _examined(to: object = "01020000001", **more: object) -> tuple[str, str]:
    message: dict[str, Any] = {"from": "15770000", "text": "쿠폰이 도착했습니다"} | more
    examined = check.examine(message, to)
    return examined.kind, examined.code


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"text": "가" * 45}, "SMS"),
        ({"text": "가" * 45 + "a"}, "LMS"),
        ({"subject": "제목"}, "LMS"),
        ({"imageId": "ST01"}, "MMS"),
        ({"type": "LMS"}, "LMS"),
        ({"text": None, "kakaoOptions": {"pfId": "P", "templateId": "T"}}, "ATA"),
    ],
)
def test_kind_is_detected(more: dict[str, object], kind: str) -> None:
    assert _examined(**more) == (kind, "4000")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"to": None}, "1010"),
        ({"to": ""}, "1010"),
        ({"from": ""}, "1010"),
        ({"text": ""}, "1010"),
        ({"to": "1012345678"}, "1011"),
        ({"to": 1012345678}, "1011"),
        ({"to": "+821012345678"}, "1011"),
        ({"to": "０１０１２３４５６７８"}, "1011"),
        ({"text": 5}, "1011"),
        ({"from": "0299999999"}, "1062"),
        ({"from": "0232140000x"}, "1062"),
        ({"country": "81"}, "1058"),
        ({"type": "SMS", "subject": "제목"}, "1013"),
        ({"subject": "가" * 20 + "a"}, "1014"),
        ({"subject": "😀"}, "1029"),
        ({"type": "FAX"}, "1025"),
        ({"type": ["SMS"]}, "1025"),
        ({"autoTypeDetect": False}, "1025"),
        ({"text": "축하해요 🎉"}, "1029"),
        ({"text": "₩1,000"}, "1029"),
        ({"text": "똠방각하"}, "1029"),  # euc-kr spells it in eight bytes: no handset shows it
        ({"text": "a\x07b"}, "1028"),
        ({"type": "SMS", "text": "가" * 45 + "a"}, "1031"),
        ({"text": "가" * 1000 + "a"}, "1031"),
        ({"customFields": {"k" * 31: "v"}}, "1032"),
        ({"customFields": {"k": "v" * 101}}, "1032"),
        ({"customFields": {"k": 7}}, "1032"),
        ({"customFields": "k"}, "1032"),
        ({"type": "SMS", "kakaoOptions": {}}, "1033"),
        ({"type": "ATA"}, "1010"),
        ({"type": "MMS"}, "1034"),
        ({"type": "MMS", "imageId": "ST02"}, "1023"),
    ],
)
def test_refused_with(more: dict[str, object], code: str) -> None:
    assert _examined(**more)[1] == code


@pytest.mark.parametrize(
    "more",
    [
        {"to": "010-2000-0001"},
        {"to": "021234567"},
        {"from": "02-3214-0000"},
        {"subject": "가" * 20},
        {"text": "가" * 1000},
        {"text": "줄\n바꿈\t탭 · … “ ” ★ ㈜ ※"},
        {"customFields": {"k" * 30: "v" * 100}},
        {"type": "MMS", "imageId": "ST01"},
    ],
)
def test_accepted(more: dict[str, object]) -> None:
    assert _examined(**more)[1] == "4000"


@pytest.mark.parametrize(
    ("digits", "code"),
    [
        ("0001", "4000"),
        ("1060", "1060"),
        ("2254", "2254"),
        ("3043", "3043"),
        ("9999", "3000"),
        ("2000", "4000"),
    ],
)
def test_last_four_digits_choose(digits: str, code: str) -> None:
    assert _examined("0102000" + digits)[1] == code


def test_faults_of_content_come_before_the_digits() -> None:
    assert _examined("01020001060", text="😀")[1] == "1029"

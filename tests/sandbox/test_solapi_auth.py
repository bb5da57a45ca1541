"""Signature: both spellings, clock skew, replay, salt, key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.sandbox.outside import API_KEY, Answer, Outside, signature_of, signed

SALT = "0123456789abcdef"


def _ask(outside: Outside, header: str) -> Answer:
    headers = {"Authorization": header} if header else {}
    return outside.ask("GET", "/solapi/cash/v1/balance", headers=headers)


def _header(at: datetime, salt: str = SALT, key: str = API_KEY) -> str:
    date = at.isoformat()
    return f"HMAC-SHA256 apiKey={key}, date={date}, salt={salt}, signature={signature_of(date, salt)}"


@pytest.mark.parametrize("spelling", ["node", "python"])
def test_both_spellings_pass(outside: Outside, spelling: str) -> None:
    assert _ask(outside, signed(spelling)).status == 200


def test_korean_offset_is_signed_literally(outside: Outside) -> None:
    assert _ask(outside, _header(datetime.now(timezone(timedelta(hours=9))))).status == 200


@pytest.mark.parametrize("minutes", [-16, 16])
def test_skewed_clock(outside: Outside, minutes: int) -> None:
    answer = _ask(outside, _header(datetime.now(UTC) + timedelta(minutes=minutes)))
    assert (answer.status, answer.json["errorCode"]) == (403, "RequestTimeTooSkewed")
    assert _ask(outside, _header(datetime.now(UTC) + timedelta(minutes=minutes * 14 / 16))).status == 200


def test_replay(outside: Outside) -> None:
    header = signed()
    assert _ask(outside, header).status == 200
    answer = _ask(outside, header)
    assert (answer.status, answer.json["errorCode"]) == (403, "DuplicatedSignature")


def test_unknown_key(outside: Outside) -> None:
    answer = _ask(outside, _header(datetime.now(UTC), key="OTHERKEY00000000"))
    assert (answer.status, answer.json["errorCode"]) == (403, "InvalidAPIKey")


def test_changed_signature_and_date(outside: Outside) -> None:
    header = signed()
    for changed in (header[:-1] + ("0" if header[-1] != "0" else "1"), header.replace("Z,", "+00:00,")):
        answer = _ask(outside, changed)
        assert (answer.status, answer.json["errorCode"]) == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize("salt", ["a" * 11, "a" * 65])
def test_salt_length(outside: Outside, salt: str) -> None:
    assert _ask(outside, _header(datetime.now(UTC), salt)).status == 400


@pytest.mark.parametrize("header", ["", "Bearer abc", "HMAC-SHA256 nothing"])
def test_no_signature_at_all(outside: Outside, header: str) -> None:
    answer = _ask(outside, header)
    assert answer.status in (401, 403)
    assert set(answer.json) == {"errorCode", "errorMessage"}


def test_unsigned_sending_is_refused(outside: Outside) -> None:
    assert outside.ask("POST", "/solapi/messages/v4/groups", {}).status == 401
    assert outside.inside("GET", "stats")["groups"] == 0

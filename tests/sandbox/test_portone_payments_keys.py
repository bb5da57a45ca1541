"""Idempotency keys of PortOne's twin, and what a kill -9 leaves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.outside import Answer, Outside, until
from tests.sandbox.payments import (
    Shop,
    account,
    api,
    cancelled,
    decided,
    deposited,
    issued,
    opened,
    paid,
    told,
)

KEY = '"seonmul-cancel-0001"'


def test_the_same_key_works_once(outside: Outside) -> None:
    paid(outside)
    first = cancelled(outside, key=KEY, amount=1000, taxFreeAmount=1000)
    second = cancelled(outside, key=KEY, amount=1000, taxFreeAmount=1000)
    assert first.status == 200 and first.text == second.text
    assert told(outside, "card1")["amount"]["cancelled"] == 1000
    other = cancelled(outside, key=KEY.replace("1", "2"), amount=1000, taxFreeAmount=1000)
    assert other.json["cancellation"]["id"] != first.json["cancellation"]["id"]
    assert told(outside, "card1")["amount"]["cancelled"] == 2000


def test_a_refusal_is_kept_as_well(outside: Outside) -> None:
    opened(outside)
    assert cancelled(outside, key=KEY).json["type"] == "PAYMENT_NOT_PAID"
    decided(outside, "personal")
    assert cancelled(outside, key=KEY).json["type"] == "PAYMENT_NOT_PAID"
    assert cancelled(outside, key=KEY[:-1] + 'b"').status == 200


@pytest.mark.parametrize(
    "key",
    [
        "seonmul-cancel-0001",
        '"short"',
        f'"{"a" * 257}"',
        '"seonmul cancel 0001"',
        '"seonmul-cancel-0001',
        '""',
    ],
)
def test_malformed_keys(outside: Outside, key: str) -> None:
    paid(outside)
    answer = cancelled(outside, key=key)
    assert (answer.status, answer.json["type"]) == (400, "INVALID_REQUEST")
    assert told(outside, "card1")["status"] == "PAID"


@pytest.mark.parametrize("key", [f'"{"a" * 16}"', f'"{"a" * 256}"'])
def test_keys_of_the_right_length(outside: Outside, key: str) -> None:
    paid(outside)
    assert cancelled(outside, key=key).status == 200


def test_while_the_first_is_running_the_second_is_turned_away(outside: Outside) -> None:
    paid(outside)
    outside.fault("slow", provider="portone", route="cancel", seconds=1.0)
    answers: list[Answer] = []
    first = threading.Thread(target=lambda: answers.append(cancelled(outside, key=KEY)))
    first.start()
    until(lambda: outside.inside("GET", "faults") == [])
    answer = cancelled(outside, key=KEY)
    assert (answer.status, answer.json["type"]) == (409, "IDEMPOTENCY_OUTSTANDING_REQUEST")
    first.join()
    assert answers[0].status == 200 and cancelled(outside, key=KEY).text == answers[0].text


def test_a_time_out_after_the_work_and_then_the_same_answer(outside: Outside) -> None:
    outside.fault("timeout_after_accept", provider="portone", route="instant")
    with pytest.raises(TimeoutError):
        api(outside, "POST", "/payments/va1/instant", account(), KEY, timeout=0.5)
    until(lambda: api(outside, "POST", "/payments/va1/instant", account(), KEY).status != 409)
    assert api(outside, "POST", "/payments/va1/instant", account(), KEY).json["payment"]["pgTxId"]
    assert outside.inside("GET", "stats")["payments"] == 1


def test_a_question_needs_no_key_and_a_failed_door_keeps_none(outside: Outside) -> None:
    paid(outside)
    assert api(outside, "GET", "/payments/card1", key="bad").status == 200
    outside.fault("error_500", provider="portone", route="cancel")
    assert cancelled(outside, key=KEY).status == 500
    assert cancelled(outside, key=KEY).status == 200


@pytest.fixture
def mortal(tmp_path: Path, hears: Shop) -> Iterator[Outside]:
    env = {"SANDBOX_PORTONE_WEBHOOK_URL": hears.url, "SANDBOX_PORTONE_WEBHOOK_RETRY_SECONDS": "0.5"}
    outside = Outside(tmp_path, env).start()
    yield outside
    if outside.process and outside.process.poll() is None:
        outside.stop()


def test_payments_and_keys_outlive_a_kill(mortal: Outside, hears: Shop) -> None:
    issued(mortal)
    deposited(mortal)
    opened(mortal)
    until(lambda: len(hears.calls) == 3)
    first = cancelled(mortal, "va1", KEY, refundAccount={"bank": "TOSS", "number": "1", "holderName": "a"})
    before = told(mortal, "va1")
    mortal.kill()
    mortal.start()
    after = told(mortal, "va1")
    assert before["cancellations"] == after["cancellations"] and after["status"] == "CANCELLED"
    assert cancelled(mortal, "va1", KEY).text == first.text
    decided(mortal, "personal")
    issued(mortal, "va2")
    numbers = {told(mortal, name)["method"]["accountNumber"] for name in ("va1", "va2")}
    assert len(numbers) == 2 and told(mortal, "card1")["status"] == "PAID"


def test_a_webhook_that_was_refused_before_the_kill_comes_again(mortal: Outside, hears: Shop) -> None:
    hears.statuses = [500]
    issued(mortal)
    until(lambda: mortal.inside("GET", "stats")["payment_webhook_failures"] == 1)
    mortal.kill()
    mortal.start()
    until(lambda: len(hears.calls) == 2)
    assert hears.calls[0].id == hears.calls[1].id
    hears.calls[1].verified()


def test_a_pending_cancellation_ends_after_the_kill(mortal: Outside, hears: Shop) -> None:
    paid(mortal)
    mortal.fault("pending_cancel", provider="portone", seconds=1.0)
    cancelled(mortal)
    mortal.kill()
    mortal.start()
    until(lambda: told(mortal, "card1")["status"] == "CANCELLED")
    until(lambda: hears.types[-1:] == ["Cancelled"])


def test_kills_in_the_middle_of_many_leave_each_whole(mortal: Outside, hears: Shop) -> None:
    """Whatever was answered is there, and its webhook comes; whatever was not is wholly there or not at all."""
    answered: list[str] = []

    def issue(start: int) -> None:
        for n in range(start, start + 200):
            try:
                if api(mortal, "POST", f"/payments/va{n}/instant", account()).status == 200:
                    answered.append(f"va{n}")
            except OSError:
                return
            except Exception:
                return

    threads = [threading.Thread(target=issue, args=(start,)) for start in (0, 1000)]
    for thread in threads:
        thread.start()
    until(lambda: len(answered) > 20)
    mortal.kill()
    for thread in threads:
        thread.join()
    mortal.start()
    there = mortal.inside("GET", "stats")["payments"]
    assert len(answered) <= there <= len(answered) + 2
    for name in answered:
        assert told(mortal, name)["status"] == "VIRTUAL_ACCOUNT_ISSUED"
    until(lambda: len({call.id for call in hears.calls}) == there)

"""PortOne's twin: the vendor's own SDK reads it unchanged, and a person decides in its window once."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from portone_server_sdk import PortOneClient
from portone_server_sdk.errors import IdentityVerificationNotFoundError, UnauthorizedError
from portone_server_sdk.identity_verification import (
    FailedIdentityVerification,
    ReadyIdentityVerification,
    VerifiedIdentityVerification,
)

from tests.sandbox.outside import PORTONE_SECRET, Answer, Outside, choose, in_window


def sdk(outside: Outside, secret: str = PORTONE_SECRET) -> PortOneClient:
    return PortOneClient(secret=secret, base_url=f"{outside.url}/portone", store_id="store-demo")


def ask(outside: Outside, name: str, store: str = "store-demo") -> Answer:
    headers = {"Authorization": f"PortOne {PORTONE_SECRET}"}
    return outside.ask("GET", f"/portone/identity-verifications/{name}?storeId={store}", headers=headers)


def test_the_vendor_s_sdk_reads_every_state(outside: Outside) -> None:
    client = sdk(outside).identity_verification
    with pytest.raises(IdentityVerificationNotFoundError):
        client.get_identity_verification(identity_verification_id="iv1")
    in_window(outside, "iv1", "", customData="sign-up")
    ready = client.get_identity_verification(identity_verification_id="iv1")
    assert isinstance(ready, ReadyIdentityVerification) and ready.custom_data == "sign-up"
    in_window(outside, "iv1", "fail")
    assert isinstance(
        client.get_identity_verification(identity_verification_id="iv1"), FailedIdentityVerification
    )
    in_window(outside, "iv1", "minsu")
    verified = client.get_identity_verification(identity_verification_id="iv1")
    assert isinstance(verified, VerifiedIdentityVerification)
    person = verified.verified_customer
    assert (person.name, person.phone_number, person.birth_date) == ("김민수", "01020020001", "1990-01-01")
    assert verified.channel is not None and verified.channel.key == "channel-key-demo-identity"
    assert verified.custom_data == "sign-up" and person.ci and person.di


def test_the_vendor_s_sdk_reads_a_refusal(outside: Outside) -> None:
    with pytest.raises(UnauthorizedError):
        sdk(outside, "wrong").identity_verification.get_identity_verification(identity_verification_id="iv1")


def test_verified_has_the_captured_shape(outside: Outside) -> None:
    in_window(outside, "iv1", "hanbit")
    told = ask(outside, "iv1").json
    assert told.keys() == {
        "status", "id", "channel", "verifiedCustomer", "requestedAt", "updatedAt", "statusChangedAt",
        "verifiedAt", "pgTxId", "pgRawResponse", "version",
    }  # fmt: skip
    assert told["channel"].keys() == {"type", "id", "key", "name", "pgProvider", "pgMerchantId"}
    assert told["verifiedCustomer"].keys() == {
        "name", "operator", "phoneNumber", "birthDate", "gender", "isForeigner", "ci", "di",
    }  # fmt: skip


def test_one_success_per_id(outside: Outside) -> None:
    in_window(outside, "iv1", "hanbit")
    for choice in ("minsu", "fail", ""):
        assert in_window(outside, "iv1", choice).status == 303
    assert ask(outside, "iv1").json["verifiedCustomer"]["name"] == "한지원"
    assert outside.inside("GET", "stats")["verified"] == 1
    assert parse_qs(urlsplit(in_window(outside, "iv1", "minsu").text).query)["code"] == [
        "IDENTITY_VERIFICATION_ALREADY_VERIFIED"
    ]


@pytest.mark.parametrize(
    ("choice", "code"),
    [("hanbit", None), ("fail", ["IDENTITY_VERIFICATION_FAILED"]), ("close", ["WINDOW_CLOSED"])],
)
def test_the_answer_comes_back_in_the_address(outside: Outside, choice: str, code: list[str] | None) -> None:
    answer = in_window(outside, "iv1", choice)
    assert answer.status == 303
    assert answer.text.startswith("https://shop.example/back?step=2&transactionType=IDENTITY_VERIFICATION&")
    told = parse_qs(urlsplit(answer.text).query)
    assert told["identityVerificationId"] == ["iv1"] and told["identityVerificationTxId"][0]
    assert told.get("code") == code
    assert not re.search("한지원|01020030001", answer.text)


def test_a_person_chosen_without_an_open_window_is_not_believed(outside: Outside) -> None:
    answer = choose(outside, "iv1", "hanbit")
    assert "code=IDENTITY_VERIFICATION_NOT_FOUND" in answer.text
    assert ask(outside, "iv1").status == 404


def test_the_page_shows_the_demo_s_members_and_runs_no_foreign_script(outside: Outside) -> None:
    page = in_window(outside, "iv1", "", customData='"><script>alert(1)</script>').text
    assert "한지원" in page and "010-2003-0001" in page and "실패" in page and "창 닫기" in page
    assert "<script" not in page and "&lt;script&gt;" in page and "style=" not in page
    assert page.count('name="choice"') == 14


@pytest.mark.parametrize(
    "wrong",
    [
        {"storeId": "x"}, {"channelKey": "x"}, {"identityVerificationId": "iv-1"},
        {"identityVerificationId": "a" * 71}, {"redirectUrl": ""}, {"redirectUrl": "javascript:alert(1)"},
        {"redirectUrl": "https://a;script-src *"}, {"redirectUrl": "", "origin": "data:x"},
    ],
)  # fmt: skip
def test_wrong_requests_begin_nothing(outside: Outside, wrong: dict[str, str]) -> None:
    for choice in ("", "hanbit"):
        assert in_window(outside, "iv1", choice, **wrong).status == 400
    assert outside.inside("GET", "stats")["verifications"] == 0


def test_a_choice_that_there_is_not(outside: Outside) -> None:
    assert in_window(outside, "iv1", "nobody").status == 400
    assert ask(outside, "iv1").json["status"] == "READY"


def test_another_store_is_forbidden_and_no_secret_is_noted(outside: Outside) -> None:
    assert (ask(outside, "iv1", "other").json["type"], ask(outside, "iv1", "other").status) == (
        "FORBIDDEN",
        403,
    )
    (visit, *_) = outside.inside("GET", "requests")
    assert visit["authorization"] == "PortOne ***"
    assert outside.ask("GET", "/portone/billing-keys/b1").json["type"] == "NOT_FOUND"


def test_files_for_the_browser(outside: Outside) -> None:
    assert "requestIdentityVerification" in outside.ask("GET", "/portone/sdk.js").text
    assert "postMessage" in outside.ask("GET", "/portone/window.js").text
    assert ".choices" in outside.ask("GET", "/portone/window.css").text


def test_a_verification_outlives_a_kill(tmp_path: Path) -> None:
    outside = Outside(tmp_path).start()
    try:
        in_window(outside, "iv1", "daon")
        outside.kill()
        outside.port = 0
        outside.start()
        assert ask(outside, "iv1").json["verifiedCustomer"]["name"] == "서하늘"
    finally:
        outside.stop()

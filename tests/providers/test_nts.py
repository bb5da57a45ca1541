"""The tax office's adapter against the sandbox, over HTTP. M1"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest

from seonmul.kit import wire
from seonmul.members.ports import BusinessState
from seonmul.providers.nts.office import Office
from tests.providers.tax_office import TaxOfficeSuite
from tests.sandbox.outside import Outside

ROW = {"b_no": "9998800014", "b_stt_cd": "01", "tax_type": "부가가치세 일반과세자"}


@pytest.fixture
def office(carrier: Outside) -> Office:
    return Office()


@pytest.fixture
def when(make_trouble: Callable[..., Callable[..., None]], settings: Any) -> Callable[..., None]:
    trouble = make_trouble("nts", "NTS_BASE_URL", "NTS_SERVICE_KEY")

    def when(kind: str, **more: object) -> None:
        if kind == "impatient":
            settings.SECONDS_TAX_OFFICE = 0.4
        else:
            trouble(kind, **more)

    return when


class TestNts(TaxOfficeSuite):
    continuing, representative, opened_on = "9998800014", "한지원", date(2015, 3, 2)
    suspended, closed, unregistered = "9998809029", "9998809034", "9998809048"
    slow, down = "9998809053", "9998809067"
    tax_kind = "부가가치세 일반과세자"
    secret = "SERVICE"


@pytest.mark.parametrize(
    "body",
    [
        [], {}, None, {"status_code": "HTTP_ERROR"}, {"status_code": "OK"}, {"status_code": "OK", "data": []},
        {"status_code": "OK", "data": [ROW, ROW]}, {"status_code": "OK", "data": ["x"]},
        {"status_code": "OK", "data": [ROW | {"b_no": "9998800028"}]},
        {"status_code": "OK", "data": [ROW | {"b_stt_cd": "04"}]},
        {"status_code": "OK", "data": [ROW | {"b_stt_cd": ""}]},
        {"status_code": "OK", "data": [{"b_no": "9998800014"}]},
    ],
)  # fmt: skip
def test_what_it_cannot_read_is_in_doubt(office: Office, when: Callable[..., None], body: object) -> None:
    when("answer", body=body)
    with pytest.raises(wire.InDoubt):
        office.status("9998800014")


def test_an_unknown_verdict_is_in_doubt(office: Office, when: Callable[..., None]) -> None:
    when("answer", body={"status_code": "OK", "data": [ROW | {"valid": "03", "status": ROW}]})
    with pytest.raises(wire.InDoubt):
        office.check("9998800014", "한지원", date(2015, 3, 2))


def test_without_its_second_answer_a_check_is_in_doubt(office: Office, when: Callable[..., None]) -> None:
    """A mismatch comes without a state, so there is a second question."""
    when("html_error", route="status")
    with pytest.raises(wire.InDoubt):
        office.check("9998800014", "다른사람", date(2015, 3, 2))
    assert office.check("9998800014", "다른사람", date(2015, 3, 2)).state is BusinessState.CONTINUING


def test_a_refusal_keeps_the_office_s_own_code(office: Office, when: Callable[..., None]) -> None:
    when("refuse", status=429, errorCode="-10")
    with pytest.raises(wire.Declined) as no:
        office.status("9998800014")
    assert (no.value.code, no.value.status) == ("-10", 429)


def test_the_key_is_encoded_once(office: Office, settings: Any) -> None:
    """The key of the demo has + / =; one that was encoded before is wrong."""
    assert quote(settings.NTS_SERVICE_KEY, safe="") != settings.NTS_SERVICE_KEY
    assert office.status("9998800014") is BusinessState.CONTINUING
    settings.NTS_SERVICE_KEY = quote(settings.NTS_SERVICE_KEY, safe="")
    with pytest.raises(wire.Declined):
        office.status("9998800014")

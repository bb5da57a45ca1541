"""The tax office's twin: the shapes that public client code reads, and what each number does."""

from __future__ import annotations

import time
from urllib.parse import quote

import pytest

from tests.sandbox.outside import Answer, Outside

KEY = quote("DEMO+NTS/SERVICE+KEY/0000==", safe="")


def ask(outside: Outside, question: str, body: object, key: str = KEY) -> Answer:
    path = f"/nts/api/nts-businessman/v1/{question}?serviceKey={key}"
    return outside.ask("POST", path, body, {"Content-Type": "application/json"})


def states(outside: Outside, *numbers: str) -> list[tuple[str, str]]:
    rows = ask(outside, "status", {"b_no": numbers}).json["data"]
    assert [row["b_no"] for row in rows] == list(numbers)
    return [(row["b_stt_cd"], row["b_stt"]) for row in rows]


def claim(number: str, name: str, opened: str) -> dict[str, object]:
    return {"businesses": [{"b_no": number, "start_dt": opened, "p_nm": name, "b_nm": ""}]}


def test_a_number_s_state_follows_from_its_digits(outside: Outside) -> None:
    assert states(outside, "9998800014", "1234567891", "9998809029", "9998809034", "9998809048") == [
        ("01", "계속사업자"), ("01", "계속사업자"), ("02", "휴업자"), ("03", "폐업자"), ("", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "number", ["9998800015", "0000000000", "999-88-00014", "99988", "가나다라마바사아자차"]
)
def test_what_is_no_number_is_not_registered(outside: Outside, number: str) -> None:
    answer = ask(outside, "status", {"b_no": [number]}).json
    (row,) = answer["data"]
    assert row["b_stt_cd"] == "" and row["tax_type"].startswith("국세청에 등록되지 않은")
    assert "match_cnt" not in answer and answer["request_cnt"] == 1


def test_shape_of_a_continuing_business(outside: Outside) -> None:
    answer = ask(outside, "status", {"b_no": ["1234567891"]}).json
    assert answer == {
        "status_code": "OK",
        "request_cnt": 1,
        "match_cnt": 1,
        "data": [
            {
                "b_no": "1234567891", "b_stt": "계속사업자", "b_stt_cd": "01",
                "tax_type": "부가가치세 일반과세자", "tax_type_cd": "01", "end_dt": "", "utcc_yn": "N",
                "tax_type_change_dt": "", "invoice_apply_dt": "",
                "rbf_tax_type": "해당없음", "rbf_tax_type_cd": "99",
            }
        ],
    }  # fmt: skip


def test_non_profits_and_the_closed_say_so(outside: Outside) -> None:
    rows = ask(outside, "status", {"b_no": ["9998200012", "9998000018", "9998809034"]}).json["data"]
    assert [row["tax_type_cd"] for row in rows] == ["05", "06", "01"]
    assert [row["end_dt"] for row in rows] == ["", "", "20240630"]


@pytest.mark.parametrize(
    ("number", "name", "opened", "valid"),
    [
        ("9998800014", "한지원", "20150302", "01"),
        ("9998800014", "한 지원", "20150302", "01"),
        ("9998800014", "한지원", "20150303", "02"),
        ("9998800014", "정다은", "20150302", "02"),
        ("1234567891", "아무개", "20200101", "01"),
        ("1234567891", "틀린이름", "20200101", "02"),
        ("9998809034", "아무개", "20200101", "01"),
        ("9998809048", "아무개", "20200101", "02"),
    ],
)
def test_validate(outside: Outside, number: str, name: str, opened: str, valid: str) -> None:
    asked = claim(number, name, opened)
    answer = ask(outside, "validate", asked).json
    (row,) = answer["data"]
    assert row["valid"] == valid
    assert row["request_param"] == asked["businesses"][0]
    assert ("status" in row) == (valid == "01") and answer.get("match_cnt", 0) == (valid == "01")


@pytest.mark.parametrize("key", ["", "x", quote(KEY, safe="")])
def test_a_wrong_key_is_401(outside: Outside, key: str) -> None:
    answer = ask(outside, "status", {"b_no": ["1234567891"]}, key)
    assert (answer.status, answer.json["code"]) == (401, -401)


@pytest.mark.parametrize(
    ("question", "body", "status"),
    [
        ("status", {}, 400), ("status", {"b_no": []}, 400), ("status", {"b_no": [1]}, 400), ("status", [], 400),
        ("validate", {"businesses": [{"b_no": "1234567891"}]}, 400),
        ("status", {"b_no": ["1234567891"] * 101}, 413), ("nothing", {}, 404),
    ],
)  # fmt: skip
def test_wrong_questions(outside: Outside, question: str, body: object, status: int) -> None:
    assert ask(outside, question, body).status == status


def test_slow_and_down(outside: Outside) -> None:
    started = time.monotonic()
    assert states(outside, "9998809053") == [("01", "계속사업자")]
    assert time.monotonic() - started >= 0.3
    down = ask(outside, "validate", claim("9998809067", "아무개", "20200101"))
    assert down.status == 503 and "<html>" in down.text


def test_faults_and_the_journal(outside: Outside) -> None:
    outside.fault("error_500", provider="nts", route="validate")
    assert states(outside, "1234567891") == [("01", "계속사업자")]
    assert ask(outside, "validate", claim("1234567891", "아무개", "20200101")).status == 500
    visits = outside.inside("GET", "requests")
    assert [visit["fault"] for visit in visits] == ["error_500", None]
    assert all(visit["path"].endswith("?serviceKey=***") for visit in visits)

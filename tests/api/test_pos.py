"""What a shop's software asks over HTTP. A2, V3"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from seonmul.api.pos import RedemptionOut
from seonmul.figures import actions as figures
from seonmul.kit import clock
from seonmul.vouchers import actions
from seonmul.vouchers.models import Redemption, Voucher
from tests.vouchers import shops

pytestmark = pytest.mark.django_db


class Till:
    """A shop's program with its key."""

    def __init__(self, product: Any, name: str = "강남점") -> None:
        self.shop = shops.shop(product, name)
        self.key = actions.make_shop_key(self.shop.id, "1번", by=shops.STAFF, at=clock.now())

    def post(self, path: str, *, key: str | None = None, **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.key if key is None else key}"}
        return Client(headers=headers).post(f"/pos/v1/{path}", body, content_type="application/json")

    def redeem(self, code: str, number: str, **more: Any) -> Any:
        return self.post("redemptions", code=code, **numbered(number), **more)


def numbered(number: str) -> dict[str, Any]:
    return {"terminal": "POS-1", "business_day": clock.seoul_date(clock.now()).isoformat(), "number": number}


@pytest.fixture
def till() -> Till:
    product, _ = shops.money(10_000)
    Voucher.objects.update(valid_until=clock.now() + timedelta(days=365))
    return Till(product)


def the_code() -> str:
    (code,) = shops.codes_of([Voucher.objects.get().id])
    return code


def test_from_inquiry_to_cancelling(till: Till) -> None:
    """V3"""
    code = the_code()
    seen = till.post("inquiries", code=code).json()
    assert (
        seen["is_usable"] and seen["rest_won"] == 10_000 and seen["kind"] == "amount" and seen["why"] is None
    )
    first = till.redeem(code, "7", amount_won=4_000)
    assert first.status_code == 200 and first.json()["rest_won"] == 6_000 and first.json()["state"] == "done"
    assert till.redeem(code, "7", amount_won=4_000).json() == first.json()
    assert RedemptionOut.model_validate(first.json()) and set(first.json()) == set(RedemptionOut.model_fields)
    undone = till.post(f"redemptions/{first.json()['approval']}/cancel").json()
    assert undone["state"] == "cancelled" and Voucher.objects.get().rest_won == 10_000
    assert till.post("reversals", **numbered("8")).json()["state"] == "reversed"
    late = till.redeem(code, "8", amount_won=1)
    assert (late.status_code, late.json()["code"]) == (409, "number_reversed")


def test_a_refusal_is_a_problem_with_a_stable_code(till: Till) -> None:
    """V3: what happened, in words for people and a code for programs."""
    answer = till.redeem(the_code(), "1", amount_won=10_001)
    assert answer["Content-Type"] == "application/problem+json" and answer.status_code == 409
    assert answer.json()["code"] == "amount_too_much" and "10,000원" in answer.json()["detail"]
    assert till.redeem("0000 0000", "1").json()["status"] == 404
    assert till.post("redemptions/none/cancel").status_code == 404


def test_only_a_key_opens_it_and_only_its_own_shop(till: Till) -> None:
    """V3"""
    code, product = the_code(), Voucher.objects.get().product
    for key in ("", "shop_wrong"):
        answer = till.post("inquiries", key=key, code=code)
        assert (answer.status_code, answer.json()["code"]) == (401, "key_wrong")
        assert answer["WWW-Authenticate"] == "Bearer"
    approval = till.redeem(code, "1", amount_won=1_000).json()["approval"]
    assert Till(product, "서초점").post(f"redemptions/{approval}/cancel").status_code == 404
    assert Client().post("/pos/v1/reversals", {}, content_type="application/json").status_code == 401


def test_what_is_malformed_is_named_and_never_repeated(till: Till) -> None:
    """V3: the answer names fields, not what stood in them."""
    code = the_code()
    for body in (
        {"code": code, "amount_won": -1},
        {"code": code, "sum": 3},
        {"code": code, "business_day": code},
    ):
        answer = till.post("redemptions", **{**numbered("1"), **body})
        assert answer.status_code == 422 and answer.json()["code"] == "request_form"
        assert code not in answer.content.decode()
    assert Redemption.objects.count() == 0


def test_guessing_is_told_when_to_come_back(till: Till) -> None:
    """V3"""
    figures.change("wrong_codes_of_shop", 3, by="test", at=clock.now())
    for _ in range(3):
        till.post("inquiries", code="1234567890123456")
    answer = till.post("inquiries", code=the_code())
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (429, "voucher_tries", "600")


def test_the_description_names_what_there_is(client: Client) -> None:
    """A2"""
    told = client.get("/pos/v1/openapi.json").json()
    assert {"/pos/v1/inquiries", "/pos/v1/redemptions", "/pos/v1/reversals"} <= set(told["paths"])


def test_a_redemption_asks_the_database_little(till: Till, django_assert_max_num_queries: Any) -> None:
    """V3: however many redemptions there are."""
    code = the_code()
    for number in range(5):
        till.redeem(code, f"a{number}", amount_won=1)
    with django_assert_max_num_queries(6):
        assert till.redeem(code, "b", amount_won=1).status_code == 200

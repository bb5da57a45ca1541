"""What a shop's software asks: inquire, redeem, cancel, reverse. A2, V3

A code stands in a body and never in an address. Whoever gets no answer to a redeem reverses it under the same number.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext
from ninja import Field, NinjaAPI, Schema
from ninja.security import HttpBearer
from pydantic import ConfigDict

from seonmul.api import problems
from seonmul.kit import clock
from seonmul.vouchers import actions, queries
from seonmul.vouchers.models import Redemption, Shop

Code = Annotated[
    str, Field(min_length=1, max_length=64, description="쿠폰 번호. 빈칸과 붙임표는 없어도 됩니다")
]
Terminal = Annotated[str, Field(max_length=64, description="단말기 번호", examples=["POS-1"])]
Number = Annotated[
    str,
    Field(
        max_length=64, description="매장의 거래 번호. 매장, 단말기, 영업일마다 하나뿐", examples=["000123"]
    ),
]
Day = Annotated[date, Field(description="영업일", examples=["2026-11-26"])]
Amount = Annotated[int, Field(ge=0, le=100_000_000, description="금액권에서 쓸 금액(원). 상품 교환권은 0")]


class _Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class Inquiry(_Strict):
    code: Code


class Redeem(_Strict):
    code: Code
    terminal: Terminal
    business_day: Day
    number: Number
    amount_won: Amount = 0


class Reverse(_Strict):
    terminal: Terminal
    business_day: Day
    number: Number


class VoucherOut(Schema):
    """A voucher as a shop may see it. `why` and `detail` say why it cannot be taken now, null when it can."""

    product: str
    kind: str
    state: str
    rest_won: int
    valid_until: datetime
    is_usable: bool
    why: str | None = None
    detail: str | None = None


class RedemptionOut(Schema):
    """A redemption. `approval`: our number for it; `state`: done, cancelled or reversed; `rest_won`: left afterwards."""

    approval: str
    state: str
    terminal: str
    business_day: date
    number: str
    amount_won: int
    rest_won: int
    asked_at: datetime


class ShopKeyAuth(HttpBearer):
    """A shop's key in `Authorization: Bearer`."""

    def authenticate(self, request: HttpRequest, token: str) -> Shop | None:
        """The shop, None for a wrong or revoked key."""
        return queries.shop_by_key(token)


pos = NinjaAPI(
    title="Seonmul POS", version="1", urls_namespace="pos", auth=ShopKeyAuth(), docs_url=None, openapi_url="/openapi.json",
    description="매장 계산대가 쿠폰을 조회, 교환, 취소, 망취소하는 API입니다.",
)  # fmt: skip
problems.speak(pos)


@pos.post("/inquiries", response=VoucherOut, summary="쿠폰 조회")
def inquire(request: HttpRequest, body: Inquiry) -> dict[str, Any]:
    """What a code is good for at this shop. Changes nothing."""
    voucher, no = actions.inquire(
        _shop(request), body.code, place=get_adapter().get_client_ip(request), at=clock.now()
    )
    return {
        "product": f"{voucher.product.brand.name} {voucher.product.name}",
        "kind": voucher.product.kind,
        "state": voucher.state,
        "rest_won": voucher.rest_won,
        "valid_until": voucher.valid_until,
        "is_usable": no is None,
        "why": no.code if no else None,
        "detail": no.say(gettext) if no else None,
    }


@pos.post("/redemptions", response=RedemptionOut, summary="교환")
def redeem(request: HttpRequest, body: Redeem) -> HttpResponse:
    """Take the whole of a goods voucher or a part of an amount voucher. The same request again gets the same answer."""
    row = actions.redeem(
        _shop(request), body.code, terminal=body.terminal, day=body.business_day, number=body.number,
        amount_won=body.amount_won, place=get_adapter().get_client_ip(request), at=clock.now(),
    )  # fmt: skip
    return _out(row)


@pos.post("/redemptions/{approval}/cancel", response=RedemptionOut, summary="교환 취소")
def cancel(request: HttpRequest, approval: str) -> HttpResponse:
    """Undo a redemption by its approval number. The same request again gets the same answer."""
    return _out(actions.cancel_redemption(_shop(request), approval, at=clock.now()))


@pos.post("/reversals", response=RedemptionOut, summary="망취소")
def reverse(request: HttpRequest, body: Reverse) -> HttpResponse:
    """Undo what got no answer, whether it has arrived or not; a redeem that comes later under this number is refused."""
    row = actions.reverse(
        _shop(request), terminal=body.terminal, day=body.business_day, number=body.number, at=clock.now()
    )
    return _out(row)


def _shop(request: HttpRequest) -> Shop:
    shop: Shop = request.auth  # type: ignore[attr-defined]
    return shop


def _out(row: Redemption) -> HttpResponse:
    """RedemptionOut, written at once: to check our own row against its form takes longer than to write it. Tests check it."""
    out = {
        "approval": row.public_id, "state": row.state, "terminal": row.terminal, "business_day": row.day,
        "number": row.number, "amount_won": row.amount_won, "rest_won": row.rest_won, "asked_at": row.asked_at,
    }  # fmt: skip
    return JsonResponse(out)

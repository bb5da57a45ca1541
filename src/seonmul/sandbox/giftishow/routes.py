"""The issuer's routes, and a shop, a bank and a clerk for tests under /_/giftishow."""

from __future__ import annotations

import hmac
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aiohttp import web

from seonmul.sandbox.clock import ms_of, seoul
from seonmul.sandbox.door import Declined, Door, Handler, Journal
from seonmul.sandbox.faults import Faults
from seonmul.sandbox.giftishow.coupons import EXPIRED, ISSUED, NAMES, USED, Coupons, Goods, Refused
from seonmul.sandbox.settings import Settings
from seonmul.sandbox.store import Store

PREFIX = "/giftishow"
_INSIDE = "/_/giftishow"
_KST = "%Y%m%d%H%M%S"

Form = Mapping[str, str]
Work = Callable[[Form], Any]


class Giftishow:
    """The provider "giftishow" of the sandbox (see ``Provider``)."""

    name = "giftishow"

    def __init__(self, settings: Settings, store: Store, faults: Faults, journal: Journal) -> None:
        self._code, self._token = settings.giftishow_auth_code, settings.giftishow_auth_token
        self._coupons = Coupons(store, settings.giftishow_balance_won)
        self._door = Door(self.name, faults, journal, _says)

    def add_routes(self, app: web.Application) -> None:
        """Put the calls under /giftishow/bizApi, each by its path and its api_code."""
        base = PREFIX + "/bizApi"
        for path, api_code, route, work in (
            ("/send", "0204", "send", self._send),
            ("/coupons", "0201", "ask", self._coupon),
            ("/cancel", "0202", "cancel", self._cancel),
            ("/bizmoney", "0301", "any", self._balance),
        ):
            app.router.add_post(base + path, self._door.guard(route, self._keyed(api_code, work)))
        app.router.add_post(
            base + "/goods/{code}", self._door.guard("list", self._keyed("0111", self._goods))
        )
        app.router.add_get(_INSIDE + "/coupons", self._listed)
        for name, inside in (
            ("use", self._use), ("undo", self._undo), ("expire", self._expire), ("balance", self._give), ("goods", self._change_goods),
        ):  # fmt: skip
            app.router.add_post(f"{_INSIDE}/{name}", _inside(inside))

    async def start(self) -> None:
        """Nothing runs by itself."""

    async def stop(self) -> None:
        """Nothing runs by itself."""

    async def reset(self) -> None:
        """Forget all coupons; goods and balance are as at the beginning."""
        self._coupons.reset()

    def stats(self) -> dict[str, int]:
        """Count coupons."""
        return self._coupons.counts()

    def texts(self, base_url: str, to: str, kind: str, limit: int) -> Iterator[tuple[int, str]]:
        """It sends no messages: gubun Y."""
        return iter(())

    def _keyed(self, api_code: str, work: Work) -> Handler:
        async def enter(request: web.Request) -> web.StreamResponse:
            posted = await request.post()
            form = {name: str(value) for name, value in posted.items()} | dict(request.match_info)
            if form.get("api_code") != api_code or form.get("dev_yn") not in ("Y", "N"):
                raise Declined(200, "ERR0000", "요청 형식이 올바르지 않습니다.")
            if not _same(form.get("custom_auth_code", ""), self._code):
                raise Declined(200, "E0008", "인증코드가 올바르지 않습니다.")
            if not _same(form.get("custom_auth_token", ""), self._token):
                raise Declined(200, "E0009", "토큰이 올바르지 않습니다.")
            try:
                return _json({"code": "0000", "message": None, "result": work(form)})
            except Refused as no:
                raise Declined(200, no.code, no.message) from None

        return enter

    def _send(self, form: Form) -> dict[str, Any]:
        needed = (
            "goods_code",
            "tr_id",
            "phone_no",
            "callback_no",
            "mms_title",
            "mms_msg",
            "user_id",
            "gubun",
        )
        if any(not form.get(name) for name in needed) or len(form["mms_title"]) > 10:
            raise Refused("ERR0000", "필수 값이 없습니다.")
        row = self._coupons.issue(form["tr_id"], form["goods_code"])
        inner = {"orderNo": row["order_no"]}
        if form["gubun"] == "Y":
            inner["pinNo"] = row["pin"]
        return {"code": "0000", "message": None, "result": inner}

    def _coupon(self, form: Form) -> list[dict[str, Any]]:
        row = self._coupons.get(form.get("tr_id", ""))
        goods = self._coupons.goods[row["goods_code"]]
        return [{"resCode": "0000", "resMsg": None, "couponInfoList": [_info(row, goods)]}]

    def _cancel(self, form: Form) -> None:
        self._coupons.cancel(form.get("tr_id", ""))

    def _balance(self, form: Form) -> dict[str, Any]:
        return {"balance": str(self._coupons.balance_won)}

    def _goods(self, form: Form) -> dict[str, Any]:
        goods = self._coupons.goods.get(form["code"])
        if goods is None:
            raise Refused("ERR0401", "상품이 존재하지 않습니다.")
        return {
            "goodsDetail": {
                "goodsCode": goods.code, "goodsName": goods.name, "brandName": goods.brand,
                "realPrice": goods.won, "salePrice": goods.won, "discountPrice": goods.won,
                "validPrdTypeCd": "01", "limitDay": goods.days, "validPrdDay": str(goods.days),
                "goodsStateCd": goods.state,
            }
        }  # fmt: skip

    async def _listed(self, request: web.Request) -> web.Response:
        return web.json_response(self._coupons.listed())

    def _use(self, body: dict[str, Any]) -> None:
        at = ms_of(str(body["at"])) if "at" in body else None
        self._coupons.move(str(body["trId"]), USED, str(body.get("place", "구름다방 시청점")), at)

    def _undo(self, body: dict[str, Any]) -> None:
        self._coupons.move(str(body["trId"]), ISSUED)

    def _expire(self, body: dict[str, Any]) -> None:
        self._coupons.move(str(body["trId"]), EXPIRED)

    def _give(self, body: dict[str, Any]) -> None:
        self._coupons.give(int(body["won"]))

    def _change_goods(self, body: dict[str, Any]) -> None:
        goods = self._coupons.goods[str(body["goodsCode"])]
        goods.state = str(body.get("state", goods.state))
        goods.won = int(body.get("won", goods.won))


def _info(row: sqlite3.Row, goods: Goods) -> dict[str, Any]:
    """A coupon as 0201 tells it. The PIN is not among the fields that clients read there."""
    used = row["changed_at"] if row["status"] == USED else None
    return {
        "goodsCd": row["goods_code"], "goodsNm": goods.name, "brandNm": goods.brand,
        "pinStatusCd": row["status"], "pinStatusNm": NAMES[row["status"]],
        "sellPriceAmt": row["won"], "cnsmPriceAmt": row["won"],
        "remainAmt": row["won"] if row["status"] == "01" else 0,
        "validPrdEndDt": seoul(row["valid_until"], _KST),
        "correcDtm": seoul(row["changed_at"] or row["issued_at"], _KST),
        "exchDtm": seoul(used, _KST) if used else None, "tradeBranchNm": row["place"] or None,
    }  # fmt: skip


def _inside(work: Callable[[dict[str, Any]], None]) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            work(json.loads(await request.text()))
        except (ValueError, KeyError, TypeError, Refused) as wrong:
            return web.json_response({"error": str(wrong)}, status=400)
        return web.json_response({"done": True})

    return handle


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _says(no: Declined) -> web.Response:
    return _json({"code": no.code, "message": no.message, "result": None}, no.status)


def _json(answer: dict[str, Any], status: int = 200) -> web.Response:
    body = json.dumps(answer, ensure_ascii=False).encode()
    return web.Response(body=body, status=status, content_type="application/json", charset="utf-8")

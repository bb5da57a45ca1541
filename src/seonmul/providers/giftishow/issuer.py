"""An issuer by the Giftishow Biz API. C3

Every answer comes with status 200; its code says what it means, and no other status says anything of a coupon. Our reference is the vendor's TR_ID, by which it
issues once. The PIN is asked for (`gubun` Y), so that we send the voucher ourselves: the recipient's number stays
here, and the number in the request is the platform's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from seonmul.kit import wire
from seonmul.kit.clock import SEOUL
from seonmul.providers.giftishow import codes
from seonmul.vouchers.ports import Coupon, Goods, Hindered, Issued, Told

_FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8", "Accept": "application/json"}
_TITLE, _TEXT = "모바일쿠폰", "모바일쿠폰"


class Giftishow:
    """The external issuer."""

    def issue(self, reference: str, goods_code: str) -> Issued | None:
        """0204. None: it was issued before under this reference."""
        code, result = self._call(
            "send",
            "0204",
            goods_code=goods_code,
            tr_id=reference,
            phone_no=settings.GIFTISHOW_PHONE,
            callback_no=settings.GIFTISHOW_PHONE,
            mms_title=_TITLE,
            mms_msg=_TEXT,
            gubun="Y",
        )
        if code == codes.OK and isinstance(result, dict):  # nested twice: the inner one counts too
            code, result = str(result.get("code") or ""), result.get("result")
        if code == codes.DUPLICATE:
            return None
        if code != codes.OK:
            raise _no(code, codes.FINAL)
        if not isinstance(result, dict):
            raise wire.InDoubt("the issuer: unreadable answer")
        return Issued(code=str(result.get("pinNo") or ""), vendor_id=str(result.get("orderNo") or ""))

    def ask(self, reference: str) -> Coupon:
        """0201."""
        code, result = self._call("coupons", "0201", tr_id=reference)
        first = result[0] if isinstance(result, list) and result and isinstance(result[0], dict) else {}
        if code == codes.OK and first.get("resCode") not in (None, codes.OK):
            code = str(first["resCode"])
        if code in codes.NOTHING:
            return Coupon(Told.NOTHING)
        if code != codes.OK:
            raise _no(code, frozenset())
        listed = first.get("couponInfoList")
        if not (isinstance(listed, list) and len(listed) == 1 and isinstance(listed[0], dict)):
            raise wire.InDoubt("the issuer: unreadable answer")
        return _coupon(listed[0])

    def cancel(self, reference: str) -> None:
        """0202. Whether it is cancelled is for `ask` to say."""
        code, _ = self._call("cancel", "0202", tr_id=reference)
        if code != codes.OK and code not in codes.CANCELLED:
            raise _no(code, codes.KEPT | codes.NOTHING)

    def goods(self, goods_code: str) -> Goods:
        """0111."""
        code, result = self._call(f"goods/{goods_code}", "0111")
        if code in codes.FINAL:
            return Goods(is_on_sale=False)
        found = result.get("goodsDetail") if isinstance(result, dict) else None
        if code != codes.OK or not isinstance(found, dict):
            raise _no(code, frozenset())
        days = str(found.get("validPrdDay") or found.get("limitDay") or "")
        by_days = found.get("validPrdTypeCd") == "01" and days.isdecimal()
        return Goods(
            is_on_sale=found.get("goodsStateCd") == codes.ON_SALE,
            price_won=_won(found.get("discountPrice")),
            days=int(days) if by_days else None,
        )

    def balance_won(self) -> int:
        """0301."""
        code, result = self._call("bizmoney", "0301")
        won = _won(result.get("balance")) if isinstance(result, dict) else None
        if code != codes.OK or won is None:
            raise _no(code, frozenset())
        return won

    def check_health(self) -> str:
        """Ask for the balance: it shows that our key is taken."""
        try:
            return f"{self.balance_won():,} won"
        except Hindered as hindered:
            raise wire.Declined(hindered.code, 200) from None

    def _call(self, path: str, api_code: str, **fields: str) -> tuple[str, Any]:
        form = {
            "api_code": api_code,
            "custom_auth_code": settings.GIFTISHOW_AUTH_CODE,
            "custom_auth_token": settings.GIFTISHOW_AUTH_TOKEN,
            "dev_yn": "Y" if settings.GIFTISHOW_IS_TEST else "N",
            "user_id": settings.GIFTISHOW_USER_ID,
        }
        try:
            answer = wire.call(
                "POST",
                f"{settings.GIFTISHOW_BASE_URL}/{path}",
                content=urlencode(form | fields).encode(),
                headers=_FORM,
                timeout_seconds=settings.SECONDS_ISSUER,
            ).body
        except wire.Declined as no:  # no word of the vendor's, which come with 200: a gateway's before it
            raise wire.InDoubt(f"the issuer: status {no.status}") from no
        if not isinstance(answer, dict) or not answer.get("code"):
            raise wire.InDoubt("the issuer: unreadable answer")
        return str(answer["code"]), answer.get("result")


def _no(code: str, final: frozenset[str]) -> Exception:
    """What a code means that is no yes: a hindrance, a final no, or nothing that we know."""
    if code in codes.HINDRANCES:
        return Hindered(codes.HINDRANCES[code], code)
    return wire.Declined(code, 200) if code in final else wire.InDoubt(f"the issuer: {code[:20]}")


def _coupon(found: Mapping[str, Any]) -> Coupon:
    code = str(found.get("pinStatusCd") or "")
    return Coupon(
        state=codes.STATES.get(code, Told.OTHER),
        rest_won=_won(found.get("remainAmt")),
        valid_until=_moment(found.get("validPrdEndDt")),
        at=_moment(found.get("exchDtm")),
        place=str(found.get("tradeBranchNm") or "")[:60],
        vendor_code=code,
    )


def _won(value: object) -> int | None:
    text = str(value if value is not None else "").replace(",", "")
    return int(text) if text.isdecimal() else None


def _moment(value: object) -> datetime | None:
    """A time of Seoul as clients show it, YYYYMMDD with or without hhmmss; a day alone means its end."""
    digits = "".join(sign for sign in str(value or "") if sign.isdecimal())
    try:
        if len(digits) == 14:
            return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=SEOUL)
        if len(digits) == 8:
            day = datetime.strptime(digits, "%Y%m%d").replace(tzinfo=SEOUL)
            return day + timedelta(days=1) - timedelta(seconds=1)
    except ValueError:
        pass
    return None

"""Money by PortOne V2: cards, accounts to pay into, money back, the vendor's list. P2, P3, P5, P9

Calls go through kit.wire and not through the vendor's SDK: that cannot send an idempotency key, and it answers what it
does not know with errors of its parser. Of whatever is in doubt, `payment` is to be asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings

from seonmul.kit import clock, wire
from seonmul.payments.ports import Account, AccountWish, Cancelled, CardWish, Payment, Told, Trouble
from seonmul.providers.portone import api, codes, reading, reports

#: Under what address the vendor reports to us; `webhooks` has a door there.
REPORTS_PATH = "/hooks/payments/portone"

_LONGEST_REFERENCE = 40  # KCP
_TITLE_BYTES = 100  # KCP
_PAGE = 1_000  # the most that the vendor gives at once
#: The vendor's list goes by the day of making, ours by the day of the last change: how long a payment may change.
_LOOK_BACK = timedelta(days=90)


class PortOne:
    """All four ports by PortOne V2."""

    def register(self, reference: str, won: int) -> None:
        """One call; a second one with another sum replaces the first."""
        body = {"totalAmount": won, "taxFreeAmount": won, "currency": "KRW"}
        self._post(reference, "pre-register", body, codes.REFUSES_TO_REGISTER)

    def window(self, wish: CardWish) -> Mapping[str, Any]:
        """For `PortOne.requestPayment`: a pop-up on large screens, a redirection on phones."""
        choice: dict[str, Any] = {"installment": {"monthOption": {"fixedMonth": 0}}}
        if wish.issuers:
            choice["availableCards"] = [_browser_name(code) for code in wish.issuers]
        if wish.only_app_card and not wish.is_easy:
            choice["useAppCardOnly"] = True
        request = {
            "storeId": settings.PORTONE_STORE_ID,
            "channelKey": settings.PORTONE_CARD_CHANNEL_KEY,
            "paymentId": _fit(wish.reference),
            "orderName": _title(wish.title),
            "totalAmount": wish.won,
            "taxFreeAmount": wish.won,
            "currency": "KRW",
            "payMethod": "EASY_PAY" if wish.is_easy else "CARD",
            "easyPay" if wish.is_easy else "card": choice,
            "customData": reading.subject_sent(wish.subject),
            "windowType": {"pc": "POPUP", "mobile": "REDIRECTION"},
            "redirectUrl": wish.return_to,
            "noticeUrls": [_reports_to()],
            "bypass": {"kcp_v2": {"disp_tax_yn": "N"}},
        }
        return {"script": settings.PORTONE_JS_URL, "request": request}

    def trouble(self, code: str, text: str) -> Trouble:
        """By the tables."""
        return codes.trouble_of(code, text)

    def payment(self, reference: str) -> Payment:
        """One question."""
        try:
            told = api.get(
                f"/payments/{quote(reference, safe='')}",
                answers=frozenset({codes.NOBODY_BEGAN}),
                timeout_seconds=settings.SECONDS_PAYMENT,
            )
        except wire.Declined as no:
            if no.code == codes.NOBODY_BEGAN:
                return Payment(reference, Told.NOTHING)
            raise
        payment = reading.payment(told)
        if payment.reference != reference:
            raise wire.InDoubt("PortOne: another payment")
        return payment

    def issue(self, wish: AccountWish) -> None:
        """One call. Where it failed at the bank, the vendor says so again under the same reference for three hours."""
        body = {
            "channelKey": settings.PORTONE_ACCOUNT_CHANNEL_KEY,
            "method": {
                "virtualAccount": {
                    "bank": codes.BANKS[wish.bank],
                    "expiry": {"dueDate": _seoul(wish.until)},
                    "option": {"type": "NORMAL"},
                    "cashReceipt": {"type": "NO_RECEIPT", "customerIdentityNumber": ""},
                }
            },
            "orderName": _title(wish.title),
            "customer": {"name": {"full": wish.holder}},
            "customData": json.dumps(reading.subject_sent(wish.subject), separators=(",", ":")),
            "amount": {"total": wish.won, "taxFree": wish.won},
            "currency": "KRW",
            "noticeUrls": [_reports_to()],
        }
        answers = codes.ISSUED_BEFORE | codes.REFUSES_TO_ISSUE
        try:
            self._post(wish.reference, "instant", body, answers, key=f"seonmul-issue-{wish.reference}")
        except wire.Declined as no:
            if no.code not in codes.ISSUED_BEFORE:
                raise

    def close(self, reference: str) -> None:
        """One call; when no deposit is awaited, a question why.

        What a closed account reads as is not documented: one that still waits by that answer is closed as well, since
        the vendor has just said that no deposit is awaited.
        """
        answers = frozenset({codes.NOBODY_BEGAN, codes.NO_DEPOSIT_AWAITED})
        try:
            self._post(reference, "virtual-account/close", None, answers)
        except wire.Declined as no:
            if no.code not in answers:
                raise
            now = self.payment(reference)
            if now.paid_won or now.state is Told.PAID:
                raise
            if now.state is Told.OPEN:
                raise wire.InDoubt("PortOne: an account that is not issued yet") from no

    def cancel(
        self, reference: str, key: str, won: int, *, left_won: int, why: str, to: Account | None = None
    ) -> Cancelled:
        """One call; a question after a no that may come of the same cancellation, done longer ago."""
        body: dict[str, Any] = {
            "amount": won,
            "taxFreeAmount": won,
            "reason": reading.reason(key, why),
            "requester": "ADMIN",
            "currentCancellableAmount": left_won,
        }
        if to is not None:
            body["refundAccount"] = {
                "bank": codes.BANKS[to.bank],
                "number": to.number,
                "holderName": to.holder,
            }
        try:
            told = self._post(
                reference, "cancel", body, codes.REFUSES_TO_CANCEL, key=f"seonmul-cancel-{_fit(key)}"
            )
        except wire.Declined as no:
            before = (
                self._cancelled_before(reference, key) if no.code in codes.PERHAPS_CANCELLED_BEFORE else None
            )
            if before is None:
                raise
            return before
        done = reading.cancelled(told.get("cancellation"))
        if done.won != won:
            raise wire.InDoubt("PortOne: another cancellation")
        return replace(done, key=key)

    def holder(self, account: Account, *, birth_date: date | None, business_number: str = "") -> str:
        """One question. The vendor takes one of the two: a company's number, or six digits of a birth date."""
        params = {}
        if business_number:
            params = {"businessRegistrationNumber": business_number}
        elif birth_date:
            params = {"birthdate": f"{birth_date:%y%m%d}"}
        name = api.get(
            f"/platform/bank-accounts/{codes.BANKS[account.bank]}/{quote(account.number, safe='')}/holder",
            answers=codes.REFUSES_A_HOLDER,
            timeout_seconds=settings.SECONDS_PAYMENT,
            params=params,
        ).get("holderName")
        if not isinstance(name, str) or not name.strip():
            raise wire.InDoubt("PortOne: a holder without a name")
        return name.strip()

    def payments(self, since: datetime, until: datetime) -> Iterator[Payment]:
        """Page by page of those that were made up to 90 days before; they come in the order of their making.

        One that changed again after `until` is told as it is now, so that none of the span is missing.
        """
        asked = {
            "storeId": settings.PORTONE_STORE_ID,
            "from": _seoul(since - _LOOK_BACK),
            "until": _seoul(until),
        }
        cursor = ""
        while True:
            page = api.get(
                "/payments-by-cursor",
                answers=frozenset(),
                timeout_seconds=settings.SECONDS_PAYMENT,
                params={
                    "requestBody": json.dumps(
                        asked | ({"cursor": cursor} if cursor else {}) | {"size": _PAGE}
                    )
                },
            )
            items = page.get("items")
            if not items and isinstance(items, list):
                return
            try:
                rows = [(reading.changed_at(item["payment"]), item["payment"]) for item in items or ()]
                following = str(items[-1]["cursor"]) if items else ""
            except (IndexError, KeyError, TypeError):
                raise wire.InDoubt("PortOne: unreadable list") from None
            if following in ("", cursor):
                raise wire.InDoubt("PortOne: a list without an end")
            yield from (reading.payment(told) for changed_at, told in rows if changed_at >= since)
            cursor = following

    def read_report(self, headers: Mapping[str, str], body: bytes, at: datetime) -> frozenset[str]:
        """Asks nobody. `at`: when the report came, however much later it is read."""
        return reports.references(headers, body, at)

    def check_health(self) -> str:
        """Ask for a payment that there is not."""
        return f"nothing asked: {self.payment('HEALTHCHECK').state}"

    def _cancelled_before(self, reference: str, key: str) -> Cancelled | None:
        found = self.payment(reference).cancelled
        return next((one for one in found if one.key == key and one.state != "failed"), None)

    def _post(
        self,
        reference: str,
        what: str,
        body: Mapping[str, Any] | None,
        answers: frozenset[str],
        *,
        key: str = "",
    ) -> dict[str, Any]:
        return api.post(
            f"/payments/{_fit(reference)}/{what}",
            body,
            answers=answers,
            timeout_seconds=settings.SECONDS_PAYMENT,
            key=key,
        )


def _fit(reference: str) -> str:
    """Refuse what KCP would not take; a programming error, since kit.ids makes them."""
    if not (reference.isascii() and reference.isalnum() and len(reference) <= _LONGEST_REFERENCE):
        raise ValueError("a reference is up to 40 letters and digits")
    return reference


def _title(text: str) -> str:
    """Cut to the bytes that KCP takes, between two characters."""
    return text.encode()[:_TITLE_BYTES].decode(errors="ignore")


def _browser_name(issuer: str) -> str:
    try:
        return codes.ISSUERS[issuer]
    except KeyError:
        raise ValueError(f"the window cannot offer the issuer {issuer}") from None


def _reports_to() -> str:
    return str(settings.PUBLIC_URL) + REPORTS_PATH


def _seoul(at: datetime) -> str:
    return at.astimezone(clock.SEOUL).isoformat(timespec="seconds")

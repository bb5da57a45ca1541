"""The NHN Cloud adapter: one request a message, asked about by the vendor's own number of it. S2, S3

A picture is stored first and named in the request. A request is accepted at once, and its answer alone tells the number (requestId, recipientSeq) by which it can be asked for:
nothing is known of a way to ask by our reference. So a request whose answer was lost is in doubt.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.conf import settings

from seonmul.dispatch.ports import Heard, Parcel, Receipt, Result, Taken
from seonmul.kit import euckr, wire
from seonmul.providers.nhn import codes
from seonmul.providers.one_by_one import BadPicture, OneByOne

_TITLE_BYTES = 40
_SUCCEEDED = "3"
_NO_PICTURE = "no picture"


class Nhn(OneByOne):
    """A carrier by NHN Cloud SMS v3.0."""

    channels = frozenset({"sms", "lms", "mms"})
    is_asked_by_name = True

    def stores(self, parcel: Parcel) -> bool:
        """The picture of an MMS."""
        return parcel.channel == "mms"

    def store(self, parcel: Parcel) -> str:
        """Upload a picture."""
        if parcel.draw is None:
            raise BadPicture(_NO_PICTURE)
        body = {
            "fileName": "voucher.jpg", "createUser": "seonmul", "fileBody": base64.b64encode(parcel.draw()).decode(),
        }  # fmt: skip
        header, told = self._call("POST", "/attachfile/binaryUpload", json=body)
        code = str(header.get("resultCode"))
        if codes.REFUSALS.get(code) is Result.CONTENT:
            raise BadPicture(code)
        if not header.get("isSuccessful"):
            raise wire.Declined(code, 200)
        try:
            return str(told["data"]["fileId"])
        except (KeyError, TypeError) as error:
            raise wire.InDoubt("an answer without a file") from error

    def hand(self, batch: str, parcel: Parcel, stored: str = "") -> Receipt:
        """One request for one message."""
        kind = "sms" if parcel.channel == "sms" else "mms"
        body: dict[str, Any] = {
            "body": parcel.text,
            "sendNo": parcel.sender,
            "senderGroupingKey": batch,
            "recipientList": [{"recipientNo": parcel.to, "recipientGroupingKey": parcel.reference}],
        }
        if kind == "mms":  # its title may not be missing
            body["title"] = parcel.title or euckr.cut(parcel.text.partition("\n")[0], _TITLE_BYTES)
        if stored:
            body["attachFileIdList"] = [int(stored) if stored.isdecimal() else stored]
        header, told = self._call("POST", f"/sender/{'ad-' if parcel.is_ad else ''}{kind}", json=body)
        code = str(header.get("resultCode"))
        if code in codes.REFUSALS:
            return Receipt(parcel.reference, "", code, codes.REFUSALS[code])
        if not header.get("isSuccessful"):
            raise wire.Declined(code, 200)
        try:
            sent = told["data"]["sendResultList"][0]
            code, name = str(sent["resultCode"]), f"{kind}/{told['data']['requestId']}/{sent['recipientSeq']}"
        except (KeyError, IndexError, TypeError) as error:
            raise wire.InDoubt("an answer without a number to ask by") from error
        if code != codes.OK:
            return _ended(parcel.reference, "", code)
        return Receipt(parcel.reference, name, code, Result.ACCEPTED)

    def ask(self, handle: str, taken: Sequence[Taken]) -> Iterator[Receipt]:
        """Ask about each message by its own number."""
        for one in taken:
            kind, _, rest = one.vendor_id.partition("/")
            request, _, seq = rest.rpartition("/")
            path = f"/sender/{kind}/{quote(request, safe='')}"
            header, told = self._call("GET", path, params={"recipientSeq": seq})
            detail = told.get("data") if isinstance(told, dict) else None
            if not header.get("isSuccessful") or not isinstance(detail, dict):
                continue  # it does not know it yet, or no more
            code = str(detail.get("resultCode") or "")
            if code and (code != "1000" or str(detail.get("msgStatus")) == _SUCCEEDED):
                yield _ended(one.reference, one.vendor_id, code)

    def read_report(self, headers: Mapping[str, str], body: bytes) -> Heard:
        """The messages that a webhook speaks of, when it bears the words that were agreed on."""
        told = {name.lower(): value for name, value in headers.items()}.get("x-toast-webhook-signature", "")
        wanted = settings.NHN_WEBHOOK_SIGNATURE
        if not wanted or not hmac.compare_digest(told.encode(), wanted.encode()):
            return Heard()
        try:
            hooks = json.loads(body)["hooks"]
            known = [f"{one['requestId']}/{one['recipientSeq']}" for one in hooks]
        except (ValueError, KeyError, TypeError):
            return Heard()
        # a webhook does not say which of the two it was
        return Heard(names=frozenset(f"{kind}/{one}" for one in known for kind in ("sms", "mms")))

    def check(self) -> str:
        """Ask about a message that is none: any answer but a key's refusal says that it is there."""
        header, _ = self._call("GET", "/sender/sms/none", params={"recipientSeq": "1"})
        code = str(header.get("resultCode"))
        if code.startswith("-10"):
            raise wire.Declined(code, 200)
        return f"answers ({code})"

    def _call(self, method: str, path: str, **sent: Any) -> tuple[Mapping[str, Any], Any]:
        key = quote(settings.NHN_APP_KEY, safe="")
        answer = wire.call(
            method,
            f"{settings.NHN_BASE_URL}/sms/v3.0/appKeys/{key}{path}",
            headers={"X-Secret-Key": settings.NHN_SECRET_KEY},
            **sent,
        )
        body = answer.body if isinstance(answer.body, dict) else {}
        if not isinstance(body.get("header"), dict):
            raise wire.InDoubt("an answer without a header")
        return body["header"], body.get("body") or {}


def _ended(reference: str, vendor_id: str, code: str) -> Receipt:
    return Receipt(reference, vendor_id, code, codes.result_of(code), is_strange=codes.is_strange(code))

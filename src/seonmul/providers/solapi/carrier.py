"""The SOLAPI adapter: create a group, add to it, look at it, send it. S2, S3

Only the last call sends, and a group can be asked for, so a crash anywhere sends once: after "created" nothing has
been sent and the group is thrown away; after "added" the group itself says whether it was sent.

Messages with a picture are added portion by portion: each picture is stored at the vendor, which sends nothing, and its file
named in the message. What was stored when a process died is stored again and lies there unused; which messages the group has
already, it says itself.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from seonmul.dispatch.ports import PENDING, Heard, Parcel, Progress, Receipt, Result, Step, Taken, always
from seonmul.kit import clock, wire
from seonmul.providers.solapi.codes import is_strange, result_of

_BEGIN, _CREATED, _ADDED, _SENT = "", "created", "added", "sent"
_PAGE = 1000
#: Pictures that are stored and added in one step: a claim is renewed after each.
_PICTURES_A_STEP = 25
_NO_PICTURE = "no picture"
#: How the vendor refuses the one picture; anything else is trouble of the account.
_BAD_PICTURE = frozenset({400, 413, 415, 422})


class Solapi:
    """A carrier by SOLAPI v4."""

    channels = frozenset({"sms", "lms", "mms"})
    is_asked_by_name = False
    goes_one_by_one = False

    def __init__(self) -> None:
        self._pictured: Sequence[Parcel] | None = None

    def step(
        self,
        reference: str,
        progress: Progress,
        parcels: Callable[[], Sequence[Parcel]],
        *,
        is_again: bool,
        may_go: Callable[[], bool] = always,
    ) -> Step:
        """One call further, or a portion of pictures: begin, created, added, sent."""
        if progress.stage == _BEGIN:
            return self._create(reference)
        if progress.stage == _CREATED and is_again:
            return self._throw_away(progress)
        is_created, last = progress.stage == _CREATED, _last_of(progress)
        if is_created or last:
            found = self._pictured if last and self._pictured is not None else parcels()
            left = [one for one in found if one.reference > last]
            if any(one.channel == "mms" for one in left):
                self._pictured = left
                return self._add_pictured(progress, left, is_again=is_again)
            if is_created:
                return self._add(progress, left)
        return self._send(progress, may_go)

    def ask(self, handle: str, taken: Sequence[Taken]) -> Iterator[Receipt]:
        """Every message of a group with what is known of it."""
        start = ""
        while handle:
            params = {"limit": str(_PAGE)} | ({"startKey": start} if start else {})
            page = self._call("GET", f"/messages/v4/groups/{handle}/messages", params=params)
            for vendor_id, row in page["messageList"].items():
                reference = (row.get("customFields") or {}).get("attempt", "")
                if reference:
                    yield _receipt(reference, vendor_id, row)
            start = page.get("nextKey") or ""
            if not start:
                return

    def read_report(self, headers: Mapping[str, str], body: bytes) -> Heard:
        """The groups that a report speaks of; messages and group reports, wrapped in "data" or flat."""
        try:
            rows = json.loads(body)
        except ValueError:
            return Heard()
        told = (
            [row.get("data") or row for row in rows if isinstance(row, dict)]
            if isinstance(rows, list)
            else []
        )
        return Heard(
            frozenset(str(one["groupId"]) for one in told if isinstance(one, dict) and one.get("groupId"))
        )

    def check(self) -> str:
        """Ask for the balance."""
        return f"balance {self._call('GET', '/cash/v1/balance')['balance']:,.0f}"

    def close(self) -> None:
        """Nothing is kept open."""

    def _create(self, reference: str) -> Step:
        body = {"allowDuplicates": True, "customFields": {"batch": reference}}
        try:
            group = self._call("POST", "/messages/v4/groups", json=body)
        except wire.InDoubt as error:
            # a group that nobody fills sends nothing: as good as never asked for
            raise wire.Unreached(str(error)) from error
        return Step(Progress(_CREATED, group["groupId"]))

    def _throw_away(self, progress: Progress) -> Step:
        """Nobody knows whether the messages reached this group; nothing was sent, so begin again."""
        try:
            self._call("DELETE", f"/messages/v4/groups/{progress.handle}")
        except wire.Declined:
            pass  # it is gone already: as good
        return Step(Progress())

    def _add(self, progress: Progress, parcels: Sequence[Parcel]) -> Step:
        if not parcels:
            return Step(Progress(_SENT, ""), is_handed=True)
        body = {"messages": [_message(parcel) for parcel in parcels]}
        answer = self._call("PUT", f"/messages/v4/groups/{progress.handle}/messages", json=body)
        listed = answer["resultList"]
        if [row["to"] for row in listed] != [parcel.to for parcel in parcels]:
            return self._throw_away(progress)
        receipts = [
            _receipt(parcel.reference, row["messageId"], row)
            for parcel, row in zip(parcels, listed, strict=True)
        ]
        taken = sum(receipt.result in PENDING for receipt in receipts)
        if not taken:
            return Step(Progress(_SENT, progress.handle), receipts, is_handed=True)
        return Step(Progress(f"{_ADDED} {taken}", progress.handle), receipts)

    def _add_pictured(self, progress: Progress, left: Sequence[Parcel], *, is_again: bool) -> Step:
        """Store the next pictures and add their messages. "added 25 <reference>": so many, up to that one."""
        portion, before = left[:_PICTURES_A_STEP], _count_of(progress)
        receipts, there = [], {}
        if is_again:
            there = {one.reference: one for one in self.ask(progress.handle, ())}
        messages = {}
        for parcel in portion:
            if found := there.get(parcel.reference):
                receipts.append(found)
            elif isinstance(stored := self._store(parcel), Receipt):
                receipts.append(stored)
            else:
                messages[parcel.reference] = _message(parcel) | {"imageId": stored}
        if messages:
            path = f"/messages/v4/groups/{progress.handle}/messages"
            listed = self._call("PUT", path, json={"messages": list(messages.values())})["resultList"]
            if [row["to"] for row in listed] != [one["to"] for one in messages.values()]:
                return self._throw_away(progress)
            receipts += [
                _receipt(of, row["messageId"], row) for of, row in zip(messages, listed, strict=True)
            ]
        taken = before + sum(one.result in PENDING for one in receipts)
        if not taken and len(portion) == len(left):
            return Step(Progress(_SENT, progress.handle), receipts, is_handed=True)
        return Step(Progress(f"{_ADDED} {taken} {portion[-1].reference}", progress.handle), receipts)

    def _store(self, parcel: Parcel) -> str | Receipt:
        """Store a picture at the vendor; its file, or why this one message cannot go."""
        if parcel.draw is None:
            return Receipt(parcel.reference, "", _NO_PICTURE, Result.CONTENT)
        picture = base64.b64encode(parcel.draw()).decode()
        try:
            return str(
                self._call("POST", "/storage/v1/files", json={"type": "MMS", "file": picture})["fileId"]
            )
        except wire.InDoubt as error:
            # a file that no message names sends nothing
            raise wire.Unreached(str(error)) from error
        except wire.Declined as error:
            if error.status not in _BAD_PICTURE:
                raise
            return Receipt(parcel.reference, "", error.code[:40], Result.CONTENT)

    def _send(self, progress: Progress, may_go: Callable[[], bool]) -> Step:
        """Look at the group before switching it on: a lost answer, or messages added twice, show here."""
        expected = _count_of(progress)
        sent = Step(Progress(_SENT, progress.handle), is_handed=True)
        try:
            group = self._call("GET", f"/messages/v4/groups/{progress.handle}")
        except wire.Declined as error:
            if error.status == 404:
                return Step(Progress())
            raise
        if group["status"] == "DELETED":
            return Step(Progress())
        if group["status"] != "PENDING":
            return sent  # FAILED too: a part may have gone out, and each message tells when it is asked
        if int(group["count"]["registeredSuccess"]) != expected:
            return self._throw_away(progress)
        if not may_go():
            # refused, it is not ours to throw away any more: whoever is next looks at it again
            self._call("DELETE", f"/messages/v4/groups/{progress.handle}")
            return Step(Progress(), again_in_seconds=0)
        self._call("POST", f"/messages/v4/groups/{progress.handle}/send")
        return sent

    def _call(self, method: str, path: str, **sent: Any) -> Any:
        answer = wire.call(method, settings.SOLAPI_BASE_URL + path, headers=_signed(), **sent)
        return answer.body


def _count_of(progress: Progress) -> int:
    """How many messages the group has to have by what was recorded."""
    return int(progress.stage.split()[1]) if progress.stage.startswith(_ADDED) else 0


def _last_of(progress: Progress) -> str:
    """The last message with a picture that has an answer, "" where none has."""
    return progress.stage.partition(" ")[2].partition(" ")[2]


def _signed() -> dict[str, str]:
    date, salt = clock.now().isoformat(), secrets.token_hex(16)
    signature = hmac.new(
        settings.SOLAPI_API_SECRET.encode(), f"{date}{salt}".encode(), hashlib.sha256
    ).hexdigest()
    key = settings.SOLAPI_API_KEY
    return {"Authorization": f"HMAC-SHA256 ApiKey={key}, Date={date}, salt={salt}, signature={signature}"}


def _message(parcel: Parcel) -> dict[str, Any]:
    message = {
        "to": parcel.to,
        "from": parcel.sender,
        "text": parcel.text,
        "type": parcel.channel.upper(),
        "customFields": {"attempt": parcel.reference},
    }
    if parcel.title:
        message["subject"] = parcel.title
    return message


def _receipt(reference: str, vendor_id: str, row: Mapping[str, Any]) -> Receipt:
    code, reported = str(row["statusCode"]), row.get("dateReported")
    at = datetime.fromisoformat(reported) if reported else None
    return Receipt(reference, vendor_id, code, result_of(code), at, is_strange=is_strange(code))

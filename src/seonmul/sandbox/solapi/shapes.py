"""The vendor's JSON. Groups are dicts; messages, of which there are many, are written as text directly."""

from __future__ import annotations

import json
import sqlite3
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import Any

from seonmul.sandbox.clock import iso
from seonmul.sandbox.solapi.check import Examined
from seonmul.sandbox.solapi.codes import ACCEPTED, ARRIVED, MEANINGS, WAITING, is_refused
from seonmul.sandbox.solapi.tables import group_id, message_id

ACCOUNT_ID = "12345678901234"
PRICES_WON = {"SMS": 20, "LMS": 50, "MMS": 200, "ATA": 19}
_CHARGED_KINDS = (
    "sms", "lms", "mms", "ata", "cta", "cti", "nsa", "rcs_sms", "rcs_lms", "rcs_mms", "rcs_tpl"
)  # fmt: skip
_NETWORKS = (("SKT", "45005"), ("KTF", "45008"), ("LGT", "45006"))
_NO_MONEY = {"requested": 0, "replacement": 0, "refund": 0, "sum": 0}


def group_info(group: sqlite3.Row) -> dict[str, Any]:
    """Write a group as the vendor's groupInfo."""
    agent = json.loads(group["agent"])
    kinds = json.loads(group["kinds"])
    name = group_id(group["stamp"], group["no"])
    return {
        "count": _counts(group),
        "countForCharge": {k: {"82": kinds[k.upper()]} if k.upper() in kinds else {} for k in _CHARGED_KINDS},
        "balance": _NO_MONEY | {"requested": group["cost"] if group["sent_at"] else 0},
        "point": _NO_MONEY,
        "app": {
            "profit": dict.fromkeys(("sms", "lms", "mms", "ata", "cta", "cti"), 0),
            "appId": agent.get("appId"),
            "version": None,
        },
        "serviceMethod": "MT",
        "sdkVersion": agent.get("sdkVersion"),
        "osPlatform": agent.get("osPlatform"),
        "log": json.loads(group["log"]),
        "status": group["status"],
        "dateSent": iso(group["sent_at"]),
        "scheduledDate": iso(group["scheduled_at"]),
        "dateCompleted": iso(group["settled_at"]) if group["status"] == "COMPLETE" else None,
        "isRefunded": False,
        "flagUpdated": False,
        "prepaid": True,
        "strict": False,
        "masterAccountId": None,
        "allowDuplicates": bool(group["allow_duplicates"]),
        "_id": name,
        "groupId": name,
        "accountId": ACCOUNT_ID,
        "apiVersion": "4",
        "customFields": json.loads(group["custom"]),
        "hint": None,
        "price": {"82": {kind.lower(): won for kind, won in PRICES_WON.items()}},
        "dateCreated": iso(group["created_at"]),
        "dateUpdated": iso(group["updated_at"]),
    }


def _counts(group: sqlite3.Row) -> dict[str, int]:
    accepted = group["total"] - group["refused"]
    sent = accepted if group["sent_at"] is not None else 0
    settled = group["settled_at"] is not None
    arrived, failed = (group["arriving"], group["failing"]) if settled else (0, 0)
    return {
        "total": group["total"],
        "sentTotal": sent,
        "sentFailed": failed,
        "sentSuccess": arrived,
        "sentPending": sent - arrived - failed,
        "sentReplacement": 0,
        "refund": 0,
        "registeredFailed": group["refused"],
        "registeredSuccess": accepted,
    }


def accepted_item(examined: Examined, name: str) -> str:
    """Write one entry of resultList and failedMessageList."""
    code = ACCEPTED if not is_refused(examined.code) else examined.code
    return (
        f'{{"to":{quoted(examined.recipient)},"from":{quoted(examined.sender)},"type":{quoted(examined.kind)},'
        f'"statusMessage":"{MEANINGS[code]}","country":{quoted(examined.country)},"messageId":"{name}",'
        f'"statusCode":"{code}","accountId":"{ACCOUNT_ID}"}}'
    )


def listed_item(examined: Examined, name: str) -> str:
    """Write one entry of send-many's messageList."""
    code = ACCEPTED if not is_refused(examined.code) else examined.code
    return (
        f'{{"messageId":"{name}","statusCode":"{code}","statusMessage":"{MEANINGS[code]}",'
        f'"customFields":{examined.custom}}}'
    )


def message_item(row: sqlite3.Row) -> str:
    """Write one message as "id": {...}, as in every list of messages."""
    name, code = message_id(row["stamp"], row["id"]), row["seen_code"]
    sent, settled = row["sent_at"], row["settled_at"]
    is_sent = sent is not None and not is_refused(code)
    has_result = is_sent and code != WAITING
    network = _NETWORKS[row["id"] % 3] if has_result else None
    created, subject, image = iso(row["created_at"]), row["subject"], row["image"]
    reported = _date(row["due_at"]) if has_result else "null"
    group = group_id(row["stamp"], row["group_no"])
    return (
        f'"{name}":{{"_id":"{name}","messageId":"{name}","groupId":"{group}",'
        f'"accountId":"{ACCOUNT_ID}","to":{quoted(row["recipient"])},"from":{quoted(row["sender"])},'
        f'"type":{quoted(row["kind"])},"country":{quoted(row["country"])},"text":{quoted(row["text"])},'
        f'"subject":{quoted(subject) if subject is not None else "null"},'
        f'"imageId":{quoted(image) if image is not None else "null"},'
        f'"statusCode":"{code}","status":"{_status(code)}","reason":null,'
        f'"networkName":{quoted(network[0]) if network else "null"},'
        f'"networkCode":{quoted(network[1]) if network else "null"},'
        f'"log":{_log(code, created, sent if is_sent else None, settled if has_result else None)},'
        f'"customFields":{row["custom"]},"dateCreated":"{created}",'
        f'"dateUpdated":{_date(settled or sent or row["created_at"])},'
        f'"dateProcessed":{_date(sent if is_sent else None)},"dateReported":{reported},'
        f'"dateReceived":{reported},"replacement":false,"resendCount":0,"autoTypeDetect":false{_rest(row["extra"])}}}'
    )


def report_item(row: sqlite3.Row, calls: int) -> str:
    """Write one report of the webhook; ``calls`` = how often it has been posted before."""
    name = message_id(row["stamp"], row["id"])
    return (
        f'{{"eventDataId":"EV{row["stamp"]}{row["id"]:015d}","data":{{"messageId":"{name}",'
        f'"groupId":"{group_id(row["stamp"], row["group_no"])}","type":{quoted(row["kind"])},'
        f'"to":{quoted(row["recipient"])},"from":{quoted(row["sender"])},"statusCode":"{row["seen_code"]}",'
        f'"statusMessage":"{MEANINGS[row["seen_code"]]}","dateProcessed":{_date(row["sent_at"])},'
        f'"dateReported":{_date(row["due_at"])},"dateReceived":{_date(row["due_at"])},'
        f'"networkCode":"{_NETWORKS[row["id"] % 3][1]}","customFields":{row["custom"]}}},'
        f'"retryCount":{calls}}}'
    )


def seen_text(row: sqlite3.Row, base_url: str) -> str:
    """Write one message as GET /_/messages shows it (our own shape)."""
    subject, image = row["subject"], row["image"]
    picture = quoted(f"{base_url}/solapi/pictures/{image}") if image is not None else "null"
    group = group_id(row["stamp"], row["group_no"])
    return (
        f'{{"id":"{message_id(row["stamp"], row["id"])}","groupId":"{group}",'
        f'"to":{quoted(row["recipient"])},"from":{quoted(row["sender"])},"type":{quoted(row["kind"])},'
        f'"subject":{quoted(subject) if subject is not None else "null"},"text":{quoted(row["text"])},'
        f'"imageUrl":{picture},"customFields":{row["custom"]},"acceptedAt":{_date(row["sent_at"])},'
        f'"result":"{row["seen_code"]}"}}'
    )


def _status(code: str) -> str:
    if code == ACCEPTED:
        return "PENDING"
    if code == WAITING:
        return "SENDING"
    return "COMPLETE" if code == ARRIVED else "FAILED"


def _date(at_ms: int | None) -> str:
    return "null" if at_ms is None else f'"{iso(at_ms)}"'


@lru_cache(maxsize=1024)
def _log(code: str, created: str, sent_at: int | None, settled_at: int | None) -> str:
    lines = [{"createAt": created, "message": "메시지가 접수되었습니다."}]
    if is_refused(code):
        lines = [{"createAt": created, "message": MEANINGS[code]}]
    if sent_at is not None:
        lines.append({"createAt": str(iso(sent_at)), "message": "메시지를 이통사로 전달했습니다."})
    if settled_at is not None:
        last = "메시지가 정상적으로 도착했습니다." if code == ARRIVED else MEANINGS[code]
        lines.append({"createAt": str(iso(settled_at)), "message": last})
    return json.dumps(lines, ensure_ascii=False)


def _rest(extra: str | None) -> str:
    """Write whatever else was sent with the message, behind the known names."""
    return f",{extra[1:-1]}" if extra else ""

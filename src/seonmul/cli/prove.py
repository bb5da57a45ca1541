"""`seonmul prove`: prove the books. Prints every row that does not add up; exit status 1 when there is one."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from seonmul.dispatch import queries as dispatch
from seonmul.gifts import queries as gifts
from seonmul.kit import clock, wire
from seonmul.ledger import queries as ledger
from seonmul.orders import queries as orders
from seonmul.payments import queries as payments
from seonmul.payments.provider import provider
from seonmul.vouchers import queries as vouchers

#: The sandbox's memory is read up to here; beyond it only its own count of doubles is asked for.
_MEMORY_MOST = 200_000
#: How far back the payment provider's list is read.
_PROVIDER_LOOKS_BACK = timedelta(days=90)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one line of JSON")


def run(args: argparse.Namespace) -> int:
    faults, notes = prove()
    if args.json:
        print(json.dumps({"ok": not faults, "faults": faults, "notes": notes}, ensure_ascii=False))
        return 1 if faults else 0
    for fault in faults:
        print(f"✗ {fault['what']}: {fault['where']} (expected {fault['expected']}, found {fault['found']})")
    for note in notes:
        print(f"  {note}")
    print("✓ everything adds up" if not faults else f"{len(faults):,} rows do not add up")
    return 1 if faults else 0


def prove(at: datetime | None = None) -> tuple[list[dict[str, Any]], list[str]]:
    """Every row that does not add up, and what was (not) compared. `at`: now, unless a test lives at another time."""
    at = at or clock.now()
    rows = [(f.what, f.where, f.expected, f.found) for f in ledger.faults()]
    rows += orders.faults() + gifts.faults() + dispatch.faults() + payments.faults() + vouchers.faults()
    rows += _states_outside_their_map()
    notes: list[str] = []
    for compared, note in (_against_the_sandbox(), _against_the_provider(at), _against_the_issuer()):
        rows, notes = rows + compared, [*notes, note]
    faults = [dict(zip(("what", "where", "expected", "found"), row, strict=True)) for row in rows]
    return faults, [note for note in (*notes, _given()) if note]


def _given() -> str:
    count, won = payments.given_charges()
    return (
        f"{count:,} charges of {won:,} won were given, not paid: no provider stands behind them"
        if count
        else ""
    )


def _against_the_provider(at: datetime) -> tuple[list[tuple[str, str, int, int]], str]:
    """Compare with all that the sandbox took in: every payment is booked here once, and nothing else is. P1, P9"""
    if not settings.PORTONE_BASE_URL.startswith(settings.SANDBOX_URL):
        return [], "the payment provider is not the sandbox: not compared with its list"
    since = at - _PROVIDER_LOOKS_BACK
    try:
        compared = payments.against(provider().payments(since, at + timedelta(days=1)), since=since, at=at)
    except wire.WireError as error:
        silent = (
            "the payment provider does not answer, so nothing is proved about its payments",
            str(error),
            1,
            0,
        )
        return [silent], "not compared with the payment provider"
    coming = f", {compared.on_their_way:,} on their way" if compared.on_their_way else ""
    return compared.faults, f"compared with the payment provider: {compared.matched:,} payments{coming}"


def _against_the_issuer() -> tuple[list[tuple[str, str, int, int]], str]:
    """Compare with the external issuer's own memory: what is alive there is ours, once, and nothing of ours is not. C3, P9

    It has no list that could be asked for, so this is the sandbox's own; the usage sweep asks about each reference.
    """
    if not settings.GIFTISHOW_BASE_URL.startswith(settings.SANDBOX_URL):
        return [], "the external issuer is not the sandbox: its references are asked about one by one"
    ours, past = vouchers.references()
    try:
        listed = wire.call("GET", f"{settings.SANDBOX_URL}/_/giftishow/coupons").body
    except wire.WireError as error:
        silent = (
            "the external issuer does not answer, so nothing is proved about its codes",
            str(error),
            1,
            0,
        )
        return [silent], "not compared with the external issuer"
    there = {one["trId"]: one["pinStatusCd"] != "07" for one in listed}
    gone = {"refused", "cancelled", "void"}
    found = [
        ("the external issuer has a live code that we do not know", one, 0, 1)
        for one, is_live in there.items()
        if is_live and (one in past or one not in ours or ours[one] in gone)
    ]
    found += [
        ("a code of ours is not alive at the external issuer", one, 1, 0)
        for one, state in ours.items()
        if state == "issued" and not there.get(one, False)
    ]
    coming = sum(state in ("wanted", "asked", "dropping") for state in ours.values())
    note = f"compared with the external issuer: {len(there):,} codes" + (
        f", {coming:,} on their way" if coming else ""
    )
    return found, note


def _states_outside_their_map() -> list[tuple[str, str, int, int]]:
    """Rows whose state no table of moves knows, in every table that has one."""
    from django.apps import apps

    found = []
    for model in apps.get_models():
        fields = [field for field in model._meta.fields if field.name == "state" and field.choices]
        if not model.__module__.startswith("seonmul.") or not fields:
            continue
        known = [str(value) for value, _ in fields[0].flatchoices]
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(
                f"SELECT state, count(*) FROM {table} WHERE NOT state = ANY(%s) GROUP BY state",  # noqa: S608
                [known],
            )
            found += [
                (f"a state outside its map: {state}", model._meta.label, 0, n)
                for state, n in cursor.fetchall()
            ]
    return found


def _against_the_sandbox() -> tuple[list[tuple[str, str, int, int]], str]:
    """Compare with the carrier's own memory: what it sent, exactly once each, and nothing else. S3"""
    if not settings.SOLAPI_BASE_URL.startswith(settings.SANDBOX_URL):
        return [], "the carrier is not the sandbox: not compared with its memory"
    # looked at before the carrier's memory: what is handed over meanwhile is no fault
    taken = [str(attempt) for attempt, is_taken in dispatch.taken_attempts() if is_taken]
    try:
        memory = wire.call(
            "GET", f"{settings.SANDBOX_URL}/_/messages", params={"limit": str(_MEMORY_MOST)}
        ).body
        stats = wire.call("GET", f"{settings.SANDBOX_URL}/_/stats").body
    except wire.WireError as error:
        silent = (
            "the carrier's memory does not answer, so nothing is proved about messages",
            str(error),
            1,
            0,
        )
        return [silent], "not compared with the carrier's memory"
    sent = Counter(message["customFields"].get("attempt", "") for message in memory)
    found = [
        ("a message was accepted twice by the carrier", attempt, 1, times)
        for attempt, times in sent.items()
        if times > 1
    ]
    if stats["duplicates"]:
        found.append(("the carrier counts doubles", "all", 0, stats["duplicates"]))
    if len(memory) >= _MEMORY_MOST:
        return found, f"the carrier has more than {_MEMORY_MOST:,} messages: only doubles were compared"
    found += [
        ("a message we count as handed over is unknown to the carrier", attempt, 1, 0)
        for attempt in taken
        if attempt not in sent
    ]
    known = {str(attempt) for attempt, _ in dispatch.taken_attempts()}
    found += [
        ("the carrier sent a message that we do not know", attempt, 0, times)
        for attempt, times in sent.items()
        if attempt not in known
    ]
    return found, f"compared with {len(memory):,} messages in the carrier's memory"

"""Messages from queued to accepted, channel by channel, beside the same messages put straight to the same server. S1

Texts and pictures go to the sandbox's SOLAPI, mails to its SMTP server; everything shares these cores with it.
"""

from __future__ import annotations

import base64
import smtplib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import UUID

import httpx2
from django.conf import settings
from django.db import connection

from bench import firm
from bench.figure import Figure, median, seconds
from bench.ordering import _signed
from seonmul.dispatch import actions, queries
from seonmul.dispatch.actions import Outgoing
from seonmul.dispatch.models import Batch
from seonmul.dispatch.ports import Parcel
from seonmul.gifts import actions as gifts
from seonmul.gifts import mails
from seonmul.gifts.models import Chunk, Gift
from seonmul.kit import clock
from seonmul.providers.smtp import mails as smtp_mails
from tests.sandbox.outside import API_KEY, API_SECRET, Outside

COUNTS = {"lms": 2_000, "mms": 500, "mail": 500}
_PORTION = 996


def measure(folder: Path, runs: int, counts: dict[str, int] | None = None) -> list[Figure]:
    """A rate for each channel."""
    counts = counts or COUNTS
    outside = Outside(folder / "sandbox", {"SANDBOX_DELAY_SECONDS": "600"}).start()
    try:
        settings.SOLAPI_BASE_URL = f"{outside.url}/solapi"
        settings.SOLAPI_API_KEY, settings.SOLAPI_API_SECRET = API_KEY, API_SECRET
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", outside.smtp_port
        subjects = _issued(max(counts.values()))
        return [_figure(outside, channel, subjects[:count], runs) for channel, count in counts.items()]
    finally:
        outside.stop()
        with connection.cursor() as cursor:  # no worker runs here; nobody shall send them later
            cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")


def _figure(outside: Outside, channel: str, subjects: list[UUID], runs: int) -> Figure:
    times, limits = [], []
    for _ in range(runs):
        batches = _queued(channel, subjects)
        parcels = [parcel for batch in batches for parcel in queries.parcels_of(batch)]
        limits.append(round(len(subjects) / seconds(_bare(outside, channel, parcels)), 1))
        outside.inside("POST", "reset")
        took = seconds(lambda batches=batches: [_handed(batch) for batch in batches])  # type: ignore[misc, func-returns-value]
        times.append(round(len(subjects) / took, 1))
    names = {"lms": "LMS", "mms": "MMS, each with its picture", "mail": "mails, each with its picture"}
    return Figure(
        f"{len(subjects):,} {names[channel]}, queued to accepted", "messages/s", median(times), median(limits),
        "the same messages straight to the same server", round(median(times) / median(limits), 2), "-", True, times,
        limits,
    )  # fmt: skip


def _issued(count: int) -> list[UUID]:
    """So many gifts with vouchers of our own issue."""
    order = firm.order(count)
    gifts.start(order.id, at=clock.now())
    for chunk in Chunk.objects.filter(order=order):
        gifts.issue_chunk(chunk.id, at=clock.now())
    return list(Gift.objects.filter(order=order).order_by("position").values_list("id", flat=True))


def _queued(channel: str, subjects: list[UUID]) -> list[Batch]:
    is_mail = channel == "mail"
    buyer = Gift.objects.get(id=subjects[0]).buyer_id
    text = "#{이름} 님, 고맙습니다.\n\n▶ 선물 열기\n#{링크}"
    html = mails.letter_html(
        "#{이름} 님, 고맙습니다.", title="연말 선물", gift="달무리커피", until="2027.02.24(수)"
    )
    letter = actions.write_letter(
        buyer, channel=channel, sender="가온상사" if is_mail else "15770000", title="연말 선물", text=text,
        html=html if is_mail else "", at=clock.now(),
    )  # fmt: skip
    fields = {"이름": "김서연", "링크": "http://127.0.0.1:8000/g/xxxxxxxxxxxxxxxxxx"}
    to = "kim{}@gaon.example" if is_mail else "0102{:07d}"
    actions.queue(
        letter.id, [Outgoing(one, to.format(n), fields) for n, one in enumerate(subjects)], at=clock.now()
    )
    return list(Batch.objects.filter(letter=letter).order_by("id"))


def _handed(batch: Batch) -> None:
    while Batch.objects.get(id=batch.id).state == "open":
        actions.send(batch.id, at=clock.now())


def _bare(outside: Outside, channel: str, parcels: list[Parcel]) -> Callable[[], None]:
    if channel == "mail":
        ready = [(parcel.to, smtp_mails.mail_of(parcel)) for parcel in parcels]
        return lambda: _mailed(outside, ready)
    picture = parcels[0].draw() if parcels[0].draw else b""
    return lambda: _texted(outside, parcels, picture)


def _mailed(outside: Outside, ready: list[tuple[str, bytes]]) -> None:
    """One line, ready-made bytes."""
    with closing(smtplib.SMTP("127.0.0.1", outside.smtp_port)) as line:
        for to, mail in ready:
            line.sendmail("seonmul@localhost", [to], mail)


def _texted(outside: Outside, parcels: list[Parcel], picture: bytes) -> None:
    """Create, store, add, send."""
    client, base = httpx2.Client(timeout=60), f"{outside.url}/solapi"
    encoded = base64.b64encode(picture).decode()
    for start in range(0, len(parcels), _PORTION):
        messages = []
        for one in parcels[start : start + _PORTION]:
            message = {
                "to": one.to, "from": one.sender, "text": one.text, "subject": one.title, "type": one.channel.upper(),
            }  # fmt: skip
            if picture:
                body = {"type": "MMS", "file": encoded}
                stored = client.post(f"{base}/storage/v1/files", json=body, headers=_signed())
                message["imageId"] = stored.raise_for_status().json()["fileId"]
            messages.append(message)
        groups = f"{base}/messages/v4/groups"
        group = client.post(groups, json={"allowDuplicates": True}, headers=_signed()).json()["groupId"]
        added = client.put(f"{groups}/{group}/messages", json={"messages": messages}, headers=_signed())
        added.raise_for_status()
        client.post(f"{groups}/{group}/send", headers=_signed()).raise_for_status()

"""A whole order over HTTP: from the file's upload to "accepted by the carrier" for everybody.

Beside it, as its limit: the same messages handed straight to the sandbox, nothing else. Both share two cores with
the sandbox itself.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx2

from bench.figure import Figure, median
from bench.reading import book
from tests.journeys.member import Member
from tests.journeys.platform import Platform, until
from tests.sandbox.outside import API_KEY, API_SECRET

PRICE = 4_300
MOST_SECONDS = {100_000: 25.0}
MOST_MEGABYTES = 300
HANDED = """
    SELECT coalesce(sum(b.size), 0) FROM dispatch_batch b WHERE b.state <> 'open' AND b.letter_id IN (
        SELECT c.letter_id FROM gifts_chunk c JOIN orders_order o ON o.id = c.order_id WHERE o.public_id = %s)"""


def measure(folder: Path, people: int, runs: int) -> tuple[Figure, dict[str, float]]:
    """The figure for `people` recipients, and the peak memory of web and worker in megabytes."""
    file = book(folder / f"people{people}.xlsx", people)
    platform = Platform(folder / f"platform{people}", {"SECONDS_SWEEP": "10", "SANDBOX_DELAY_SECONDS": "1.5"})
    try:
        platform.start()
        platform.charge("hanbit", 3_000_000_000, "bench")
        platform.sql(
            "UPDATE members_member SET spend_method = 'payment_password' WHERE login = 'hanbit' RETURNING 1"
        )
        member = Member(platform, "hanbit", "01020030001")
        times, limits = [], []
        for _ in range(runs):
            limits.append(_bare(platform, people))
            times.append(_order(platform, member, file, people))
        memory = _memory(platform)
    finally:
        platform.end()
    ours, limit = median(times), median(limits)
    most = MOST_SECONDS.get(people)
    figure = Figure(
        f"an order of {people:,} from file to accepted", "s", ours, limit,
        "the same messages straight to the sandbox", round(ours / limit, 2),
        f"< {most:g} s" if most else "-", most is None or ours < most, times, limits,
    )  # fmt: skip
    return figure, memory


def _order(platform: Platform, member: Member, file: Path, people: int) -> float:
    draft = member.draft()
    began = time.perf_counter()
    member.upload(draft, file)
    asked = member.check(draft, won=people * PRICE)
    assert asked.url.path.endswith("/pay/"), asked.text[:400]
    paid = member.pay(draft, secret="pay-hanbit-2026", won=people * PRICE)
    order = paid.url.path.strip("/").split("/")[-1]
    until(
        lambda: int(platform.sql(HANDED, order)[0][0]) == people,
        seconds=300,
        what="everything to be accepted",
    )
    took = time.perf_counter() - began
    state = "SELECT state FROM orders_order WHERE public_id = %s"
    until(lambda: platform.sql(state, order) == [("finished",)], seconds=300, what="the order to finish")
    return took


def _bare(platform: Platform, people: int) -> float:
    """Create, add, send with ready-made messages of the same length, 996 a group as the product does."""
    text = "김서연 님, 고맙습니다.\n\n▶ 선물 열기\nhttp://127.0.0.1:8000/g/xxxxxxxxxxxxxxxxxx\n\n달무리커피 아이스 아메리카노\n2027.02.24(수)까지 쓸 수 있어요."
    message = {"from": "15770000", "text": text, "type": "LMS", "subject": "연말 선물"}
    url = f"http://127.0.0.1:{platform.sandbox_port}/solapi/messages/v4/groups"
    client = httpx2.Client(timeout=60)
    began = time.perf_counter()
    for start in range(0, people, 996):
        group = client.post(url, json={"allowDuplicates": True}, headers=_signed()).json()["groupId"]
        part = [message | {"to": f"0102{n:07d}"} for n in range(start, min(start + 996, people))]
        client.put(f"{url}/{group}/messages", json={"messages": part}, headers=_signed()).raise_for_status()
        client.post(f"{url}/{group}/send", headers=_signed()).raise_for_status()
    return time.perf_counter() - began


def _signed() -> dict[str, str]:
    date, salt = datetime.now(UTC).isoformat(), secrets.token_hex(16)
    signature = hmac.new(API_SECRET.encode(), (date + salt).encode(), hashlib.sha256).hexdigest()
    return {"Authorization": f"HMAC-SHA256 ApiKey={API_KEY}, Date={date}, salt={salt}, signature={signature}"}


def _memory(platform: Platform) -> dict[str, float]:
    """Peak resident memory, in megabytes, of the largest process of each role."""
    import json

    pids = json.loads((platform.home / "pids.json").read_text())
    return {
        role: max(map(_peak, _family(pids[name]))) for role, name in (("web", "web"), ("worker", "worker-1"))
    }


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def _peak(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024

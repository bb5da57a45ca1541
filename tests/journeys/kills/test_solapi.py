"""kill -9 of any process at any moment of an order of 5,000: it ends by itself, once for everybody. S3, V1

The moments: just placed, while vouchers are issued, while messages are handed over, while results come in.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from threading import Thread

import httpx2
import pytest

from tests.journeys.kills.platforms import mortal
from tests.journeys.member import Member
from tests.journeys.platform import Platform, delivered_numbers, sheet, until

pytestmark = pytest.mark.journey

COPIES = 5_000
PRICE = 4_300

#: When a share of the order's copies has come so far, in SQL over rows.
MOMENTS = {
    "placed": "SELECT count(*) * 5000 FROM orders_order WHERE public_id <> ALL(%s)",
    "issued": "SELECT count(*) FROM gifts_gift g JOIN orders_order o ON o.id = g.order_id WHERE o.public_id <> ALL(%s)",
    "handed": """SELECT coalesce(sum(b.size), 0) FROM dispatch_batch b JOIN gifts_chunk c ON c.letter_id = b.letter_id
                 JOIN orders_order o ON o.id = c.order_id
                 WHERE b.state <> 'open' AND o.public_id <> ALL(%s)""",
    "answered": """SELECT count(*) FROM gifts_gift g JOIN orders_order o ON o.id = g.order_id
                   WHERE g.result <> 'waiting' AND o.public_id <> ALL(%s)""",
}
KILLS = [
    ("worker-1", "placed"),
    ("worker-1", "issued"),
    ("worker-1", "handed"),
    ("web", "issued"),
    ("sandbox", "issued"),
    ("sandbox", "handed"),
    ("postgres", "placed"),
    ("postgres", "issued"),
    ("postgres", "handed"),
    ("worker-1", "answered"),
]


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with mortal(tmp_path_factory.mktemp("fragile")) as started:
        yield started


def kill(platform: Platform, name: str) -> None:
    """kill -9; a server that is not ours to kill loses all its connections instead, as in a crash."""
    if name == "postgres" and platform.env.get("DATABASE_URL"):
        platform.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                     "AND datname = current_database()")  # fmt: skip
        return
    platform.kill(name)


@pytest.mark.parametrize(("name", "moment"), KILLS)
def test_an_order_of_5000_survives_a_kill(fragile: Platform, tmp_path, name: str, moment: str):
    """S3, V1, O9"""
    known = [row[0] for row in fragile.sql("SELECT public_id FROM orders_order")]
    list_of_people = sheet(tmp_path / "staff.csv", delivered_numbers(COPIES))
    order = fragile.begin("send", str(list_of_people), "--as", "hanbit", "--product", "AMERICANO-ICE",
                          "--sender", "15770000", "--json")  # fmt: skip
    query = MOMENTS[moment]
    until(lambda: fragile.sql(query, known)[0][0] > 0, seconds=60, what=f"copies to be {moment}")
    kill(fragile, name)
    said = ended(order)
    assert said["copies"] == COPIES
    until(lambda: is_finished(fragile, said["order"]), seconds=180, what="the order to end by itself")
    results = fragile.sql(
        "SELECT g.result, count(*) FROM gifts_gift g JOIN orders_order o ON o.id = g.order_id "
        "WHERE o.public_id = %s GROUP BY 1", said["order"],
    )  # fmt: skip
    assert results == [("delivered", COPIES)]
    proof = fragile.prove()
    assert proof["ok"], proof["faults"][:5]
    assert fragile.inside("stats")["duplicates"] == 0


def test_the_web_is_killed_inside_a_payment(fragile: Platform, tmp_path):
    """O6: the form is sent, the web dies, the form is sent again: one order, paid once."""
    until(lambda: stands(fragile), seconds=60, what="what was killed before")
    member = Member(fragile, "hanbit", "01020030001")
    draft = member.draft()
    member.upload(draft, sheet(tmp_path / "a.csv", delivered_numbers(COPIES)))
    won = COPIES * PRICE
    assert member.check(draft, won=won).url.path.endswith("/pay/")
    code = member.code()
    before = fragile.sql("SELECT count(*) FROM orders_order")[0][0]

    def click() -> None:
        with contextlib.suppress(httpx2.HTTPError):
            member.pay(draft, secret=code, won=won)

    clicking = Thread(target=click)
    clicking.start()
    time.sleep(0.1)
    kill(fragile, "web")
    clicking.join(timeout=60)
    until(lambda: answers(fragile), seconds=60, what="the web to come back")
    again = until(lambda: clicked(member, draft, code, won), seconds=60, what="an answer to the same form")
    assert again.status_code in (200, 422)
    if again.status_code == 422:  # the code was used up by the click that died: ask for a new one
        member.known = {message["id"] for message in member.phone_messages()}
        member.post(f"{draft}pay/code/")
        assert member.pay(draft, secret=member.code(), won=won).status_code == 200
    assert fragile.sql("SELECT count(*) FROM orders_order")[0][0] == before + 1
    until(lambda: nothing_under_way(fragile), seconds=180, what="the order to end by itself")
    assert fragile.prove()["ok"] and fragile.inside("stats")["duplicates"] == 0


def clicked(member: Member, draft: str, code: str, won: int) -> httpx2.Response | None:
    """Send the form; None where the connection was still that of the dead web."""
    try:
        return member.pay(draft, secret=code, won=won)
    except httpx2.HTTPError:
        return None


def answers(platform: Platform) -> bool:
    try:
        return httpx2.get(f"{platform.web}/login/").status_code == 200
    except httpx2.HTTPError:
        return False


def stands(platform: Platform) -> bool:
    """Whether web and sandbox answer; a process that was started again may not listen yet."""
    try:
        platform.inside("stats")
    except (OSError, http.client.HTTPException):
        return False
    return answers(platform)


def nothing_under_way(platform: Platform) -> bool:
    return platform.sql("SELECT count(*) FROM orders_order WHERE state <> 'finished'") == [(0,)]


def ended(order: subprocess.Popen[str]) -> dict[str, object]:
    """The command's own end: it only waits for placing, which happened before the kill."""
    out, errors = order.communicate(timeout=120)
    assert out.strip(), errors[-2_000:]
    said: dict[str, object] = json.loads(out.strip().splitlines()[-1])
    return said


def is_finished(platform: Platform, public_id: object) -> bool:
    """Ask the rows; a database that is just coming back is not an answer."""
    import psycopg

    try:
        return platform.sql("SELECT state FROM orders_order WHERE public_id = %s", public_id) == [
            ("finished",)
        ]
    except psycopg.OperationalError:
        return False


def test_two_kills_of_everything_in_one_order(fragile: Platform, tmp_path):
    """S3: worker, sandbox and web die one after another within one order."""
    known = [row[0] for row in fragile.sql("SELECT public_id FROM orders_order")]
    order = fragile.begin("send", str(sheet(tmp_path / "a.csv", delivered_numbers(COPIES))), "--as", "hanbit",
                          "--product", "AMERICANO-ICE", "--sender", "15770000", "--json")  # fmt: skip
    said = ended(order)
    for name, moment in (("worker-1", "issued"), ("sandbox", "handed"), ("web", "handed")):
        until(lambda moment=moment: fragile.sql(MOMENTS[moment], known)[0][0] > 0, seconds=120, what=moment)
        kill(fragile, name)
    until(lambda: is_finished(fragile, said["order"]), seconds=180, what="the order to end by itself")
    assert fragile.prove()["ok"] and fragile.inside("stats")["duplicates"] == 0


def test_a_killed_child_is_started_again(fragile: Platform):
    """X1: the supervisor restarts what dies."""
    for name in ("web", "worker-1", "sandbox"):
        old = fragile.kill(name)
        until(lambda name=name, old=old: pid_of(fragile, name) not in (0, old), seconds=60, what=name)
        os.kill(pid_of(fragile, name), signal.SIG_DFL)
    until(lambda: stands(fragile), seconds=60, what="web and sandbox to answer")


def pid_of(platform: Platform, name: str) -> int:
    return int(json.loads((platform.home / "pids.json").read_text()).get(name, 0))

"""The worker is killed while a carrier that cannot be asked by our reference takes an order: nothing goes twice. S2, S3

SOLAPI's journeys stand in test_solapi.py; there a kill leaves no doubt at all, since it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.kills.platforms import mortal
from tests.journeys.kills.test_solapi import MOMENTS, ended, is_finished
from tests.journeys.platform import Platform, delivered_numbers, sheet, until

pytestmark = pytest.mark.journey

COPIES = 150
#: Some messages of a batch were taken, others were not tried yet.
MIDWAY = """SELECT count(*) FROM dispatch_attempt a JOIN dispatch_batch b ON b.id = a.batch_id
            JOIN gifts_chunk c ON c.letter_id = b.letter_id JOIN orders_order o ON o.id = c.order_id
            WHERE b.state = 'open' AND a.state <> 'open' AND o.public_id <> ALL(%s)"""
MAILS = [f"kim{n}@gaon.example" for n in range(COPIES)]
#: Two carriers' bad news: half of the texts fail, all the mails come back.
FAILING = [f"010{2000 + n}{5000 + n if n % 2 else 2003}" for n in range(COPIES)]
BOUNCING = [f"bounce{n}@gaon.example" for n in range(COPIES)]
#: What is ordered to befall reports, one kind after the other, and under which count the sandbox keeps it.
TIMES = 20
FAULTS = {
    "lose_webhook": "lost",
    "repeat_webhook": "repeated",
    "late_webhook": "late",
    "swap_webhook": "swapped",
}
#: How an order goes by each: the people, and what is said of the way.
WAYS = {
    "nhn": (delivered_numbers(COPIES), ("--sender", "15770000")),
    "mail": (MAILS, ("--channel", "mail", "--title", "선물이 도착했어요")),
}


#: Where the sandbox takes one message, by the way.
SLOW = {"nhn": ("nhn", "send"), "mail": ("mail", "data")}


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform whose texts go by NHN Cloud, one request a message."""
    with mortal(tmp_path_factory.mktemp("carriers"), {"CARRIER": "nhn"}) as started:
        yield started


@pytest.mark.parametrize("moment", ["issued", "midway", "answered"])
@pytest.mark.parametrize("way", WAYS)
def test_a_kill_leaves_at_most_the_one_message_in_doubt_that_was_on_its_way(
    platform: Platform, tmp_path: Path, way: str, moment: str
):
    """S3: what was on its way when the worker died is shown as in doubt and not sent again; all else arrives once."""
    order = sent(platform, tmp_path, way, killed_at=moment)
    found = dict(results(platform, order))
    doubts = found.pop("in_doubt", 0)
    assert doubts <= 1 and found == {"delivered": COPIES - doubts}
    is_proved(platform)


def test_reports_of_texts_that_are_lost_doubled_late_or_out_of_order(platform: Platform, tmp_path: Path):
    """S3, S4: they are hints; what was lost is asked for all the same, and every result is the carrier's."""
    befell(platform, "nhn", "nhn_webhooks")
    order = sent(platform, tmp_path, "nhn", FAILING)
    assert sorted(results(platform, order)) == [("delivered", COPIES // 2), ("power_off", COPIES // 2)]
    until(lambda: tallies(platform, "nhn_webhooks") == used(), seconds=30, what="every fault to be used")
    is_proved(platform)


def test_mails_that_come_back_lost_doubled_late_or_out_of_order(platform: Platform, tmp_path: Path):
    """S4: what comes back overrides that a mail was taken, once; nobody can be asked for a notification that was lost."""
    befell(platform, "mail", "bounce")
    order = sent(platform, tmp_path, "mail", BOUNCING)
    told = [("delivered", TIMES), ("invalid_number", COPIES - TIMES)]
    until(lambda: sorted(results(platform, order)) == told, seconds=120, what="mails to come back")
    until(lambda: tallies(platform, "bounce") == used(), seconds=30, what="every fault to be used")
    assert results(platform, order, "a.result") == told, "no second attempt"
    is_proved(platform)


def befell(platform: Platform, provider: str, name: str, times: int = TIMES) -> None:
    """Order the faults; nothing of the kind has happened yet."""
    assert not any(tallies(platform, name).values())
    for kind in FAULTS:
        order = {"provider": provider, "kind": kind, "times": times, "seconds": 3}
        platform.inside("faults", "POST", order)


def tallies(platform: Platform, name: str) -> dict[str, int]:
    """What befell reports so far."""
    stats = platform.inside("stats")
    return {word: stats.get(f"{name}_{word}", 0) for word in FAULTS.values()}


def used() -> dict[str, int]:
    return dict.fromkeys(FAULTS.values(), TIMES)


def sent(
    platform: Platform, folder: Path, way: str, to: list[str] | None = None, killed_at: str = ""
) -> object:
    """The name of an order that has ended by itself."""
    known = [row[0] for row in platform.sql("SELECT public_id FROM orders_order")]
    people, said_of = WAYS[way]
    people = to or people
    if killed_at == "midway":  # so slow that nobody can miss the middle
        provider, route = SLOW[way]
        slow = {"provider": provider, "kind": "slow", "route": route, "times": COPIES, "seconds": 0.02}
        platform.inside("faults", "POST", slow)
    command = platform.begin("send", str(sheet(folder / "staff.csv", people)), "--as", "hanbit",
                             "--product", "AMERICANO-ICE", *said_of, "--json")  # fmt: skip
    if killed_at:
        query = MOMENTS.get(killed_at, MIDWAY)
        until(lambda: platform.sql(query, known)[0][0] > 0, seconds=120, what=f"copies to be {killed_at}")
        platform.kill("worker-1")
    said = ended(command)
    until(lambda: is_finished(platform, said["order"]), seconds=240, what="the order to end by itself")
    if killed_at:
        platform.inside("faults", "DELETE")
    return said["order"]


def results(platform: Platform, order: object, of: str = "g.result") -> list[tuple[str, int]]:
    """How many copies (or attempts at them, `a.result`, `l.channel`) are how."""
    attempts = """JOIN dispatch_message m ON m.subject = g.id JOIN dispatch_attempt a ON a.message_id = m.id
                  JOIN dispatch_batch b ON b.id = a.batch_id JOIN dispatch_letter l ON l.id = b.letter_id"""
    return platform.sql(
        f"SELECT {of}, count(*) FROM gifts_gift g JOIN orders_order o ON o.id = g.order_id "
        f"{'' if of.startswith('g.') else attempts} WHERE o.public_id = %s GROUP BY 1 ORDER BY 1", order,
    )  # fmt: skip


def is_proved(platform: Platform) -> None:
    proof = platform.prove()
    assert proof["ok"], proof["faults"][:5]
    assert platform.inside("stats")["duplicates"] == 0

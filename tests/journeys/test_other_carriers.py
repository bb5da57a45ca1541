"""The worker is killed while a carrier that cannot be asked by our reference takes an order: nothing goes twice. S2, S3

SOLAPI's journeys stand in test_kill.py; there a kill leaves no doubt at all, since it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.platform import Platform, delivered_numbers, sheet, until
from tests.journeys.test_kill import MOMENTS, ended, is_finished

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("kill")]

COPIES = 400
#: Some messages of a batch were taken, others were not tried yet.
MIDWAY = """SELECT count(*) FROM dispatch_attempt a JOIN dispatch_batch b ON b.id = a.batch_id
            JOIN gifts_chunk c ON c.letter_id = b.letter_id JOIN orders_order o ON o.id = c.order_id
            WHERE b.state = 'open' AND a.state <> 'open' AND o.public_id <> ALL(%s)"""


@pytest.fixture(scope="module")
def by_nhn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform whose texts go by NHN Cloud, one request a message."""
    started = Platform(tmp_path_factory.mktemp("nhn"), {"CARRIER": "nhn"})
    try:
        started.start()
        started.charge("hanbit", 100_000_000, "journey")
        started.set_figure("carrier_failures", 100)
        started.set_figure("carrier_rest_seconds", 5)
        yield started
    finally:
        started.end()


@pytest.mark.parametrize("moment", ["issued", "midway", "answered"])
def test_a_kill_leaves_at_most_the_one_message_in_doubt_that_was_on_its_way(
    by_nhn: Platform, tmp_path, moment: str
):
    """S3: what was on its way when the worker died is shown as in doubt and not sent again; all else arrives once."""
    said = sent(by_nhn, tmp_path, killed_at=moment)
    found = dict(results(by_nhn, said["order"]))
    doubts = found.pop("in_doubt", 0)
    assert doubts <= 1 and found == {"delivered": COPIES - doubts}
    is_proved(by_nhn)


def test_webhooks_that_are_lost_doubled_or_late(by_nhn: Platform, tmp_path):
    """S3, S4: they are hints; the carrier is asked all the same."""
    for kind in ("lose_webhook", "repeat_webhook", "late_webhook"):
        by_nhn.inside("faults", "POST", {"provider": "nhn", "kind": kind, "times": 60, "seconds": 3})
    try:
        said = sent(by_nhn, tmp_path)
    finally:
        by_nhn.inside("faults", "DELETE")
    assert results(by_nhn, said["order"]) == [("delivered", COPIES)]
    is_proved(by_nhn)


def sent(platform: Platform, tmp_path, killed_at: str = "") -> dict[str, object]:
    """What the order came to, once it has ended by itself."""
    known = [row[0] for row in platform.sql("SELECT public_id FROM orders_order")]
    people = sheet(tmp_path / "staff.csv", delivered_numbers(COPIES))
    order = platform.begin("send", str(people), "--as", "hanbit", "--product", "AMERICANO-ICE",
                           "--sender", "15770000", "--json")  # fmt: skip
    if killed_at:
        query = MOMENTS.get(killed_at, MIDWAY)
        until(lambda: platform.sql(query, known)[0][0] > 0, seconds=60, what=f"copies to be {killed_at}")
        platform.kill("worker-1")
    said = ended(order)
    until(lambda: is_finished(platform, said["order"]), seconds=120, what="the order to end by itself")
    return said


def results(platform: Platform, order: object) -> list[tuple[str, int]]:
    return platform.sql(
        "SELECT g.result, count(*) FROM gifts_gift g JOIN orders_order o ON o.id = g.order_id "
        "WHERE o.public_id = %s GROUP BY 1", order,
    )  # fmt: skip


def is_proved(platform: Platform) -> None:
    proof = platform.prove()
    assert proof["ok"], proof["faults"][:5]
    assert platform.inside("stats")["duplicates"] == 0

"""The worker is killed while pictures are stored and handed over, and while failures are followed by texts. S1, S3

SOLAPI wants pictures stored first; storing sends nothing, so who takes the order on stores again what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.kills.platforms import mortal
from tests.journeys.kills.test_one_by_one import befell, is_proved, results, tallies
from tests.journeys.kills.test_solapi import MOMENTS, ended, is_finished
from tests.journeys.platform import Platform, delivered_numbers, sheet, until

pytestmark = pytest.mark.journey

COPIES = 60
#: Of 60 pictures some were stored and added to their group, in portions of 25.
MOMENTS = MOMENTS | {
    "stored": """SELECT count(*) FROM dispatch_batch b JOIN gifts_chunk c ON c.letter_id = b.letter_id
                 JOIN orders_order o ON o.id = c.order_id
                 WHERE left(b.stage, 5) = 'added' AND o.public_id <> ALL(%s)""",
    "followed": """SELECT count(*) FROM dispatch_attempt a JOIN dispatch_message m ON m.id = a.message_id
                   JOIN gifts_gift g ON g.id = m.subject JOIN orders_order o ON o.id = g.order_id
                   WHERE m.after_id IS NOT NULL AND o.public_id <> ALL(%s)""",
}
#: Every other phone takes nothing at all, or no picture.
HALF, TEXTS_ALONE = (
    [f"010{2000 + n}{5000 + n if n % 2 else end}" for n in range(COPIES)] for end in (3041, 9998)
)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with mortal(tmp_path_factory.mktemp("pictures")) as started:
        yield started


@pytest.mark.parametrize("moment", ["issued", "stored", "handed"])
def test_an_order_of_pictures_survives_a_kill(platform: Platform, tmp_path: Path, moment: str) -> None:
    """S3: no doubt and no second message; one voucher for each copy."""
    order = sent(platform, tmp_path, delivered_numbers(COPIES), killed_at=moment)
    assert results(platform, order) == [("delivered", COPIES)]
    assert results(platform, order, "a.result") == [("delivered", COPIES)]
    assert codes(platform, order) == (COPIES, COPIES)
    is_proved(platform)


@pytest.mark.parametrize("moment", ["answered", "followed"])
def test_an_order_that_falls_back_survives_a_kill(platform: Platform, tmp_path: Path, moment: str) -> None:
    """S1, S3: each picture that fails is followed by one text with the same voucher, which arrives; never by a second code."""
    order = sent(platform, tmp_path, TEXTS_ALONE, "--falls-back", killed_at=moment)
    half = COPIES // 2
    assert results(platform, order) == [("delivered", COPIES)]
    assert results(platform, order, "a.result") == [("delivered", COPIES), ("device", half)]
    assert results(platform, order, "l.channel") == [("lms", half), ("mms", COPIES)]
    assert codes(platform, order) == (COPIES, COPIES)
    is_proved(platform)


def test_reports_that_are_lost_doubled_late_or_out_of_order(platform: Platform, tmp_path: Path) -> None:
    """S3, S4: one batch of reports after the other; results come all the same, each once."""
    befell(platform, "solapi", "webhooks", times=1)
    orders = [sent(platform, tmp_path, HALF) for _ in range(4)]
    for order in orders:
        assert results(platform, order, "a.result") == [("delivered", COPIES // 2), ("device", COPIES // 2)]
    used = {"lost": 1, "repeated": 1, "late": 1, "swapped": 1}
    until(lambda: tallies(platform, "webhooks") == used, seconds=60, what="every fault to be used")
    is_proved(platform)


def sent(platform: Platform, folder: Path, people: list[str], *more: str, killed_at: str = "") -> object:
    """The name of an order by MMS that has ended by itself."""
    known = [row[0] for row in platform.sql("SELECT public_id FROM orders_order")]
    if killed_at == "stored":  # so slow that nobody can miss that some are stored and some are not
        slow = {"provider": "solapi", "kind": "slow", "route": "upload", "times": COPIES, "seconds": 0.03}
        platform.inside("faults", "POST", slow)
    command = platform.begin("send", str(sheet(folder / "staff.csv", people)), "--as", "hanbit", "--product",
                             "AMERICANO-ICE", "--sender", "15770000", "--channel", "mms", *more, "--json")  # fmt: skip
    if killed_at:
        query = MOMENTS[killed_at]
        until(lambda: platform.sql(query, known)[0][0] > 0, seconds=120, what=f"copies to be {killed_at}")
        platform.kill("worker-1")
    said = ended(command)
    until(lambda: is_finished(platform, said["order"]), seconds=240, what="the order to end by itself")
    if killed_at:
        platform.inside("faults", "DELETE")
    return said["order"]


def codes(platform: Platform, order: object) -> tuple[int, int]:
    """How many copies the order has, and how many vouchers."""
    found = platform.sql(
        "SELECT count(*), count(DISTINCT g.voucher_id) FROM gifts_gift g JOIN orders_order o ON o.id = g.order_id "
        "WHERE o.public_id = %s", order,
    )  # fmt: skip
    return (int(found[0][0]), int(found[0][1]))

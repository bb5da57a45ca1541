"""Charging over HTTP, with worker and bank in processes of their own: the vendor's signed call credits it. P2, X1"""

from __future__ import annotations

import re

import pytest

from tests.journeys.member import Member
from tests.journeys.platform import Platform, until

pytestmark = pytest.mark.journey

PHONE = "01020060001"


def _cash(platform: Platform, public_id: str) -> int:
    """What the company that asked for this charge has."""
    (row,) = platform.sql(
        "SELECT a.balance_won FROM ledger_account a JOIN payments_payment p ON p.buyer_id::text = a.owner"
        " WHERE p.public_id = %s AND a.kind = 'cash'",
        public_id,
    )
    return int(row[0])


def test_a_deposit_is_credited_within_seconds_by_the_vendors_call(platform: Platform):
    """P2: asked for on a page, issued by a job, paid at the bank, credited once; twice notified, once credited."""
    # no other journey gives this company cash: Hanbit may stand at the cap by now
    daon = Member(platform, "daon", PHONE)
    page = daon.post("/cash/charges/new/", won="123,450", bank="shinhan")
    address = page.url.path
    assert page.status_code == 200 and address != "/cash/charges/new/", page.text[:2_000]
    public_id = address.strip("/").split("/")[-1]
    waiting = until(
        lambda: (answer := daon.get(address).text) and "계좌번호 복사" in answer and answer,
        seconds=60,
        what="the account",
    )
    number = re.search(r'id="account-number">(\d+)<', waiting)
    assert number and "123,450원" in waiting
    before = _cash(platform, public_id)
    (row,) = platform.sql("SELECT reference FROM payments_payment WHERE public_id = %s", public_id)
    platform.inside("faults", "POST", {"provider": "portone", "kind": "repeat_webhook"})
    platform.inside("portone/deposit", "POST", {"paymentId": row[0], "won": 123_450})
    # our own question would come a minute after the issue: only the vendor's call is as quick
    until(lambda: "123,450원을 충전했어요" in daon.get(address).text, seconds=40, what="the deposit")
    assert _cash(platform, public_id) == before + 123_450
    read = "SELECT count(*) FROM payments_report WHERE read_at IS NOT NULL AND NOT is_forged"
    until(lambda: platform.sql(read)[0][0] >= 3, seconds=60, what="the repeated call")
    assert _cash(platform, public_id) == before + 123_450
    assert public_id in daon.get("/cash/").text
    assert platform.prove()["ok"]

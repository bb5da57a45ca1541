"""Where the voucher of each copy stands, beside the copy, so that a million of them are filtered by it. O11

Written by triggers alone, and locked after the voucher only: a copy's own row is locked before its voucher, so that a
voucher's state cannot be written there without a shop waiting for results, or worse.
"""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models

from seonmul.kit import triggers
from seonmul.vouchers.models import Voucher

_COPIED: dict[str, Any] = {
    "on_delete": models.PROTECT, "related_name": "+", "db_index": False, "db_constraint": False,
}  # fmt: skip


class Standing(models.Model):
    """A copy as the company's list of all copies finds it: newest first by `issued_at`. `state`: its voucher's."""

    gift = models.OneToOneField(
        "gifts.Gift", primary_key=True, on_delete=models.PROTECT, related_name="standing", db_constraint=False
    )
    buyer = models.ForeignKey("members.Buyer", **_COPIED)
    product = models.ForeignKey("catalog.Product", **_COPIED)
    state = models.CharField(max_length=12)
    issued_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["buyer", "-issued_at", "-gift"], name="standings_newest"),
            models.Index(fields=["buyer", "state", "-issued_at", "-gift"], name="standings_by_state"),
            models.Index(fields=["buyer", "product", "-issued_at", "-gift"], name="standings_by_product"),
        ]

    def __str__(self) -> str:
        return f"{self.gift_id} {self.state}"


STOOD = triggers.Trigger(
    name="standing_of_issued",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="issued"),  # type: ignore[no-untyped-call]
    func="""
        INSERT INTO gifts_standing (gift_id, buyer_id, product_id, state, issued_at)
        SELECT g.id, g.buyer_id, l.product_id, v.state, g.issued_at
        FROM issued g JOIN orders_line l ON l.id = g.line_id JOIN vouchers_voucher v ON v.id = g.voucher_id;
        RETURN NULL;
    """,
)
#: Another voucher in the place of a lost one: the copy stands where that one stands.
REPLACED = triggers.Trigger(
    name="standing_of_replaced",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("voucher_id"),  # type: ignore[no-untyped-call]
    condition=pgtrigger.Condition("OLD.voucher_id <> NEW.voucher_id"),
    func="""
        UPDATE gifts_standing SET state = (SELECT state FROM vouchers_voucher WHERE id = NEW.voucher_id)
        WHERE gift_id = NEW.id;
        RETURN NULL;
    """,
)


class StandingVoucher(Voucher):
    """Vouchers know no gifts, so that gifts follow them from their own side."""

    class Meta:
        proxy = True
        triggers = [
            triggers.Trigger(
                name="standing_of_vouchers",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("state"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Condition("OLD.state <> NEW.state"),
                func="""
                    UPDATE gifts_standing SET state = NEW.state
                    WHERE gift_id = (SELECT id FROM gifts_gift WHERE voucher_id = NEW.id);
                    RETURN NULL;
                """,
            )
        ]

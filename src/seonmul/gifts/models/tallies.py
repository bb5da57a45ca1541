"""Kept tallies: how many copies stand how. O11

Every statement that makes or moves copies adds rows with what it changed, in its own transaction; nobody waits for
anybody, since nothing is updated. A tally is the sum of its rows, and a job folds them into few. What is counted of a
gift (its result, whether it was opened) and of a voucher (its state) is counted apart: whoever changes the one holds no
lock on the other, so that a count of both together could not be kept without making shops wait for results.
"""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q

from seonmul.kit import triggers
from seonmul.vouchers.models import Voucher

_COPIED: dict[str, Any] = {
    "on_delete": models.PROTECT, "related_name": "+", "db_index": False, "db_constraint": False,
}  # fmt: skip


class TallyLevel(models.TextChoices):
    """`new`: counts for the line and for the buyer; the others are what such rows were folded into, one for each."""

    NEW = "new", "new"
    LINE = "line", "line"
    BUYER = "buyer", "buyer"


class TallyRow(models.Model):
    """So many copies more, or fewer, stand like this: by `result` and `is_opened`, or by the `state` of their voucher."""

    buyer = models.ForeignKey("members.Buyer", **_COPIED)
    order = models.ForeignKey("orders.Order", null=True, **_COPIED)
    line = models.ForeignKey("orders.Line", null=True, **_COPIED)
    level = models.CharField(max_length=5, choices=TallyLevel)
    result = models.CharField(max_length=20, blank=True)
    is_opened = models.BooleanField()
    state = models.CharField(max_length=12, blank=True)
    copies = models.IntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(result="", state__gt="", is_opened=False) | Q(result__gt="", state=""),
                name="a_tally_counts_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(level="buyer", order=None, line=None)
                | Q(level__in=["new", "line"], order__isnull=False, line__isnull=False),
                name="a_tally_has_its_level",
            ),
        ]
        indexes = [
            models.Index(fields=["order"], condition=Q(order__isnull=False), name="tallies_of_order"),
            models.Index(fields=["buyer"], condition=~Q(level="line"), name="tallies_of_buyer"),
            models.Index(fields=["buyer", "order"], condition=Q(level="new"), name="tallies_to_fold"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id or self.buyer_id} {self.result or self.state} {self.copies:+}"


_ADD = """
    INSERT INTO gifts_tallyrow (buyer_id, order_id, line_id, level, result, is_opened, state, copies)"""
ISSUED = triggers.Trigger(
    name="tally_of_issued",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="issued"),  # type: ignore[no-untyped-call]
    func=f"""{_ADD}
        SELECT buyer_id, order_id, line_id, 'new', result, opened_at IS NOT NULL, '', count(*)
        FROM issued GROUP BY 1, 2, 3, 5, 6;
        {_ADD}
        SELECT g.buyer_id, g.order_id, g.line_id, 'new', '', false, v.state, count(*)
        FROM issued g JOIN vouchers_voucher v ON v.id = g.voucher_id GROUP BY 1, 2, 3, v.state;
        RETURN NULL;
    """,  # noqa: S608
)
_BOTH = "(SELECT *, -1 AS n FROM were UNION ALL SELECT *, 1 AS n FROM are)"
MOVED = triggers.Trigger(
    name="tally_of_moved",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Update,
    referencing=pgtrigger.Referencing(old="were", new="are"),  # type: ignore[no-untyped-call]
    func=f"""{_ADD}
        SELECT buyer_id, order_id, line_id, 'new', result, opened_at IS NOT NULL, '', sum(n)
        FROM {_BOTH} c GROUP BY 1, 2, 3, 5, 6 HAVING sum(n) <> 0;
        RETURN NULL;
    """,  # noqa: S608
)

#: Another voucher in the place of a lost one. A row at a time, since only so it costs nothing to other updates.
SWAPPED = triggers.Trigger(
    name="tally_of_swapped",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("voucher_id"),  # type: ignore[no-untyped-call]
    condition=pgtrigger.Condition("OLD.voucher_id <> NEW.voucher_id"),
    func=f"""{_ADD}
        SELECT NEW.buyer_id, NEW.order_id, NEW.line_id, 'new', '', false, state, CASE id WHEN NEW.voucher_id THEN 1 ELSE -1 END
        FROM vouchers_voucher WHERE id IN (OLD.voucher_id, NEW.voucher_id);
        RETURN NULL;
    """,  # noqa: S608
)


class CountedVoucher(Voucher):
    """Vouchers know no gifts, so that gifts hang their count on the vouchers' table themselves."""

    class Meta:
        proxy = True
        triggers = [
            triggers.Trigger(
                name="tally_of_vouchers",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                referencing=pgtrigger.Referencing(old="were", new="are"),  # type: ignore[no-untyped-call]
                func=f"""
                    IF NOT EXISTS (SELECT id, state FROM are EXCEPT SELECT id, state FROM were) THEN
                        RETURN NULL;
                    END IF;
                    {_ADD}
                    SELECT g.buyer_id, g.order_id, g.line_id, 'new', '', false, c.state, sum(c.n)
                    FROM {_BOTH} c JOIN gifts_gift g ON g.voucher_id = c.id
                    GROUP BY 1, 2, 3, c.state HAVING sum(c.n) <> 0;
                    RETURN NULL;
                """,  # noqa: S608
            )
        ]

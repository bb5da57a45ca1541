"""The closing account of an order, and what `prove` asks about gifts. O9"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection

from seonmul.gifts.queries._claiming import CLAIM_CHECKS
from seonmul.gifts.queries._sending import HEARING, UNHEARD
from seonmul.gifts.queries._tallies import tally_faults, vouchers_by_line
from seonmul.ledger.models import Hold
from seonmul.orders.models import Line, Order


@dataclass(frozen=True)
class Closing:
    """An order's closing account in won: paid = waiting + returned + used + partly used + live + voided + expired + refunded.

    `waiting`: held for copies that are not issued yet; `returned`: given back for copies never issued; `voided`: of copies
    that their issuer has cancelled, on whose price staff decide. O9
    """

    paid_won: int
    waiting_won: int
    returned_won: int
    used_won: int
    partly_won: int
    live_won: int
    voided_won: int
    expired_won: int
    refunded_won: int

    @property
    def adds_up(self) -> bool:
        parts = (
            self.waiting_won, self.returned_won, self.used_won, self.partly_won, self.live_won,
            self.voided_won, self.expired_won, self.refunded_won,
        )  # fmt: skip
        return self.paid_won == sum(parts)


def closing(order: Order) -> Closing:
    """Where an order's money is, by the state of its vouchers. O9"""
    prices = dict(Line.objects.filter(order=order).values_list("id", "unit_price_won"))
    by_state: dict[str, int] = defaultdict(int)
    for line, state, copies in vouchers_by_line(order.id):
        by_state[state] += copies * prices[line]
    hold = Hold.objects.get(id=order.hold_id)
    return Closing(
        paid_won=order.amount_won,
        waiting_won=hold.rest_won,
        returned_won=hold.released_won,
        used_won=by_state.get("used", 0),
        partly_won=by_state.get("partly_used", 0),
        live_won=by_state.get("issued", 0) + by_state.get("frozen", 0),
        voided_won=by_state.get("void", 0),
        expired_won=by_state.get("expired", 0),
        refunded_won=by_state.get("refunded", 0),
    )


_CHECKS = {
    "an order's copies were not issued exactly once": """
        SELECT o.public_id, coalesce(c.copies, 0), coalesce(g.gifts, 0) FROM orders_order o
        LEFT JOIN (SELECT order_id, sum(copies) AS copies FROM gifts_chunk WHERE state = 'issued'
                   GROUP BY order_id) c ON c.order_id = o.id
        LEFT JOIN (SELECT order_id, count(*) AS gifts FROM gifts_gift GROUP BY order_id) g ON g.order_id = o.id
        WHERE coalesce(c.copies, 0) <> coalesce(g.gifts, 0)""",
    "a chunk was not paid for exactly once": """
        SELECT c.id::text, c.copies * l.unit_price_won, coalesce(e.amount_won, 0)
        FROM gifts_chunk c JOIN orders_line l ON l.id = c.line_id
        LEFT JOIN ledger_entry e ON e.transfer_id = c.capture_id AND e.amount_won > 0
        WHERE c.state = 'issued' AND l.supplier <> 'external'
            AND c.copies * l.unit_price_won <> coalesce(e.amount_won, 0)""",
    "captured money is not that of the issued copies": """
        SELECT o.public_id, coalesce(g.won, 0), h.captured_won
        FROM orders_order o JOIN ledger_hold h ON h.id = o.hold_id
        LEFT JOIN (SELECT g.order_id, sum(l.unit_price_won) AS won FROM gifts_gift g
                   JOIN orders_line l ON l.id = g.line_id JOIN vouchers_voucher v ON v.id = g.voucher_id
                   LEFT JOIN vouchers_supply s ON s.voucher_id = v.id
                   WHERE v.state NOT IN ('ordered', 'not_issued') AND (s.voucher_id IS NULL OR s.state <> 'issued'
                       OR s.taken_at IS NOT NULL)
                   GROUP BY g.order_id) g ON g.order_id = o.id
        WHERE h.captured_won <> coalesce(g.won, 0)""",
    "refunded money is not that of the refunded copies": """
        SELECT o.public_id, coalesce(g.won, 0), h.refunded_won
        FROM orders_order o JOIN ledger_hold h ON h.id = o.hold_id
        LEFT JOIN (SELECT g.order_id, sum(l.unit_price_won) AS won FROM gifts_gift g
                   JOIN orders_line l ON l.id = g.line_id JOIN vouchers_voucher v ON v.id = g.voucher_id
                   WHERE v.state = 'refunded' AND NOT EXISTS (SELECT FROM gifts_claim c WHERE c.gift_id = g.id
                       AND c.state IN ('approved', 'paid')) GROUP BY g.order_id) g ON g.order_id = o.id
        WHERE h.refunded_won <> coalesce(g.won, 0)""",
    "a line does not count its refunded copies": """
        SELECT o.public_id, coalesce(g.copies, 0), l.refunded_copies
        FROM orders_line l JOIN orders_order o ON o.id = l.order_id
        LEFT JOIN (SELECT g.line_id, count(*) AS copies FROM gifts_gift g
                   JOIN vouchers_voucher v ON v.id = g.voucher_id
                   WHERE v.state = 'refunded' AND NOT EXISTS (SELECT FROM gifts_claim c WHERE c.gift_id = g.id
                       AND c.state IN ('approved', 'paid')) GROUP BY g.line_id) g ON g.line_id = l.id
        WHERE l.refunded_copies <> coalesce(g.copies, 0)""",
    "a line does not count the copies that were never issued": """
        SELECT o.public_id, coalesce(g.copies, 0) + coalesce(c.copies, 0), l.unissued_copies
        FROM orders_line l JOIN orders_order o ON o.id = l.order_id
        LEFT JOIN (SELECT c.line_id, sum(c.copies) AS copies FROM gifts_chunk c
                   JOIN orders_order o ON o.id = c.order_id AND o.state = 'finished'
                   WHERE c.state = 'halted' GROUP BY c.line_id) c ON c.line_id = l.id
        LEFT JOIN (SELECT g.line_id, count(*) AS copies FROM gifts_gift g
                   JOIN vouchers_supply s ON s.voucher_id = g.voucher_id
                   WHERE s.state = 'refused' AND s.taken_at IS NOT NULL GROUP BY g.line_id) g ON g.line_id = l.id
        WHERE l.unissued_copies <> coalesce(g.copies, 0) + coalesce(c.copies, 0)""",
    "a gift has no voucher, or a voucher no gift": """
        SELECT coalesce(g.public_id, v.id::text), 1, 0 FROM gifts_gift g
        FULL JOIN vouchers_voucher v ON v.id = g.voucher_id WHERE v.id IS NULL OR g.id IS NULL AND NOT EXISTS (
            SELECT FROM vouchers_replacement r WHERE r.old_id = v.id AND r.state = 'done'
                OR r.new_id = v.id AND r.state IN ('issuing', 'lost'))""",
    "a copy has a code that another one has replaced": """
        SELECT g.public_id, 1, 0 FROM gifts_gift g JOIN vouchers_replacement r ON r.old_id = g.voucher_id
        WHERE r.state = 'done'""",
    "a changed number has no copy with its code": """
        SELECT c.id::text, 1, 0 FROM gifts_numberchange c JOIN vouchers_replacement r ON r.id = c.replacement_id
        WHERE (r.state = 'done') <> (c.done_at IS NOT NULL) OR r.state = 'done' AND NOT EXISTS (
            SELECT FROM gifts_gift g WHERE g.id = c.gift_id AND g.voucher_id = r.new_id)
            AND NOT EXISTS (SELECT FROM vouchers_replacement n WHERE n.old_id = r.new_id AND n.state = 'done')""",
    "a finished order has copies without an outcome": """
        SELECT o.public_id, 0, count(*) FROM orders_order o JOIN gifts_gift g ON g.order_id = o.id
        WHERE o.state = 'finished' AND g.result = 'waiting' AND g.resends = 0
            AND g.to_index IS NULL GROUP BY o.public_id""",
    "a copy waits although its message has an end": f"""
        SELECT g.public_id, 0, 1 FROM {UNHEARD}
            AND NOT EXISTS (SELECT FROM dispatch_batch b WHERE b.id = newest.batch_id AND b.state = 'open')
            AND NOT EXISTS (SELECT FROM procrastinate_jobs j WHERE j.task_name = '{HEARING}'
                AND j.status IN ('todo', 'doing') AND j.args->>'batch_id' = newest.batch_id::text)""",  # noqa: S608 - ours
    "a gift has no message": """
        SELECT g.public_id, 1, 0 FROM gifts_gift g LEFT JOIN vouchers_supply s ON s.voucher_id = g.voucher_id
        WHERE (s.voucher_id IS NULL OR s.state = 'issued' AND s.taken_at IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM dispatch_message m WHERE m.subject = g.id)""",
} | CLAIM_CHECKS


def faults() -> list[tuple[str, str, int, int]]:
    """Prove the gifts: (what, where, expected, found) for each row that does not add up."""
    found = []
    with connection.cursor() as cursor:
        for what, sql in _CHECKS.items():
            cursor.execute(sql)
            found += [(what, str(w), int(e or 0), int(f or 0)) for w, e, f in cursor.fetchall()]
    return found + list(tally_faults())

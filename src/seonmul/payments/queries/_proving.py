"""Proving the money from outside: every payment booked once, everything owed, parked and held accounted for. P1, P2, P5"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from seonmul.payments.models import Payment, PaymentState
from seonmul.payments.ports import Payment as ToldPayment

Fault = tuple[str, str, int, int]
_BOOKED = (PaymentState.PAID, PaymentState.PARKED, PaymentState.RETURNED)
#: A payment of a moment ago may be on its way here: it is counted and not called a fault.
_ON_ITS_WAY = timedelta(minutes=10)

_CHECKS = {
    "a payment is not booked as it came": """
        SELECT p.public_id, p.paid_won, coalesce(sum(e.amount_won), 0)
        FROM payments_payment p
        LEFT JOIN ledger_transfer t ON t.cause = 'payment:' || p.id
            AND t.kind = ANY(CASE WHEN p.state = 'paid' THEN ARRAY['charge', 'card', 'parked'] ELSE ARRAY['parked'] END)
        LEFT JOIN ledger_entry e ON e.transfer_id = t.id AND e.amount_won > 0
        WHERE p.state IN ('paid', 'parked', 'returned')
        GROUP BY p.id HAVING p.paid_won IS DISTINCT FROM coalesce(sum(e.amount_won), 0)""",
    "money was booked for a payment that did not come": """
        SELECT t.cause, 0, coalesce((SELECT sum(amount_won) FROM ledger_entry WHERE transfer_id = t.id
                                     AND amount_won > 0), 0)
        FROM ledger_transfer t LEFT JOIN payments_payment p
            ON p.id::text = split_part(t.cause, ':', 2) AND p.state IN ('paid', 'parked', 'returned')
        WHERE t.cause ~ '^(payment|credited):' AND p.id IS NULL""",
    "cash or card money came without a payment": """
        SELECT cause, 1, 0 FROM ledger_transfer WHERE kind IN ('charge', 'card', 'parked')
            AND cause !~ '^(payment|credited|demo|given):'""",
    "a parked deposit was not credited or returned whole": """
        SELECT p.public_id, p.paid_won, coalesce(r.won, 0) + coalesce(c.won, 0)
        FROM payments_payment p
        JOIN ledger_transfer t ON t.cause = 'payment:' || p.id AND t.kind = 'parked'
        LEFT JOIN LATERAL (SELECT sum(won) AS won FROM payments_paymentrefund
                           WHERE payment_id = p.id AND why IN ('parked', 'foreign')) r ON true
        LEFT JOIN LATERAL (SELECT sum(e.amount_won) AS won FROM ledger_transfer x
                           JOIN ledger_entry e ON e.transfer_id = x.id AND e.amount_won > 0
                           WHERE x.cause = 'credited:' || p.id) c ON true
        WHERE p.state IN ('paid', 'returned') AND p.paid_won <> coalesce(r.won, 0) + coalesce(c.won, 0)""",
    "a refund is not booked as owed": """
        SELECT r.public_id, r.won, coalesce(sum(e.amount_won), 0)
        FROM payments_paymentrefund r
        LEFT JOIN ledger_transfer t ON t.cause = 'owed:' || r.cause
        LEFT JOIN ledger_entry e ON e.transfer_id = t.id
            AND e.account_id = (SELECT id FROM ledger_account WHERE owner = '' AND kind = 'owed')
        GROUP BY r.id HAVING r.won <> coalesce(sum(e.amount_won), 0)""",
    "what went back was not booked, or booked too early": """
        SELECT r.public_id, CASE WHEN r.state IN ('done', 'by_hand') THEN r.won ELSE 0 END,
               -coalesce(sum(e.amount_won), 0)
        FROM payments_paymentrefund r
        LEFT JOIN ledger_transfer t ON t.cause = 'refund:' || r.id
        LEFT JOIN ledger_entry e ON e.transfer_id = t.id AND e.amount_won < 0
        GROUP BY r.id
        HAVING CASE WHEN r.state IN ('done', 'by_hand') THEN r.won ELSE 0 END <> -coalesce(sum(e.amount_won), 0)""",
    "more went back than refunds say": """
        SELECT p.public_id, coalesce(sum(r.won) FILTER (WHERE r.state = 'done'), 0), p.cancelled_won
        FROM payments_payment p LEFT JOIN payments_paymentrefund r ON r.payment_id = p.id
        GROUP BY p.id HAVING p.cancelled_won <> coalesce(sum(r.won) FILTER (WHERE r.state = 'done'), 0)
            OR coalesce(sum(r.won), 0) > coalesce(p.paid_won, 0)""",
    "what we owe is not the sum of unfinished refunds": """
        SELECT 'owed', (SELECT coalesce(sum(won), 0) FROM payments_paymentrefund
                        WHERE state NOT IN ('done', 'by_hand')) AS due, coalesce(sum(e.amount_won), 0)
        FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id AND a.kind = 'owed'
        HAVING (SELECT coalesce(sum(won), 0) FROM payments_paymentrefund WHERE state NOT IN ('done', 'by_hand'))
            <> coalesce(sum(e.amount_won), 0)""",
    "what is parked is not the sum of undecided deposits": """
        WITH parked AS (
            SELECT coalesce(sum(p.paid_won - coalesce((SELECT sum(won) FROM payments_paymentrefund
                                                       WHERE payment_id = p.id), 0)), 0) AS won
            FROM payments_payment p WHERE p.state = 'parked')
        SELECT 'suspense', parked.won, kept.won FROM parked, (
            SELECT coalesce(sum(e.amount_won), 0) AS won FROM ledger_entry e
            JOIN ledger_account a ON a.id = e.account_id AND a.kind = 'suspense') kept
        WHERE parked.won <> kept.won""",
    "card money is not what cards paid, less what orders took and what goes back": """
        SELECT owner, coalesce(came.won, 0) - coalesce(back.won, 0) - coalesce(taken.won, 0), balance_won
        FROM ledger_account a
        LEFT JOIN LATERAL (SELECT sum(p.paid_won) AS won FROM payments_payment p WHERE p.buyer_id::text = a.owner
                           AND p.kind = 'card' AND p.state = 'paid') came ON true
        LEFT JOIN LATERAL (SELECT sum(r.won) AS won FROM payments_paymentrefund r
                           JOIN payments_payment p ON p.id = r.payment_id AND p.buyer_id::text = a.owner
                           WHERE p.kind = 'card' AND r.why IN ('order', 'dead')) back ON true
        LEFT JOIN LATERAL (SELECT -sum(e.amount_won) AS won FROM ledger_entry e
                           JOIN ledger_transfer t ON t.id = e.transfer_id AND t.kind IN ('hold', 'release', 'refund')
                           WHERE e.account_id = a.id) taken ON true
        WHERE a.kind = 'card'
            AND balance_won <> coalesce(came.won, 0) - coalesce(back.won, 0) - coalesce(taken.won, 0)""",
    "a pay-out does not stand as its hold does": """
        SELECT p.public_id, p.won, coalesce(h.amount_won, 0)
        FROM payments_payout p LEFT JOIN ledger_hold h ON h.id = p.hold_id AND h.cause = 'payout:' || p.id
        LEFT JOIN LATERAL (SELECT coalesce(sum(won), 0) AS won FROM payments_paymentrefund
                           WHERE why = 'payout' AND subject = p.public_id) part ON true
        WHERE h.id IS NULL OR h.amount_won <> p.won
            OR h.released_won <> CASE WHEN p.state IN ('mismatch', 'refused', 'withdrawn') THEN p.won ELSE 0 END
            OR h.captured_won <> CASE WHEN p.state IN ('approved', 'done')
                THEN part.won + CASE WHEN p.is_hand_done THEN p.by_hand_won ELSE 0 END ELSE 0 END
            OR (p.state IN ('approved', 'done') AND part.won + p.by_hand_won <> p.won)
            OR (p.state = 'done' AND h.captured_won <> p.won)""",
    "money is held for a pay-out that nobody asked for": """
        SELECT h.cause, 0, h.amount_won FROM ledger_hold h
        LEFT JOIN payments_payout p ON p.hold_id = h.id
        WHERE h.cause LIKE 'payout:%' AND p.id IS NULL""",
}


def faults() -> list[Fault]:
    """Prove the payments: (what, where, expected, found) for each row that does not add up."""
    found: list[Fault] = []
    with connection.cursor() as cursor:
        for what, sql in _CHECKS.items():
            cursor.execute(sql)
            found += [(what, str(w), int(e or 0), int(f or 0)) for w, e, f in cursor.fetchall()]
    return found


def given_charges() -> tuple[int, int]:
    """How many charges no provider stands behind (demo data, tests), and what they come to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT t.id), coalesce(sum(e.amount_won), 0) FROM ledger_transfer t"
            " JOIN ledger_entry e ON e.transfer_id = t.id AND e.amount_won > 0"
            # demo data, and what tests and measurements give
            " WHERE t.kind = 'charge' AND t.cause ~ '^(demo|given):'"
        )
        count, won = cursor.fetchone()
    return int(count), int(won)


@dataclass(frozen=True)
class Compared:
    """Our payments held against the provider's: what does not fit, how many fit, how many are on their way."""

    faults: list[Fault]
    matched: int
    on_their_way: int


def against(told: Iterable[ToldPayment], *, since: datetime, at: datetime) -> Compared:
    """Hold all that a provider has `since` then against all that was booked: every payment once on each side. P1, P9

    What was booked before is held against it only where the provider tells of it again.
    """
    money = {one.reference: one for one in told if one.paid_won}
    rows = Payment.objects.filter(state__in=_BOOKED).values_list("reference", "paid_won", "paid_at")
    ours, past = {}, set()
    for reference, won, paid_at in rows.iterator(chunk_size=5_000):
        ours[reference] = won or 0
        if paid_at and paid_at < since:
            past.add(reference)
    found: list[Fault] = []
    on_their_way = 0
    for reference, one in money.items():
        kept = (one.paid_won or 0) - one.cancelled_won
        if reference not in ours and kept:
            if one.at and at - one.at < _ON_ITS_WAY:
                on_their_way += 1
            else:
                found.append(
                    ("the provider took money that is not booked here", reference, one.paid_won or 0, 0)
                )
        elif reference in ours and ours[reference] not in (one.paid_won, kept):
            found.append(
                (
                    "a payment was booked with another sum than it had",
                    reference,
                    one.paid_won or 0,
                    ours[reference],
                )
            )
    found += [
        ("a payment is booked that the provider does not know", reference, 0, won)
        for reference, won in ours.items()
        if reference not in money and reference not in past
    ]
    matched = sum(1 for reference in money if reference in ours)
    return Compared(found, matched, on_their_way)

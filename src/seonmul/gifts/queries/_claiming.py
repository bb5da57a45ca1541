"""Claims at the end of a voucher, and recipients to be reminded before. V4"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q

from seonmul.catalog.models import ProductKind
from seonmul.gifts import rules
from seonmul.gifts.models import CLAIMS_OVER, Claim, ClaimState, ClaimWhy, Gift
from seonmul.gifts.queries._doubting import is_at_odds
from seonmul.gifts.queries._history import cells_of
from seonmul.gifts.queries._number_changes import to_of
from seonmul.kit import clock, crypto
from seonmul.kit.refusals import No
from seonmul.members import queries as members
from seonmul.members.models import Buyer, BuyerKind, ProofKind
from seonmul.orders.models import Line
from seonmul.payments.ports import Account, Bank
from seonmul.vouchers import queries as vouchers
from seonmul.vouchers.models import Voucher
from seonmul.vouchers.rules import Terms


@dataclass(frozen=True)
class Typed:
    """A bank account as it was typed by whoever claims."""

    number: str = field(repr=False)
    holder: str = field(repr=False)
    born_on: date = field(repr=False)


def terms_of_line(line: Line) -> Terms:
    """The terms of the day of purchase: the row that was stamped, else what held on that day. V4"""
    if line.policy:
        return vouchers.terms_of(line.policy)
    order, day = line.order, clock.seoul_date(line.order.paid_at)
    return vouchers.terms_on([line.product_id], order.list, day)[line.product_id]


def open_claim(gift: Gift) -> Claim | None:
    """What is asked for of a copy, or was paid."""
    return Claim.objects.filter(gift=gift).exclude(state__in=CLAIMS_OVER).first()


def open_claims_of(buyer_id: UUID) -> int:
    """How many claims that a buyer made, or whose money becomes this buyer's, are not decided or paid yet. V4, M9"""
    own = Q(is_of_buyer=True, gift__buyer_id=buyer_id) | Q(to_buyer_id=buyer_id)
    return Claim.objects.filter(own).exclude(state__in=(*CLAIMS_OVER, ClaimState.PAID)).count()


def last_claim(gift: Gift) -> Claim | None:
    """The newest claim of a copy, whatever became of it."""
    return Claim.objects.filter(gift=gift).order_by("-asked_at", "-id").first()


def claim_facts(gift: Gift, *, is_buyer: bool) -> rules.ClaimFacts:
    """What decides what comes back of a copy; it comes with its voucher, line and order."""
    line, voucher = gift.line, gift.voucher
    is_amount = line.product.kind == ProductKind.AMOUNT
    return rules.ClaimFacts(
        state=voucher.state,
        valid_until=voucher.valid_until,
        paid_at=gift.order.paid_at,
        price_won=line.unit_price_won,
        face_won=line.face_value_won or line.unit_price_won,
        rest_won=voucher.rest_won if is_amount else None,
        has_open=open_claim(gift) is not None,
        is_buyer=is_buyer,
        is_external=bool(vouchers.count_external([voucher.id])),
    )


def locked_copy(gift_id: UUID) -> Gift:
    """Lock one copy with all that decides what comes back of it."""
    with_ = ("voucher", "recipient", "order__buyer", "line__product__brand", "line__policy", "line__order")
    return Gift.objects.select_for_update(of=("self",)).select_related(*with_).get(id=gift_id)


def proof_address(gift: Gift) -> tuple[ProofKind, str]:
    """Where a recipient proves that the copy is theirs: the number, or in an order by mail the address, that it went to."""
    to = to_of(gift.order, cells_of(gift))
    return (ProofKind.MAIL if "@" in to else ProofKind.PHONE), to


def buyer_at(kind: ProofKind, address: str) -> Buyer | None:
    """The account of the person who is a member with this proved address, None when there is none of their own."""
    for member in members.members_at(kind, address, is_proved=True):
        buyer = members.buyer_of(member)
        if buyer and buyer.kind == BuyerKind.PERSON:
            return buyer
    return None


def locked_claim(claim_id: UUID) -> Claim:
    """Lock one claim."""
    return Claim.objects.select_for_update(of=("self",)).select_related("gift").get(id=claim_id)


def is_taken_elsewhere(claim: Claim) -> bool:
    """Whether others take a claim's code without telling us that it is over: a pool's, or an external one that still holds.

    That an external one has ended its issuer has told, else it would not be claimed; but it may have said something else
    since. C3
    """
    if vouchers.pool_codes([claim.voucher_id]) or is_at_odds(claim.voucher_id):
        return True
    return claim.why == ClaimWhy.BALANCE and bool(vouchers.count_external([claim.voucher_id]))


def due_won(claim: Claim, voucher: Voucher) -> int | No:
    """What a claim comes to by what is left of its voucher at this moment. V4"""
    gift = Gift.objects.select_related("order", "line__product", "line__policy", "line__order").get(
        id=claim.gift_id
    )
    gift.voucher = voucher
    facts = claim_facts(gift, is_buyer=claim.is_of_buyer)
    found = rules.due(facts, terms_of_line(gift.line), is_balance=claim.why == ClaimWhy.BALANCE)
    return found if isinstance(found, No) else rules.claim_won(found, claim.way)


def claim(claim_id: UUID) -> Claim:
    """One claim with its copy."""
    return Claim.objects.select_related("gift__order", "gift__recipient").get(id=claim_id)


def claim_named(public_id: str) -> Claim | None:
    """One claim, for staff."""
    with_ = (
        "gift__order__buyer",
        "gift__line__product__brand",
        "gift__voucher",
        "gift__recipient",
        "to_buyer",
    )
    return Claim.objects.filter(public_id=public_id).select_related(*with_).first()


def waiting_claims(state: ClaimState, limit: int = 200) -> list[Claim]:
    """Claims that wait for staff in a state, the oldest first."""
    rows = Claim.objects.filter(state=state).select_related("gift__order__buyer")
    return list(rows.order_by("asked_at", "id")[:limit])


def claims_to_check(at: datetime, limit: int = 200) -> list[UUID]:
    """Claims whose account's holder should be asked for by now."""
    rows = Claim.objects.filter(next_try_at__lte=at, state=ClaimState.ASKED).order_by("next_try_at", "id")
    return list(rows.values_list("id", flat=True)[:limit])


def sealed_account(typed: Typed) -> bytes:
    """What was typed of an account, sealed."""
    said = json.dumps([typed.number, typed.holder, typed.born_on.isoformat()], ensure_ascii=False)
    return crypto.ring().seal(Claim.ACCOUNT, said)


def typed_account(claim: Claim) -> Typed:
    """What was typed of an account."""
    number, holder, born_on = json.loads(crypto.ring().open(Claim.ACCOUNT, claim.account_sealed))
    return Typed(number, holder, date.fromisoformat(born_on))


def claim_account(claim: Claim) -> Account | None:
    """Where a claim is to be paid, with the holder as typed, whom the bank has told or staff have seen; None for no bank."""
    bank = Bank.of(claim.bank) if claim.bank else None
    if bank is None:
        return None
    typed = typed_account(claim)
    return Account(bank, typed.number, typed.holder)


def note_due(days: int, *, at: datetime, limit: int) -> list[UUID]:
    """Write down whose reminder is due so many days before the end, once each; returns their copies. V4

    Only delivered copies that can still be used, and only reminders that lay ahead when the copy was issued. One statement;
    two workers at once never have the same.
    """
    today = clock.seoul_date(at)
    first = max(today, today + timedelta(days=days - rules.REMIND_LATE_DAYS))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH due AS (
                SELECT g.id, (v.valid_until AT TIME ZONE 'Asia/Seoul')::date AS last
                FROM vouchers_voucher v JOIN gifts_gift g ON g.voucher_id = v.id
                WHERE v.state IN ('issued', 'partly_used') AND v.valid_until >= %(from)s AND v.valid_until <= %(to)s
                    AND g.result = 'delivered'
                    AND (g.issued_at AT TIME ZONE 'Asia/Seoul')::date
                        < (v.valid_until AT TIME ZONE 'Asia/Seoul')::date - %(days)s
                    AND NOT EXISTS (SELECT FROM gifts_reminder r WHERE r.gift_id = g.id AND r.days = %(days)s
                        AND r.valid_on = (v.valid_until AT TIME ZONE 'Asia/Seoul')::date)
                ORDER BY v.valid_until, g.id LIMIT %(most)s)
            INSERT INTO gifts_reminder (gift_id, days, valid_on, noted_at)
            SELECT id, %(days)s, last, %(at)s FROM due
            ON CONFLICT (gift_id, valid_on, days) DO NOTHING RETURNING gift_id""",
            {
                "days": days, "most": limit, "at": at, "from": clock.end_of_day(first - timedelta(days=1)) + timedelta(seconds=1),
                "to": clock.end_of_day(today + timedelta(days=days)),
            },
        )  # fmt: skip
        return [row[0] for row in cursor.fetchall()]


def gifts_to_remind(gift_ids: Iterable[UUID]) -> list[Gift]:
    """These copies with all that their reminder says, in the order of their lists."""
    with_ = ("voucher", "recipient", "order__buyer", "line__product__brand", "line__policy", "line__order")
    rows = Gift.objects.filter(id__in=list(gift_ids)).select_related(*with_)
    return list(rows.order_by("line_id", "position", "copy_number"))


#: V4: what was given back is what was decided, once, and its voucher is over.
CLAIM_CHECKS = {
    "a claim is not booked as it was decided": """
        SELECT c.public_id, CASE WHEN c.state = 'paid' THEN c.won ELSE 0 END, coalesce(sum(e.amount_won), 0)
        FROM gifts_claim c LEFT JOIN ledger_transfer t ON t.cause = 'claim:' || c.id
        LEFT JOIN ledger_entry e ON e.transfer_id = t.id AND e.amount_won > 0
        GROUP BY c.id HAVING CASE WHEN c.state = 'paid' THEN c.won ELSE 0 END <> coalesce(sum(e.amount_won), 0)""",
    "money went back at the end of a voucher for which nobody asked": """
        SELECT t.cause, 0, 1 FROM ledger_transfer t LEFT JOIN gifts_claim c ON t.cause = 'claim:' || c.id
        WHERE t.cause LIKE 'claim:%' AND c.id IS NULL""",
    "more went back for a copy than was paid": """
        SELECT c.public_id, l.unit_price_won, c.won FROM gifts_claim c JOIN gifts_gift g ON g.id = c.gift_id
        JOIN orders_line l ON l.id = g.line_id WHERE c.won > l.unit_price_won""",
    "a claim's voucher does not stand as the claim does": """
        SELECT c.public_id, 1, 0 FROM gifts_claim c JOIN vouchers_voucher v ON v.id = c.voucher_id
        WHERE c.state IN ('approved', 'paid') AND v.state <> 'refunded'
            OR c.state IN ('asked', 'checked') AND v.state <> CASE c.why WHEN 'ended' THEN 'expired' ELSE 'frozen' END""",
}

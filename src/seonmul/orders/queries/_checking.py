"""The check before paying: what is known of each recipient, and what was found. O4

Numbers are compared by their keyed index. What other companies' messages tell of one is said as a reason and in no
other way: neither who sent them nor how many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Sum

from seonmul.dispatch import rules as dispatch
from seonmul.figures import queries as figures_now
from seonmul.kit import crypto, euckr, masks
from seonmul.orders import lists, rules
from seonmul.orders.models import Draft, DraftRow, Look, LookOutcome, OrderKind
from seonmul.orders.queries._baskets import Quote, codes_until, items_of
from seonmul.orders.queries._drafts import letter_facts, text_of, title_of
from seonmul.orders.rules import NumberFacts, Outcome, Sign

#: How many rows of a group the page shows; the others are in the list.
SHOWN_MOST = 5

#: One address at a time through the indexes: joined as wholes, a planner that knows nothing of a fresh list may compare
#: every number with every message, which takes hours for a long one. `{address}`: where a recipient's index stands.
#: What went and is to go is counted before the moment and behind it: sent messages, those put off, and orders that wait.
_FACTS = """
    WITH people AS MATERIALIZED (
        SELECT to_index AS i, sum(copies) AS copies, min(position) AS position FROM orders_draftrow
        WHERE draft_id = %(draft)s AND fault = '' AND NOT is_over AND to_index IS NOT NULL GROUP BY to_index)
    SELECT p.i, p.position, p.copies, coalesce(f.failed, 0), coalesce(f.result, ''),
        greatest(n.hour_before + g.hour_before, n.hour_behind + g.hour_behind),
        greatest(n.day_before + g.day_before, n.day_behind + g.day_behind),
        greatest(n.own_hour_before + g.own_hour_before, n.own_hour_behind + g.own_hour_behind),
        greatest(n.own_day_before + g.own_day_before, n.own_day_behind + g.own_day_behind), g.same
    FROM people p
    LEFT JOIN LATERAL (
        SELECT failed, result FROM dispatch_reach WHERE to_index = p.i AND failed_at > %(remembered)s LIMIT 1) f ON true
    CROSS JOIN LATERAL (
        SELECT {sums} FROM (
            SELECT 1 AS copies, m.due_at, m.sender FROM dispatch_message m
            WHERE m.to_index = p.i AND m.due_at > %(day_before)s AND m.due_at < %(day_behind)s) m) n
    CROSS JOIN LATERAL (
        SELECT coalesce(bool_or(m.buyer_id = %(buyer)s AND m.paid_at >= %(since)s AND m.product_id = ANY(%(products)s)),
            false) AS same, {waiting_sums}
        FROM (
            SELECT r.copies, l.product_id, o.* FROM orders_recipient r
            CROSS JOIN LATERAL (SELECT order_id, product_id FROM orders_line WHERE id = r.line_id OFFSET 0) l
            CROSS JOIN LATERAL (
                SELECT buyer_id, paid_at, sender, state IN ('waiting', 'paid') AS waits,
                    greatest(coalesce(send_at, %(at)s), %(at)s) AS due_at
                FROM orders_order WHERE id = l.order_id OFFSET 0) o
            WHERE r.{address} = p.i) m) g
    WHERE f.failed IS NOT NULL OR n.day_before + n.day_behind + g.day_before + g.day_behind > 0 OR g.same
        OR p.copies > %(alone)s OR p.i = ANY(%(examples)s)"""

#: From when to when each count reaches.
_SPANS = {
    "hour_before": "m.due_at > %(hour_before)s AND m.due_at <= %(moment)s",
    "day_before": "m.due_at > %(day_before)s AND m.due_at <= %(moment)s",
    "hour_behind": "m.due_at > %(moment)s AND m.due_at < %(hour_behind)s",
    "day_behind": "m.due_at > %(moment)s AND m.due_at < %(day_behind)s",
}


def _sums(more: str = "") -> str:
    """Copies within each span, from anybody and from the sender number of the draft."""
    own = {f"own_{name}": f"{span} AND m.sender = %(sender)s" for name, span in _SPANS.items()}
    return ", ".join(
        f"coalesce(sum(m.copies) FILTER (WHERE {span}{more}), 0) AS {name}"
        for name, span in (_SPANS | own).items()
    )


def number_facts(draft: Draft, at: datetime) -> Iterator[tuple[bytes, int, NumberFacts]]:
    """What is known of the recipients that can be sent to, in one statement: (keyed index, first row, facts). O4, S7

    Of whom nothing is known is left out: on a long list that is nearly everybody. Whoever calls is in a transaction.
    """
    figures, moment = figures_now.figures(at), draft.send_at or at
    examples = set(crypto.ring().index_all(DraftRow.PHONE, rules.EXAMPLES))
    wanted: dict[str, Any] = {
        "draft": draft.id,
        "sender": draft.sender,
        "at": at,
        "moment": moment,
        "hour_before": moment - dispatch.HOUR,
        "day_before": moment - dispatch.DAY,
        "hour_behind": moment + dispatch.HOUR,
        "day_behind": moment + dispatch.DAY,
        "buyer": draft.buyer_id,
        "since": at - timedelta(hours=figures.same_product_warn_hours),
        "products": [item.product_id for item in items_of(draft)],
        "remembered": at - timedelta(days=figures.failed_before_days),
        "alone": dispatch.alone_most(figures),
        "examples": list(examples),
    }
    address = "mail_index" if draft.kind == OrderKind.MAIL else "phone_index"
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            _FACTS.format(address=address, sums=_sums(), waiting_sums=_sums(" AND m.waits")), wanted
        )
        for raw, position, copies, failed, result, hour, day, own_hour, own_day, got_same in cursor:
            index = bytes(raw)
            is_odd = index in examples
            yield (
                index,
                position,
                NumberFacts(
                    int(copies),
                    failed,
                    result,
                    int(hour),
                    int(day),
                    int(own_hour),
                    int(own_day),
                    is_odd,
                    got_same,
                ),
            )


def people_of(draft: Draft) -> int:
    """How many numbers or addresses of a draft can be sent to."""
    rows = DraftRow.objects.filter(draft=draft, fault="", is_over=False, to_index__isnull=False)
    return rows.values("to_index").distinct().count()


def message_facts(draft: Draft, quote: Quote, at: datetime) -> rules.MessageFacts:
    """The message as the check looks at it. O4"""
    letter, by_mail = letter_facts(draft, quote, settings.PUBLIC_URL, at), draft.kind == OrderKind.MAIL
    try:
        size = 0 if by_mail else dispatch.longest_bytes(letter.text, letter.place_bytes)
    except euckr.CannotCarry:
        size = 0
    return rules.MessageFacts(
        sender=draft.sender,
        title=title_of(draft),
        text=text_of(draft),
        bytes=size,
        is_ad=draft.is_ad,
        moment=draft.send_at or at,
        validity=tuple((line.name, codes_until(draft, line.offer, at)) for line in quote.lines),
        by_mail=by_mail,
    )


@dataclass(frozen=True)
class WarnedRow:
    """One row of the list that a check speaks of, masked."""

    position: int
    name: str
    phone: str


@dataclass(frozen=True)
class WarnedGroup:
    """Everybody with one sign: how many, and the first rows."""

    sign: Sign
    people: int
    rows: tuple[WarnedRow, ...]


def look_of(draft_id: UUID) -> Look | None:
    """The last check of a draft, or the one of the order that it became. O4"""
    return Look.objects.filter(draft_id=draft_id).first()


def warned_groups(look: Look) -> list[WarnedGroup]:
    """What a check found, sign by sign, the weightiest first. O4"""
    parts = ", ".join(f"count(*) FILTER (WHERE signs & {sign.bit} <> 0)" for sign in Sign)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts} FROM orders_warned WHERE look_id = %s", [look.id])  # noqa: S608 - our bits
        counts = dict(zip(Sign, cursor.fetchone(), strict=True))
    found = [sign for sign in Sign if counts[sign]]
    shown = _first_rows(look, [sign.bit for sign in found]) if found else {}
    return [WarnedGroup(sign, counts[sign], tuple(shown.get(sign.bit, ()))) for sign in found]


def _first_rows(look: Look, bits: list[int]) -> Mapping[int, list[WarnedRow]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT b.bit, r.position, r.cells_sealed, r.phone_index IS NULL FROM unnest(%s::int[]) b(bit)
            CROSS JOIN LATERAL (
                SELECT position FROM orders_warned WHERE look_id = %s AND signs & b.bit <> 0
                ORDER BY position LIMIT %s) w
            JOIN orders_draftrow r ON r.draft_id = %s AND r.position = w.position
            ORDER BY b.bit, r.position""",
            [bits, look.id, SHOWN_MOST, look.draft_id],
        )
        found = cursor.fetchall()
    shown: dict[int, list[WarnedRow]] = {}
    for bit, position, sealed, by_mail in found:
        cells = lists.Cells.unpacked(crypto.ring().open(DraftRow.CELLS, sealed))
        to = masks.mask_mail(cells.mail) if by_mail else masks.mask_phone(cells.phone)
        row = WarnedRow(position, masks.mask_name(cells.name), to)
        shown.setdefault(bit, []).append(row)
    return shown


def outcomes_of(look: Look) -> dict[str, Outcome]:
    """How right a check was, by sign; empty before its order has finished. O4"""
    rows = LookOutcome.objects.filter(look=look).values_list("code", "people", "failed")
    return {code: Outcome(people, failed) for code, people, failed in rows}


def outcomes_since(since: datetime) -> tuple[int, dict[str, Outcome]]:
    """The same over all orders that finished since a moment: how many orders, and the sums by sign. O4"""
    looks = Look.objects.filter(weighed_at__gte=since)
    rows = LookOutcome.objects.filter(look__weighed_at__gte=since).values("code")
    sums = rows.annotate(people=Sum("people"), failed=Sum("failed"))
    found = {
        code: Outcome(people, failed) for code, people, failed in sums.values_list("code", "people", "failed")
    }
    return looks.count(), found

"""Sending the same vouchers again, free of charge: chosen ones, or all of an order that failed. S5"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from seonmul.audit import actions as audit
from seonmul.dispatch import actions as dispatch
from seonmul.dispatch.models import Channel
from seonmul.figures import queries as figures_now
from seonmul.gifts import queries, rules
from seonmul.gifts.actions._falling import outgoing_for
from seonmul.gifts.actions._sending import letter_by
from seonmul.gifts.models import Gift
from seonmul.kit import jobs
from seonmul.kit.refusals import No
from seonmul.members import queries as members_now
from seonmul.members.models import Member
from seonmul.orders import queries as orders_now

#: Gifts that are sent again in one transaction, and what one click does at once; jobs do the rest.
AT_ONCE, MOST_AT_ONCE = 5_000, 10_000


@dataclass(frozen=True)
class Resent:
    """What became of a wish to send again: how many go out, and why the others do not."""

    sent: int
    refused: Sequence[tuple[No, int]]
    goes_on: bool = False


@transaction.atomic
def resend(
    gift_ids: Sequence[UUID], *, by: Member, at: datetime, channel: str = "", for_caller: bool = False
) -> Resent:
    """Send chosen gifts again, free of charge; those that may not be are left and counted by reason. S5, H2

    `channel`: another one than theirs; `for_caller`: by an operator on the phone, for whoever sent them.
    """
    figures = figures_now.figures(at)
    buyer_id = members_now.buys_for(by)
    refused: Counter[tuple[str, str]] = Counter()
    reasons: dict[tuple[str, str], No] = {}
    by_letter: dict[UUID, list[Gift]] = {}
    letters: dict[UUID, UUID] = {}  # of the other channel, by line
    gifts = queries.locked_gifts(gift_ids)
    # a mail comes from no number
    gone = {} if channel == Channel.MAIL else orders_now.gone_senders(gift.order for gift in gifts)
    for gift in gifts:
        may_buy = for_caller or buyer_id == gift.buyer_id
        no = rules.why_not_resend(queries.facts(gift, gone), may_buy=may_buy, figures=figures, at=at)
        if not no and channel and channel not in queries.other_ways(gift):
            no = No(rules.ResendRefusal.NO_SUCH_WAY)
        if no:
            reasons[no.code, no.say()] = no
            refused[no.code, no.say()] += 1
        else:
            if channel and gift.line_id not in letters:
                letters[gift.line_id] = letter_by(gift, channel, at)
            letter = letters[gift.line_id] if channel else gift.chunk.letter_id
            by_letter.setdefault(letter, []).append(gift)
    for letter_id, some in by_letter.items():
        dispatch.queue(
            letter_id,
            [
                outgoing_for(g.order, g.id, queries.cells_of(g), queries.link_of(g), channel=channel)
                for g in some
            ],
            at=at,
        )
        _count_resend(some, at)
        audit.record(
            "gifts_resent",
            by=by.id,
            subject=some[0].order_id,
            company=some[0].buyer_id,
            at=at,
            count=len(some),
        )
    sent = sum(map(len, by_letter.values()))
    return Resent(sent, [(reasons[key], count) for key, count in refused.most_common()])


def _count_resend(gifts: Sequence[Gift], at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE gifts_gift SET resends = resends + 1, sent_at = %s, result = 'waiting', result_at = NULL
            WHERE id = ANY(%s)""",
            [at, [gift.id for gift in gifts]],
        )


def resend_failed(order_id: UUID, *, by: Member, at: datetime, after: int = 0) -> Resent:
    """Send all gifts of an order again that failed, behind row `after` of its list; counts those left out by reason. S5

    A portion is a transaction; of a large order a job goes on where this call ends (`Resent.goes_on`).
    """
    sent, done, reasons, counts = 0, 0, dict[str, No](), Counter[str]()
    while done < MOST_AT_ONCE:
        ids, last = queries.failed_after(order_id, after, AT_ONCE)
        portion = resend(ids, by=by, at=at) if ids else Resent(0, [])
        sent, done = sent + portion.sent, done + len(ids)
        for no, count in portion.refused:
            reasons[no.say()] = no
            counts[no.say()] += count
        if not last:
            return Resent(sent, [(reasons[said], count) for said, count in counts.most_common()])
        after = last
    jobs.enqueue("gifts.resend_failed", order_id=order_id, member_id=by.id, after_id=after)
    return Resent(sent, [(reasons[said], count) for said, count in counts.most_common()], goes_on=True)


def resend_rest(order_id: UUID, member_id: UUID, *, after: int, at: datetime) -> Resent:
    """Go on with an order's failed gifts behind row `after`, for whoever began. A second run finds them under way. S5"""
    return resend_failed(order_id, by=Member.objects.get(id=member_id), at=at, after=after)

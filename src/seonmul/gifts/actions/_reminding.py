"""Recipients are reminded before a voucher ends: once for each time, by the cheapest way that has reached them. V4"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from seonmul.dispatch import actions as dispatch
from seonmul.dispatch import queries as dispatch_now
from seonmul.dispatch.models import Channel
from seonmul.figures import queries as figures_now
from seonmul.gifts import mails, queries, rules
from seonmul.gifts.actions._falling import outgoing_for
from seonmul.gifts.models import Gift
from seonmul.kit import clock, jobs
from seonmul.orders import queries as orders_now
from seonmul.orders import rules as orders_rules
from seonmul.orders.models import Order

#: Recipients that are reminded in one transaction.
_AT_ONCE = 2_000


def sweep_reminders(*, at: datetime) -> bool:
    """Have reminders sent, by day only; says whether it is day. V4"""
    if not rules.may_remind_at(at, figures=figures_now.figures(at)):
        return False
    jobs.enqueue_once("gifts.remind", "remind")
    return True


@transaction.atomic
def remind(*, at: datetime) -> int:
    """Remind a portion of those who are due; returns how many. What is noted is queued in the same transaction, once. V4"""
    figures, count = figures_now.figures(at), 0
    if not rules.may_remind_at(at, figures=figures):
        return 0
    for days in rules.remind_days(figures):
        found = queries.note_due(days, at=at, limit=_AT_ONCE)
        _send(queries.gifts_to_remind(found), at)
        count += len(found)
        if len(found) == _AT_ONCE:
            jobs.enqueue("gifts.remind")
            break
    return count


def _send(gifts: Sequence[Gift], at: datetime) -> None:
    """One letter for all that get the same words by the same way."""
    worked = dispatch_now.channels_that_worked([gift.id for gift in gifts])
    groups: dict[tuple[object, str, date], list[Gift]] = defaultdict(list)
    for gift in gifts:
        # what reached by other means than ours goes the way that it was sent
        channel = worked.get(gift.id) or _plain(gift.order.channel)
        groups[gift.line_id, channel, clock.seoul_date(gift.voucher.valid_until)].append(gift)
    gone = orders_now.gone_senders(gift.order for gift in gifts)
    for (_line, channel, valid_on), some in groups.items():
        sender = _sender(some[0].order, channel, is_gone=some[0].order_id in gone)
        if channel != Channel.MAIL and not sender:
            continue  # there is no number from which it may go
        letter_id = _write(some[0], channel, sender, valid_on, at)
        outgoing = [
            outgoing_for(gift.order, gift.id, queries.cells_of(gift), queries.link_of(gift), channel=channel)
            for gift in some
        ]
        dispatch.queue(letter_id, outgoing, at=at)


def _plain(channel: str) -> str:
    """A reminder has no picture."""
    return Channel.LMS.value if channel == Channel.MMS else channel


def _sender(order: Order, channel: str, *, is_gone: bool) -> str:
    """The order's own number; the platform's where that may not be shown any more, "" where there is none. V4, M6"""
    if channel == Channel.MAIL:
        return order.buyer.name
    return settings.PLATFORM_SENDER if is_gone else order.sender


def _write(gift: Gift, channel: str, sender: str, valid_on: date, at: datetime):  # type: ignore[no-untyped-def]
    day = clock.korean_date(valid_on)
    terms = queries.terms_of_line(gift.line)
    name = f"{gift.line.product.brand.name} {gift.line.product.name}"
    percent = max(terms.low_percent, terms.high_percent, terms.points_percent)
    back = rules.REMINDER_BACK.format(percent=percent) if percent else rules.REMINDER_NO_BACK
    link = f"#{{{orders_rules.LINK_PLACE}}}"
    if channel == Channel.SMS:
        text = rules.REMINDER_SHORT.format(day=f"{valid_on:%m.%d}", link=link)
    else:
        text = rules.REMINDER.format(gift=name, day=day, back=back, link=link)
    title = rules.REMINDER_TITLE.format(day=day)
    is_mail = channel == Channel.MAIL
    return dispatch.write_letter(
        gift.buyer_id,
        channel=channel,
        sender=sender,
        title=title if channel != Channel.SMS else "",
        text=text,
        html=mails.letter_html(text, title=title, gift=name, until=day) if is_mail else "",
        by_day=True,
        at=at,
    ).id

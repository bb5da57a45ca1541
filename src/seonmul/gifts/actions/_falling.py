"""The message about a gift, and the one that follows it by another channel when it has failed. S1"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings

from seonmul.dispatch import actions as dispatch
from seonmul.dispatch import queries as dispatch_now
from seonmul.dispatch import rules as dispatch_rules
from seonmul.dispatch.actions import Outgoing
from seonmul.dispatch.models import Channel
from seonmul.figures import queries as figures_now
from seonmul.gifts import queries
from seonmul.kit import mails
from seonmul.orders import rules as orders_rules
from seonmul.orders.lists import Cells
from seonmul.orders.models import Order


def outgoing_for(
    order: Order, gift_id: UUID, cells: Cells, link: str, *, channel: str = "", after: UUID | None = None
) -> Outgoing:
    """The message about a gift, filled for its recipient; by the order's channel, or by another `after` that has failed."""
    values = {
        **cells.values(order.places),
        orders_rules.NAME_PLACE: cells.name or orders_rules.NO_NAME,
        orders_rules.LINK_PLACE: f"{settings.PUBLIC_URL}/g/{link}",
    }
    to = cells.mail if (channel or order.channel) == Channel.MAIL else cells.phone
    return Outgoing(subject=gift_id, to=to, fields=values, after=after)


def spreads(order: Order, at: datetime) -> bool:
    """Whether what is too much for a recipient of this order goes later. S7"""
    return orders_rules.spreads(order.spreads, figures_now.figures(at))


def fall_back(batch_id: UUID, moved: Mapping[UUID, datetime], at: datetime) -> None:
    """Send what failed in a batch by another channel, where its order says so. In the transaction of its results. S1

    `moved`: the copies of it that go to another number, since when. The gifts are locked first and the failures read again: of two jobs that hear the same results, the second finds the
    first one's messages there.
    """
    subjects = [one.subject for one in dispatch_now.failures_of(batch_id, moved)]
    gifts = {gift.id: gift for gift in queries.locked_to_fall_back(subjects)} if subjects else {}
    if not gifts:
        return
    letters = queries.fallback_letters({gift.line_id for gift in gifts.values()})
    outgoing: dict[UUID, list[Outgoing]] = {}
    for failure in dispatch_now.failures_of(batch_id, moved):
        if (gift := gifts.get(failure.subject)) is None:
            continue
        of_line, cells = letters.get(gift.line_id, {}), queries.cells_of(gift)
        channel = dispatch_rules.next_channel(
            failure.channel, failure.result, ways=of_line, has_mail=bool(mails.normalise(cells.mail))
        )
        if channel:
            link = queries.link_of(gift)
            message = outgoing_for(gift.order, gift.id, cells, link, channel=channel, after=failure.attempt)
            outgoing.setdefault(of_line[channel], []).append(message)
    is_spread = spreads(next(iter(gifts.values())).order, at)  # a batch is of one letter, and so of one order
    for letter_id in sorted(outgoing):
        dispatch.queue(letter_id, outgoing[letter_id], at=at, spreads=is_spread)

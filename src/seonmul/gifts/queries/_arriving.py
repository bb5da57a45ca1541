"""What is known of a copy of which somebody says that it never came. H2"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from seonmul.dispatch import queries as dispatch
from seonmul.dispatch import rules as dispatch_rules
from seonmul.dispatch.models import Channel
from seonmul.dispatch.ports import Result
from seonmul.dispatch.queries import AttemptLine
from seonmul.dispatch.rules import ArrivalFacts, Cause
from seonmul.figures import queries as figures_now
from seonmul.gifts import rules
from seonmul.gifts.models import Gift
from seonmul.gifts.queries._history import cells_of
from seonmul.kit import crypto, mails, phones
from seonmul.orders.models import DraftRow

_WITH = ("recipient", "voucher", "order__buyer", "line__product__brand")


@dataclass(frozen=True)
class Arrival:
    """How far a copy has come, and the causes to go through. `attempts`: newest first. H2"""

    result: Result
    channel: str
    attempts: Sequence[AttemptLine]
    causes: tuple[Cause, ...]


def arrival_of(gift: Gift, at: datetime) -> Arrival:
    """What is known of one copy; it comes with its order. H2"""
    figures, result = figures_now.figures(at), Result(gift.result)
    attempts = dispatch.attempts_about(gift.id)
    told = next((one for one in attempts if one.result is result), None)
    channel = told.channel if told else gift.order.channel
    hour, day = dispatch.crowd_about(gift.id)
    facts = ArrivalFacts(
        result,
        channel,
        sender=gift.order.sender,
        is_crowded=hour > figures.to_one_in_an_hour or day > figures.to_one_in_a_day,
    )
    return Arrival(result, channel, attempts, dispatch_rules.causes_of(facts))


@dataclass(frozen=True)
class Guide:
    """One step of the way through the causes, in the reader's words. `parts`: what it looks at, each a title and what to do;
    `yes`, `no`: where its two answers lead; `causes`: all of them by their step and title; `numbers`: of the carriers. H2
    """

    at: int
    of: int
    parts: Sequence[tuple[str, Sequence[str]]]
    yes: str
    no: str
    is_found: bool
    acts: Sequence[str]
    causes: Sequence[tuple[int, str]]
    numbers: Sequence[tuple[str, str]]


def guide_of(arrival: Arrival, step: str) -> Guide:
    """The step that an address asks for. H2"""
    place = dispatch_rules.place_at(arrival.causes, step)
    return Guide(
        at=place.at,
        of=len(place.steps),
        parts=[(gettext(one.title), [gettext(step) for step in one.steps]) for one in place.here],
        yes=f"?step={dispatch_rules.FOUND}",
        no=f"?step={place.next_step}",
        is_found=place.is_found,
        acts=[act.value for act in place.acts],
        causes=[(n, gettext(one.title)) for n, some in enumerate(place.steps, 1) for one in some],
        numbers=[(gettext(name), number) for name, number in dispatch_rules.CARRIER_NUMBERS],
    )


def other_ways(gift: Gift, than: str = "", gone_senders: Container[UUID] = ()) -> dict[str, str]:
    """Channels by which this copy may be sent again, other `than` its last one, with their names. H2, S5

    `gone_senders`: as in `facts`; where the number may not be shown any more, only a mail is left. M6
    """
    cells, order = cells_of(gift), gift.order
    ways = rules.other_ways(
        than,
        ways=gift.line.product.channels,
        has_phone=bool(phones.normalise_mobile(cells.phone))
        and bool(order.sender)
        and order.id not in gone_senders,
        has_mail=bool(mails.normalise(cells.mail)),
        is_ad=bool(order.ad),
    )
    return {way: str(Channel(way).label) for way in ways}


def copies_to(address: str, limit: int = 50) -> list[Gift]:
    """Copies of all buyers that went to one number or address, the newest first: for staff alone. H2"""
    by_mail = "@" in address
    index = crypto.ring().index(DraftRow.MAIL if by_mail else DraftRow.PHONE, address)
    asked = {f"recipient__{'mail' if by_mail else 'phone'}_index": index}
    # as ordered, or since its number was changed: each by an index of its own
    found = [
        gift
        for rows in (Gift.objects.filter(**asked, to_index=None), Gift.objects.filter(to_index=index))
        for gift in rows.select_related(*_WITH).order_by("-issued_at", "-id")[:limit]
    ]
    return sorted(found, key=lambda gift: (gift.issued_at, gift.id), reverse=True)[:limit]


def copy(public_id: str) -> Gift | None:
    """One copy of whomever: for staff alone."""
    rows = Gift.objects.select_related(*_WITH)
    return rows.filter(public_id=public_id).first()

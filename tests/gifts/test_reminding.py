"""Reminders go by the cheapest way that has reached somebody; what never arrived is not reminded. V4, S1

Each copy's history is made by the carrier's own words: a number's last digits decide its fate, and falling back adds attempts.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from seonmul.dispatch import queries as dispatch
from seonmul.dispatch.models import Attempt, Letter, Message
from seonmul.gifts import actions
from seonmul.gifts.models import Gift, Reminder
from seonmul.kit import clock
from seonmul.orders.models import Order
from seonmul.vouchers.models import Voucher
from tests.gifts.test_falling import DEVICE, FINE, KIM, placed, settle, steps

pytestmark = pytest.mark.django_db


def reminders(order: Order) -> list[tuple[str, str]]:
    """The channel of each reminder, and to whom, a day before the end."""
    last = clock.seoul_date(Voucher.objects.order_by("id")[0].valid_until)
    before = set(Message.objects.values_list("id", flat=True))
    actions.remind(at=clock.end_of_day(last) - timedelta(hours=36))
    rows = Attempt.objects.exclude(message__in=before).order_by("id").select_related("batch__letter")
    return [(row.batch.letter.channel, dispatch.parcels_of(row.batch)[0].to) for row in rows]


def ended_as(gift: Gift, **by_channel: str) -> None:
    """What became of the attempts at a copy, by their channels."""
    for channel, result in by_channel.items():
        of_gift = Attempt.objects.filter(message__subject=gift.id, batch__letter__channel=channel)
        assert of_gift.update(result=result, state="ended", ended_at=clock.now()) == 1


def worked(*gifts: Gift) -> list[str | None]:
    found = dispatch.channels_that_worked([gift.id for gift in gifts])
    return [found.get(gift.id) for gift in gifts]


def fallen(carrier: Any, mail: str = "") -> tuple[Order, Gift]:
    """A copy by MMS to a phone that takes none, and a text after it."""
    order = placed([DEVICE], mail=mail)
    settle()
    return order, Gift.objects.get(order=order)


def test_a_text_that_worked_after_a_picture_is_followed_by_a_text(carrier) -> None:
    """V4, S1: MMS failed, LMS arrived: the reminder is an LMS."""
    order, gift = fallen(carrier)
    assert [step[:2] for step in steps(order)[0]] == [("mms", "device"), ("lms", "device")]
    ended_as(gift, lms="delivered")
    actions.note_results(Attempt.objects.get(batch__letter__channel="lms").batch_id, at=clock.now())
    assert worked(gift) == ["lms"]
    assert reminders(order) == [("lms", DEVICE)]
    assert Letter.objects.get(by_day=True).channel == "lms", "tried again at night, it waits for the morning"


def test_a_mail_that_worked_after_both_is_followed_by_a_mail(carrier) -> None:
    """V4, S1: neither MMS nor LMS arrived, the mail did."""
    order, gift = fallen(carrier, mail=KIM)
    assert [step[:2] for step in steps(order)[0]] == [
        ("mms", "device"), ("lms", "device"), ("mail", "delivered"),
    ]  # fmt: skip
    assert worked(gift) == ["mail"] and reminders(order) == [("mail", KIM)]


def test_of_several_that_worked_the_cheapest_counts(carrier) -> None:
    """V4: a late truth says that the picture and the text arrived as well as the mail."""
    _, gift = fallen(carrier, mail=KIM)
    ended_as(gift, mms="delivered", lms="delivered")
    assert worked(gift) == ["mail"]
    ended_as(gift, mail="invalid_number")
    assert worked(gift) == ["lms"]


def test_a_picture_that_arrived_is_followed_by_a_text_without_one(carrier) -> None:
    """V4"""
    order = placed([FINE], mail="")
    settle()
    gift = Gift.objects.get(order=order)
    assert [step[:2] for step in steps(order)[0]] == [("mms", "delivered")]
    assert worked(gift) == ["lms"] and reminders(order) == [("lms", FINE)]


def test_a_short_text_that_arrived_is_followed_by_a_short_one(carrier) -> None:
    """V4"""
    order = placed([FINE], mail="", channel="sms", title="", text="선물이에요")
    settle()
    assert worked(Gift.objects.get(order=order)) == ["sms"] and reminders(order) == [("sms", FINE)]


def test_what_was_never_delivered_is_left_out_and_not_reminded(carrier) -> None:
    """V4: beside one that arrived."""
    order = placed([DEVICE, FINE], mail="")
    settle()
    first, second = Gift.objects.filter(order=order).order_by("position")
    assert worked(first, second) == [None, "lms"]
    assert reminders(order) == [("lms", FINE)] and Reminder.objects.count() == 1

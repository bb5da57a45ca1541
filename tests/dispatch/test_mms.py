"""Vouchers as pictures by MMS, through both vendors: every picture that arrived is read back. S1, S2, S3

The carrier is the sandbox over HTTP. A process that dies between two beats is one that claimed, called, and never recorded.
"""

from __future__ import annotations

import http.client
import io
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import zxingcpp
from PIL import Image

from seonmul.dispatch import actions, carriers, queries
from seonmul.dispatch.actions import Outgoing
from seonmul.dispatch.models import Attempt, Batch
from seonmul.dispatch.ports import Parcel, Progress, Result
from seonmul.gifts import actions as gifts
from seonmul.gifts.models import Gift
from seonmul.kit import clock, wire
from seonmul.orders.models import Order
from seonmul.providers.solapi import carrier as solapi
from seonmul.vouchers import queries as vouchers
from tests import given
from tests.dispatch.test_sending import KINDS, hand_over, phone_of

pytestmark = pytest.mark.django_db


def pictured(numbers: int, who: given.Company | None = None, **saved: Any) -> tuple[Order, Batch]:
    """A paid order by MMS that is issued and queued, not handed over."""
    order = given.placed(who or given.company(), given.numbers(numbers), channel="mms", **saved)
    given.worked(only="gifts.")
    return order, Batch.objects.get(letter__channel="mms")


def seen(text: dict[str, Any]) -> Image.Image:
    """The picture that a phone shows."""
    address = urlsplit(str(text["imageUrl"]))
    line = http.client.HTTPConnection(address.netloc, timeout=10)
    line.request("GET", address.path)
    content = line.getresponse().read()
    line.close()
    return Image.open(io.BytesIO(content))


def squeezed(picture: Image.Image) -> Image.Image:
    """As a messenger makes it: 60 %, and strongly compressed."""
    out = io.BytesIO()
    small = picture.resize((picture.width * 6 // 10, picture.height * 6 // 10), Image.Resampling.BILINEAR)
    small.save(out, "JPEG", quality=40)
    return Image.open(io.BytesIO(out.getvalue()))


def arrived(carrier: Any, order: Order) -> None:
    """Each phone has exactly one message, and on it the code of its own voucher."""
    for gift in Gift.objects.filter(order=order).select_related("voucher", "recipient"):
        from seonmul.gifts import queries as gifts_now

        (text,) = phone_of(carrier, gifts_now.cells_of(gift).phone)
        assert text["type"] == "MMS"
        code, picture = vouchers.code_of(gift.voucher), seen(text)
        assert {one.text for one in zxingcpp.read_barcodes(picture)} == {code}
        assert code in {one.text for one in zxingcpp.read_barcodes(squeezed(picture))}
    assert carrier.inside("GET", "stats")["duplicates"] == 0
    assert queries.faults() == []


@pytest.mark.parametrize("name", ["solapi", "nhn"])
def test_every_phone_gets_the_picture_of_its_own_voucher(carrier, settings, monkeypatch, name):
    """S1: portion by portion, and each picture is drawn only when its turn has come."""
    settings.CARRIER = name
    monkeypatch.setattr(solapi, "_PICTURES_A_STEP", 2)
    order, batch = pictured(5)
    batch = hand_over(batch)
    assert (batch.state, batch.carrier, batch.trouble) == ("handed", name, "")
    arrived(carrier, order)
    text = phone_of(carrier, given.numbers(1)[0])[0]
    assert "/g/" in str(text["text"]), "the link is there for the balance and the end of validity"
    actions.ask(batch.id, at=clock.now())
    given.worked()
    assert set(Attempt.objects.filter(batch=batch).values_list("result", "price_won")) == {("delivered", 200)}
    assert Order.objects.get(id=order.id).state == "finished"


@pytest.mark.parametrize("route", ["create", "upload", "add", "ask", "send"])
@pytest.mark.parametrize("kind", KINDS)
def test_trouble_at_any_call_still_sends_each_picture_once(carrier, monkeypatch, kind, route):
    """S3: what was stored for nothing lies there; nobody gets two messages or another's code."""
    monkeypatch.setattr(solapi, "_PICTURES_A_STEP", 2)
    order, batch = pictured(3)
    carrier.fault(kind, route=route, times=1, seconds=0.3, status=403)
    assert hand_over(batch, tries=8).state == "handed"
    arrived(carrier, order)


def test_who_dies_between_storing_and_adding_leaves_nothing_behind_that_sends(carrier, monkeypatch):
    """S3: the next worker asks the group what it has, and stores what is missing again."""
    monkeypatch.setattr(solapi, "_PICTURES_A_STEP", 2)
    order, batch = pictured(5)
    parcels = queries.parcels_of(batch)
    outside = carriers.carrier_of("solapi")
    created = outside.step(str(batch.id), Progress(), lambda: parcels, is_again=False).progress
    first = outside.step(str(batch.id), created, lambda: parcels, is_again=False)
    assert first.progress.stage == f"added 2 {parcels[1].reference}" and len(first.receipts) == 2
    # the second portion reached the group, and nobody wrote it down
    outside.step(str(batch.id), first.progress, lambda: parcels, is_again=False)
    again = carriers.carrier_of("solapi").step(str(batch.id), first.progress, lambda: parcels, is_again=True)
    assert again.progress.stage == f"added 4 {parcels[3].reference}"
    # and a third process does the rest
    Batch.objects.filter(id=batch.id).update(
        carrier="solapi", stage=again.progress.stage, handle=again.progress.handle
    )
    for receipt in (*first.receipts, *again.receipts):
        Attempt.objects.filter(id=receipt.reference).update(
            state="accepted", result="accepted", vendor_id=receipt.vendor_id, vendor_code=receipt.code
        )
    assert hand_over(batch).state == "handed"
    arrived(carrier, order)


def test_a_picture_that_is_refused_ends_its_one_message(carrier, monkeypatch):
    """S4: and keeps no other from going."""
    monkeypatch.setattr(solapi, "_PICTURES_A_STEP", 2)
    _order, batch = pictured(3)
    carrier.fault("refuse", route="upload", times=1, status=400, errorCode="InvalidFile")
    assert hand_over(batch).state == "handed"
    actions.ask(batch.id, at=clock.now())
    rows = Attempt.objects.filter(batch=batch).order_by("id")
    assert list(rows.values_list("result", flat=True)) == ["content", "delivered", "delivered"]
    assert phone_of(carrier, given.numbers(1)[0]) == []


def test_an_account_in_trouble_keeps_the_batch_waiting(carrier):
    """S3: a message not accepted is never forgotten."""
    _order, batch = pictured(1)
    carrier.fault("refuse", route="upload", times=1, status=402, errorCode="NotEnoughBalance")
    with pytest.raises(wire.Declined):
        actions.send(batch.id, at=clock.now())
    assert hand_over(batch).state == "handed"


def test_a_message_without_a_picture_is_no_mms(carrier):
    """S4: a subject that nobody draws."""
    letter = actions.write_letter(
        given.company().buyer.id, channel="mms", sender="15770000", title="", text="안녕", at=clock.now()
    )
    actions.queue(letter.id, [Outgoing(uuid4(), "01020000001", {})], at=clock.now())
    batch = hand_over(Batch.objects.get(letter=letter))
    assert Attempt.objects.get(batch=batch).result == "content"
    assert phone_of(carrier, "01020000001") == []


def test_nhn_dying_at_the_picture_leaves_no_doubt_and_dying_at_the_message_does(carrier, settings):
    """S3: the picture is a beat of its own."""
    settings.CARRIER = "nhn"
    _order, batch = pictured(2)
    parcels, outside = queries.parcels_of(batch), carriers.carrier_of("nhn")
    begun = outside.step("b", Progress(), lambda: parcels, is_again=False).progress
    assert begun == Progress("next", parcels[0].reference)
    stored = outside.step("b", begun, lambda: parcels, is_again=False)
    assert (stored.progress, stored.receipts) == (Progress("stored", parcels[0].reference), ())
    # died while storing: whoever comes next stores it again
    again = carriers.carrier_of("nhn").step("b", begun, lambda: parcels, is_again=True)
    assert again.progress == stored.progress and not again.receipts
    # died at the message: doubt, and the next one goes on
    doubt = carriers.carrier_of("nhn").step("b", stored.progress, lambda: parcels, is_again=True)
    assert [one.result for one in doubt.receipts] == [Result.IN_DOUBT]
    # another process that was told how far it came stores the picture itself
    other = carriers.carrier_of("nhn")
    assert other.step("b", stored.progress, lambda: parcels, is_again=False).progress == stored.progress
    sent = other.step("b", stored.progress, lambda: parcels, is_again=False)
    assert [one.result for one in sent.receipts] == [Result.ACCEPTED]


@pytest.mark.parametrize("route", ["upload", "send"])
@pytest.mark.parametrize("kind", KINDS)
def test_nhn_never_sends_a_picture_twice(carrier, settings, kind, route):
    """S3: what is in doubt is shown and not repeated."""
    settings.CARRIER = "nhn"
    _order, batch = pictured(2)
    carrier.fault(kind, provider="nhn", route=route, times=1, seconds=0.3, status=200, errorCode="-9999")
    assert hand_over(batch, tries=8).state == "handed"
    for number in given.numbers(2):
        assert len(phone_of(carrier, number)) <= 1
    results = list(Attempt.objects.filter(batch=batch).values_list("result", flat=True))
    assert set(results) <= {"accepted", "in_doubt"} and (route == "send" or results == ["accepted"] * 2)


def test_a_voucher_that_was_used_meanwhile_is_not_drawn(carrier):
    """S5: the gate is asked before anything is stored."""
    order, batch = pictured(2)
    used = Gift.objects.filter(order=order).order_by("position")[0]
    type(used.voucher).objects.filter(id=used.voucher_id).update(state="used")
    hand_over(batch)
    assert phone_of(carrier, given.numbers(2)[0]) == [] and len(phone_of(carrier, given.numbers(2)[1])) == 1


def test_a_mail_carries_its_picture_inside(carrier):
    """S1: it shows without a call to anybody, and is the same picture."""
    from tests.gifts.test_mails import by_mail

    order = by_mail(given.company())
    gifts.start(order.id, at=given.MONDAY)
    given.worked()
    (mail,) = carrier.mails("kim@gaon.example")
    assert '<img src="cid:voucher"' in mail["html"]
    number = str(mail["id"]).removeprefix("mail-")
    assert f'src="/mail/{number}/parts/voucher"' in carrier.ask("GET", f"/mail/{number}/html").text
    picture = seen({"imageUrl": f"{carrier.url}/mail/{number}/parts/voucher"})
    gift = Gift.objects.select_related("voucher").get(order=order)
    assert {one.text for one in zxingcpp.read_barcodes(picture)} == {vouchers.code_of(gift.voucher)}


def test_a_trial_shows_a_sample_that_is_no_voucher(carrier):
    """O5: a picture too, with bars that no till knows."""
    from seonmul.orders import actions as orders

    who = given.company()
    draft = given.draft(who, given.numbers(1), channel="mms")
    trial = orders.send_trial(draft.id, by=who.owner, at=clock.now())
    assert trial
    hand_over(Batch.objects.get(letter__channel="mms"))
    (text,) = carrier.inside("GET", "messages")
    assert text["type"] == "MMS" and {one.text for one in zxingcpp.read_barcodes(seen(text))} == {"SAMPLE"}


def test_the_worker_holds_no_more_than_a_portion(carrier):
    """S1: memory is flat: parcels carry how to draw, not what was drawn."""
    _order, batch = pictured(3)
    parcels = queries.parcels_of(batch)
    assert all(callable(one.draw) for one in parcels)
    first = parcels[0].draw
    assert first and first() == first(), "and it can be drawn again"
    assert "draw" not in repr(parcels[0]) and isinstance(parcels[0], Parcel)
    assert batch.opened_at + timedelta(0) == batch.opened_at

"""What fails follows by another channel, where the order says so: the same voucher, each step once. S1

A number's last digits decide its fate at the sandbox's carrier: 3041 a device, 9998 a store that takes texts
alone, 3043 power off, 3054 spam, 9999 no answer.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as each
from hypothesis import strategies as st

from seonmul.dispatch import actions as dispatch
from seonmul.dispatch import queries as dispatch_now
from seonmul.dispatch import rules
from seonmul.dispatch.actions import Outgoing
from seonmul.dispatch.models import Attempt, Batch, Message
from seonmul.dispatch.ports import PENDING, Result
from seonmul.gifts import actions, queries
from seonmul.gifts.models import Fallback, Gift
from seonmul.kit import clock, crypto
from seonmul.ledger import queries as ledger
from seonmul.orders import actions as orders
from seonmul.orders.lists import Cells
from seonmul.orders.models import DraftRow, Order, Recipient
from seonmul.vouchers.models import Voucher
from tests import given
from tests.dispatch.test_sending import KINDS, hand_over, phone_of
from tests.threads import at_once

pytestmark = pytest.mark.django_db

DEVICE, POWER_OFF, SILENT, FINE = "01020003041", "01020003043", "01020009999", "01020000001"
TEXTS_ONLY = "01020009998"
KIM = "kim@gaon.example"


def test_every_result_leads_somewhere_or_is_said_to_lead_nowhere() -> None:
    """S1: device, content, vendor to the next; another failure to a mail only; no answer to nothing."""
    groups = [rules.TO_NEXT, rules.TO_MAIL, rules.TO_NOTHING, PENDING]
    assert set().union(*groups) == set(Result) and sum(map(len, groups)) == len(Result)
    assert {Result.DEVICE, Result.CONTENT, Result.VENDOR} == rules.TO_NEXT
    assert Result.NO_ANSWER in rules.TO_NOTHING and Result.IN_DOUBT in rules.TO_NOTHING


@pytest.mark.parametrize(
    ("channel", "result", "has_mail", "then"),
    [
        ("mms", "device", False, "lms"), ("mms", "content", True, "lms"), ("lms", "vendor", True, "mail"),
        ("lms", "device", False, ""), ("sms", "device", True, "mail"), ("mms", "power_off", True, "mail"),
        ("mms", "spam", False, ""), ("mail", "content", True, ""), ("mms", "no_answer", True, ""),
        ("mms", "in_doubt", True, ""), ("mms", "delivered", True, ""), ("mms", "withdrawn", True, ""),
    ],
)  # fmt: skip
def test_where_a_failure_leads(channel: str, result: str, has_mail: bool, then: str) -> None:
    """S1"""
    found = rules.next_channel(channel, Result(result), ways=("mms", "lms", "sms", "mail"), has_mail=has_mail)
    assert found == then


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@each(
    st.sampled_from(["mms", "lms", "sms", "mail"]),
    st.lists(st.sampled_from(list(Result)), min_size=4, max_size=4),
    st.sets(st.sampled_from(["mms", "lms", "sms", "mail"])),
    st.booleans(),
)
def test_a_message_only_ever_goes_down_and_comes_to_an_end(
    channel: str, results: list[Result], ways: set[str], has_mail: bool
) -> None:
    """S1: no channel twice, none that the product does not go by, a mail only to who has an address, at most three in all."""
    tried = [channel]
    for result in results:
        following = rules.next_channel(tried[-1], result, ways=ways, has_mail=has_mail)
        if not following:
            break
        assert following in ways and following in rules.ways_below(tried[-1])
        assert following != "mail" or has_mail
        assert result in rules.TO_NEXT or (result in rules.TO_MAIL and following == "mail")
        tried.append(following)
    assert len(tried) == len(set(tried)) <= 3


def placed(numbers: list[str], mail: str = KIM, channel: str = "mms", **saved: object) -> Order:
    """A paid order that falls back; all its people have this mail address."""
    product = given.product(channels=["mms", "lms", "sms", "mail"])
    told = {"channel": channel, "falls_back": True} | saved
    order = given.placed(given.company(), numbers, product, at=clock.now(), **told)
    ring = crypto.ring()
    for row in Recipient.objects.filter(line__order=order):
        cells = Cells.unpacked(ring.open(DraftRow.CELLS, row.cells_sealed))
        Recipient.objects.filter(id=row.id).update(
            cells_sealed=ring.seal(DraftRow.CELLS, cells._replace(mail=mail).packed())
        )
    return order


def steps(order: Order) -> list[list[tuple[str, str, int, bool]]]:
    """Of each gift its attempts, oldest first: channel, result, price, whether it followed."""
    return [
        [
            (one.channel, str(one.result), one.price_won, one.is_fallback)
            for one in reversed(dispatch_now.attempts_about(gift.id))
        ]
        for gift in Gift.objects.filter(order=order).order_by("position")
    ]


def settle() -> None:
    """Work as the queue would, and ask for results, until every batch has its end."""
    for _ in range(6):
        given.worked()
        for batch_id in Batch.objects.filter(state="handed").values_list("id", flat=True):
            dispatch.ask(batch_id, at=clock.now())
    given.worked()


def test_a_device_without_mms_gets_a_text_and_then_a_mail(carrier) -> None:
    """S1: each step is an attempt with its price in the same history; the voucher stays the same."""
    order = placed([DEVICE, FINE])
    settle()
    assert steps(order) == [
        [("mms", "device", 200, False), ("lms", "device", 50, True), ("mail", "delivered", 0, True)],
        [("mms", "delivered", 200, False)],
    ]
    gift = Gift.objects.get(order=order, position=1)
    assert gift.result == "delivered" and Voucher.objects.filter(id=gift.voucher_id).count() == 1
    (mail,) = carrier.mails(KIM)
    assert queries.link_of(gift) in mail["text"]
    order.refresh_from_db()
    assert order.state == "finished" and Voucher.objects.count() == 2, "never two codes"


@pytest.mark.parametrize("name", ["solapi", "nhn"])
def test_a_phone_that_takes_no_picture_gets_a_text(carrier, settings, name) -> None:
    """S1: one code, two messages, each with its price; the copy has arrived, and no mail follows."""
    settings.CARRIER = name
    order = placed([TEXTS_ONLY])
    settle()
    assert steps(order) == [[("mms", "device", 200, False), ("lms", "delivered", 50, True)]]
    gift = Gift.objects.get(order=order)
    assert gift.result == "delivered" and Voucher.objects.count() == 1 and carrier.mails(KIM) == []
    by_text, by_picture = sorted(phone_of(carrier, TEXTS_ONLY), key=lambda one: one["type"])
    assert (by_text["type"], by_picture["type"]) == ("LMS", "MMS")
    assert queries.link_of(gift) in by_text["text"]


def test_a_phone_that_is_off_gets_a_mail_only(carrier) -> None:
    """S1"""
    order = placed([POWER_OFF])
    settle()
    assert steps(order) == [[("mms", "power_off", 200, False), ("mail", "delivered", 0, True)]]


def test_without_an_address_and_without_a_word_nothing_follows(carrier) -> None:
    """S1: where the order says so; a mail only to who has one."""
    without = placed([POWER_OFF], mail="")
    garbled = placed([POWER_OFF], mail="kim(at)gaon")
    unsaid = placed([DEVICE], falls_back=False)
    settle()
    for order in (without, garbled, unsaid):
        assert len(steps(order)[0]) == 1 and Order.objects.get(id=order.id).state == "finished"
    assert not Fallback.objects.filter(line__order=unsaid).exists()


def test_a_channel_that_the_product_does_not_go_by_is_left_out(carrier) -> None:
    """C1, S1"""
    product = given.product(channels=["mms", "mail"])
    order = given.placed(given.company(), [DEVICE], product, at=clock.now(), channel="mms", falls_back=True)
    settle()
    assert [one[0] for one in steps(order)[0]] == ["mms"]
    assert list(Fallback.objects.filter(line__order=order).values_list("channel", flat=True)) == ["mail"]


def ask(batch: Batch, at: datetime) -> None:
    dispatch.ask(batch.id, at=at)
    given.worked(only="gifts.", later=False)


def handed(order: Order) -> Batch:
    given.worked(only="gifts.")
    return hand_over(Batch.objects.get(attempts__message__subject=Gift.objects.get(order=order).id))


def test_no_answer_leads_to_nothing_and_a_late_failure_neither(carrier) -> None:
    """S1, S4"""
    order = placed([SILENT])
    batch = handed(order)
    assert batch.handed_at
    ask(batch, batch.handed_at + timedelta(hours=82))
    gift = Gift.objects.get(order=order)
    assert gift.result == "no_answer" and len(steps(order)[0]) == 1
    Attempt.objects.filter(batch=batch).update(result="device")
    actions.note_results(batch.id, at=batch.handed_at + timedelta(hours=83))
    assert len(steps(order)[0]) == 1


def following(order: Order) -> Batch:
    return Batch.objects.get(attempts__message__after_id__isnull=False)


def failed(order: Order) -> Batch:
    """The order's first batch has failed, and what follows is queued, not handed over."""
    batch = handed(order)
    dispatch.ask(batch.id, at=clock.now())
    actions.note_results(batch.id, at=clock.now())
    assert [one[1] for one in steps(order)[0]] == ["device", "waiting"]
    return batch


def test_a_late_truth_stops_what_was_to_follow(carrier) -> None:
    """S1: delivered after all: nothing is sent twice."""
    order = placed([DEVICE])
    batch = failed(order)
    Attempt.objects.filter(batch=batch).update(result="delivered")
    actions.note_results(batch.id, at=clock.now())
    given.worked()
    assert [one[1] for one in steps(order)[0]] == ["delivered", "withdrawn"]
    assert Gift.objects.get(order=order).result == "delivered" and carrier.mails() == []
    assert [text["type"] for text in phone_of(carrier, DEVICE)] == ["MMS"]


def test_a_late_truth_ends_the_row_of_steps(carrier) -> None:
    """S1: what followed has gone out already, and fails: no third message."""
    order = placed([DEVICE])
    batch = failed(order)
    second = hand_over(following(order))
    Attempt.objects.filter(batch=batch).update(result="delivered")
    actions.note_results(batch.id, at=clock.now())
    dispatch.ask(second.id, at=clock.now())
    actions.note_results(second.id, at=clock.now())
    assert [one[1] for one in steps(order)[0]] == ["delivered", "device"]
    assert Gift.objects.get(order=order).result == "delivered"


def test_a_voucher_that_was_used_meanwhile_is_followed_by_nothing(carrier) -> None:
    """S5: the gate is asked for each step anew."""
    order = placed([DEVICE])
    failed(order)
    Voucher.objects.update(state="used")
    hand_over(following(order))
    assert [text["type"] for text in phone_of(carrier, DEVICE)] == ["MMS"]


def test_a_stopped_order_is_followed_by_nothing(carrier) -> None:
    """S6"""
    order = placed([DEVICE])
    batch = handed(order)
    Order.objects.filter(id=order.id).update(halted_at=clock.now())
    dispatch.ask(batch.id, at=clock.now())
    actions.note_results(batch.id, at=clock.now())
    assert len(steps(order)[0]) == 1


def test_a_stop_does_not_wait_for_what_was_to_follow_later(carrier) -> None:
    """S6, S7, O9: the text that follows was put off, since its recipient gets so much; it never goes, and the price comes back."""
    order = placed([DEVICE], mail="", spreads=True)
    before = ledger.balances(order.buyer_id).cash_won
    batch = handed(order)
    letter = dispatch.write_letter(
        order.buyer_id, channel="lms", sender=order.sender, title="", text="안녕", at=clock.now()
    )
    dispatch.queue(letter.id, [Outgoing(uuid4(), DEVICE, {}) for _ in range(9)], at=clock.now())
    dispatch.ask(batch.id, at=clock.now())
    actions.note_results(batch.id, at=clock.now())
    later = following(order)
    assert later.rests_until and later.rests_until > clock.now() + timedelta(minutes=10)
    assert queries.put_off(order.id, clock.now())[0] == 1
    actions.halt(order.id, by=order.member, at=clock.now())
    given.worked(later=False)
    gift = Gift.objects.select_related("voucher").get(order=order)
    assert (gift.result, gift.voucher.state) == ("withdrawn", "refunded")
    order.refresh_from_db()
    assert order.state == "finished"
    assert ledger.balances(order.buyer_id).cash_won == before + order.amount_won
    assert queries.faults() == ledger.faults() == dispatch_now.faults() == []


def test_a_resend_falls_back_by_itself_and_is_counted_once(carrier) -> None:
    """S5: fallbacks are not counted."""
    order = placed([DEVICE], mail="")
    settle()
    assert [one[0] for one in steps(order)[0]] == ["mms", "lms"]
    gift = Gift.objects.get(order=order)
    later = clock.now() + timedelta(minutes=10)
    assert actions.resend([gift.id], by=order.member, at=later).sent == 1
    settle()
    assert sorted(one[0] for one in steps(order)[0]) == ["lms", "lms", "mms", "mms"]
    assert Gift.objects.get(order=order).resends == 1


def test_what_fails_at_another_number_is_followed_although_the_old_one_got_it(carrier) -> None:
    """S1, S5: what arrived at the number that the copy has left says nothing of the new one."""
    order = placed([FINE], mail="")
    settle()
    gift = Gift.objects.get(order=order)
    assert gift.result == "delivered"
    actions.change_number(gift.id, TEXTS_ONLY, subject=uuid4(), by=given.operator(), at=clock.now())
    settle()
    assert sorted(one[:2] for one in steps(order)[0]) == [
        ("lms", "delivered"), ("mms", "delivered"), ("mms", "device"),
    ]  # fmt: skip
    assert Gift.objects.get(order=order).result == "delivered"


@pytest.mark.django_db(transaction=True)
def test_results_heard_at_the_same_moment_are_followed_once(carrier) -> None:
    """S1, S3: the gift's lock lines them up, and one attempt leads to one message."""
    order = placed([DEVICE, "01020013041", "01020023041"])
    batch = handed_all(order)
    dispatch.ask(batch.id, at=clock.now())
    outcomes = at_once([lambda: actions.note_results(batch.id, at=clock.now())] * 4)
    assert outcomes == [None] * 4
    assert Message.objects.exclude(after_id=None).count() == 3
    assert all(len(one) == 2 for one in steps(order))


def handed_all(order: Order) -> Batch:
    given.worked(only="gifts.")
    return hand_over(Batch.objects.get(letter__channel="mms"))


@pytest.mark.parametrize("route", ["create", "add", "ask", "send"])
@pytest.mark.parametrize("kind", KINDS)
def test_trouble_at_a_step_never_sends_it_twice(carrier, kind: str, route: str) -> None:
    """S1, S3: a step is a batch like any other: handed over in three beats, asked about before it is repeated."""
    order = placed([DEVICE], mail="")
    failed(order)
    carrier.fault(kind, route=route, times=1, seconds=0.3)
    assert hand_over(following(order)).state == "handed"
    assert sorted(str(text["type"]) for text in phone_of(carrier, DEVICE)) == ["LMS", "MMS"]
    assert carrier.inside("GET", "stats")["duplicates"] == 0 and dispatch_now.faults() == []


def test_many_fail_and_are_followed_in_a_few_statements(carrier, django_assert_max_num_queries) -> None:
    """S1: set-based; as many statements for thirty as for three."""
    order = placed([f"0102{n:03d}3041" for n in range(30)], mail="")
    batch = handed_all(order)
    dispatch.ask(batch.id, at=clock.now())
    with django_assert_max_num_queries(30):
        actions.note_results(batch.id, at=clock.now())
    assert Message.objects.exclude(after_id=None).count() == 30
    assert Batch.objects.filter(attempts__message__after_id__isnull=False).distinct().count() == 1


def test_the_order_page_says_it_and_keeps_it(client) -> None:
    """S1: a switch beside the message."""
    who = given.company()
    draft = given.draft(who, [FINE], at=clock.now())
    client.force_login(who.owner)
    address = f"/orders/drafts/{draft.public_id}/"
    page = client.get(address).content.decode()
    assert 'id="falls_back"' in page and 'id="falls_back" name="falls_back" value="on" checked' not in page
    sent = {"sender": draft.sender, "channel": "mms", "text": "안녕", "title": "선물", "purpose": "employees"}
    client.post(f"{address}save/", sent | {"falls_back": "on", "is_lawful": "on"})
    draft.refresh_from_db()
    assert draft.falls_back and draft.channel == "mms"
    assert 'name="falls_back" value="on" checked' in client.get(address).content.decode()
    assert orders and UUID(str(draft.id))
    picture = client.get(f"{address}picture.jpg")
    assert picture["Content-Type"] == "image/jpeg" and len(picture.content) < 200_000

"""Handing over exactly once, whatever the carrier or the process does. S3

The carrier is the sandbox over HTTP; a process that dies between two beats is one that claimed, called, and never
recorded.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from seonmul.dispatch import actions, carriers, queries
from seonmul.dispatch.actions import Outgoing, _results, _sending
from seonmul.dispatch.models import Attempt, Batch, SenderNumber
from seonmul.dispatch.ports import Progress, Result
from seonmul.kit import clock, wire
from seonmul.members.models import Buyer
from tests import given

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer() -> Buyer:
    return given.company(cash_won=0).buyer


def batch_to(buyer: Buyer, numbers: list[str], text: str = "안녕하세요 #{이름}", **letter: str) -> Batch:
    at = clock.now()
    told = {"channel": "lms", "sender": "15770000", "title": "선물", "text": text} | letter
    written = actions.write_letter(buyer.id, at=at, **told)  # type: ignore[arg-type]
    actions.queue(written.id, [Outgoing(uuid4(), to, {"이름": "김서연"}) for to in numbers], at=at)
    return Batch.objects.get(letter=written)


def hand_over(batch: Batch, tries: int = 6) -> Batch:
    """Send as job and sweep would: again and again, later and later, until it is handed over."""
    at = clock.now()
    for _ in range(tries):
        try:
            actions.send(batch.id, at=at)
        except wire.WireError:
            pass
        at += timedelta(minutes=5)
        batch.refresh_from_db()
        if batch.state != "open":
            break
    return batch


def phone_of(carrier: object, to: str) -> list[dict[str, object]]:
    found = carrier.ask("GET", f"/_/messages?to={to}").json  # type: ignore[attr-defined]
    assert isinstance(found, list)
    return found


def test_a_batch_is_handed_over_and_every_result_comes_back(carrier, buyer):
    """S3, S4"""
    batch = hand_over(batch_to(buyer, ["01020000001", "01020003043", "01020001062"]))
    assert (batch.state, batch.trouble) == ("handed", "")
    actions.ask(batch.id, at=clock.now())
    results = list(Attempt.objects.filter(batch=batch).order_by("id").values_list("result", "vendor_code"))
    assert results == [("delivered", "4000"), ("power_off", "3043"), ("sender", "1062")]
    assert Batch.objects.get(id=batch.id).state == "ended"
    assert phone_of(carrier, "01020000001")[0]["text"] == "안녕하세요 김서연"


KINDS = ["timeout_after_accept", "error_500", "html_error", "drop_connection", "refuse"]


@pytest.mark.parametrize("route", ["create", "add", "ask", "send"])
@pytest.mark.parametrize("kind", KINDS)
def test_trouble_at_any_call_still_sends_once(carrier, buyer, kind, route):
    """S3: time-outs after accepting, errors, lost connections, refusals."""
    carrier.fault(kind, route=route, times=1, seconds=0.3)
    batch = hand_over(batch_to(buyer, ["01020000001", "01020010001"]))
    assert batch.state == "handed"
    for number in ("01020000001", "01020010001"):
        assert len(phone_of(carrier, number)) == 1
    assert carrier.inside("GET", "stats")["duplicates"] == 0
    assert queries.faults() == []


def test_who_was_overtaken_records_nothing(carrier, buyer):
    """S3: a worker that slept through its claim must not write over what its successor wrote."""
    batch = batch_to(buyer, ["01020000001"])
    at = clock.now()
    claim = _sending._claim(batch.id, at)
    assert claim is not None
    step = carriers.carrier_of("solapi").step(str(batch.id), claim[1], list, is_again=False)
    actions.send(batch.id, at=at + timedelta(minutes=5))
    with pytest.raises(wire.InDoubt):
        _sending._record(batch, Progress(), step, at)
    assert len(phone_of(carrier, "01020000001")) == 1


@pytest.mark.parametrize("is_in_doubt", [True, False])
def test_who_was_overtaken_does_not_give_its_successors_claim_away(carrier, buyer, is_in_doubt):
    """S3: or a third one would take up what the second is handing over."""
    batch, at = batch_to(buyer, ["01020000001"]), clock.now()
    first = _sending._claim(batch.id, at)
    second = _sending._claim(batch.id, at + timedelta(minutes=5))
    assert first is not None and second is not None and second[2], "the second one asks before it acts"
    _sending._let_go(first[0], at, wire.Unreached("too late"), is_in_doubt=is_in_doubt)
    assert Batch.objects.get(id=batch.id).claimed_until == second[0].claimed_until
    assert _sending._claim(batch.id, at + timedelta(minutes=5, seconds=1)) is None
    _sending._let_go(second[0], at, wire.Unreached("in time"), is_in_doubt=is_in_doubt)
    assert _sending._claim(batch.id, at + timedelta(minutes=5, seconds=1)) is not None


def test_a_claim_is_held_on_from_the_moment_of_each_step(carrier, buyer):
    """S3: a job may go on for longer than one claim."""
    batch, at = batch_to(buyer, ["01020000001"]), clock.now()
    claim = _sending._claim(batch.id, at)
    assert claim is not None
    step = carriers.carrier_of("solapi").step(str(batch.id), claim[1], list, is_again=False)
    _sending._record(claim[0], Progress(), step, at, now=at + timedelta(minutes=1))
    assert _sending._claim(batch.id, at + timedelta(seconds=91)) is None
    assert _sending._claim(batch.id, at + timedelta(seconds=151)) is not None


def test_messages_added_twice_are_thrown_away_before_anything_is_sent(carrier, buyer):
    """S3: the group is looked at before it is switched on."""
    batch = batch_to(buyer, ["01020000001"])
    outside = carriers.carrier_of("solapi")
    created = outside.step(str(batch.id), Progress(), list, is_again=False)
    parcels = queries.parcels_of(batch)
    added = outside.step(str(batch.id), created.progress, lambda: parcels, is_again=False)
    outside.step(str(batch.id), created.progress, lambda: parcels, is_again=False)
    again = outside.step(str(batch.id), added.progress, lambda: parcels, is_again=False)
    assert again.progress == Progress() and not again.is_handed
    assert phone_of(carrier, "01020000001") == []


def test_a_carrier_without_balance_keeps_the_batch_waiting_and_says_so(carrier, buyer):
    """S3: a message not accepted is never forgotten."""
    carrier.fault("refuse", route="add", times=1, status=402, errorCode="NotEnoughBalance")
    batch = batch_to(buyer, ["01020000001"])
    with pytest.raises(wire.Declined):
        actions.send(batch.id, at=clock.now())
    assert [b.trouble for b in queries.troubled()] == ["Declined NotEnoughBalance (402)"]
    assert hand_over(batch).state == "handed" and queries.troubled() == []


def test_the_sweep_takes_up_batches_whose_job_is_lost(carrier, buyer):
    """S3: sweeps look for open rows, not for jobs."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    batch = batch_to(buyer, ["01020000001"])
    ProcrastinateJob.objects.all()._raw_delete("default")
    actions.sweep(at=clock.now() + timedelta(minutes=1))
    given.worked()
    assert len(phone_of(carrier, "01020000001")) == 1
    batch.refresh_from_db()
    actions.sweep(at=clock.now() + timedelta(minutes=2))
    given.worked()
    assert Attempt.objects.get(batch=batch).result == Result.DELIVERED


def test_a_report_is_a_hint_that_is_asked_for_before_it_is_believed(carrier, buyer):
    """S4: a forged report changes nothing by itself."""
    batch = hand_over(batch_to(buyer, ["01020003043"]))
    attempt = Attempt.objects.get(batch=batch)
    forged = (
        f'[{{"eventDataId":"EV1","data":{{"messageId":"{attempt.vendor_id}","groupId":"{batch.handle}",'
        f'"statusCode":"4000","customFields":{{"attempt":"{attempt.id}"}}}},"retryCount":0}}]'
    )
    for _ in range(2):  # and it may come twice
        actions.keep_report("solapi", {"content-type": "application/json"}, forged.encode(), at=clock.now())
    given.worked()
    attempt.refresh_from_db()
    assert (attempt.result, attempt.vendor_code) == ("power_off", "3043")


def test_reports_that_cannot_be_read_or_know_nobody_are_kept_and_harmless(carrier, buyer):
    at = clock.now()
    for body in (b"[]", b"{}", b'[{"groupId":"G4Vnobody"}]', b'[{"data":null}, 7]', b"<html>"):
        actions.keep_report("solapi", {}, body, at=at)
    assert given.worked() == 5
    assert actions.forget_reports(at=at + timedelta(days=29)) == 0
    assert actions.forget_reports(at=at + timedelta(days=31)) == 5


def test_no_answer_after_81_hours_and_a_later_truth_overrides_it(carrier, buyer):
    """S4"""
    batch = hand_over(batch_to(buyer, ["01020009999"]))
    handed = batch.handed_at
    assert handed
    actions.ask(batch.id, at=handed + timedelta(hours=80))
    assert Attempt.objects.get(batch=batch).result == "accepted"
    actions.ask(batch.id, at=handed + timedelta(hours=82))
    attempt = Attempt.objects.get(batch=batch)
    assert (attempt.state, attempt.result) == ("ended", "no_answer")
    told = {"statusCode": "4000", "customFields": {"attempt": str(attempt.id)}}
    carrier.fault("answer", route="ask", times=1, body={"messageList": {attempt.vendor_id: told}})
    hint = f'[{{"groupId":"{batch.handle}"}}]'.encode()
    actions.keep_report("solapi", {}, hint, at=handed + timedelta(hours=90))
    given.worked()
    attempt.refresh_from_db()
    assert attempt.result == "delivered"
    actions.ask(batch.id, at=handed + timedelta(hours=91))
    assert Batch.objects.get(id=batch.id).asks == 3, "there is nothing more to come"


def test_an_answer_never_turns_an_end_back_into_waiting(carrier, buyer):
    """S4: reports out of order."""
    from seonmul.dispatch.ports import Receipt

    batch = hand_over(batch_to(buyer, ["01020000001"]))
    actions.ask(batch.id, at=clock.now())
    attempt = Attempt.objects.get(batch=batch)
    stale = [Receipt(str(attempt.id), attempt.vendor_id, "3000", Result.ACCEPTED)]
    assert _results.note_receipts(batch.id, stale, clock.now()) == 0
    attempt.refresh_from_db()
    assert attempt.result == "delivered"


def test_subjects_that_the_gate_withdraws_are_not_sent(carrier, settings):
    """S5: re-checked when sending."""
    who = given.company()
    order = given.placed(who, ["01020000001", "01020010001"])
    from seonmul.gifts import actions as gifts
    from seonmul.gifts.models import Chunk, Gift
    from seonmul.vouchers.models import Voucher

    gifts.start(order.id, at=given.MONDAY)
    gifts.issue_chunk(Chunk.objects.get(order=order).id, at=given.MONDAY)
    used = Gift.objects.get(order=order, position=1)
    Voucher.objects.filter(id=used.voucher_id).update(state="used")
    hand_over(Batch.objects.get(letter__buyer=who.buyer))
    assert phone_of(carrier, "01020000001") == []
    assert len(phone_of(carrier, "01020010001")) == 1
    given.worked()
    used.refresh_from_db()
    assert used.result == "withdrawn"


def test_a_sender_must_be_approved_and_registered(buyer):
    """M6"""
    SenderNumber.objects.create(buyer=buyer, digits="15880000", state="approved", added_at=given.MONDAY)
    SenderNumber.objects.create(
        buyer=buyer, digits="16610000", state="pending", is_registered_at_carrier=True, added_at=given.MONDAY
    )
    assert [sender.digits for sender in queries.senders_of(buyer.id, uuid4())] == ["15770000"]


def test_nothing_personal_stands_in_the_tables_or_jobs(carrier, buyer):
    """X2"""
    from django.db import connection

    batch_to(buyer, ["01020000001"], text="#{이름} 님 비밀")
    with connection.cursor() as cursor:
        for table in ("dispatch_message", "dispatch_letter", "dispatch_attempt", "procrastinate_jobs"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            dump = cursor.fetchone()[0] or ""
            for secret in ("01020000001", "김서연", "비밀"):
                assert secret not in dump and secret.encode().hex() not in dump


def test_a_batch_of_more_than_a_thousand_is_two(buyer):
    letter = actions.write_letter(
        buyer.id, channel="lms", sender="15770000", title="", text="안녕", at=given.MONDAY
    )
    outgoing = [Outgoing(UUID(int=n), "01020000001", {}) for n in range(1001)]
    actions.queue(letter.id, outgoing, at=given.MONDAY)
    assert sorted(Batch.objects.values_list("size", flat=True)) == [1, 1000]

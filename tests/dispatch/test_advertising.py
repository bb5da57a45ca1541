"""O3, S7: what stands around advertising, when it may go, and who wants none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from seonmul.audit.models import Act
from seonmul.dispatch import actions, queries, rules
from seonmul.dispatch.actions import Outgoing
from seonmul.dispatch.models import Attempt, Batch, OptOut
from seonmul.dispatch.ports import Result
from seonmul.dispatch.rules import Ad, AdRefusal
from seonmul.kit import clock, crypto, phones
from seonmul.kit.refusals import Refused
from tests import given
from tests.given import MONDAY

END = "\n무료수신거부 080-234-5678"
AD = Ad("주식회사 꽃길", "0234567890", "0802345678")


@pytest.mark.parametrize(
    ("ad", "refusal"),
    [
        (Ad(" ", "15770000", "0802345678"), AdRefusal.NO_NAME),
        (Ad("가" * 21, "15770000", "0802345678"), AdRefusal.NO_NAME),
        (Ad("꽃길😀", "15770000", "0802345678"), AdRefusal.NO_NAME),
        (Ad("꽃길", "1234", "0802345678"), AdRefusal.NO_CONTACT),
        (Ad("꽃길", "15770000", "0234567890"), AdRefusal.NO_OPT_OUT),
        (Ad("꽃길", "15770000", ""), AdRefusal.NO_OPT_OUT),
    ],
)
def test_what_may_stand_around_advertising(ad, refusal):
    """O3"""
    no = rules.why_not_set_ad(ad, may_set=True)
    assert no is not None and no.why is refusal


def test_who_may_set_it():
    """O3, M7"""
    no = rules.why_not_set_ad(AD, may_set=False)
    assert no is not None and no.why is AdRefusal.NOT_A_BUYER
    assert rules.why_not_set_ad(AD, may_set=True) is None


@each(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_no_advertising_between_nine_and_eight(at):
    """O3: by Seoul's clock, whatever the server's; the morning that is named is by day, and the first one."""
    hour = at.astimezone(clock.SEOUL).hour
    morning = rules.rests_until(at)
    no = rules.why_not_advertise(AD, at)
    assert (morning is None) == (8 <= hour < 21) == (no is None)
    if morning:
        assert no is not None and no.why is AdRefusal.AT_NIGHT
        assert timedelta() < morning - at <= timedelta(hours=11)
        assert rules.rests_until(morning) is None
        assert rules.rests_until(morning - timedelta(seconds=1)) == morning


def test_advertising_needs_its_marks():
    """O3"""
    no = rules.why_not_advertise(None, MONDAY)
    assert no is not None and no.why is AdRefusal.NOT_SET


@each(st.text(alphabet="가나다 \n!", max_size=40))
def test_the_mark_comes_first_and_the_refusal_last(text):
    """O3, providers 5.3"""
    made = rules.ad_text(text, AD)
    assert made.startswith("(광고)주식회사 꽃길 02-3456-7890\n")
    assert made.endswith("\n무료수신거부 080-234-5678")
    assert text.rstrip() in made
    assert rules.ad_text(text, None) == text
    assert rules.ad_title("봄", AD) == "(광고)봄" and rules.ad_title("", AD) == "" == rules.ad_title("", None)


@pytest.mark.django_db
class TestKept:
    def test_set_and_read_again(self):
        """O3: typed as people write numbers; every change is in the company's record."""
        firm = given.company()
        assert queries.ad_of(firm.buyer.id) is None
        actions.set_ad(firm.owner, Ad(" 꽃길 ", "02-3456-7890", "080-234-5678"), at=MONDAY)
        assert queries.ad_of(firm.buyer.id) == Ad("꽃길", "0234567890", "0802345678")
        with pytest.raises(Refused):
            actions.set_ad(firm.owner, Ad("꽃길", "02-3456-7890", "1577-0000"), at=MONDAY)
        assert queries.ad_of(firm.buyer.id).opt_out == "0802345678"
        assert Act.objects.filter(verb="ad_notice_set", company=firm.buyer.id).count() == 1

    def test_who_does_not_buy_changes_nothing(self):
        """O3, M7"""
        firm = given.company()
        with pytest.raises(Refused) as refused:
            actions.set_ad(firm.approver, AD, at=MONDAY)
        assert refused.value.no.why is AdRefusal.NOT_A_BUYER
        with pytest.raises(Refused):
            actions.note_opt_outs(firm.approver, "010-2222-0001", at=MONDAY)

    def test_opt_outs_are_sealed_and_counted_once(self):
        """S7: pasted as it comes; the same number again is no second row; another company is not concerned."""
        firm, other = given.company(), given.company()
        pasted = "이름\t번호\n김\t010-2222-0001\n이\t01022220002\n"
        assert actions.note_opt_outs(firm.owner, pasted, at=MONDAY) == 2
        assert actions.note_opt_outs(firm.owner, "01022220002", at=MONDAY) == 0
        index = crypto.ring().index(phones.INDEX, "01022220001")
        assert queries.opted_out(firm.buyer.id, [index]) == {index}
        assert queries.opted_out(other.buyer.id, [index]) == set()
        row = OptOut.objects.get(to_index=index)
        assert b"22220001" not in bytes(row.to_sealed)
        assert crypto.ring().open(OptOut.TO, row.to_sealed) == "01022220001"
        assert not actions.drop_opt_out(other.owner, row.public_id, at=MONDAY)
        assert actions.drop_opt_out(firm.owner, row.public_id, at=MONDAY)
        assert queries.opted_out(firm.buyer.id, [index]) == set()
        with pytest.raises(Refused) as refused:
            actions.note_opt_outs(firm.owner, "번호 없음", at=MONDAY)
        assert refused.value.no.why is AdRefusal.NO_NUMBERS

    def test_who_refused_since_it_was_written_gets_none(self, carrier):
        """S7: asked in the moment of sending; other messages of that company still arrive."""
        firm = given.company()
        for is_ad in (True, False):
            letter = actions.write_letter(
                firm.buyer.id, channel="lms", sender="15770000", title="", text="할인", is_ad=is_ad, at=MONDAY
            )
            numbers = ["01022220001", "01022230001"]
            actions.queue(letter.id, [Outgoing(uuid4(), to, {}) for to in numbers], at=MONDAY)
        actions.note_opt_outs(firm.owner, "01022220001", at=MONDAY)
        for batch in Batch.objects.all():
            actions.send(batch.id, at=MONDAY)
        assert len(carrier.ask("GET", "/_/messages?to=01022220001").json) == 1
        assert len(carrier.ask("GET", "/_/messages?to=01022230001").json) == 2
        gone = Attempt.objects.get(result=Result.WITHDRAWN)
        assert gone.batch.letter.is_ad

    @pytest.mark.parametrize("name", ["solapi", "nhn", "smtp"])
    def test_what_was_begun_before_nine_does_not_go_on_after_it(self, carrier, settings, name: str):
        """O3: a vendor that takes its time carries nothing past nine; in the morning it goes, once."""
        settings.CARRIER = name if name != "smtp" else settings.CARRIER
        channel, route = (
            ("mail", "data") if name == "smtp" else ("lms", "ask" if name == "solapi" else "send")
        )
        numbers = (
            ["kim@gaon.example", "lee@gaon.example"] if name == "smtp" else ["01022220001", "01022230001"]
        )
        nine = datetime(2026, 11, 23, 21, 0, tzinfo=clock.SEOUL)
        sender = "" if name == "smtp" else "15770000"
        letter = actions.write_letter(
            given.company().buyer.id,
            channel=channel,
            sender=sender,
            title="봄",
            text=f"할인{END}",
            is_ad=True,
            at=nine,
        )
        actions.queue(letter.id, [Outgoing(uuid4(), to, {}) for to in numbers], at=nine)
        batch = Batch.objects.get(letter=letter)
        fault = "mail" if name == "smtp" else name
        carrier.fault("slow", provider=fault, route=route, times=1, seconds=3.5)
        actions.send(batch.id, at=nine - timedelta(seconds=3))
        gone = len(carrier.inside("GET", "messages"))
        assert gone == (0 if name == "solapi" else 1)
        actions.send(batch.id, at=nine + timedelta(seconds=1))
        batch.refresh_from_db()
        morning = datetime(2026, 11, 24, 8, 0, tzinfo=clock.SEOUL)
        assert (batch.state, batch.rests_until) == ("open", morning)
        assert len(carrier.inside("GET", "messages")) == gone
        actions.send(batch.id, at=morning)
        batch.refresh_from_db()
        assert batch.state == "handed" and len(carrier.inside("GET", "messages")) == 2
        assert carrier.inside("GET", "stats")["duplicates"] == 0 and queries.faults() == []

    @pytest.mark.parametrize("mark", ["is_ad", "by_day"])
    def test_what_goes_by_day_rests_at_night(self, carrier, mark: str):
        """O3, V4: advertising and reminders: what was begun in the evening goes on in the morning, once; others go at any hour."""
        firm = given.company()
        night = datetime(2026, 11, 23, 22, 0, tzinfo=clock.SEOUL)
        for rests in (True, False):
            letter = actions.write_letter(
                firm.buyer.id,
                channel="lms",
                sender="15770000",
                title="",
                text="할인",
                at=night,
                **{mark: rests},
            )
            actions.queue(letter.id, [Outgoing(uuid4(), "01022220001", {})], at=night)
            batch = Batch.objects.get(letter=letter)
            actions.send(batch.id, at=night)
            batch.refresh_from_db()
            assert batch.state == ("open" if rests else "handed")
        resting = Batch.objects.get(letter__by_day=True)
        later = night + timedelta(hours=1)
        assert queries.open_batches(later, later) == []
        morning = datetime(2026, 11, 24, 8, 0, tzinfo=clock.SEOUL)
        assert queries.open_batches(morning, morning) == [resting.id]
        actions.send(resting.id, at=morning)
        resting.refresh_from_db()
        assert resting.state == "handed"
        assert len(carrier.ask("GET", "/_/messages?to=01022220001").json) == 2

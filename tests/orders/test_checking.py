"""O4, S7, O2: the check before paying: what speaks against a recipient, kept with the draft, never in the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given as each
from hypothesis import strategies as st

from seonmul.dispatch import actions as dispatch
from seonmul.dispatch import rules as dispatch_rules
from seonmul.dispatch.actions import Outgoing
from seonmul.dispatch.models import Attempt, AttemptState, Batch, Reach
from seonmul.dispatch.ports import Result
from seonmul.dispatch.rules import COUNTS_AGAINST, rests_until
from seonmul.figures.rules import Figures
from seonmul.kit import crypto, phones
from seonmul.orders import actions, queries, rules
from seonmul.orders.models import DraftRow, Look, Order, Recipient, Warned
from seonmul.orders.rules import WARNING_BITS, NumberFacts, Remedy, Sign, Weight
from tests import given
from tests.given import MONDAY

FIGURES = Figures()
_counts = st.integers(0, 40)
numbers = st.builds(
    NumberFacts,
    copies=st.integers(1, 5),
    failed=_counts,
    result=st.sampled_from(["", *sorted(COUNTS_AGAINST)]),
    hour=_counts,
    day=_counts,
    own_hour=_counts,
    own_day=_counts,
    is_odd=st.booleans(),
    got_same=st.booleans(),
)


@each(numbers, st.sampled_from(["sms", "lms"]))
def test_each_sign_has_its_reason(number, channel):
    """O4: every bit stands for a fact, and nothing known means nothing said."""
    bits = rules.signs_of(number, channel=channel, figures=FIGURES)
    has = {sign for sign in Sign if bits & sign.bit}
    assert (Sign.UNLIKELY in has) == number.is_odd
    assert (Sign.SAME_PRODUCT in has) == number.got_same
    by_result = has & {Sign.GONE, Sign.DEVICE, Sign.BLOCKED, Sign.FAILED}
    assert len(by_result) <= 1 and (number.failed or not by_result)
    many = number.copies + number.hour > 10 or number.copies + number.day > 20
    assert (Sign.CROWDED in has) == many
    assert (Sign.DEVICE in has) <= (channel == "lms")
    plain = NumberFacts(copies=1)
    assert rules.signs_of(plain, channel=channel, figures=FIGURES) == 0


@each(numbers, numbers)
def test_more_messages_never_take_a_sign_away(less, more):
    """S7"""
    bigger = replace(
        less,
        hour=less.hour + more.hour,
        day=less.day + more.day,
        own_hour=less.own_hour + more.own_hour,
        own_day=less.own_day + more.own_day,
    )
    before, after = (rules.signs_of(one, channel="lms", figures=FIGURES) for one in (less, bigger))
    assert before & ~after == 0


@each(numbers)
def test_waiting_that_is_advised_helps(number):
    """S7: an hour or a day later what went before does not count; where the order itself is too much, nothing is said."""
    wait = rules.free_after(number, FIGURES)
    if not wait:
        return
    is_day = wait == timedelta(days=1)
    later = replace(
        number, hour=0, own_hour=0, day=0 if is_day else number.day, own_day=0 if is_day else number.own_day
    )
    alone = NumberFacts(copies=number.copies)
    crowded = Sign.CROWDED.bit | Sign.REPEATED.bit
    left = rules.signs_of(later, channel="lms", figures=FIGURES) & crowded
    assert left == rules.signs_of(alone, channel="lms", figures=FIGURES) & crowded


@each(st.integers(0, 60 * 48), st.integers(0, 60 * 48))
def test_the_later_moment_is_by_day_and_not_too_soon(minutes, wait):
    """S7, O5"""
    moment = MONDAY + timedelta(minutes=minutes, seconds=17)
    at = rules.later_at(timedelta(minutes=wait), moment)
    assert at >= moment + timedelta(minutes=wait)
    assert at.minute % 10 == 0 and at.second == 0
    assert rests_until(at) is None


@each(st.lists(st.tuples(st.integers(0, 255), st.integers(0, 50), st.integers(0, 50)), max_size=20))
def test_outcomes_add_up(counts):
    """O4: everybody is either warned of or not, once, and no more fail than there are."""
    counts = [(bits, people + failed, failed) for bits, people, failed in counts]
    found = rules.outcomes(counts)
    whole = [found[code] for code in (rules.WARNED, rules.QUIET) if code in found]
    assert sum(one.people for one in whole) == sum(people for _, people, _ in counts)
    assert sum(one.failed for one in whole) == sum(failed for *_, failed in counts)
    for one in found.values():
        assert 0 <= one.failed <= one.people and 0 <= one.percent <= 100


def test_the_signs_are_told_apart():
    """O4: one bit each, and what is only worth knowing is no warning."""
    assert len({sign.bit for sign in Sign}) == len(Sign) == len({sign.code for sign in Sign})
    assert all(sign.bit.bit_count() == 1 and sign.title and sign.text for sign in Sign)
    assert not Sign.SAME_PRODUCT.bit & WARNING_BITS and Sign.SAME_PRODUCT.weight is Weight.NOTE
    assert all(phones.normalise_mobile(number) == number for number in rules.EXAMPLES)


def ended(
    number: str,
    result: Result,
    times: int = 1,
    at=MONDAY - timedelta(days=3),
    sender: str = "15880000",
    channel: str = "lms",
):
    """Messages of somebody else to this number that ended like this."""
    other = given.company(cash_won=0)
    for n in range(times):
        when = at + timedelta(minutes=n)
        letter = dispatch.write_letter(
            other.buyer.id, channel=channel, sender=sender, title="", text="선물", at=when
        )
        dispatch.queue(letter.id, [Outgoing(uuid4(), number, {})], at=when)
        batch = Batch.objects.get(letter=letter)
        if result is Result.WAITING:
            continue
        Attempt.objects.filter(batch=batch).update(state=AttemptState.ENDED, result=result, ended_at=when)
        dispatch.note_reach(batch.id, at=when)


def signs(draft) -> dict[str, set[Sign]]:
    """What the last check says of each number of a draft."""
    found = {bytes(one.to_index): one.signs for one in Warned.objects.filter(look__draft_id=draft.id)}
    said = {}
    for line in queries.rows_page(draft, limit=200):
        bits = found.get(crypto.ring().index(phones.INDEX, line.phone), 0)
        said[line.phone] = {sign for sign in Sign if bits & sign.bit}
    return said


@pytest.mark.django_db
class TestChecked:
    def test_what_is_known_of_each_number(self):
        """O4, O2, S7: from everybody's results and messages, by the keyed index alone."""
        firm, product = given.company(), given.product()
        gone, device, blocked, once, twice, many, well, same = given.numbers(8)
        ended(gone, Result.INVALID_NUMBER)
        ended(device, Result.DEVICE)
        ended(blocked, Result.SPAM)
        ended(once, Result.POWER_OFF)
        ended(twice, Result.POWER_OFF, 2)
        ended(many, Result.DELIVERED, 12, at=MONDAY - timedelta(minutes=30))
        ended(well, Result.INVALID_NUMBER)
        ended(well, Result.DELIVERED, at=MONDAY - timedelta(days=2))
        given.placed(firm, [same], product)
        draft = given.draft(
            firm, [gone, device, blocked, once, twice, many, well, same, "01012345678"], product
        )
        look = actions.look(draft.id, at=MONDAY)
        assert signs(draft) == {
            gone: {Sign.GONE},
            device: {Sign.DEVICE},
            blocked: {Sign.BLOCKED},
            once: set(),
            twice: {Sign.FAILED},
            many: {Sign.CROWDED},
            well: set(),
            same: {Sign.SAME_PRODUCT},
            "01012345678": {Sign.UNLIKELY},
        }
        assert look is not None and look.people == 9
        assert look.later_at == MONDAY + timedelta(hours=1)
        groups = queries.warned_groups(look)
        assert [group.sign for group in groups] == [sign for sign in Sign if sign is not Sign.REPEATED]
        assert {group.people for group in groups} == {1}
        assert groups[0].rows[0].phone == f"010-****-{gone[-4:]}" and groups[0].rows[0].position == 1

    def test_at_a_later_time_what_went_before_does_not_count(self):
        """S7, O5: the windows lie before the chosen moment."""
        firm, (number,) = given.company(), given.numbers(1)
        ended(number, Result.DELIVERED, 12, at=MONDAY - timedelta(minutes=30))
        draft = given.draft(firm, [number])
        look = actions.look(draft.id, at=MONDAY)
        assert signs(draft)[number] == {Sign.CROWDED}
        actions.save(draft.id, at=MONDAY, is_later=True, send_at=look.later_at)
        actions.look(draft.id, at=MONDAY)
        assert signs(draft)[number] == set()

    def test_the_same_sender_again_and_again(self):
        """S7: counted for one sender number, whoever used it."""
        firm, (number,) = given.company(), given.numbers(1)
        ended(number, Result.DELIVERED, 6, at=MONDAY - timedelta(minutes=30), sender="15770000")
        draft = given.draft(firm, [number])
        actions.look(draft.id, at=MONDAY)
        assert signs(draft)[number] == {Sign.REPEATED}

    def test_what_is_queued_and_scheduled_counts_as_well(self):
        """S7: messages put off, and orders of anybody that wait, before the chosen moment and just behind it."""
        firm, (queued, scheduled, behind, free) = given.company(), given.numbers(4)
        noon = MONDAY + timedelta(hours=4)
        ended(queued, Result.WAITING, 11, at=noon - timedelta(minutes=30))
        others = given.company()
        for number, moment in (
            (scheduled, noon - timedelta(minutes=20)),
            (behind, noon + timedelta(minutes=20)),
            (free, noon - timedelta(days=2)),
        ):
            for _ in range(3):
                given.placed(
                    others, [number] * 4, is_later=True, send_at=max(moment, MONDAY + timedelta(hours=1))
                )
        Order.objects.filter(send_at=MONDAY + timedelta(hours=1)).update(send_at=noon - timedelta(days=2))
        draft = given.draft(firm, [queued, scheduled, behind, free])
        actions.look(draft.id, at=MONDAY)
        found = signs(draft)
        assert found[queued] == set(), "eleven in the day behind are not too many from a number of others"
        assert found[scheduled] == found[behind] == {Sign.REPEATED}, "twelve from this one are"
        assert found[free] == {Sign.CROWDED, Sign.REPEATED}, "what is overdue goes out together with it"
        actions.save(draft.id, at=MONDAY, is_later=True, send_at=noon)
        actions.look(draft.id, at=MONDAY)
        found = signs(draft)
        assert found[queued] == {Sign.CROWDED}
        assert found[scheduled] == found[behind] == {Sign.CROWDED, Sign.REPEATED}

    def test_it_grows_stale_with_the_list_and_not_with_the_words(self):
        """O4: kept with the draft's saved state."""
        firm = given.company()
        draft = given.draft(firm, given.numbers(2))
        first = actions.look_if_stale(draft.id, at=MONDAY)
        actions.save(draft.id, at=MONDAY + timedelta(minutes=1), text="다른 말")
        assert actions.look_if_stale(draft.id, at=MONDAY + timedelta(minutes=2)) == first
        actions.drop_rows(draft.id, position=1, at=MONDAY + timedelta(minutes=3))
        second = actions.look_if_stale(draft.id, at=MONDAY + timedelta(minutes=4))
        assert second != first and second.people == 1
        actions.save(draft.id, at=MONDAY + timedelta(minutes=5), channel="sms", title="")
        assert actions.look_if_stale(draft.id, at=MONDAY + timedelta(minutes=6)) != second

    def test_dropping_those_with_a_sign(self):
        """O4: one click; the others stay, and the list is looked at again."""
        firm, (gone, well) = given.company(), given.numbers(2)
        ended(gone, Result.SUSPENDED)
        draft = given.draft(firm, [gone, well])
        actions.look(draft.id, at=MONDAY)
        assert actions.drop_warned(draft.id, Sign.FAILED, at=MONDAY) == 0
        assert actions.drop_warned(draft.id, Sign.GONE, at=MONDAY) == 1
        assert list(signs(draft)) == [well]
        assert queries.look_of(draft.id).people == 1 and not Warned.objects.exists()

    def test_it_blocks_nothing(self):
        """O4: an order full of warnings is placed, and keeps its check; one of another list does not stay with it."""
        firm, (gone,) = given.company(), given.numbers(1)
        ended(gone, Result.INVALID_NUMBER)
        draft = given.draft(firm, [gone])
        actions.look(draft.id, at=MONDAY)
        order = given.paid(firm, draft)
        assert order.people == 1 and queries.look_of(order.draft_id) is not None
        stale = given.draft(firm, [gone])
        actions.look(stale.id, at=MONDAY)
        actions.save(
            stale.id,
            at=MONDAY + timedelta(minutes=1),
            sender="15770000",
            channel="sms",
            title="",
            text="선물",
        )
        other = given.paid(
            firm, given.orders_now.drafts_seen_by(firm.owner).get(id=stale.id), MONDAY + timedelta(minutes=2)
        )
        assert queries.look_of(other.draft_id) is None

    def test_a_long_list_takes_no_more_statements(self):
        """O4: set-based, however many rows."""

        def statements(count: int) -> int:
            draft = given.draft(given.company(), given.numbers(count))
            Reach.objects.bulk_create(
                Reach(to_index=row.phone_index, failed=1, result="invalid_number", failed_at=MONDAY)
                for row in DraftRow.objects.filter(draft=draft)
            )
            with CaptureQueriesContext(
                connection,
            ) as asked:
                look = actions.look(draft.id, at=MONDAY)
            assert Warned.objects.filter(look=look).count() == count
            Reach.objects.all().delete()
            return len(asked)

        assert statements(3) == statements(600) < 15

    def test_what_nobody_needs_any_more_is_forgotten(self):
        """X2: checks of drafts that were thrown away; those of orders stay."""
        firm = given.company()
        kept, gone = (given.draft(firm, given.numbers(1)) for _ in range(2))
        for draft in (kept, gone):
            actions.look(draft.id, at=MONDAY)
        given.paid(firm, kept)
        actions.discard(gone.id, at=MONDAY)
        actions.forget_looks(at=MONDAY)
        assert [look.draft_id for look in Look.objects.all()] == [kept.id]


@pytest.mark.django_db
def test_addresses_have_their_signs_in_words_of_their_own():
    """O4: an order by mail; what comes from others is no matter of a mail server."""
    firm, product = given.company(), given.product()
    gone, full, many, same, well = (
        f"{name}@firm.example" for name in ("gone", "full", "many", "same", "well")
    )

    for address, result in ((gone, Result.INVALID_NUMBER), (full, Result.DEVICE)):
        ended(address, result, channel="mail")
    ended(many, Result.DELIVERED, 30, at=MONDAY - timedelta(minutes=40), channel="mail")
    index = crypto.ring().index(DraftRow.MAIL, same)
    order = given.placed(firm, given.numbers(1), product)
    Recipient.objects.filter(line__order=order).update(mail_index=index, phone_index=None)
    draft = given.mail_draft(firm, [gone, full, many, same, well], product)
    look = actions.look(draft.id, at=MONDAY)
    assert look is not None and (look.people, look.later_at) == (5, None)
    groups = {group.sign: group for group in queries.warned_groups(look)}
    assert set(groups) == {Sign.GONE, Sign.DEVICE, Sign.SAME_PRODUCT}
    assert groups[Sign.GONE].rows[0].phone == "go***@firm.example"
    for sign in groups:
        title, text = rules.words_of(sign, by_mail=True, spreads=False)
        assert "번호" not in title + text
        assert rules.remedies_of(sign, by_mail=True, is_wanted=False, figures=FIGURES) == (Remedy.DROP,)
    assert actions.drop_warned(draft.id, Sign.GONE, at=MONDAY) == 1


@each(st.sampled_from(Sign), st.booleans(), st.booleans(), st.booleans())
def test_spreading_is_wished_taken_back_or_always(sign, by_mail, is_wanted, always):
    """S7: the wish is one click and back; where it is always done, nobody is asked."""
    figures = Figures(spread_crowded=int(always))
    remedies = rules.remedies_of(sign, by_mail=by_mail, is_wanted=is_wanted, figures=figures)
    is_thick = sign in (Sign.CROWDED, Sign.REPEATED) and not by_mail
    assert (Remedy.SPREAD in remedies) == (is_thick and not is_wanted and not always)
    assert (Remedy.AT_ONCE in remedies) == (is_thick and is_wanted and not always)
    assert (Remedy.LATER in remedies) <= (is_thick and not is_wanted and not always)
    assert Remedy.DROP in remedies
    says = rules.words_of(sign, by_mail=by_mail, spreads=rules.spreads(is_wanted, figures))[1]
    assert (says == rules.SPREAD) <= (is_wanted or always)


@each(st.integers(1, 5))
def test_of_whom_nothing_is_known_nothing_is_said(copies):
    """O4: so the statement may leave such numbers out."""
    plain = NumberFacts(copies=copies)
    if copies <= dispatch_rules.alone_most(FIGURES):
        assert rules.signs_of(plain, channel="lms", figures=FIGURES) == 0

"""S7: too many messages to one number: what is too much goes later, and nobody else waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given as each
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.catalog.models import List
from seonmul.dispatch import actions, queries, rules
from seonmul.dispatch.actions import Outgoing
from seonmul.dispatch.models import Batch, Letter, Message
from seonmul.dispatch.rules import DAY, HOUR, Goes
from seonmul.figures import actions as figures
from seonmul.figures.rules import Figures
from seonmul.gifts import actions as gifts
from seonmul.gifts import queries as gifts_now
from seonmul.kit import clock
from seonmul.ledger import queries as ledger
from seonmul.orders import actions as orders
from seonmul.orders.models import Draft, Order, OrderState
from tests import given
from tests.given import MONDAY, Company
from tests.sandbox.outside import Outside

FIGURES = Figures(to_one_in_an_hour=4, to_one_in_a_day=7, from_one_in_an_hour=3, from_one_in_a_day=5)
#: Minutes away from now of messages that went and are to go.
others = st.lists(st.tuples(st.integers(-1_440, 1_440), st.booleans()), max_size=16)


def most_in(times: list[datetime], window: timedelta, around: datetime) -> int:
    """The fullest window of this length that holds `around`, counted one by one."""
    starts = [one for one in times if around - window < one <= around]
    return max((sum(start <= one < start + window for one in times) for start in starts), default=0)


@each(others)
def test_no_window_around_a_put_off_message_is_too_full(minutes: list[tuple[int, bool]]) -> None:
    """S7: hours and days, from everybody and from one sender number; what fits goes at once."""
    goes = [Goes(MONDAY + timedelta(minutes=n), is_own) for n, is_own in minutes]
    moment = rules.goes_at(goes, MONDAY, figures=FIGURES)
    everybody = [*(one.at for one in goes), moment]
    own = [*(one.at for one in goes if one.is_own), moment]

    def fits(at: datetime) -> bool:
        all_, mine = [*everybody[:-1], at], [*own[:-1], at]
        return (
            most_in(all_, HOUR, at) <= 4 and most_in(all_, DAY, at) <= 7
            and most_in(mine, HOUR, at) <= 3 and most_in(mine, DAY, at) <= 5
        )  # fmt: skip

    assert fits(moment) and moment >= MONDAY
    assert moment == MONDAY or not fits(MONDAY)
    if moment != MONDAY:
        assert moment.minute % 10 == moment.second == 0 and rules.rests_until(moment) is None


@each(st.integers(1, 30))
def test_many_copies_for_one_are_spread_over_hours_and_days(copies: int) -> None:
    """S7: one after the other, each beside those before."""
    goes: list[Goes] = []
    for _ in range(copies):
        goes.append(Goes(rules.goes_at(goes, MONDAY, figures=FIGURES), is_own=True))
    assert [one.at for one in goes[:3]] == [MONDAY] * len(goes[:3])
    assert goes == sorted(goes)
    assert all(most_in([one.at for one in goes], DAY, one.at) <= 5 for one in goes)


pytestmark = pytest.mark.django_db
CROWDED, OTHER = given.numbers(2, start=33_000_000)


@pytest.fixture
def firm() -> Company:
    return given.company()


def letter(of: Company, sender: str = "15770000", channel: str = "lms") -> Letter:
    return actions.write_letter(of.buyer.id, channel=channel, sender=sender, title="", text="선물", at=MONDAY)


def queued(of: Company, numbers: list[str], at: datetime = MONDAY, **more: object) -> None:
    one = letter(of, **{name: more.pop(name) for name in ("sender", "channel") if name in more})  # type: ignore[arg-type]
    actions.queue(one.id, [Outgoing(uuid4(), number, {}) for number in numbers], at=at, **more)  # type: ignore[arg-type]


def due() -> list[datetime]:
    return list(Message.objects.order_by("due_at", "id").values_list("due_at", flat=True))


def test_only_what_is_too_much_goes_later_in_batches_of_its_own(firm: Company) -> None:
    """S7: of ten messages from one number to one person five go, five an hour later; nobody else waits."""
    queued(firm, [*[CROWDED] * 8, OTHER], spreads=True)
    first, later = Batch.objects.order_by("opened_at")
    assert (first.size, first.rests_until, first.opened_at) == (6, None, MONDAY)
    assert (later.size, later.rests_until, later.opened_at) == (3, MONDAY + HOUR, MONDAY + HOUR)
    job = ProcrastinateJob.objects.get(args__batch_id=str(later.id))
    assert job.scheduled_at is not None
    assert due() == [MONDAY] * 6 + [MONDAY + HOUR] * 3
    assert queries.put_off(list(Letter.objects.values_list("id", flat=True)), MONDAY) == (3, MONDAY + HOUR)
    assert not queries.claimable(later.id, MONDAY + timedelta(minutes=59)).exists()
    assert queries.claimable(later.id, MONDAY + HOUR).exists()


def test_what_all_companies_sent_and_queued_is_counted(firm: Company) -> None:
    """S7: by the keyed index; also what was put off and has not gone yet."""
    others = [given.company(cash_won=0) for _ in range(2)]
    for n, one in enumerate(others):
        queued(one, [CROWDED] * 5, sender=f"1588000{n}", at=MONDAY - timedelta(minutes=30))
    queued(firm, [CROWDED, OTHER], spreads=True)
    assert due()[-2:] == [MONDAY, MONDAY + timedelta(minutes=30)], "ten went to one of them in this hour"
    queued(firm, [CROWDED] * 9, spreads=True)
    in_the_hour = [one for one in due() if MONDAY < one <= MONDAY + HOUR]
    assert most_in(due(), HOUR, MONDAY + timedelta(minutes=30)) <= 10 and in_the_hour


def test_without_the_wish_and_for_mails_nothing_is_put_off(firm: Company) -> None:
    """S7: codes, notices, resends and trials never wait; nor do mails."""
    queued(firm, [CROWDED] * 30)
    queued(firm, ["kim@firm.example"] * 30, channel="mail", spreads=True)
    assert set(due()) == {MONDAY}


def test_a_long_list_is_asked_about_in_one_statement(firm: Company) -> None:
    def statements(count: int) -> int:
        one = letter(firm)
        with CaptureQueriesContext(connection) as asked:
            numbers = given.numbers(count, start=40_000_000)
            actions.queue(one.id, [Outgoing(uuid4(), n, {}) for n in numbers], at=MONDAY, spreads=True)
        return len(asked)

    assert statements(2) == statements(900)


def basket(of: Company, products: int, at: datetime = MONDAY, *, spreads: bool = True) -> Order:
    """An order of several products to two people, issued."""
    goods = [given.product() for _ in range(products)]
    draft = given.draft(of, [CROWDED, OTHER], goods[0], at)
    for one in goods[1:]:
        orders.put(draft.id, List.CORPORATE, one.code, at=at)
    orders.save(draft.id, at=at, spreads=spreads)
    order = given.paid(of, Draft.objects.select_related("buyer").get(id=draft.id), at)
    gifts.start(order.id, at=at)
    for chunk in gifts_now.open_chunks(at):
        gifts.issue_chunk(chunk, at=at)
    order.refresh_from_db()
    return order


def test_an_order_spreads_where_its_member_wished_so_or_always(firm: Company) -> None:
    """S7, O4: seven vouchers each from one sender number: five at once, two an hour later."""
    order = basket(firm, 7)
    assert gifts_now.put_off(order.id, MONDAY) == (4, MONDAY + HOUR)
    assert gifts_now.put_off(basket(given.company(sender="15880001"), 3, spreads=False).id, MONDAY) == (
        0,
        None,
    )
    figures.change("spread_crowded", 1, by="test", at=MONDAY)
    later = MONDAY + DAY
    always = basket(given.company(sender="15880002"), 7, later, spreads=False)
    assert gifts_now.put_off(always.id, later)[0] == 4


def test_a_stopped_order_does_not_wait_for_what_was_put_off(firm: Company, carrier: Outside) -> None:
    """S6, S7, O9: it is withdrawn at once and its price comes back; what had gone stays."""
    before, at = ledger.balances(firm.buyer.id).cash_won, clock.now()
    order = basket(firm, 7, at)
    given.worked(later=False)
    for batch in Batch.objects.filter(state="handed"):
        actions.ask(batch.id, at=clock.now())
    given.worked(later=False)
    assert gifts_now.put_off(order.id, clock.now())[0] == 4 and gifts_now.tally(order).delivered == 10
    gifts.halt(order.id, by=firm.owner, at=clock.now())
    assert not Batch.objects.filter(rests_until__gt=clock.now()).exists()
    given.worked(later=False)
    order.refresh_from_db()
    assert order.state == OrderState.FINISHED and gifts_now.tally(order).unsent == 4
    assert ledger.balances(firm.buyer.id).cash_won == before - 10 * 4_500
    assert gifts_now.faults() == ledger.faults() == queries.faults() == []

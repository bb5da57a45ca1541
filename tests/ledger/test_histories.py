"""P1, O9: random histories against a simple model of the books."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seonmul.kit.refusals import Refusal, Refused
from seonmul.ledger import actions, queries
from seonmul.ledger.models import Entry, Kind, Lot, Transfer
from seonmul.ledger.queries import Balances
from seonmul.ledger.rules import LedgerRefusal
from tests.given import MONDAY

pytestmark = pytest.mark.django_db


@dataclass
class ModelHold:
    """A hold as a child would keep it: what is left of each part, and of the whole."""

    id: Any
    cash_won: int
    reward_won: int
    rest_won: int = 0
    earned_won: int = 0


@dataclass
class Book:
    """One owner's money by plain arithmetic, beside what was really called."""

    owner: str = field(default_factory=lambda: str(uuid4()))
    cash_won: int = 0
    reward_won: int = 0
    held_won: int = 0
    holds: list[ModelHold] = field(default_factory=list)
    calls: list[tuple[Any, Any]] = field(default_factory=list)
    past: list[tuple[datetime, int]] = field(default_factory=list)
    count: int = 0

    @property
    def balances(self) -> Balances:
        return Balances(self.cash_won, self.reward_won, self.held_won)

    def cause(self) -> str:
        self.count += 1
        return f"{self.owner}:{self.count}"

    @property
    def at(self) -> datetime:
        return MONDAY + timedelta(minutes=self.count)


_WON = st.integers(1, 1_000)
_STEPS = st.one_of(
    st.tuples(st.just("charge"), _WON),
    st.tuples(st.just("reward"), _WON),
    st.tuples(st.just("hold"), st.integers(0, 1_200), st.integers(0, 600)),
    st.tuples(st.sampled_from(["capture", "release", "refund"]), st.integers(0, 9), st.integers(-5, 700)),
    st.tuples(st.just("add_part"), st.integers(0, 9), _WON),
    st.tuples(st.just("take_back"), st.integers(0, 99), _WON),
    st.tuples(st.sampled_from(["repeat", "misuse"]), st.integers(0, 99)),
)


def attempt(book: Book, verb: Any, expected: Refusal | None, *args: Any, **named: Any) -> Any:
    """Call a verb and check that it says exactly what the model says; None when it refused."""
    try:
        made = verb(*args, **named)
    except Refused as refused:
        assert refused.no.why is expected
        return None
    assert expected is None, f"{verb.__name__} should have refused with {expected}"
    book.calls.append((lambda: verb(*args, **named), made))
    return made


def charge(book: Book, won: int) -> None:
    attempt(book, actions.charge, None, book.owner, won, cause=book.cause(), at=book.at)
    book.cash_won += won


def reward(book: Book, won: int) -> None:
    ends = book.at + timedelta(days=1 + won % 7)
    attempt(book, actions.give, None, book.owner, won, expires_at=ends, cause=book.cause(), at=book.at)
    book.reward_won += won


def hold(book: Book, cash: int, points: int) -> None:
    parts = [part for part in ((Kind.REWARD, points), (Kind.CASH, cash)) if part[1]]
    if not parts:
        return
    too_much = cash > book.cash_won or points > book.reward_won
    expected = LedgerRefusal.NOT_ENOUGH if too_much else None
    made = attempt(book, actions.hold, expected, book.owner, parts, cause=book.cause(), at=book.at)
    if made:
        book.cash_won, book.reward_won = book.cash_won - cash, book.reward_won - points
        book.held_won += cash + points
        book.holds.append(ModelHold(made.id, cash, points, cash + points))


def take(book: Book, verb: Any, number: int, won: int, room: str = "rest_won") -> ModelHold | None:
    if not book.holds:
        return None
    one = book.holds[number % len(book.holds)]
    fits = 0 < won <= getattr(one, room)
    expected = None if fits else LedgerRefusal.HOLD_SPENT
    if attempt(book, verb, expected, one.id, won, cause=book.cause(), at=book.at):
        setattr(one, room, getattr(one, room) - won)
        return one
    return None


def capture(book: Book, number: int, won: int) -> None:
    one = take(book, actions.capture, number, won)
    if one:
        one.earned_won += won
        book.held_won -= won


def release(book: Book, number: int, won: int) -> None:
    one = take(book, actions.release, number, won)
    if one:
        book.held_won -= won
        give_back(book, one, won)


def refund(book: Book, number: int, won: int) -> None:
    one = take(book, actions.refund, number, won, "earned_won")
    if one:
        give_back(book, one, won)


def give_back(book: Book, one: ModelHold, won: int) -> None:
    from_cash = min(won, one.cash_won)  # cash is spent last and so comes back first
    one.cash_won -= from_cash
    one.reward_won -= won - from_cash
    book.cash_won += from_cash
    book.reward_won += won - from_cash


def take_back(book: Book, number: int, won: int) -> None:
    """What was given before and is not spent goes away again."""
    if book.count:
        origin, cause = f"{book.owner}:{number % book.count + 1}", book.cause()
        lots = Lot.objects.filter(account__owner=book.owner, origin=origin)
        there = sum(lots.values_list("left_won", flat=True))
        taken = actions.take_back(book.owner, origin, won, cause=cause, at=book.at)
        assert taken == min(won, there)
        book.reward_won -= taken
        if taken:
            book.calls.append(
                (lambda: actions.take_back(book.owner, origin, won, cause=cause, at=book.at), taken)
            )


def add_part(book: Book, number: int, won: int) -> None:
    """More money behind a hold, from cash; it is spent last and comes back first."""
    if not book.holds:
        return
    one = book.holds[number % len(book.holds)]
    expected = LedgerRefusal.NOT_ENOUGH if won > book.cash_won else None
    if attempt(book, actions.add_part, expected, one.id, Kind.CASH, won, cause=book.cause(), at=book.at):
        book.cash_won, book.held_won = book.cash_won - won, book.held_won + won
        one.cash_won, one.rest_won = one.cash_won + won, one.rest_won + won


def repeat(book: Book, number: int) -> None:
    if book.calls:
        call, made = book.calls[number % len(book.calls)]
        assert call() == made


def misuse(book: Book, number: int) -> None:
    """A cause that has posted is used for another amount."""
    if book.count:
        cause = f"{book.owner}:{number % book.count + 1}"
        if Transfer.objects.filter(cause=cause).exists():
            with pytest.raises(Refused) as refused:
                actions.charge(book.owner, 7_777, cause=cause, at=book.at)
            assert refused.value.no.why is LedgerRefusal.CAUSE_TAKEN


_VERBS: dict[str, Any] = {
    "charge": charge, "reward": reward, "hold": hold, "release": release, "repeat": repeat, "misuse": misuse,
    "capture": capture, "refund": refund, "take_back": take_back, "add_part": add_part,
}  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 1), _STEPS), max_size=25))
def test_the_books_agree_with_plain_arithmetic(steps: list[tuple[int, tuple[Any, ...]]]) -> None:
    """P1, O9: whatever is done in whatever order, by two owners."""
    books = [Book(), Book()]
    with transaction.atomic():
        for number, (verb, *args) in steps:
            book = books[number]
            _VERBS[verb](book, *args)
            assert queries.balances(book.owner) == book.balances
            book.past.append((book.at, book.cash_won))
        for book in books:
            check_statement(book)
        assert queries.faults() == []
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what a commit would check
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        transaction.set_rollback(True)


def check_statement(book: Book) -> None:
    """The statement runs without a gap from nothing to the balance, and each past moment has its balance."""
    entries: list[Entry] = []
    after = ""
    while True:
        page = queries.statement(book.owner, Kind.CASH, after=after, limit=4)
        entries += page.rows
        after = page.after
        if not after:
            break
    running = 0
    for entry in reversed(entries):
        running += entry.amount_won
        assert entry.balance_after_won == running >= 0
    assert running == book.cash_won
    for at, cash_won in dict(book.past).items():
        assert queries.balance_at(book.owner, Kind.CASH, at) == cash_won

"""Questions to the books."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet, Sum

from seonmul.kit import clock
from seonmul.kit.pages import Page, page
from seonmul.ledger import rules
from seonmul.ledger.models import Account, Entry, Hold, HoldPart, Kind, Lot, LotUse, Transfer


@dataclass(frozen=True)
class Balances:
    """A buyer's money in won: what can be spent, and beside it what is set aside.

    `card_won`: what a card paid and no order has taken, or what is about to go back to it.
    """

    cash_won: int
    reward_won: int
    held_won: int
    card_won: int = 0


@dataclass(frozen=True)
class Fault:
    """A row of the books that does not add up."""

    what: str
    where: str
    expected: int
    found: int


def balances(owner: UUID | str) -> Balances:
    """Available cash and reward, and held money, of one owner."""
    kept = dict(Account.objects.filter(owner=str(owner)).values_list("kind", "balance_won"))
    return Balances(*(int(kept.get(kind) or 0) for kind in (Kind.CASH, Kind.REWARD, Kind.HELD, Kind.CARD)))


@dataclass(frozen=True)
class Cash:
    """A buyer's cash in won: what can be spent, and what holds would give back of it. P2"""

    free_won: int
    held_won: int

    @property
    def all_won(self) -> int:
        return self.free_won + self.held_won


#: Of each open hold its rest, less what goes back to later parts first (P5); what of it is left for cash.
_CASH = """
    WITH rests AS (
        SELECT p.account_id, p.amount_won - p.returned_won AS room,
               h.amount_won - h.captured_won - h.released_won - coalesce(sum(p.amount_won - p.returned_won) OVER (
                   PARTITION BY h.id ORDER BY p.position DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
               ), 0) AS rest
        FROM ledger_hold h JOIN ledger_holdpart p ON p.hold_id = h.id
        WHERE h.owner = %(owner)s AND h.amount_won > h.captured_won + h.released_won)
    SELECT a.balance_won, coalesce((SELECT sum(greatest(least(room, rest), 0)) FROM rests WHERE account_id = a.id), 0)
    FROM ledger_account a WHERE a.owner = %(owner)s AND a.kind = 'cash'"""


def cash(owner: UUID | str) -> Cash:
    """Cash, free and held, without held reward and card money. One look: cash on its way between the two counts. P2"""
    with connection.cursor() as cursor:
        cursor.execute(_CASH, {"owner": str(owner)})
        free, held = cursor.fetchone() or (0, 0)
    return Cash(int(free), int(held))


def balance_at(owner: UUID | str, kind: Kind, at: datetime) -> int:
    """An account's balance at a moment, recomputed from its entries."""
    found = Entry.objects.filter(
        account__owner=str(owner), account__kind=kind, transfer__posted_at__lte=at
    ).aggregate(total=Sum("amount_won"))
    return int(found["total"] or 0)


def has_reached(owner: UUID | str, kind: Kind, won: int, *, since: datetime) -> bool:
    """Whether a balance stood at `won` or above after any movement behind `since`. P7"""
    rows = Entry.objects.filter(account__owner=str(owner), account__kind=kind, balance_after_won__gte=won)
    return rows.filter(transfer__posted_at__gt=since).exists()


def statement(
    owner: UUID | str,
    kind: Kind,
    after: str = "",
    limit: int = 50,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Page[Entry]:
    """Movements of one account in [since, until), newest first, each with the balance after it."""
    return page(_entries(owner, kind, since, until), order=("-id",), after=after, limit=limit)


def movements(
    owner: UUID | str, kind: Kind, *, since: datetime | None = None, until: datetime | None = None
) -> Iterator[Entry]:
    """All of a statement, newest first, read in portions."""
    return _entries(owner, kind, since, until).order_by("-id").iterator(chunk_size=2_000)


@dataclass(frozen=True)
class Sums:
    """What went in and out of one account in a period, in won; both are positive."""

    in_won: int
    out_won: int


def sums(owner: UUID | str, kind: Kind, *, since: datetime | None, until: datetime | None) -> Sums:
    """The sums of a statement."""
    found = _entries(owner, kind, since, until).aggregate(
        plus=Sum("amount_won", filter=Q(amount_won__gt=0)),
        minus=Sum("amount_won", filter=Q(amount_won__lt=0)),
    )
    return Sums(int(found["plus"] or 0), -int(found["minus"] or 0))


def _entries(
    owner: UUID | str, kind: Kind, since: datetime | None, until: datetime | None
) -> QuerySet[Entry]:
    rows = Entry.objects.filter(account__owner=str(owner), account__kind=kind).select_related("transfer")
    if since:
        rows = rows.filter(transfer__posted_at__gte=since)
    return rows.filter(transfer__posted_at__lt=until) if until else rows


def total(kind: Kind) -> int:
    """The sum of all accounts of one kind; a platform's account is the sum of its entries."""
    kept = Account.objects.filter(kind=kind).aggregate(won=Sum("balance_won"))["won"]
    if kept is not None:
        return int(kept)
    return int(Entry.objects.filter(account__kind=kind).aggregate(won=Sum("amount_won"))["won"] or 0)


def accounts_of(owners: Iterable[str], kinds: Iterable[Kind]) -> dict[tuple[Kind, str], UUID]:
    """The ids of accounts by kind and owner."""
    rows = Account.objects.filter(owner__in=list(owners), kind__in=list(kinds))
    return {(Kind(kind), owner): id_ for kind, owner, id_ in rows.values_list("kind", "owner", "id")}


def owner_of(account_id: UUID) -> str:
    """Whose account it is."""
    return Account.objects.values_list("owner", flat=True).get(id=account_id)


def posted(cause: str) -> Transfer | None:
    """The transfer that a cause has made."""
    return Transfer.objects.filter(cause=cause).first()


def locked_accounts(accounts: Iterable[UUID]) -> dict[UUID, int]:
    """Lock the members' accounts among `accounts`, in key order; returns their balances."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, balance_won FROM ledger_account WHERE id = ANY(%s) AND balance_won IS NOT NULL"
            " ORDER BY id FOR UPDATE",
            [list(accounts)],
        )
        return dict(cursor.fetchall())


def lock_accounts_of(owner: UUID | str) -> None:
    """Lock all accounts of an owner in key order, before more than one transfer moves them in one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM ledger_account WHERE owner = %s ORDER BY id FOR UPDATE", [str(owner)])


def locked_lots(
    account_id: UUID,
    *,
    origin: str = "",
    alive_at: datetime | None = None,
    ended_before: datetime | None = None,
) -> list[Lot]:
    """Lock the lots of an account that have something left, the soonest to end first. P4"""
    rows = Lot.objects.select_for_update().filter(account_id=account_id, left_won__gt=0)
    if origin:
        rows = rows.filter(origin=origin)
    if alive_at:
        rows = rows.filter(expires_at__gte=alive_at)
    if ended_before:
        rows = rows.filter(expires_at__lt=ended_before)
    return list(rows.order_by("expires_at", "id"))


def lots(owner: UUID | str, limit: int = 100) -> list[Lot]:
    """A buyer's reward by its end, the soonest first. P4"""
    rows = Lot.objects.filter(account__owner=str(owner), account__kind=Kind.REWARD, left_won__gt=0)
    return list(rows.order_by("expires_at", "id")[:limit])


def left_of(origin: str) -> int:
    """What is left unspent of the reward that one cause gave. P4"""
    return int(Lot.objects.filter(origin=origin).aggregate(won=Sum("left_won"))["won"] or 0)


def used_of(origin: str) -> int:
    """What holds have taken, and not given back, of the reward that one cause gave. P4"""
    uses = LotUse.objects.filter(lot__origin=origin)
    return int(uses.aggregate(won=Sum(F("amount_won") - F("returned_won")))["won"] or 0)


def shares_back(hold_id: UUID, won: int, kept_won: int = 0) -> dict[Kind, int]:
    """To which kinds of account `won` of a hold would go back, less what is kept. P5"""
    parts = HoldPart.objects.filter(hold_id=hold_id).select_related("account").order_by("position")
    facts = [rules.PartFacts(part.amount_won, part.returned_won) for part in parts]
    given = rules.less_kept(rules.shares_of_return(facts, won), kept_won)
    back: dict[Kind, int] = {}
    for part, share in zip(parts, given, strict=True):
        kind = Kind(part.account.kind)
        back[kind] = back.get(kind, 0) + share
    return back


def reward_alive(owner: UUID | str, at: datetime) -> int:
    """How much reward can be spent at a moment. P4, O6"""
    rows = Lot.objects.filter(account__owner=str(owner), expires_at__gte=at)
    return int(rows.aggregate(won=Sum("left_won"))["won"] or 0)


def accounts_with_ended_lots(at: datetime, limit: int = 5_000) -> list[UUID]:
    """Reward accounts of which something has ended. P4"""
    rows = Lot.objects.filter(left_won__gt=0, expires_at__lt=at).values_list("account_id", flat=True)
    return list(rows.distinct().order_by("account_id")[:limit])


def lots_ending(before: datetime, limit: int = 5_000) -> list[tuple[str, UUID, int, datetime]]:
    """Lots that end before a moment and whose owners were not told: (owner, lot, won, end). P4"""
    rows = Lot.objects.filter(left_won__gt=0, expires_at__lt=before, warned_at=None)
    fields = rows.order_by("expires_at", "id").values_list("account__owner", "id", "left_won", "expires_at")
    return list(fields[:limit])


def end_of_lot(lot_id: UUID | str) -> datetime:
    """The last moment of one lot. P4"""
    return Lot.objects.values_list("expires_at", flat=True).get(id=lot_id)


def reward_of_day(owner: UUID | str, ends_at: datetime) -> int:
    """What one owner still has of the reward that ends on a day of Seoul. P4"""
    last = clock.end_of_day(clock.seoul_date(ends_at))
    rows = Lot.objects.filter(
        account__owner=str(owner), expires_at__lte=last, expires_at__gt=last - timedelta(days=1)
    )
    return int(rows.aggregate(won=Sum("left_won"))["won"] or 0)


def locked_lots_to_warn(owner: UUID | str, before: datetime) -> list[Lot]:
    """Lock one owner's lots that end before a moment and that nobody was told of, the soonest first. P4"""
    rows = Lot.objects.select_for_update(of=("self",)).filter(
        account__owner=str(owner), left_won__gt=0, expires_at__lt=before, warned_at=None
    )
    return list(rows.order_by("expires_at", "id"))


def locked_hold(hold_id: UUID) -> Hold:
    """Lock one hold."""
    return Hold.objects.select_for_update().get(id=hold_id)


_CHECKS = {
    "a transfer's entries do not sum to zero": """
        SELECT t.cause, 0, coalesce(sum(e.amount_won), 0)
        FROM ledger_transfer t LEFT JOIN ledger_entry e ON e.transfer_id = t.id
        GROUP BY t.id, t.cause HAVING coalesce(sum(e.amount_won), 0) <> 0 OR count(e.id) < 2""",
    "a balance is not the sum of its entries": """
        SELECT a.kind || ' of ' || a.owner, coalesce(sum(e.amount_won), 0), a.balance_won
        FROM ledger_account a LEFT JOIN ledger_entry e ON e.account_id = a.id
        WHERE a.balance_won IS NOT NULL
        GROUP BY a.id HAVING a.balance_won <> coalesce(sum(e.amount_won), 0)""",
    "a balance is below zero": """
        SELECT kind || ' of ' || owner, 0, balance_won FROM ledger_account WHERE balance_won < 0""",
    "a running balance is broken": """
        SELECT id::text, expected, coalesce(balance_after_won, 0) FROM (
            SELECT e.id, e.balance_after_won,
                   sum(e.amount_won) OVER (PARTITION BY e.account_id ORDER BY e.id) AS expected
            FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
            WHERE a.balance_won IS NOT NULL) running
        WHERE balance_after_won IS DISTINCT FROM expected""",
    "held money is not the rest of the holds": """
        SELECT a.owner, coalesce(h.rest, 0), a.balance_won FROM ledger_account a
        LEFT JOIN (SELECT owner, sum(amount_won - captured_won - released_won) AS rest
                   FROM ledger_hold GROUP BY owner) h ON h.owner = a.owner
        WHERE a.kind = 'held' AND a.balance_won <> coalesce(h.rest, 0)""",
    "a hold is not the sum of its parts": """
        SELECT h.cause, h.amount_won, coalesce(sum(p.amount_won), 0)
        FROM ledger_hold h LEFT JOIN ledger_holdpart p ON p.hold_id = h.id
        GROUP BY h.id HAVING h.amount_won <> coalesce(sum(p.amount_won), 0)
            OR h.released_won + h.refunded_won <> coalesce(sum(p.returned_won), 0)""",
    "reward is not the sum of its lots": """
        SELECT a.owner, a.balance_won, coalesce(sum(l.left_won), 0)
        FROM ledger_account a LEFT JOIN ledger_lot l ON l.account_id = a.id
        WHERE a.kind = 'reward' AND a.balance_won IS NOT NULL
        GROUP BY a.id HAVING a.balance_won <> coalesce(sum(l.left_won), 0)""",
    "a reward part is not what it took of lots": """
        SELECT h.cause, p.amount_won, coalesce(sum(u.amount_won), 0) FROM ledger_holdpart p
        JOIN ledger_account a ON a.id = p.account_id AND a.kind = 'reward' JOIN ledger_hold h ON h.id = p.hold_id
        LEFT JOIN ledger_lotuse u ON u.part_id = p.id
        GROUP BY p.id, h.cause HAVING p.amount_won <> coalesce(sum(u.amount_won), 0)""",
}


def faults() -> list[Fault]:
    """Prove the books: every row that does not add up (none when all is well)."""
    found = []
    with connection.cursor() as cursor:
        for what, sql in _CHECKS.items():
            cursor.execute(sql)
            found += [Fault(what, str(w), int(e), int(f)) for w, e, f in cursor.fetchall()]
    return found

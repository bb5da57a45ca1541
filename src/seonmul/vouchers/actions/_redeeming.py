"""What shops do with vouchers: inquire, redeem, cancel, reverse. V3

A redeem reads the voucher without holding it and takes it in one statement if it still stands so; else it looks again. What
another till did meanwhile is why it has to, so somebody always gets on. The unique number repeats and reverses. Whoever holds a
voucher waits for a number only while somebody writes the same one down, and whoever does that waits for no voucher: so nobody
waits for ever.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.figures import queries as figures_now
from seonmul.kit import crypto, ids, jobs, prepared, states
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.vouchers import events, queries, rules
from seonmul.vouchers.models import (
    Change,
    Redemption,
    RedemptionState,
    Shop,
    ShopKey,
    Voucher,
    VoucherState,
    WrongCode,
)

_SECRET_BYTES = 24


@transaction.atomic
def open_shop(brand_id: int, name: str, *, by: UUID, at: datetime) -> Shop:
    """Let a shop of a brand take its vouchers. Raises Refused."""
    name = name.strip()[:60]
    refuse(rules.why_not_open(name, is_same=Shop.objects.filter(brand_id=brand_id, name=name).exists()))
    made = Shop.objects.create(brand_id=brand_id, name=name, opened_at=at)
    audit.record("shop_opened", by=by, subject=made.id, at=at)
    return made


@transaction.atomic
def set_shop_open(shop_id: UUID, *, is_open: bool, by: UUID, at: datetime) -> None:
    """Stop a shop from redeeming, or let it again; what it may cancel it still may."""
    if Shop.objects.filter(id=shop_id, is_open=not is_open).update(is_open=is_open):
        audit.record("shop_opened_again" if is_open else "shop_closed", by=by, subject=shop_id, at=at)


@transaction.atomic
def make_shop_key(shop_id: UUID, label: str, *, by: UUID, at: datetime) -> str:
    """A new key for a shop's software; returned once and never shown again. Raises Refused."""
    label = label.strip()[:40]
    refuse(rules.why_not_label(label))
    secret = f"shop_{secrets.token_urlsafe(_SECRET_BYTES)}"
    ShopKey.objects.create(
        shop_id=shop_id, label=label, tail=secret[-4:], made_at=at,
        secret_index=crypto.ring().index(ShopKey.SECRET, secret, size=32),
    )  # fmt: skip
    audit.record("shop_key_made", by=by, subject=shop_id, at=at)
    return secret


@transaction.atomic
def revoke_shop_key(shop_id: UUID, public_id: str, *, by: UUID, at: datetime) -> None:
    """Make a key worthless at once."""
    if ShopKey.objects.filter(shop_id=shop_id, public_id=public_id, revoked_at=None).update(revoked_at=at):
        audit.record("shop_key_revoked", by=by, subject=shop_id, at=at)


def inquire(shop: Shop, code: str, *, place: str, at: datetime) -> tuple[Voucher, No | None]:
    """The voucher of a code, and why the shop cannot take it now (None: it can). Nothing changes.

    `place`: the address that asks. Raises Refused for codes that nobody has, which are counted.
    """
    code, guard = _plain(code), _Guard(shop, place, at)
    facts, voucher = guard.met(code), queries.redeemable(code)
    if voucher is None:
        raise guard.counted()
    return voucher, rules.why_not_use(facts, is_open=shop.is_open, at=at)


#: What a redemption writes, in one statement: nothing at all when the voucher has moved or the number was used before.
_TAKE = """
    WITH met AS MATERIALIZED (
        SELECT id FROM vouchers_voucher
        WHERE id = %(voucher)s AND state = %(before)s AND rest_won = %(rest_before)s FOR UPDATE),
    noted AS (
        INSERT INTO vouchers_redemption (id, public_id, shop_id, terminal, day, number, state, voucher_id, body_index,
            amount_won, rest_won, asked_at)
        SELECT %(id)s, %(public)s, %(shop)s, %(terminal)s, %(day)s, %(number)s, 'done', id, %(body)s,
            %(amount)s, %(rest)s, %(at)s FROM met
        ON CONFLICT (shop_id, terminal, day, number) DO NOTHING RETURNING id),
    moved AS (
        UPDATE vouchers_voucher v SET state = %(after)s, rest_won = %(rest)s FROM noted WHERE v.id = %(voucher)s),
    told AS (
        INSERT INTO vouchers_change (voucher_id, before, after, by, "where", changed_at)
        SELECT %(voucher)s, %(before)s, %(after)s, %(by)s, %(where)s, %(at)s FROM noted)
    SELECT (SELECT count(*) FROM met), (SELECT count(*) FROM noted)"""


def redeem(
    shop: Shop,
    code: str,
    *,
    terminal: str,
    day: date,
    number: str,
    amount_won: int = 0,
    place: str,
    at: datetime,
) -> Redemption:
    """Take `amount_won` of an amount voucher, or the whole of a goods voucher (0). Raises Refused.

    The same number with the same body returns the redemption already made; with another body, or once it was reversed
    or cancelled, it is refused.
    """
    code, guard = _plain(code), _Guard(shop, place, at)
    refuse(rules.why_not_number(terminal, number, day, figures=guard.figures, at=at))
    body = crypto.ring().index(Redemption.BODY, f"{code} {amount_won}", size=32)
    row = Redemption(
        id=ids.new_id(), shop=shop, terminal=terminal, day=day, number=number, amount_won=amount_won, body_index=body,
        asked_at=at,
    )  # fmt: skip
    while True:
        facts = guard.met(code)
        no = rules.why_not_redeem(facts, amount_won, is_open=shop.is_open, at=at)
        if no or facts is None:
            break
        was_met, was_taken = _take(row, facts)
        if was_taken:
            return row
        if was_met:
            break  # and its number was used before
    before = queries.redemption(shop, terminal, day, number)
    if before:
        is_same = hmac.compare_digest(bytes(before.body_index or b""), body)
        refuse(rules.why_not_repeat(before.state, is_same=is_same))
        return before
    if facts is None:
        raise guard.counted()
    refuse(no)
    raise LookupError("a number that was taken has its row")


def _take(row: Redemption, facts: rules.Redeemable) -> tuple[bool, bool]:
    """Write a redemption down; says whether the voucher still stood as `facts` say, and whether it was taken."""
    after, row.rest_won = rules.after_redeem(facts, row.amount_won)
    row.voucher_id = facts.voucher_id
    values = {
        "id": row.id, "public": row.public_id, "shop": row.shop_id, "terminal": row.terminal, "day": row.day,
        "number": row.number, "voucher": facts.voucher_id, "body": row.body_index, "amount": row.amount_won,
        "rest": row.rest_won, "rest_before": facts.rest_won, "at": row.asked_at, "before": facts.state, "after": after,
        "by": f"shop:{row.shop.public_id}", "where": row.shop.name,
    }  # fmt: skip
    ((met, noted),) = prepared.run(_TAKE, values)
    row._state.adding = not noted
    return bool(met), bool(noted)


@transaction.atomic
def cancel_redemption(shop: Shop, approval: str, *, at: datetime) -> Redemption:
    """Undo a redemption by the approval number it got; once more it changes nothing. Raises Refused."""
    found = queries.redemption_id(shop.id, approval)
    if found is None:
        raise Refused(No(rules.ReturnRefusal.UNKNOWN))
    row = queries.locked_redemption(found)
    if row.state == RedemptionState.DONE:
        refuse(rules.why_not_cancel(row.asked_at, figures=figures_now.figures(at), at=at))
        _give_back(row, shop, RedemptionState.CANCELLED, at)
    return row


@transaction.atomic
def reverse(shop: Shop, *, terminal: str, day: date, number: str, at: datetime) -> Redemption:
    """Undo what a shop asked for under its number and was not answered, whether it has arrived or not (망취소).

    A reverse that comes first is kept, and its redeem is refused when it comes. Raises Refused.
    """
    refuse(rules.why_not_number(terminal, number, day, figures=figures_now.figures(at), at=at))
    row, is_new = Redemption.objects.get_or_create(
        shop=shop, terminal=terminal, day=day, number=number,
        defaults={"state": RedemptionState.REVERSED, "asked_at": at, "ended_at": at},
    )  # fmt: skip
    if not is_new:
        row = queries.locked_redemption(row.id)
        if row.state == RedemptionState.DONE:
            _give_back(row, shop, RedemptionState.REVERSED, at)
    return row


@transaction.atomic
def forget_wrong_codes(*, at: datetime) -> None:
    """Tries count for minutes; they are kept for a day."""
    WrongCode.objects.filter(tried_at__lt=at - timedelta(days=1)).delete()


def _plain(code: str) -> str:
    """A code as it was issued: people type blanks and hyphens between."""
    return "".join(code.split()).replace("-", "")


class _Guard:
    """Stops whoever asks for codes that nobody has; refuses at once when that was too often."""

    def __init__(self, shop: Shop, place: str, at: datetime) -> None:
        self.figures, self._shop, self._at = figures_now.figures(at), shop, at
        self._place = crypto.ring().index(WrongCode.PLACE, place)
        self._tries = (0, 0)

    def met(self, code: str) -> rules.Redeemable | None:
        """The voucher of a code as the shop meets it now, None for a code that nobody has."""
        found, of_shop, from_place = queries.met_by_shop(
            code, self._shop, self._place, figures=self.figures, at=self._at
        )
        self._tries = (of_shop, from_place)
        refuse(rules.why_not_try(*self._tries, figures=self.figures))
        return found

    @transaction.atomic
    def counted(self) -> Refused:
        """The refusal of such a code, once it was counted; staff hear when it was one too many."""
        WrongCode.objects.create(shop=self._shop, place_index=self._place, tried_at=self._at)
        of_shop, from_place = self._tries
        if rules.why_not_try(of_shop + 1, from_place + 1, figures=self.figures):
            jobs.announce(events.GUESSING, shop_id=self._shop.id)
        return Refused(No(rules.RedeemRefusal.UNKNOWN))


def _give_back(row: Redemption, shop: Shop, state: RedemptionState, at: datetime) -> None:
    if row.voucher_id is None:
        raise LookupError("what was redeemed has a voucher")
    voucher = queries.locked(row.voucher_id)
    refuse(rules.why_not_return(voucher.state))
    after = rules.state_after_return(voucher.state, is_used_elsewhere=queries.is_used_elsewhere(row))
    _move(voucher, after, voucher.rest_won + row.amount_won, shop, at)
    states.move(Redemption.objects.filter(id=row.id), RedemptionState.DONE, state, ended_at=at)
    row.state, row.ended_at = state, at


def _move(voucher: Voucher, after: str, rest_won: int, shop: Shop, at: datetime) -> None:
    rows = Voucher.objects.filter(id=voucher.id)
    states.move(rows, VoucherState(voucher.state), VoucherState(after), rest_won=rest_won)
    Change.objects.create(
        voucher=voucher, before=voucher.state, after=after, by=f"shop:{shop.public_id}", where=shop.name,
        changed_at=at,
    )  # fmt: skip

"""Paying unused cash out to the member's own bank account. P5

The cash is held from the wish to its end, so that it cannot be spent meanwhile. It goes by refunds of the charges
that brought it, and what no charge can give back goes by a transfer that finance makes.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.kit import crypto, jobs, states, wire
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.ledger import actions as ledger
from seonmul.ledger.models import Kind
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.models import Member
from seonmul.members.rules import Purpose
from seonmul.payments import events, queries, rules
from seonmul.payments.actions import _refunding, _watching
from seonmul.payments.models import PaymentRefund, Payout, PayoutState, RefundWhy
from seonmul.payments.ports import Account, Bank
from seonmul.payments.provider import provider
from seonmul.payments.rules import PayoutRefusal, RefundRefusal


def digits_of(number: str) -> str:
    """An account's number without its hyphens and blanks."""
    return "".join(sign for sign in number if sign not in "- \t")


def check_payout(
    by: Member, won: int, bank_code: str, number: str, *, left: str = "", at: datetime
) -> Purpose:
    """Say for what a code would be asked, when a pay-out may be asked for; raises Refused. P5

    `left`: the public id of an account of their own that the member left for a company. M7
    """
    buyer = queries.purse_of(by, left)
    if buyer is None:
        raise Refused(No(PayoutRefusal.NOT_OWNER))
    facts = queries.payout_facts(buyer, by)
    refuse(rules.why_not_ask_payout(won, Bank.of(bank_code), digits_of(number), facts, at=at))
    return queries.payout_purpose(buyer, won)


def ask_payout(
    by: Member,
    won: int,
    bank_code: str,
    number: str,
    *,
    secret: str,
    device: str,
    left: str = "",
    at: datetime,
) -> Payout:
    """Hold cash for a pay-out, behind spend authentication (`secret`); a job asks whose the account is. P5, M4, P7

    Raises Refused; a wrong secret stays counted.
    """
    purpose = check_payout(by, won, bank_code, number, left=left, at=at)
    if members_now.pays_by_password(by, device, at):
        grant = members.enter_payment_password(by.id, purpose, secret, device=device, at=at)
    else:
        grant = members.enter_spend_code(by.id, purpose, secret, at=at)
    return _hold(by, won, bank_code, digits_of(number), grant.id, left, at)


@transaction.atomic
def _hold(
    by: Member, won: int, bank_code: str, number: str, grant_id: UUID, left: str, at: datetime
) -> Payout:
    known = queries.purse_of(by, left)
    if known is None:
        raise Refused(No(PayoutRefusal.NOT_OWNER))
    buyer = members_now.locked_buyer(known.id) if left else members_now.locked_buyer_of(by)
    facts = queries.payout_facts(buyer, by)
    refuse(rules.why_not_ask_payout(won, Bank.of(bank_code), number, facts, at=at))
    members.use_grant(grant_id, by.id, queries.payout_purpose(buyer, won), at=at)
    payout = Payout(
        buyer=buyer,
        member=by,
        won=won,
        bank=bank_code,
        number_sealed=crypto.ring().seal(Payout.NUMBER, number),
        asked_at=at,
        next_try_at=at,
    )
    hold = ledger.hold(
        buyer.id, [(Kind.CASH, won)], cause=f"payout:{payout.id}", subject=payout.public_id, at=at
    )
    payout.hold_id = hold.id
    payout.save(force_insert=True)
    _watching.note_spent(buyer.id, at=at)
    audit.record("payout_asked", by=by.id, subject=payout.id, company=buyer.id, at=at, amount_won=won)
    jobs.enqueue("payments.check_holder", payout_id=payout.id)
    return payout


def check_holder(payout_id: UUID, *, at: datetime) -> None:
    """Ask the bank whose the account is. Without an answer the sweep comes back; in the end finance looks itself. P5"""
    claimed = _claim(payout_id, at)
    if claimed is None:
        return
    payout, owner = claimed
    told = ask_holder(
        queries.payout_account(payout),
        payout.tries,
        birth_date=owner.born_on,
        business_number=owner.business_number,
    )
    if told is not None:
        _note_holder(payout_id, told, owner.name, at)


def ask_holder(
    account: Account, tries: int, *, birth_date: date | None, business_number: str = ""
) -> str | None:
    """Whose an account is, in the bank's words: "" where it cannot be told and finance looks for itself, None: ask again.

    `tries`: how often it was asked before. One call, outside any transaction. P5, V4
    """
    try:
        return provider().holder(account, birth_date=birth_date, business_number=business_number)
    except wire.Declined:
        return ""
    except wire.WireError:
        return None if tries + 1 < rules.HOLDER_TRIES else ""


@transaction.atomic
def _claim(payout_id: UUID, at: datetime) -> tuple[Payout, queries.Owner] | None:
    payout = queries.locked_payout(payout_id)
    owner = queries.owner_of_payout(payout.buyer, payout.member)
    if payout.state != PayoutState.ASKED or owner is None:
        return None
    Payout.objects.filter(id=payout.id).update(
        next_try_at=rules.next_try(payout.tries, at=at), tries=payout.tries + 1
    )
    return payout, owner


@transaction.atomic
def _note_holder(payout_id: UUID, told: str, ours: str, at: datetime) -> None:
    payout = queries.locked_payout(payout_id)
    if payout.state != PayoutState.ASKED:
        return
    sealed = crypto.ring().seal(Payout.TOLD, told) if told else b""
    if told and not rules.is_same_holder(told, ours):
        _end(payout, PayoutState.MISMATCH, at, told_sealed=sealed)
        audit.record("payout_mismatch", by="provider", subject=payout.id, company=payout.buyer_id, at=at)
        return
    _move(payout, PayoutState.CHECKED, told_sealed=sealed, next_try_at=None)


@transaction.atomic
def withdraw_payout(payout_id: UUID, *, by: Member, at: datetime) -> None:
    """The member takes the wish back; the cash is there again. Raises Refused once it is approved. P5"""
    payout = queries.locked_payout(payout_id)
    if payout.state not in (PayoutState.ASKED, PayoutState.CHECKED):
        raise Refused(No(PayoutRefusal.DECIDED))
    if not queries.owns_purse(payout.buyer, by):
        raise Refused(No(PayoutRefusal.NOT_OWNER))
    _end(payout, PayoutState.WITHDRAWN, at)
    audit.record("payout_withdrawn", by=by.id, subject=payout.id, company=payout.buyer_id, at=at)


@transaction.atomic
def refuse_payout(payout_id: UUID, *, reason: str, by: Member, at: datetime) -> None:
    """Staff: say no with a reason that the member reads; the cash is there again. P5"""
    payout = queries.locked_payout(payout_id)
    if payout.state != PayoutState.CHECKED:
        raise Refused(No(PayoutRefusal.DECIDED))
    if not reason.strip():
        raise Refused(No(PayoutRefusal.NO_REASON))
    reason = reason.strip()[: rules.PAYOUT_REASON_MOST]
    _end(payout, PayoutState.REFUSED, at, reason=reason, decided_by=by, decided_at=at)
    audit.record("payout_refused", by=by.id, subject=payout.id, company=payout.buyer_id, at=at)


@transaction.atomic
def approve_payout(payout_id: UUID, *, is_holder_seen: bool, by: Member, at: datetime) -> None:
    """Staff: send it on its way, by refunds of the charges it came from, the newest first. P5

    What no charge can give back is `by_hand_won`: finance transfers it and says so. Raises Refused, also while all
    spending is stopped (M8).
    """
    payout = queries.locked_payout(payout_id)
    buyer = members_now.locked_buyer(payout.buyer_id)  # who stops all spending comes before or behind
    refuse(
        rules.why_not_approve_payout(
            is_checked=payout.state == PayoutState.CHECKED,
            is_frozen=queries.is_purse_frozen(buyer),
            is_told=bool(payout.told_sealed),
            is_holder_seen=is_holder_seen,
        )
    )
    charges = queries.charges_to_give_back(payout.buyer_id)
    shares, rest = rules.shares_of_payout(payout.won, [room for _, room in charges])
    _move(payout, PayoutState.APPROVED, by_hand_won=rest, decided_by=by, decided_at=at)
    to = _to(payout)
    for (payment_id, _room), won in zip(charges, shares, strict=True):
        if won:
            _refunding.give_back(
                payment_id,
                won,
                why=RefundWhy.PAYOUT,
                source=Kind.HELD,
                hold_id=payout.hold_id,
                cause=f"payout:{payout.id}:{payment_id}",
                subject=payout.public_id,
                to=to,
                at=at,
            )
    audit.record(
        "payout_approved", by=by.id, subject=payout.id, company=payout.buyer_id, at=at, amount_won=payout.won,
        by_hand_won=rest,
    )  # fmt: skip
    jobs.announce(events.PAYOUT_CHANGED, payout_id=payout.id)


def _to(payout: Payout) -> Account:
    """Where it goes, with a holder's name: the bank's own, or ours where staff have looked."""
    account = queries.payout_account(payout)
    owner = queries.owner_of_payout(payout.buyer, payout.member)
    return Account(account.bank, account.number, account.holder or (owner.name if owner else ""))


@transaction.atomic
def confirm_by_hand(payout_id: UUID, *, note: str, by: Member, at: datetime) -> None:
    """Staff: the part that no charge could give back was transferred; with a note, for good. P5, P9"""
    payout = queries.locked_payout(payout_id)
    if payout.state != PayoutState.APPROVED or not payout.by_hand_won or payout.is_hand_done:
        raise Refused(No(PayoutRefusal.NO_HAND))
    if not note.strip():
        raise Refused(No(RefundRefusal.NO_NOTE))
    ledger.capture(
        payout.hold_id,
        payout.by_hand_won,
        cause=f"payout:{payout.id}:hand",
        to=Kind.BANK,
        kind="payout",
        at=at,
    )
    Payout.objects.filter(id=payout.id).update(is_hand_done=True, note=note.strip()[: rules.PAYOUT_NOTE_MOST])
    audit.record(
        "payout_by_hand", by=by.id, subject=payout.id, company=payout.buyer_id, at=at,
        amount_won=payout.by_hand_won,
    )  # fmt: skip
    payout.is_hand_done = True
    _finish_when_all_is_done(payout, at)


@transaction.atomic
def finish_payout(refund_id: UUID, *, at: datetime) -> None:
    """A part has arrived: when it was the last one, the pay-out is done. P5"""
    refund = PaymentRefund.objects.get(id=refund_id)
    payout = queries.locked_payout_about(refund.subject)
    if payout:
        _finish_when_all_is_done(payout, at)


def _finish_when_all_is_done(payout: Payout, at: datetime) -> None:
    is_hand_open = payout.by_hand_won > 0 and not payout.is_hand_done
    if payout.state != PayoutState.APPROVED or is_hand_open:
        return
    if queries.has_open_parts(payout):
        return
    _move(payout, PayoutState.DONE, done_at=at)
    audit.record("payout_done", by="provider", subject=payout.id, company=payout.buyer_id, at=at)
    jobs.announce(events.PAYOUT_CHANGED, payout_id=payout.id)


def _end(payout: Payout, state: PayoutState, at: datetime, **also: Any) -> None:
    """No money goes: the cash is there again."""
    ledger.release(payout.hold_id, payout.won, cause=f"payout:{payout.id}:ended", at=at)
    _move(payout, state, next_try_at=None, done_at=at, **also)
    jobs.announce(events.PAYOUT_CHANGED, payout_id=payout.id)


def _move(payout: Payout, state: PayoutState, **also: Any) -> None:
    states.move(Payout.objects.filter(id=payout.id), payout.state, state, **also)
    payout.state = state

"""Money at the end of a voucher: asked for by the recipient or the buyer, decided by finance, paid by the books. V4

What it comes to follows the terms of the day of purchase; a shop that undoes a redemption meanwhile gives value back to the
voucher, so it is reckoned again when it is approved. The rest of a voucher that still holds is frozen meanwhile. The bank is asked for the holder in three beats.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.figures import queries as figures_now
from seonmul.gifts import events, queries, rules
from seonmul.gifts.models import Claim, ClaimState, ClaimWay, ClaimWhy, Gift
from seonmul.gifts.queries import Typed
from seonmul.gifts.rules import ClaimRefusal
from seonmul.kit import clock, crypto, jobs, states
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.ledger import actions as ledger
from seonmul.ledger.models import Kind
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.models import Buyer, Member
from seonmul.members.rules import ProofPurpose
from seonmul.payments import actions as payments
from seonmul.payments import rules as payment_rules
from seonmul.payments.ports import Bank
from seonmul.vouchers import actions as vouchers
from seonmul.vouchers import queries as vouchers_now
from seonmul.vouchers.models import VoucherState

_WHERE = "claim"


@transaction.atomic
def ask_claim_code(gift_id: UUID, *, client: str, at: datetime) -> UUID:
    """Text a code to the number that the copy went to; returns its proof. Raises Refused. V4"""
    gift = queries.locked_copy(gift_id)
    found = rules.claimable(
        queries.claim_facts(gift, is_buyer=False), queries.terms_of_line(gift.line), at=at
    )
    if isinstance(found, No):
        raise Refused(found)
    kind, address = queries.proof_address(gift)
    return members.ask_proof(kind, address, ProofPurpose.CLAIM, client=client, at=at).id


def claim(
    gift_id: UUID,
    way: ClaimWay,
    *,
    proof_id: UUID,
    digits: str,
    bank: str = "",
    typed: Typed | None = None,
    at: datetime,
) -> Claim:
    """The recipient asks for money, with the code that came to the phone. Raises Refused; a wrong code stays counted. V4

    `bank`, `typed`: the account, for money by bank.
    """
    proof = members_now.proof(proof_id)
    if proof is None or proof.proved_at is None:
        members.try_proof(proof_id, digits, at=at)
    return _claim_proved(gift_id, way, proof_id, bank, typed, at)


@transaction.atomic
def _claim_proved(
    gift_id: UUID, way: ClaimWay, proof_id: UUID, bank: str, typed: Typed | None, at: datetime
) -> Claim:
    gift = queries.locked_copy(gift_id)
    kind, address = queries.proof_address(gift)
    to_buyer = None
    if way == ClaimWay.POINTS:
        to_buyer = queries.buyer_at(kind, address)
        if to_buyer is None:
            raise Refused(No(ClaimRefusal.NO_MEMBER))
    elif typed is None or not typed.holder.strip():
        raise Refused(No(ClaimRefusal.NO_HOLDER))
    else:
        refuse(payment_rules.why_not_account(Bank.of(bank), typed.number))
    if members.use_proof(proof_id, ProofPurpose.CLAIM, at=at) != address:
        raise Refused(No(ClaimRefusal.NOT_THEIRS))
    account = (
        {"bank": bank, "account_sealed": queries.sealed_account(typed)} if typed and not to_buyer else {}
    )
    return _ask(gift, way, "recipient", to_buyer, at, **account)


@transaction.atomic
def claim_as_buyer(gift_id: UUID, way: ClaimWay, *, by: Member, at: datetime) -> Claim:
    """The buyer asks for what the recipient has not claimed, as cash or as points of their own. Raises Refused. V4"""
    gift = queries.locked_copy(gift_id)
    if members_now.buys_for(by) != gift.buyer_id:
        raise Refused(No(ClaimRefusal.NOT_A_BUYER))
    if way == ClaimWay.BANK:  # cash goes out to a bank account by a pay-out
        raise Refused(No(ClaimRefusal.NO_BANK))
    return _ask(gift, way, str(by.id), gift.order.buyer, at)


def _ask(gift: Gift, way: ClaimWay, by: str, to_buyer: Buyer | None, at: datetime, **account: Any) -> Claim:
    is_buyer = by != "recipient"
    gift.voucher = vouchers_now.locked(
        gift.voucher_id
    )  # a shop may be at it: what is left is counted under its lock
    facts = queries.claim_facts(gift, is_buyer=is_buyer)
    found = rules.claimable(facts, queries.terms_of_line(gift.line), at=at)
    if isinstance(found, No):
        raise Refused(found)
    won = rules.claim_won(found, way)
    if isinstance(won, No):
        raise Refused(won)
    _set_apart(gift, by, is_balance=found.is_balance, at=at)
    by_bank = way == ClaimWay.BANK
    made = Claim.objects.create(
        gift=gift,
        voucher_id=gift.voucher_id,
        why=ClaimWhy.BALANCE if found.is_balance else ClaimWhy.ENDED,
        way=way,
        is_of_buyer=is_buyer,
        to_buyer=to_buyer,
        won=won,
        state=ClaimState.ASKED if by_bank else ClaimState.CHECKED,
        next_try_at=at if by_bank else None,
        asked_at=at,
        **account,
    )
    audit.record(
        "claim_asked", by=by, subject=made.id, company=gift.buyer_id, at=at, amount_won=won, way=str(way)
    )
    if by_bank:
        jobs.enqueue("gifts.check_claim", claim_id=made.id)
    return made


def _set_apart(gift: Gift, by: str, *, is_balance: bool, at: datetime) -> None:
    """Nobody uses what is being given back. Raises Refused when a shop was faster."""
    if is_balance:
        if not vouchers.freeze_rest(gift.voucher_id, by=by, where=_WHERE, at=at):
            raise Refused(No(ClaimRefusal.NOTHING))
    elif gift.voucher.state != VoucherState.EXPIRED and not vouchers.expire_one(gift.voucher_id, at=at):
        raise Refused(No(ClaimRefusal.NOTHING))


def check_claim(claim_id: UUID, *, at: datetime) -> None:
    """Ask the bank whose the account is. Without an answer the sweep comes back; in the end finance looks itself. V4"""
    claimed = _hold(claim_id, at)
    account = queries.claim_account(claimed) if claimed else None
    if claimed is None or account is None:
        return
    typed = queries.typed_account(claimed)
    told = payments.ask_holder(account, claimed.tries, birth_date=typed.born_on)
    if told is not None:
        _note_holder(claim_id, told, typed.holder, at)


@transaction.atomic
def _hold(claim_id: UUID, at: datetime) -> Claim | None:
    row = queries.locked_claim(claim_id)
    if row.state != ClaimState.ASKED:
        return None
    Claim.objects.filter(id=row.id).update(
        next_try_at=payment_rules.next_try(row.tries, at=at), tries=row.tries + 1
    )
    return row


@transaction.atomic
def _note_holder(claim_id: UUID, told: str, typed: str, at: datetime) -> None:
    row = queries.locked_claim(claim_id)
    if row.state != ClaimState.ASKED:
        return
    sealed = crypto.ring().seal(Claim.TOLD, told) if told else b""
    if told and not payment_rules.is_same_holder(told, typed):
        _end(row, ClaimState.MISMATCH, "provider", at, told_sealed=sealed)
        audit.record("claim_mismatch", by="provider", subject=row.id, company=row.gift.buyer_id, at=at)
        return
    _move(row, ClaimState.CHECKED, told_sealed=sealed, next_try_at=None)


@transaction.atomic
def refuse_claim(claim_id: UUID, *, reason: str, by: Member, at: datetime) -> None:
    """Staff: say no with a reason that whoever asked reads; the voucher stands as before. Raises Refused. V4"""
    row = queries.locked_claim(claim_id)
    if row.state != ClaimState.CHECKED:
        raise Refused(No(ClaimRefusal.DECIDED))
    if not reason.strip():
        raise Refused(No(ClaimRefusal.NO_REASON))
    reason = reason.strip()[: payment_rules.PAYOUT_REASON_MOST]
    _end(row, ClaimState.REFUSED, str(by.id), at, reason=reason, decided_by=by, decided_at=at)
    audit.record("claim_refused", by=by.id, subject=row.id, company=row.gift.buyer_id, at=at)


@transaction.atomic
def approve_claim(
    claim_id: UUID, *, is_holder_seen: bool = False, is_seen_there: bool = False, by: Member, at: datetime
) -> None:
    """Staff: the money goes back. Points and cash are there at once; a bank transfer is finance's. Raises Refused. V4

    `is_seen_there`: whoever issued the code has ended it unused. S5 What goes back is what is left at this moment.
    """
    row = queries.locked_claim(claim_id)
    by_bank = row.way == ClaimWay.BANK
    refuse(
        rules.why_not_approve_claim(
            is_checked=row.state == ClaimState.CHECKED,
            by_bank=by_bank,
            is_told=bool(row.told_sealed),
            is_holder_seen=is_holder_seen,
            is_taken_elsewhere=queries.is_taken_elsewhere(row),
            is_seen_there=is_seen_there,
        )
    )
    due = queries.due_won(row, vouchers_now.locked(row.voucher_id))  # no shop is at it from here on
    if isinstance(due, No):
        raise Refused(due)
    if due != row.won:
        Claim.objects.filter(id=row.id).update(won=due)
        row.won = due
    if not vouchers.give_back_ended(row.voucher_id, by=str(by.id), where=_WHERE, at=at):
        raise Refused(No(ClaimRefusal.NOTHING))
    decided = {"decided_by": by, "decided_at": at}
    if by_bank:
        _move(row, ClaimState.APPROVED, **decided)
    else:
        _pay(row, at)
        _move(row, ClaimState.PAID, done_at=at, **decided)
    audit.record(
        "claim_approved", by=by.id, subject=row.id, company=row.gift.buyer_id, at=at, amount_won=row.won
    )
    jobs.announce(events.CLAIM_CHANGED, claim_id=row.id)


@transaction.atomic
def confirm_claim(claim_id: UUID, *, note: str, by: Member, at: datetime) -> None:
    """Staff: the transfer was made; with a note, for good. Raises Refused. V4, P9"""
    row = queries.locked_claim(claim_id)
    if row.state != ClaimState.APPROVED:
        raise Refused(No(ClaimRefusal.DECIDED))
    if not note.strip():
        raise Refused(No(ClaimRefusal.NO_NOTE))
    _pay(row, at)
    _move(row, ClaimState.PAID, note=note.strip()[: payment_rules.PAYOUT_NOTE_MOST], done_at=at)
    audit.record("claim_paid", by=by.id, subject=row.id, company=row.gift.buyer_id, at=at, amount_won=row.won)
    jobs.announce(events.CLAIM_CHANGED, claim_id=row.id)


def _pay(row: Claim, at: datetime) -> None:
    """Book it, once: out of what was earned by the sale, or as points."""
    cause, subject = f"claim:{row.id}", row.public_id
    if row.way == ClaimWay.POINTS:
        ends = payment_rules.reward_ends_on(at, figures=figures_now.figures(at))
        ledger.give(
            row.to_buyer_id or "", row.won, expires_at=clock.end_of_day(ends), cause=cause, subject=subject, at=at
        )  # fmt: skip
        return
    to = Kind.CASH if row.way == ClaimWay.CASH else Kind.BANK
    changes = {Kind.SALES: -row.won, to: row.won}
    ledger.move(row.to_buyer_id or "", changes, cause=cause, kind="claim", subject=subject, at=at)


def _end(row: Claim, state: ClaimState, by: str, at: datetime, **also: Any) -> None:
    """No money goes: what was frozen can be used again."""
    if row.why == ClaimWhy.BALANCE:
        vouchers.thaw_rest(row.voucher_id, by=by, where=_WHERE, at=at)
    _move(row, state, next_try_at=None, done_at=at, **also)
    jobs.announce(events.CLAIM_CHANGED, claim_id=row.id)


def _move(row: Claim, state: ClaimState, **also: Any) -> None:
    states.move(Claim.objects.filter(id=row.id), ClaimState(row.state), state, **also)
    row.state = state


@transaction.atomic
def sweep_claims(*, at: datetime) -> None:
    """Look for claims whose holder nobody asked for. V4"""
    for claim_id in queries.claims_to_check(at):
        jobs.enqueue_once("gifts.check_claim", f"claim:{claim_id}", claim_id=claim_id)


@transaction.atomic
def extend(gift_id: UUID, *, at: datetime) -> datetime:
    """The recipient has a voucher last longer, as the terms of its purchase allow. Raises Refused. V4"""
    gift = queries.locked_copy(gift_id)
    until = vouchers.extend(
        gift.voucher_id, queries.terms_of_line(gift.line), paid_at=gift.order.paid_at, by="recipient", at=at
    )
    audit.record("voucher_extended", by="recipient", subject=gift.id, company=gift.buyer_id, at=at)
    return until

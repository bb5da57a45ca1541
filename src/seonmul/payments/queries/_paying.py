"""Questions about payments and refunds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from seonmul.figures.rules import Figures
from seonmul.kit import clock, crypto, ids
from seonmul.kit.pages import Page, page
from seonmul.ledger import queries as ledger
from seonmul.members import queries as members
from seonmul.members.models import Member, Role
from seonmul.payments import rules
from seonmul.payments.models import (
    LowBalance,
    Payment,
    PaymentKind,
    PaymentRefund,
    PaymentState,
    Payout,
    PayoutState,
    RefundState,
    Report,
)
from seonmul.payments.ports import Account, Bank

_OPEN = [PaymentState.ASKED, PaymentState.WAITING]
_OPEN_PAYOUTS = [PayoutState.ASKED, PayoutState.CHECKED, PayoutState.APPROVED]
_OPEN_REFUNDS = [RefundState.OPEN, RefundState.SENT, RefundState.FAILED]


def payments_seen_by(member: Member) -> QuerySet[Payment]:
    """The payments of the buyer this member acts for."""
    return Payment.objects.filter(buyer__memberships__member=member)


def charges_page(member: Member, after: str = "", limit: int = 20) -> Page[Payment]:
    """The buyer's charges by virtual account, newest first. P2"""
    rows = payments_seen_by(member).filter(kind=PaymentKind.ACCOUNT)
    return page(rows, order=("-asked_at", "-id"), after=after, limit=limit)


def open_won(buyer_id: UUID, at: datetime) -> int:
    """What a buyer's open accounts come to. P2"""
    rows = Payment.objects.filter(
        buyer_id=buyer_id, kind=PaymentKind.ACCOUNT, state__in=_OPEN, ends_at__gte=at
    )
    return int(rows.aggregate(won=Sum("won"))["won"] or 0)


def on_its_way(buyer_id: UUID) -> int:
    """How many payments, pay-outs and refunds of a buyer have no end yet: money may come of each. M7, M9"""
    payments = Payment.objects.filter(buyer_id=buyer_id, state__in=[*_OPEN, PaymentState.PARKED])
    payouts = Payout.objects.filter(buyer_id=buyer_id, state__in=_OPEN_PAYOUTS)
    refunds = PaymentRefund.objects.filter(payment__buyer_id=buyer_id, state__in=_OPEN_REFUNDS)
    return payments.count() + payouts.count() + refunds.count()


def card_facts(buyer_id: UUID, at: datetime, *, but: str = "") -> rules.CardFacts:
    """A buyer's card payments of today and of this month, in Seoul, and what open windows may yet pay. P3

    Less what went back to the card: the channel has it free again. `but`: the subject whose own window is not held against it.
    """
    day = clock.seoul_date(at)
    today = datetime.combine(day, time(), tzinfo=clock.SEOUL)
    month = today.replace(day=1)
    paid = Payment.objects.filter(
        buyer_id=buyer_id, kind=PaymentKind.CARD, state=PaymentState.PAID, paid_at__gte=month
    )
    stays = F("paid_won") - F("cancelled_won")
    sums = paid.aggregate(today=Sum(stays, filter=Q(paid_at__gte=today)), month=Sum(stays))
    open_ones = Payment.objects.filter(
        buyer_id=buyer_id, kind=PaymentKind.CARD, state=PaymentState.ASKED, ends_at__gt=at
    ).exclude(subject=but)
    may_come = open_ones.aggregate(won=Sum("won"))["won"] or 0
    return rules.CardFacts(int(sums["today"] or 0) + may_come, int(sums["month"] or 0) + may_come)


def facts(payment: Payment) -> rules.AskedFacts:
    """A payment as we asked for it."""
    return rules.AskedFacts(
        reference=payment.reference,
        won=payment.won,
        subject=payment.subject or payment.public_id,
        is_card=payment.kind == PaymentKind.CARD,
        ends_at=payment.ends_at,
    )


def account_of(row: Payment | PaymentRefund) -> Account | None:
    """The bank account of a payment, or the one that a refund goes to."""
    bank, ring = Bank.of(row.bank), crypto.ring()
    if bank is None:
        return None
    return Account(
        bank,
        ring.open(row.NUMBER, row.number_sealed) if row.number_sealed else "",
        ring.open(row.HOLDER, row.holder_sealed) if row.holder_sealed else "",
        row.ends_at if isinstance(row, Payment) else None,
    )


def payment_about(subject: str) -> Payment | None:
    """The newest payment for a subject."""
    return Payment.objects.filter(subject=subject).order_by("-asked_at", "-id").first()


def locked_payment(payment_id: UUID) -> Payment:
    """Lock one payment."""
    return Payment.objects.select_for_update().get(id=payment_id)


def locked_refund(refund_id: UUID) -> PaymentRefund:
    """Lock one refund with its payment, the payment first: refunds of one payment go one after the other."""
    payment_id = PaymentRefund.objects.values_list("payment_id", flat=True).get(id=refund_id)
    payment = locked_payment(payment_id)
    refund = PaymentRefund.objects.select_for_update().get(id=refund_id)
    refund.payment = payment
    return refund


def room_won(payment: Payment) -> int:
    """What can still be given back of a payment: less everything that is under way. P5"""
    given = PaymentRefund.objects.filter(payment=payment).aggregate(won=Sum("won"))["won"] or 0
    return (payment.paid_won or 0) - int(given)


def is_busy(refund: PaymentRefund) -> bool:
    """Whether another refund of the same payment was asked for and has no answer yet."""
    others = PaymentRefund.objects.filter(payment_id=refund.payment_id).exclude(id=refund.id)
    return others.filter(Q(state=RefundState.SENT) | Q(state=RefundState.OPEN, tries__gt=0)).exists()


def locked_open_card(subject: str) -> Payment | None:
    """Lock the card payment that is open for a subject."""
    rows = Payment.objects.select_for_update().filter(
        subject=subject, kind=PaymentKind.CARD, state=PaymentState.ASKED
    )
    return rows.order_by("-asked_at", "-id").first()


def payments_to_issue(at: datetime, limit: int = 200) -> list[UUID]:
    """Accounts that were asked for and not issued, the longest due first."""
    rows = Payment.objects.filter(
        kind=PaymentKind.ACCOUNT, state=PaymentState.ASKED, next_ask_at__lte=at, ends_at__gt=at
    )
    return list(rows.order_by("next_ask_at", "id").values_list("id", flat=True)[:limit])


def cards_to_register(at: datetime, limit: int = 200) -> list[UUID]:
    """Open card windows whose sum the provider neither knows nor declined, when they are asked about anyway. P3"""
    rows = Payment.objects.filter(
        kind=PaymentKind.CARD, state=PaymentState.ASKED, is_registered=False, vendor_code="",
        next_ask_at__lte=at, ends_at__gt=at,
    )  # fmt: skip
    return list(rows.order_by("next_ask_at", "id").values_list("id", flat=True)[:limit])


def payments_to_ask(at: datetime, limit: int = 200) -> list[UUID]:
    """Payments about which the provider should be asked by now, the longest due first."""
    rows = Payment.objects.filter(next_ask_at__lte=at).order_by("next_ask_at", "id")
    rows = rows.exclude(kind=PaymentKind.ACCOUNT, state=PaymentState.ASKED, ends_at__gt=at)
    return list(rows.values_list("id", flat=True)[:limit])


def refunds_to_try(at: datetime, limit: int = 200) -> list[UUID]:
    """Refunds that should be tried, or asked about, by now."""
    rows = PaymentRefund.objects.filter(next_try_at__lte=at).order_by("next_try_at", "id")
    return list(rows.values_list("id", flat=True)[:limit])


def by_reference(references: Iterable[str]) -> list[UUID]:
    """Our payments among what a report speaks of."""
    return list(Payment.objects.filter(reference__in=list(references)).values_list("id", flat=True))


def refunds_of(references: Iterable[str]) -> list[UUID]:
    """Refunds under way of the payments that a report speaks of."""
    rows = PaymentRefund.objects.filter(
        payment__reference__in=list(references), state__in=[RefundState.OPEN, RefundState.SENT]
    )
    return list(rows.order_by("asked_at", "id").values_list("id", flat=True)[:100])


def refunds_about(subject: str) -> list[PaymentRefund]:
    """Refunds for a subject, oldest first."""
    rows = PaymentRefund.objects.filter(subject=subject).select_related("payment")
    return list(rows.order_by("asked_at", "id")[:500])


def charge_seen_by(member: Member, public_id: str) -> Payment | None:
    """One charge of the buyer this member acts for. P2"""
    rows = payments_seen_by(member).filter(kind=PaymentKind.ACCOUNT, public_id=public_id)
    return rows.select_related("member", "buyer").first()


def last_bank(buyer_id: UUID) -> str:
    """The bank of a buyer's last charge, "" before the first. P2"""
    rows = Payment.objects.filter(buyer_id=buyer_id, kind=PaymentKind.ACCOUNT)
    return rows.order_by("-asked_at", "-id").values_list("bank", flat=True).first() or ""


def room_to_charge(buyer_id: UUID, at: datetime, *, figures: Figures) -> int:
    """How much more a buyer may ask for. P2"""
    return max(figures.cash_most_won - ledger.cash(buyer_id).all_won - open_won(buyer_id, at), 0)


def charges_about(member: Member, subjects: Iterable[str]) -> dict[str, Payment]:
    """The payments behind subjects of transfers, by the subject's text. P1"""
    ids_ = [subject for subject in subjects if ids.is_id(subject)]
    return {str(row.id): row for row in payments_seen_by(member).filter(id__in=ids_)}


def may_watch(member: Member) -> bool:
    """Whether this member may set when the company is told of low cash. P7"""
    place = members.place_of(member)
    return place is not None and place.role in (Role.OWNER, Role.ACCOUNTANT)


def low_balance(buyer_id: UUID) -> LowBalance | None:
    """A buyer's level, if it wants to be told. P7"""
    return LowBalance.objects.filter(buyer_id=buyer_id).first()


def locked_low_balance(buyer_id: UUID) -> LowBalance | None:
    """Lock a buyer's level. P7"""
    return LowBalance.objects.select_for_update().filter(buyer_id=buyer_id).first()


def oldest_unread_report() -> datetime | None:
    """When the oldest report came that nobody has read yet."""
    return Report.objects.filter(read_at=None).order_by("came_at").values_list("came_at", flat=True).first()


def parked() -> tuple[int, datetime | None]:
    """How many deposits wait for finance, and since when the oldest. P2"""
    rows = Payment.objects.filter(state=PaymentState.PARKED, kind=PaymentKind.ACCOUNT)
    found = rows.aggregate(count=Count("id"), oldest=Min("settled_at"))
    return int(found["count"]), found["oldest"]


def payment(payment_id: UUID | str) -> Payment:
    """One payment."""
    return Payment.objects.get(id=payment_id)


def refund(refund_id: UUID | str) -> PaymentRefund:
    """One refund with its payment."""
    return PaymentRefund.objects.select_related("payment").get(id=refund_id)


def payout(payout_id: UUID | str) -> Payout:
    """One wish for a pay-out."""
    return Payout.objects.get(id=payout_id)

"""What paying by card starts from: a draft, a person at the provider's window, a worker. No mocks: all over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from seonmul.kit import crypto
from seonmul.ledger import actions as ledger
from seonmul.members import actions as members
from seonmul.members.models import Member, SpendCode
from seonmul.orders import actions, queries, rules
from seonmul.orders.models import Checkout, Draft, Order
from seonmul.payments import actions as payments
from seonmul.payments.models import Payment, PaymentRefund
from tests.given import MONDAY, Company
from tests.sandbox.outside import Outside

NO_DEVICE = ""


def reward(firm: Company, won: int, *, days: int = 200) -> None:
    """Points that the firm may spend."""
    from datetime import timedelta

    ends = MONDAY + timedelta(days=days)
    ledger.give(firm.buyer.id, won, expires_at=ends, cause=f"given:reward:{firm.buyer.id}:{days}", at=MONDAY)


def secret_for(by: Member, draft: Draft, at: datetime = MONDAY) -> str:
    """The digits that the member reads on the phone for paying this draft."""
    code = members.ask_spend_code(by.id, queries.purpose_of(draft, queries.quote(draft)), at=at)
    return crypto.ring().open(SpendCode.CODE, SpendCode.objects.get(id=code.id).code_sealed)


def paid_with(
    firm: Company, draft: Draft, *, reward_won: int = 0, cash_won: int = 0, at: datetime = MONDAY
) -> Order | Checkout:
    """Pay a draft with some reward and cash, the rest by card, as its owner does on the page."""
    quote = queries.quote(draft)
    split = rules.split_of(quote.amount_won, reward_won=reward_won, cash_won=cash_won)
    return actions.pay(
        draft.id,
        by=firm.owner,
        secret=secret_for(firm.owner, draft, at) if split.needs_grant else "",
        device=NO_DEVICE,
        split=split,
        seen_won=quote.amount_won,
        seen_left_out=quote.rows_at_fault,
        at=at,
    )


def window(firm: Company, draft: Draft, **wish: Any) -> Checkout:
    """A draft with its card window open."""
    opened = paid_with(firm, draft, **wish)
    assert isinstance(opened, Checkout)
    return opened


def payment_of(checkout: Checkout) -> Payment:
    return Payment.objects.get(id=checkout.payment_id)


def opened_there(carrier: Outside, checkout: Checkout, *, is_registered: bool = True) -> dict[str, Any]:
    """The window opens in a browser; the amount was fixed before, unless somebody was quicker."""
    payment = payment_of(checkout)
    if is_registered:
        payments.register(payment.id)
        payment.refresh_from_db()
        assert payment.is_registered
    wish = payments.window(payment, title="모바일쿠폰", return_to="http://127.0.0.1:8000/back/")
    answer: dict[str, Any] = carrier.inside("POST", "portone/open", dict(wish["request"]))
    return answer


def decided(carrier: Outside, checkout: Checkout, choice: str, at: datetime = MONDAY, **more: Any) -> Any:
    """The person in the window decides."""
    body = {"paymentId": payment_of(checkout).reference, "choice": choice, "at": at.isoformat()} | more
    return carrier.inside("POST", "portone/decide", body)


def approved(carrier: Outside, checkout: Checkout, choice: str = "corporate", at: datetime = MONDAY) -> None:
    """The card pays what was asked; we have not heard of it yet."""
    opened_there(carrier, checkout)
    decided(carrier, checkout, choice, at)


def heard(checkout: Checkout, at: datetime = MONDAY) -> Checkout:
    """We ask the provider, and what hears of its answer does its work."""
    payments.ask(checkout.payment_id, at=at)
    payment = payment_of(checkout)
    if payment.state == "paid":
        actions.complete_card(payment.id, at=at)
    elif payment.state in ("ended", "parked", "returned"):
        actions.note_card_ended(payment.id, at=at)
    checkout.refresh_from_db()
    return checkout


def refunded(payment_id: Any, at: datetime = MONDAY) -> list[str]:
    """Try the refunds of a payment once; returns their states."""
    for refund in PaymentRefund.objects.filter(payment_id=payment_id).order_by("asked_at", "id"):
        payments.try_refund(refund.id, at=at)
    found = PaymentRefund.objects.filter(payment_id=payment_id).order_by("asked_at", "id")
    return list(found.values_list("state", flat=True))


def there(carrier: Outside, checkout: Checkout) -> Any:
    """The payment as the provider tells it."""
    from seonmul.payments.provider import provider

    return provider().payment(payment_of(checkout).reference)

"""What the page of a card window shows: where the payment stands, how the chosen card goes, what to do after a no. P3"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from seonmul.orders import queries, rules
from seonmul.orders.models import Checkout, CheckoutState, Draft
from seonmul.orders.queries import Quote
from seonmul.payments import actions as payments
from seonmul.payments import queries as payments_now
from seonmul.payments import rules as payment_rules
from seonmul.payments.models import CardKind, IssuerRule, Payment, PaymentRefund, Way
from seonmul.payments.rules import Advice, Stage


@dataclass(frozen=True)
class Choice:
    """The card that the person has, and how it goes. `advice` None: nothing chosen yet."""

    card: str
    issuer: str
    rule: IssuerRule | None
    advice: Advice | None

    @property
    def query(self) -> str:
        """The choice as it travels in addresses, so that nothing is chosen twice."""
        way = self.advice.way if self.advice else ""
        wanted = {"card": self.card, "issuer": self.issuer, "way": way}
        return urlencode({name: value for name, value in wanted.items() if value})


def choice(asked: Mapping[str, str], at: datetime) -> Choice:
    """The card that an address names, held against the operators' table."""
    card = asked.get("card", "") if asked.get("card") in CardKind.values else ""
    issuer = asked.get("issuer", "") if asked.get("issuer") in payment_rules.ISSUERS else ""
    if not card or not issuer:
        return Choice(card, issuer, None, None)
    rule = payments_now.ways(at).get((issuer, card))
    advice = payment_rules.advise(rule.ways if rule else None, asked.get("way", ""))
    return Choice(card, issuer, rule, advice)


def token(checkout: Checkout, payment: Payment, refunds: list[PaymentRefund], at: datetime) -> str:
    """What the page says, in short: when it changes, a waiting page is loaded again."""
    back = int(payment.returned_at.timestamp()) if payment.returned_at else 0
    parts = [checkout.state, payments_now.stage(payment, at), payment.trouble, str(back)]
    return "-".join([*parts, *(refund.state for refund in refunds)])


def context(draft: Draft, checkout: Checkout, quote: Quote, chosen: Choice, at: datetime) -> dict[str, Any]:
    """Everything on the page."""
    payment = payments_now.payment(checkout.payment_id)
    refunds = payments_now.refunds_of_payment(payment.id)
    is_open, stage = checkout.state == CheckoutState.OPEN, payments_now.stage(payment, at)
    may_pay = is_open and stage in (Stage.READY, Stage.WAITING)
    words = payment_rules.trouble_words(payment.trouble) if payment.trouble and may_pay else None
    return {
        "draft": draft,
        "quote": quote,
        "checkout": checkout,
        "payment": payment,
        "refunds": refunds,
        "stage": stage,
        "is_open": is_open,
        "may_pay": may_pay,
        "ended": None
        if is_open
        else rules.why_ended(checkout.why, seen_won=checkout.total_won, now_won=quote.amount_won),
        "trouble": words,
        "browsers": payment_rules.BROWSERS if words else (),
        "token": token(checkout, payment, refunds, at),
        "chosen": chosen,
        "cards": CardKind.choices,
        "issuers": sorted(
            ((code, gettext(name)) for code, name in payment_rules.ISSUERS.items()), key=lambda pair: pair[1]
        ),
        "ways": [(way, Way(way).label) for way in chosen.advice.ways] if chosen.advice else [],
    } | (_window(draft, payment, quote, chosen) if may_pay else {})


def _window(draft: Draft, payment: Payment, quote: Quote, chosen: Choice) -> dict[str, Any]:
    """What the browser needs to open the window. The script is loaded with the page; the request follows the choice."""
    way = chosen.advice.way if chosen.advice else Way.CARD
    address = reverse("storefront:card_return", args=[draft.public_id])
    window = payments.window(
        payment,
        title=gettext("모바일쿠폰 {copies}건").format(copies=f"{quote.copies:,}"),
        return_to=f"{settings.PUBLIC_URL}{address}?{chosen.query}",
        issuers=[chosen.issuer] if chosen.issuer else [],
        is_easy=way == Way.EASY,
        only_app_card=way == Way.APP,
    )
    is_ready = bool(chosen.advice and chosen.advice.way)
    return {"script": window["script"], "wish": json.dumps(window["request"]) if is_ready else ""}


def last(draft: Draft) -> Checkout | None:
    """The window that a draft's page is about."""
    return queries.last_checkout(draft.id)

"""What the page of paying shows of a draft: what there is, how it is split, what it is authorised by. M4, O6, P4, P6"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seonmul.figures import queries as figures_now
from seonmul.kit.refusals import No
from seonmul.members import queries as members
from seonmul.members.models import Member, SpendMethod
from seonmul.orders import queries, rules
from seonmul.orders.models import Draft, Purpose
from seonmul.orders.queries import Means, Quote
from seonmul.payments import queries as payments
from seonmul.payments import rules as payment_rules
from seonmul.storefront import budget_page, draft_page

#: What the form of the means says.
TYPED = ("reward_won", "cash_won", "all")


@dataclass(frozen=True)
class Choice:
    """How the person wants to pay, and why that cannot be."""

    means: Means
    split: rules.Split
    no: No | None
    card_no: No | None

    @property
    def is_possible(self) -> bool:
        return self.no is None and self.card_no is None


def choice(draft: Draft, quote: Quote, typed: Mapping[str, str], at: datetime) -> Choice:
    """The split that was asked for, held against what there is now; all that there is in cash unless said. O6"""
    means = queries.means(draft, at)
    split = rules.split_wanted(
        quote.amount_won,
        reward_won=won_of(typed.get("reward_won", "")),
        cash_won=won_of(typed["cash_won"]) if typed.get("cash_won", "").strip() else None,
        all_of=typed.get("all", ""),
        has_reward_won=means.reward_won,
        has_cash_won=means.cash_won,
    )
    no = rules.why_not_split(
        split, quote.amount_won, has_reward_won=means.reward_won, has_cash_won=means.cash_won
    )
    lately = payments.card_facts(draft.buyer_id, at, but=queries.paid_as(draft.id))
    figures = figures_now.figures(at)
    card_no = payment_rules.why_not_card(split.card_won, lately, figures=figures) if split.card_won else None
    return Choice(means, split, no, card_no)


def split_of(typed: Mapping[str, str], seen_won: int) -> rules.Split:
    """The split that the form says; what it leaves open is paid in cash, as by the forms before there were cards."""
    reward_won = won_of(typed.get("reward_won", ""))
    cash = typed.get("cash_won", "")
    cash_won = won_of(cash) if cash.strip() else seen_won - reward_won
    return rules.split_of(seen_won, reward_won=reward_won, cash_won=cash_won)


def context(
    draft: Draft,
    member: Member,
    device: str,
    chosen: Choice,
    quote: Quote,
    at: datetime,
    *,
    no: No | None,
) -> dict[str, Any]:
    """Everything on the page. `no`: why it was not paid."""
    has_chosen_password = member.spend_method == SpendMethod.PAYMENT_PASSWORD
    new_device = members.why_not_pay_by_password(member, device, at)
    figures, split = figures_now.figures(at), chosen.split
    return {
        **draft_page.limit_context(draft, quote, at),
        **budget_page.of_draft(draft, member, quote.amount_won, at),
        "urgent_hours": figures.urgent_business_hours,
        "steps": rules.steps_of(queries.approval_facts(draft, quote, member)),
        "draft": draft,
        "quote": quote,
        "no": no,
        "by_password": has_chosen_password and new_device is None,
        "new_device": new_device if has_chosen_password else None,
        "phone": members.phone_of(member),
        "until": members.code_until(member, queries.purpose_of(draft, quote), at),
        "sent_lately": queries.sent_lately(draft, at, figures.same_product_warn_hours),
        "lately_hours": figures.same_product_warn_hours,
        "chosen": chosen,
        "split": split,
        "means": chosen.means,
        "reward_to_come": queries.reward_to_come(draft, quote, split, at),
        "is_for_clients": draft.purpose == Purpose.CLIENTS,
        "open_checkout": queries.open_checkout(draft.id),
    }


def won_of(text: str) -> int:
    """An amount as people type it; what is none counts as nothing."""
    digits = text.replace(",", "").strip()
    return int(digits) if digits.isdecimal() and len(digits) < 16 else 0

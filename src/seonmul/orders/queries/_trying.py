"""Trials: what the rule needs to know. O5"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.conf import settings

from seonmul.catalog import queries as catalog
from seonmul.catalog.models import List, Product
from seonmul.kit import clock
from seonmul.members import queries as members
from seonmul.members.models import Buyer, Member
from seonmul.orders import rules
from seonmul.orders.models import Draft, OrderKind, Trial
from seonmul.orders.queries._baskets import Quote, items_of
from seonmul.orders.queries._drafts import letter_facts


@dataclass(frozen=True)
class Sample:
    """What the picture of a voucher that is not there yet shows."""

    buyer: Buyer
    product: Product
    seed: str
    validity_days: int
    list: str


def to_sample(ids: Sequence[UUID]) -> dict[UUID, Sample]:
    """What may be shown as a sample: drafts, and trials of drafts that are still there, by the first product. O3, O5"""
    drafts_of = {one: one for one in ids}
    drafts_of |= dict(Trial.objects.filter(id__in=list(ids)).values_list("id", "draft_id"))
    drafts = Draft.objects.filter(id__in=set(drafts_of.values())).select_related("buyer")
    samples = {draft.id: _sample(draft) for draft in drafts.order_by("id")[:100]}
    return {one: samples[draft] for one, draft in drafts_of.items() if draft in samples}


def _sample(draft: Draft) -> Sample:
    product = items_of(draft)[0].product
    offer = catalog.offer(List(draft.list), product.code)
    return Sample(draft.buyer, product, draft.public_id, offer.validity_days if offer else 0, draft.list)


def trials_today(member: Member, at: datetime) -> int:
    """How many trials a member has sent since midnight in Seoul. O5"""
    midnight = datetime.combine(clock.seoul_date(at), time(), clock.SEOUL)
    return Trial.objects.filter(member=member, sent_at__gte=midnight).count()


def trial_address(draft: Draft, by: Member) -> str:
    """Where a trial goes: the member's own proved phone, or mailbox. O5"""
    return by.mail if draft.kind == OrderKind.MAIL else members.phone_of(by)


def trial_facts(draft: Draft, quote: Quote, by: Member, at: datetime) -> rules.TrialFacts:
    """Who wants to see which message. O5"""
    return rules.TrialFacts(
        may_buy=members.may_buy(by) and members.buyer_of(by) == draft.buyer,
        has_address=bool(trial_address(draft, by)),
        by_mail=draft.kind == OrderKind.MAIL,
        today=trials_today(by, at),
        letter=letter_facts(draft, quote, settings.PUBLIC_URL, at),
    )

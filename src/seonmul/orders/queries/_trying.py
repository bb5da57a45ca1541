"""Trials: what the rule needs to know. O5"""

from __future__ import annotations

from datetime import datetime, time

from django.conf import settings

from seonmul.kit import clock
from seonmul.members import queries as members
from seonmul.members.models import Member
from seonmul.orders import rules
from seonmul.orders.models import Draft, OrderKind, Trial
from seonmul.orders.queries._baskets import Quote
from seonmul.orders.queries._drafts import letter_facts


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

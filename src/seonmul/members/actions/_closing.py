"""Leaving. What belongs to orders is done by orders.actions.close_account, which calls this. M9"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.figures import queries as figures_now
from seonmul.kit import jobs, states
from seonmul.kit.refusals import refuse
from seonmul.ledger import actions as ledger
from seonmul.members import events, queries, rules
from seonmul.members.actions._entering import sign_out_everywhere
from seonmul.members.models import (
    Buyer,
    Conversion,
    ConversionState,
    Handover,
    HandoverState,
    Invitation,
    JoinRequest,
    JoinState,
    Member,
    Membership,
)

#: The notice of closing goes out before anything is erased.
_NOTICE_SECONDS = 60


@transaction.atomic
def close(
    by: Member,
    *,
    orders_under_way: int,
    on_its_way: int,
    has_orders: bool,
    by_password: bool,
    is_proved: bool,
    gives_up_reward: bool,
    at: datetime,
) -> Buyer | None:
    """Close an account: nobody logs in with it again, and what it has open is taken back. Raises Refused. M9

    Returns the buyer that ended with it: a person's own, or a company's whose last member this was. A job erases
    what is personal when the days of the figure are over.
    """
    buyer = queries.buyer_of(by)
    if buyer:
        queries.locked_buyer(buyer.id)
        queries.lock_invitations(buyer.id)
    member = queries.locked_member(by.id)
    facts = queries.closing_facts(
        member,
        orders_under_way=orders_under_way,
        on_its_way=on_its_way,
        has_orders=has_orders,
        by_password=by_password,
        is_proved=is_proved,
        gives_up_reward=gives_up_reward,
    )
    refuse(rules.why_not_close(facts))
    ends = queries.ends_with(member)
    _take_back(member, ends, at)
    if ends:
        Buyer.objects.filter(id=ends.id).update(closed_at=at)
        if facts.reward_won:
            ledger.forfeit(ends.id, cause=f"closed:{ends.id}", at=at)
    else:
        Membership.objects.filter(member=member).delete()
    _shut(member, at)
    company = buyer.id if buyer else ""
    audit.record("account_closed", by=by.id, subject=by.id, company=company, at=at, ends_buyer=bool(ends))
    jobs.announce(events.ACCOUNT_CLOSED, member_id=member.id)
    if not figures_now.figures(at).closing_days:
        jobs.enqueue("members.erase", in_seconds=_NOTICE_SECONDS, member_id=member.id)
    return ends


def _take_back(member: Member, ends: Buyer | None, at: datetime) -> None:
    """Withdraw what waits for somebody's answer: invitations, requests to join, applications."""
    invited = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    invited = invited.filter(buyer=ends) if ends else invited.filter(invited_by=member)
    invited.update(withdrawn_at=at)
    asked = JoinRequest.objects.filter(buyer=ends) if ends else JoinRequest.objects.none()
    for rows in (JoinRequest.objects.filter(member=member), asked):
        states.move(rows, JoinState.WAITING, JoinState.WITHDRAWN, decided_at=at)
    applied = Conversion.objects.filter(member=member)
    states.move(applied, ConversionState.WAITING, ConversionState.WITHDRAWN, decided_at=at)
    for state in (HandoverState.ASKED, HandoverState.WAITING):
        states.move(Handover.objects.filter(member=member), state, HandoverState.WITHDRAWN, ended_at=at)


def _shut(member: Member, at: datetime) -> None:
    """No login, no payment, no session: with the password its hash is gone from every session."""
    member.set_unusable_password()
    member.is_active, member.closed_at, member.payment_password = False, at, ""
    member.marketing_consent = False
    member.save(update_fields=["password", "is_active", "closed_at", "payment_password", "marketing_consent"])
    sign_out_everywhere(member.id)


def sweep_closed(*, at: datetime) -> None:
    """Have everybody erased whose days are over: a job was lost, or the figure gives them some. M9"""
    for member_id in queries.members_to_erase(at):
        jobs.enqueue_once("members.erase", f"erase:{member_id}", member_id=member_id)

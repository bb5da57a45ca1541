"""What members do: spend authentication, and (thin for now) their making. M4

A wrong try must be counted although it is refused: these verbs commit first and raise afterwards.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.figures import queries as figures_now
from seonmul.kit import crypto, jobs
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.members import events, queries, rules
from seonmul.members.actions._entering import note_spend
from seonmul.members.models import GrantMethod, Member, SpendCode, SpendGrant, SpendMethod
from seonmul.members.rules import Purpose


@transaction.atomic
def set_spend_method(member_id: UUID, method: SpendMethod, *, is_verified: bool, at: datetime) -> None:
    """Choose how payments are authorised; only behind a fresh identity verification. M4"""
    member = queries.locked_member(member_id)
    refuse(
        rules.why_not_set_method(
            needs_password=method == SpendMethod.PAYMENT_PASSWORD,
            has_password=bool(member.payment_password),
            is_verified=is_verified,
        )
    )
    Member.objects.filter(id=member_id).update(spend_method=method)
    audit.record("spend_method_set", by=member_id, subject=member_id, at=at, method=str(method))
    jobs.announce(events.SPENDING_CHANGED, member_id=member_id)


@transaction.atomic
def change_payment_password(member_id: UUID, password: str, *, is_verified: bool, at: datetime) -> None:
    """Choose the payment password behind a fresh identity verification; the member is told. M4"""
    refuse(rules.why_not_unverified(is_verified))
    set_payment_password(member_id, password, at=at)
    jobs.announce(events.SPENDING_CHANGED, member_id=member_id)


@transaction.atomic
def set_payment_password(member_id: UUID, password: str, *, at: datetime) -> None:
    """Store the payment password; raises Refused when it is too short or the login password. M4"""
    member = queries.locked_member(member_id)
    is_same, figures = member.check_password(password), figures_now.figures(at)
    refuse(rules.why_not_set_password(password, is_login_password=is_same, figures=figures))
    member.payment_password = make_password(password)
    member.payment_failures, member.payment_locked_until = 0, None
    member.save(update_fields=["payment_password", "payment_failures", "payment_locked_until"])
    audit.record("payment_password_set", by=member.id, subject=member.id, at=at)


@transaction.atomic
def ask_spend_code(member_id: UUID, purpose: Purpose, *, at: datetime) -> SpendCode:
    """Make a six-digit code for this payment and have it texted to the member's phone. M4"""
    figures = figures_now.figures(at)
    member = queries.locked_member(member_id)
    if member.phone_index:  # several accounts may have one number: their codes are counted one by one
        queries.locked_address(bytes(member.phone_index))
    lately = queries.codes_lately(member, figures.spend_codes_minutes, at)
    refuse(rules.why_not_ask_code(bool(member.phone_sealed), *lately, figures=figures))
    digits = f"{secrets.randbelow(10**rules.SPEND_CODE_DIGITS):0{rules.SPEND_CODE_DIGITS}d}"
    code = SpendCode.objects.create(
        member=member,
        phone_index=bytes(member.phone_index),
        purpose=purpose.key,
        amount_won=purpose.amount_won,
        people=purpose.people,
        code_sealed=crypto.ring().seal(SpendCode.CODE, digits),
        asked_at=at,
        expires_at=at + timedelta(minutes=figures.spend_code_minutes),
    )
    jobs.announce(events.SPEND_CODE_ASKED, code_id=code.id)
    return code


def enter_spend_code(member_id: UUID, purpose: Purpose, digits: str, *, at: datetime) -> SpendGrant:
    """Exchange the texted code for a grant; raises Refused, and counts the try, when it is wrong. M4"""
    with transaction.atomic():
        outcome = _try_code(member_id, purpose, digits, at)
    return _grant_or_raise(outcome)


def enter_payment_password(
    member_id: UUID, purpose: Purpose, password: str, *, device: str, at: datetime
) -> SpendGrant:
    """Exchange the payment password for a grant; five wrong tries lock it and tell the member. M4

    `device`: the browser's cookie. A new one is refused before the password is looked at. M8
    """
    with transaction.atomic():
        outcome = _try_password(member_id, purpose, password, device, at)
    return _grant_or_raise(outcome)


@transaction.atomic
def grant_at_console(member_id: UUID, purpose: Purpose, *, by: str, at: datetime) -> SpendGrant:
    """A grant for whoever has access to the operating system (`by`: its user name); audited."""
    grant = _grant(member_id, GrantMethod.CONSOLE, purpose, at)
    audit.record(
        "spend_granted_at_console", by=f"os:{by}", subject=grant.id, at=at, amount_won=purpose.amount_won
    )
    return grant


@transaction.atomic
def use_grant(grant_id: UUID, member_id: UUID, purpose: Purpose, *, at: datetime) -> None:
    """Use up a grant for this payment; raises Refused when it was given for anything else. M4"""
    grant = queries.locked_grant(grant_id)
    if grant.member_id != member_id:
        raise Refused(No(rules.SpendRefusal.GRANT_UNFIT))
    facts = rules.GrantFacts(grant.purpose, grant.expires_at, grant.used_at)
    refuse(rules.why_not_use_grant(facts, purpose, at=at))
    SpendGrant.objects.filter(id=grant.id).update(used_at=at)
    note_spend(grant.member_id, grant.method, purpose.amount_won, at)


def _try_code(member_id: UUID, purpose: Purpose, digits: str, at: datetime) -> SpendGrant | No:
    figures = figures_now.figures(at)
    code = queries.locked_newest_code(member_id, purpose)
    no = rules.why_not_try_code(queries.code_facts(code), figures=figures, at=at)
    if no or code is None:
        return no or No(rules.SpendRefusal.NO_CODE)
    right = crypto.ring().open(SpendCode.CODE, code.code_sealed)
    if not hmac.compare_digest(right.encode(), digits.strip().encode()):
        SpendCode.objects.filter(id=code.id).update(tries=code.tries + 1)
        return rules.wrong_code(code.tries + 1, figures=figures)
    SpendCode.objects.filter(id=code.id).update(used_at=at)
    return _grant(member_id, GrantMethod.PHONE_CODE, purpose, at)


def _try_password(
    member_id: UUID, purpose: Purpose, password: str, device: str, at: datetime
) -> SpendGrant | No:
    figures = figures_now.figures(at)
    member = queries.locked_member(member_id)
    no = queries.why_not_pay_by_password(member, device, at)
    no = no or rules.why_not_try_password(queries.password_facts(member), at=at)
    if no:
        return no
    # a lock that has run out starts the count anew
    failures = 0 if member.payment_locked_until else member.payment_failures
    if check_password(password, member.payment_password):
        Member.objects.filter(id=member.id).update(payment_failures=0, payment_locked_until=None)
        return _grant(member_id, GrantMethod.PAYMENT_PASSWORD, purpose, at)
    no = rules.wrong_password(failures + 1, figures=figures)
    locked = no.why is rules.SpendRefusal.PASSWORD_LOCKED
    until = at + timedelta(minutes=figures.payment_password_lock_minutes) if locked else None
    Member.objects.filter(id=member.id).update(payment_failures=failures + 1, payment_locked_until=until)
    if locked:
        audit.record("payment_password_locked", by=member.id, subject=member.id, at=at)
        jobs.announce(events.PAYMENT_PASSWORD_LOCKED, member_id=member.id)
    return no


def _grant(member_id: UUID, method: GrantMethod, purpose: Purpose, at: datetime) -> SpendGrant:
    minutes = figures_now.figures(at).grant_minutes
    return SpendGrant.objects.create(
        member_id=member_id,
        method=method,
        purpose=purpose.key,
        granted_at=at,
        expires_at=at + timedelta(minutes=minutes),
    )


def _grant_or_raise(outcome: SpendGrant | No) -> SpendGrant:
    if isinstance(outcome, No):
        raise Refused(outcome)
    return outcome

"""Logging in as members see it afterwards: devices, the list of logins and payments, bursts of wrong tries. M8"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from seonmul.audit import actions as audit
from seonmul.figures import queries as figures_now
from seonmul.kit import jobs
from seonmul.members import events, queries, rules
from seonmul.members.models import (
    Access,
    AccessKind,
    Alarm,
    AlarmTold,
    Device,
    Member,
    WrongLogin,
)

_WRONG_DAYS = 1  # longer than any window in which wrong tries are counted


@transaction.atomic
def note_login(member_id: UUID, key: str, *, words: str, address: str, at: datetime) -> Device:
    """Keep that a member logs in: in which browser (`key`: its cookie, `words`: what it calls itself), from where.

    Asked in the moment of the login, before Django notes it: `last_login` still says whether there was an earlier
    one, and only without one is this the first device. A login on a new device is told by mail. M8
    """
    member = queries.locked_member(member_id)
    index = queries.device_index(key)
    is_first = member.last_login is None and not Device.objects.filter(member=member).exists()
    device, is_new = Device.objects.get_or_create(
        member=member,
        key_index=index,
        defaults={"is_first": is_first, "first_seen_at": at, "last_seen_at": at},
    )
    Device.objects.filter(id=device.id).update(
        words=words[:60], last_seen_at=at, address_index=queries.address_index(address) if address else b""
    )
    is_told = is_new and not is_first
    made = Access.objects.create(
        member=member,
        kind=AccessKind.LOGIN,
        happened_at=at,
        device=words[:60],
        address=rules.short_address(address),
        is_new_device=is_told,
    )
    if is_told:
        jobs.announce(events.NEW_DEVICE, access_id=made.id)
    return device


@transaction.atomic
def forget_devices(member_id: UUID, *, besides: str, at: datetime) -> None:
    """Every device but this one (its cookie) is new again: its sessions were ended by hand. M8"""
    kept = queries.device_index(besides) if besides else b""
    Device.objects.filter(member_id=member_id).exclude(key_index=kept).delete()
    audit.record("devices_forgotten", by=member_id, subject=member_id, at=at)


def sign_out_everywhere(member_id: UUID) -> None:
    """End every session of a member, within a transaction."""
    for session in UserSession.objects.filter(user_id=member_id):
        session.end()


def note_spend(member_id: UUID, method: str, amount_won: int, at: datetime) -> None:
    """Put a payment on the member's list, in the transaction that makes it. M8

    `method`: of the grant, or BY_CARD for what a card pays alone, which needs none.
    """
    Access.objects.create(
        member_id=member_id, kind=AccessKind.SPEND, happened_at=at, method=method, amount_won=amount_won
    )


@transaction.atomic
def note_wrong_login(login: str, *, at: datetime) -> None:
    """Count a wrong or refused try of a login id; enough of them are a burst, which staff and members learn of. M8

    The same is done whether anybody has the login id.
    """
    figures = figures_now.figures(at)
    WrongLogin.objects.create(login_index=queries.login_index(login), tried_at=at)
    member = queries.by_login(login)
    if member:
        hour = at.replace(minute=0, second=0, microsecond=0)
        row, _ = Access.objects.get_or_create(member=member, kind=AccessKind.WRONG, happened_at=hour)
        Access.objects.filter(id=row.id).update(tries=F("tries") + 1)
    of_account, of_site = queries.wrong_logins(login, at)
    if not rules.is_burst(of_account, of_site, figures=figures):
        return
    alarm = _raised(of_account, of_site, at, at - timedelta(minutes=figures.login_burst_minutes))
    if member and of_account >= figures.login_account_tries:
        _, is_new = AlarmTold.objects.get_or_create(alarm=alarm, member=member)
        if is_new:
            jobs.announce(events.ACCOUNT_ATTACKED, member_id=member.id)


def _raised(of_account: int, of_site: int, at: datetime, since: datetime) -> Alarm:
    """The burst that goes on, one try longer; a new one when the last is over."""
    alarm, accounts = queries.locked_alarm(since), queries.accounts_tried(since)
    if alarm:
        Alarm.objects.filter(id=alarm.id).update(
            tries=F("tries") + 1, accounts=Greatest(F("accounts"), accounts), last_at=at
        )
        return alarm
    tries = max(of_account, of_site)
    made = Alarm.objects.create(began_at=at, last_at=at, tries=tries, accounts=accounts)
    audit.record("login_burst", by="system", subject=made.id, at=at, tries=tries, accounts=accounts)
    return made


@transaction.atomic
def see_alarm(alarm_id: UUID, *, by: Member, at: datetime) -> None:
    """Somebody of the staff has looked at a burst; who was slower changes nothing. M8"""
    if Alarm.objects.filter(id=alarm_id, seen_at=None).update(seen_by=by, seen_at=at):
        audit.record("alarm_seen", by=by.id, subject=alarm_id, at=at)


@transaction.atomic
def forget_accesses(*, at: datetime) -> None:
    """Erase what has been shown long enough: members' lists after their term, wrong tries after a day. M8"""
    days = figures_now.figures(at).access_days
    Access.objects.filter(happened_at__lt=at - timedelta(days=days)).delete()
    WrongLogin.objects.filter(tried_at__lt=at - timedelta(days=_WRONG_DAYS)).delete()

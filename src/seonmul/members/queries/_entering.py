"""Questions about devices, logins and bursts of wrong ones. M8"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from seonmul.figures import queries as figures_now
from seonmul.kit import crypto
from seonmul.kit.pages import Page, page
from seonmul.kit.refusals import No
from seonmul.members import rules
from seonmul.members.models import Access, Alarm, Buyer, BuyerKind, Device, Member, SpendMethod, WrongLogin
from seonmul.members.rules import DeviceFacts, TryFacts

#: One burst at a time is opened or counted on.
_ALARM_LOCK = 0x5345_4F4E_4D55_4C38


def device_of(member_id: UUID, key: str) -> Device | None:
    """The device whose cookie is `key`, as this member's; None for another browser. M8"""
    if not key:
        return None
    return Device.objects.filter(member_id=member_id, key_index=device_index(key)).first()


def device_index(key: str) -> bytes:
    """The keyed hash by which a device's cookie is found."""
    return crypto.ring().index(Device.KEY, key, size=32)


def device_facts(device: Device | None) -> DeviceFacts | None:
    return DeviceFacts(device.is_first, device.first_seen_at) if device else None


def why_not_pay_by_password(member: Member, device: str, at: datetime) -> No | None:
    """Ask the rule of new devices for this member in this browser (`device`: its cookie). M8"""
    facts = device_facts(device_of(member.id, device))
    return rules.why_not_pay_by_password(facts, figures=figures_now.figures(at), at=at)


def why_not_change_factors(member: Member, device: str, at: datetime, *, is_verified: bool) -> No | None:
    """Ask the rule of second factors for this member in this browser (`device`: its cookie). M8"""
    facts = device_facts(device_of(member.id, device))
    return rules.why_not_change_factors(
        facts, is_verified=is_verified, figures=figures_now.figures(at), at=at
    )


def pays_by_password(member: Member, device: str, at: datetime) -> bool:
    """Say whether this payment takes the payment password: the member's method, on a device that is not new. M4, M8"""
    is_chosen = member.spend_method == SpendMethod.PAYMENT_PASSWORD
    return is_chosen and why_not_pay_by_password(member, device, at) is None


def accesses(member: Member, after: str = "", limit: int = 30) -> Page[Access]:
    """A member's logins, payments and wrong tries, newest first. M8"""
    return page(Access.objects.filter(member=member), order=("-happened_at", "-id"), after=after, limit=limit)


def login_index(login: str) -> bytes:
    """The keyed hash under which the wrong tries of a login id are counted."""
    return crypto.ring().index(WrongLogin.LOGIN, login.strip().lower()[:100])


def wrong_logins(login: str, at: datetime) -> tuple[int, int]:
    """How many wrong tries there were in the last minutes: of this login id, of all; counted to the figures' ends."""
    figures = figures_now.figures(at)
    lately = WrongLogin.objects.filter(tried_at__gt=at - timedelta(minutes=figures.login_burst_minutes))
    own = lately.filter(login_index=login_index(login))
    return own[: figures.login_account_tries].count(), lately[: figures.login_site_tries].count()


def why_not_try_login(login: str, device: str, address: str, at: datetime) -> No | None:
    """Ask the rule of bursts for this login id from this browser and address. M8"""
    of_account, of_site = wrong_logins(login, at)
    facts = TryFacts(of_account, of_site, is_known_here(login, device, address))
    return rules.why_not_try_login(facts, figures=figures_now.figures(at))


def is_known_here(login: str, device: str, address: str) -> bool:
    """Say whether the member with this login id has logged in with this device or from this address. M8"""
    rows = Device.objects.filter(member__login=login, member__is_active=True)
    if device and rows.filter(key_index=device_index(device)).exists():
        return True
    return bool(address) and rows.filter(address_index=address_index(address)).exists()


def address_index(address: str) -> bytes:
    """The keyed hash of an address."""
    return crypto.ring().index(Device.ADDRESS, address)


def locked_alarm(since: datetime) -> Alarm | None:
    """The burst that goes on since `since`, while nobody else opens or counts one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ALARM_LOCK])
    return Alarm.objects.filter(last_at__gt=since).order_by("-last_at").first()


def accounts_tried(since: datetime) -> int:
    """How many login ids were tried in vain since a moment."""
    return WrongLogin.objects.filter(tried_at__gt=since).values("login_index").distinct().count()


@dataclass(frozen=True)
class DeviceLetter:
    """What a mail about a login on a new device says, and where it goes."""

    mail: str
    login: str
    device: str
    address: str
    at: datetime
    hours: int
    may_freeze: bool


def new_device_letter(access_id: UUID, at: datetime) -> DeviceLetter | None:
    """The mail about a login on a new device; None without an address."""
    row = Access.objects.select_related("member").filter(id=access_id).first()
    if row is None or not row.member.mail or not row.member.is_active:
        return None
    hours = figures_now.figures(at).new_device_hours
    is_company = _is_of_company(row.member)
    return DeviceLetter(
        row.member.mail, row.member.login, row.device, row.address, row.happened_at, hours, is_company
    )


def attack_letter(member_id: UUID) -> tuple[str, str] | None:
    """Mail address and login id of a member whose account is under attack; None without an address."""
    found = Member.objects.filter(id=member_id, is_active=True).exclude(mail="").first()
    return (found.mail, found.login) if found else None


def _is_of_company(member: Member) -> bool:
    return Buyer.objects.filter(memberships__member=member, kind=BuyerKind.COMPANY).exists()

"""What staff look members and companies up by. B

Beside `queries`, since these look across all buyers: no page of a member may ask them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Q

from seonmul.kit import crypto, phones
from seonmul.kit.pages import Page, page
from seonmul.members.models import Alarm, Buyer, BuyerKind, Erasure, Member, Staff


def members_page(words: str = "", after: str = "", limit: int = 50) -> Page[Member]:
    """Members, the newest first, narrowed by name, login, company, business number or phone.

    A phone is found by its keyed index, so only whole.
    """
    rows = Member.objects.select_related("membership__buyer", "staff").filter(_about(words))
    return page(rows, order=("-joined_at", "-id"), after=after, limit=limit)


def companies_page(words: str = "", after: str = "", limit: int = 50) -> Page[Buyer]:
    """Companies, the newest first, each with its number of `people`, narrowed by name or business number."""
    rows = Buyer.objects.filter(kind=BuyerKind.COMPANY).annotate(people=Count("memberships"))
    words = words.strip()
    if words:
        digits = phones.digits_of(words)
        rows = rows.filter(Q(name__icontains=words) | Q(business_number=digits or "-"))
    return page(rows, order=("-created_at", "-id"), after=after, limit=limit)


def member(member_id: UUID) -> Member | None:
    """One member with company and place at the console."""
    return Member.objects.select_related("membership__buyer", "staff").filter(id=member_id).first()


def company(public_id: str) -> Buyer | None:
    """One buyer, a company or a person."""
    return Buyer.objects.filter(public_id=public_id).first()


def staff_of(member: Member) -> Staff | None:
    """This member's place at the console; None without one."""
    return Staff.objects.filter(member=member, member__is_active=True, member__is_staff=True).first()


def staff_list(limit: int = 200) -> list[Member]:
    """Everybody who works here or did, those who still do first."""
    rows = Member.objects.select_related("staff").filter(is_staff=True)
    return list(rows.order_by("-is_active", "name", "login")[:limit])


def staff_in(roles: Iterable[str], limit: int = 50) -> list[Member]:
    """Who works here in one of these roles, by login: whom a notice goes to."""
    rows = Member.objects.filter(staff__role__in=list(roles), is_active=True).order_by("login")
    return list(rows[:limit])


def named(ids: Iterable[str]) -> dict[str, Member]:
    """Members by the opaque ids that other tables keep; what is no member's id is left out."""
    return {str(row.id): row for row in Member.objects.filter(id__in=_uuids(ids))}


def buyers_named(ids: Iterable[str]) -> dict[str, Buyer]:
    """Buyers by the opaque ids that other tables keep."""
    return {str(row.id): row for row in Buyer.objects.filter(id__in=_uuids(ids))}


def alarms_page(after: str = "", limit: int = 50) -> Page[Alarm]:
    """Bursts of wrong logins, the newest first. M8"""
    rows = Alarm.objects.select_related("seen_by")
    return page(rows, order=("-began_at", "-id"), after=after, limit=limit)


def unseen_alarm() -> Alarm | None:
    """The newest burst that nobody of the staff has looked at. M8"""
    return Alarm.objects.filter(seen_at=None).order_by("-began_at", "-id").first()


def alarm(public_id: str) -> Alarm | None:
    """One burst."""
    return Alarm.objects.filter(public_id=public_id).first()


def erasures_page(after: str = "", limit: int = 50) -> Page[Erasure]:
    """Reports of what was erased, the newest first. M9"""
    return page(Erasure.objects.all(), order=("-erased_at", "-id"), after=after, limit=limit)


def _uuids(ids: Iterable[str]) -> set[UUID]:
    """Those that are keys of ours; the operating system's user or a job is none."""
    keys = set()
    for one in ids:
        with contextlib.suppress(ValueError):
            keys.add(UUID(one))
    return keys


def _about(words: str) -> Q:
    words = words.strip()
    if not words:
        return Q()
    about = Q(name__icontains=words) | Q(login__startswith=words.lower())
    about |= Q(membership__buyer__name__icontains=words)
    number, phone = phones.digits_of(words), phones.normalise_mobile(words)
    if len(number) == 10:
        about |= Q(membership__buyer__business_number=number)
    if phone:
        about |= Q(phone_index=crypto.ring().index(Member.PHONE, phone))
    return about

"""Decisions on devices, and on logins while somebody tries many passwords. M8"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from seonmul.figures.rules import Figures
from seonmul.kit import clock
from seonmul.kit.refusals import No, Refusal, _
from seonmul.members.rules._spending import SpendRefusal


class LoginRefusal(Refusal):
    BURST = (
        "login_burst",
        _(
            "지금 로그인 시도가 너무 많아 처음 쓰는 기기에서는 로그인할 수 없습니다. "
            "전에 로그인했던 기기를 쓰거나 {minutes}분 뒤에 다시 시도해 주세요."
        ),
    )


class SecondFactorRefusal(Refusal):
    NEW_DEVICE = (
        "second_factor_new_device",
        _(
            "새 기기라서 2단계 인증을 바꾸지 않았습니다. 본인인증을 하면 {minutes}분 동안 바꿀 수 있고, "
            "{until}부터는 이 기기에서 바로 바꿀 수 있습니다."
        ),
    )


@dataclass(frozen=True)
class DeviceFacts:
    """A browser in which the member has logged in. `is_first`: that was the member's very first login."""

    is_first: bool
    first_seen_at: datetime


def new_until(device: DeviceFacts | None, *, figures: Figures, at: datetime) -> datetime | None:
    """Until when a device counts as new; None when it does not. A browser without a known cookie is new from now on. M8

    A device is new against earlier ones, so the one of the very first login is not: there is no owner to tell apart
    from a thief yet. Whoever has ever logged in before has no first device any more, also after all were forgotten.
    """
    if device and device.is_first:
        return None
    until = (device.first_seen_at if device else at) + timedelta(hours=figures.new_device_hours)
    return until if at < until else None


def why_not_pay_by_password(device: DeviceFacts | None, *, figures: Figures, at: datetime) -> No | None:
    """Say why the payment password alone does not pay on this device; a texted code still does. M8"""
    until = new_until(device, figures=figures, at=at)
    if until is None:
        return None
    return No(
        SpendRefusal.NEW_DEVICE,
        {"hours": figures.new_device_hours, "until": clock.korean_datetime(until)},
    )


def why_not_change_factors(
    device: DeviceFacts | None, *, is_verified: bool, figures: Figures, at: datetime
) -> No | None:
    """Say why second factors are neither added, removed nor shown on this device: it is new, and nobody has proved here
    who they are in the last minutes. Whoever has stolen a password would stay in by a factor of their own. M4, M8
    """
    until = new_until(device, figures=figures, at=at)
    if until is None or is_verified:
        return None
    return No(
        SecondFactorRefusal.NEW_DEVICE,
        {"minutes": figures.verification_minutes, "until": clock.korean_datetime(until)},
    )


@dataclass(frozen=True)
class TryFacts:
    """A login about to be tried. The counts: wrong tries of the last minutes, of this login id and of all.

    `is_known`: from a device or an address of this account; nobody's login id is known anywhere.
    """

    of_account: int
    of_site: int
    is_known: bool


def is_burst(of_account: int, of_site: int, *, figures: Figures) -> bool:
    """Say whether so many wrong tries in the last minutes are an attack. M8"""
    return of_account >= figures.login_account_tries or of_site >= figures.login_site_tries


def why_not_try_login(facts: TryFacts, *, figures: Figures) -> No | None:
    """Say why nobody may try a password now. The answer is the same whether the login id exists. M8

    A burst closes the account under attack, or every account when it is against many, to devices and addresses that
    it has never seen; its own go on working.
    """
    if facts.is_known or not is_burst(facts.of_account, facts.of_site, figures=figures):
        return None
    return No(LoginRefusal.BURST, {"minutes": figures.login_burst_minutes})


def one_place(address: str) -> str:
    """An internet address as what is counted together: an IPv4 address, an IPv6 network of 64 bits. M1

    A household or a firm has a whole such network, and an attacker with one has never a second try from the same.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return str(ipaddress.ip_network((found, 64), strict=False))
        found = found.ipv4_mapped
    return str(found)


def short_address(address: str) -> str:
    """The first two parts of an address, all that is shown and kept of it: 203.0.*.*, 2001:db8:*; "" for none. M8"""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return ":".join(f"{int(part, 16):x}" for part in found.exploded.split(":")[:2]) + ":*"
        found = found.ipv4_mapped
    return ".".join(str(found).split(".")[:2]) + ".*.*"

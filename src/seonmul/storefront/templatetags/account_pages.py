"""How devices and business numbers are shown."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

register = template.Library()

#: The first that is found in a browser's own description names it; the order matters, since most claim to be others.
_BROWSERS = (
    ("Edg", "Edge"), ("Whale", "Whale"), ("SamsungBrowser", "Samsung Internet"), ("OPR", "Opera"),
    ("KAKAOTALK", "KakaoTalk"), ("NAVER", "Naver"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS X", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def _found(agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in names if sign in agent), "")


@register.filter
def device(agent: str) -> str:
    """A browser's own description in two words."""
    parts = [part for part in (_found(agent, _BROWSERS), _found(agent, _SYSTEMS)) if part]
    return " · ".join(parts) or _("알 수 없는 기기")


@register.filter
def device_icon(agent: str) -> str:
    """The icon of a phone for phones, of a grid of windows for all others."""
    return "smartphone" if any(sign in agent for sign in ("iPhone", "Android", "Mobile")) else "layout-grid"


@register.filter
def business_number(digits: str) -> str:
    """``123-45-67890``"""
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}" if len(digits) == 10 else digits

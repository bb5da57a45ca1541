"""Filters that write values the one way people read them here, and tags that draw.

Known to every template.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from seonmul.kit import clock, masks, money, phones
from seonmul.kit.refusals import No
from seonmul.ui import bojagi as cloths
from seonmul.ui import meters, pictures

register = template.Library()


def _is_korean() -> bool:
    return (get_language() or "ko").startswith("ko")


@register.filter
def won(amount_won: int | None) -> str:
    """1234567 -> 1,234,567원, in English 1,234,567 won. Nothing for None."""
    if amount_won is None:
        return ""
    return money.format_won(int(amount_won)) if _is_korean() else f"{int(amount_won):,} won"


@register.filter
def say(no: No) -> str:
    """A refusal's sentence with its numbers."""
    return no.say(gettext)


@register.filter
def count(number: int | None) -> str:
    """1234 -> 1,234. Nothing for None."""
    return "" if number is None else f"{int(number):,}"


@register.filter
def when(at: datetime | None) -> str:
    """A moment in Seoul: 2026.11.22(일) 14:05, in English 22 Nov 2026 14:05. Nothing for None."""
    return "" if at is None else f"{day(at)} {hour(at)}"


@register.filter
def day(of: date | datetime | None) -> str:
    """A day in Seoul: 2026.11.22(일), in English 22 Nov 2026. Nothing for None."""
    if of is None:
        return ""
    date_ = clock.seoul_date(of) if isinstance(of, datetime) else of
    return clock.korean_date(date_) if _is_korean() else f"{date_:%d %b %Y}"


@register.filter
def hour(at: datetime | None) -> str:
    """The time of day in Seoul: 14:05. Nothing for None."""
    return "" if at is None else clock.korean_datetime(at)[-5:]


@register.filter
def phone(digits: str | None) -> str:
    """01012345678 -> 010-1234-5678. Nothing for None."""
    return "" if not digits else phones.format_phone(digits)


@register.filter
def masked_phone(digits: str | None) -> str:
    """01012345678 -> 010-****-5678. Nothing for None."""
    return "" if not digits else masks.mask_phone(digits)


@register.filter
def masked_mail(address: str | None) -> str:
    """ab***@firm.example; nothing for nothing."""
    return masks.mask_mail(address) if address else ""


@register.filter
def address(to: str | None) -> str:
    """A number with its hyphens; a mail address as it is."""
    return (to if "@" in to else phones.format_phone(to)) if to else ""


@register.filter
def masked_address(to: str | None) -> str:
    """A number or a mail address, hidden in part."""
    return (masks.mask_mail(to) if "@" in to else masks.mask_phone(to)) if to else ""


@register.filter
def masked_name(name: str | None) -> str:
    """김민수 -> 김*수. Nothing for None."""
    return "" if not name else masks.mask_name(name)


@register.simple_tag
def icon(name: str, look: str = "") -> SafeString:
    """One icon of the sprite; `look` adds classes, e.g. "icon-m". It is silent: words stand beside it."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f" {look}" if look else "",
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def inline_sheets(context: dict[str, Any], *names: str) -> SafeString:
    """These sheets inside the page: one way less for a reader who comes once. The page's policy must take a nonce."""
    return format_html('<style nonce="{}">{}</style>', context["request"].csp_nonce, _sheets(names))


@lru_cache
def _sheets(names: tuple[str, ...]) -> SafeString:
    """Their rules, one after the other; they name no file, whose address would be another one in a page."""
    found = [Path(str(finders.find(name))).read_text("utf-8") for name in names]
    return mark_safe("\n".join(found))  # noqa: S308 - our own files


@register.simple_tag
def bojagi(seed: object, kind: str = "card") -> SafeString:
    """The cloth of a seed: card 360x200, strip 420x124, band 1240x8, icon 256x256 with its knot tied."""
    width, height = cloths.SIZES[kind]
    drawn = cloths.bojagi_svg(str(seed), width=width, height=height, knot=kind == "icon")
    return mark_safe(drawn)  # noqa: S308 - drawn by us from numbers; the seed is not in the text


@register.simple_tag
def knot() -> SafeString:
    """The tied corners of the cloth alone."""
    return mark_safe(cloths.knot_svg())  # noqa: S308 - constant


@register.simple_tag
def picture(kind: str, seed: object, ground: bool = True) -> SafeString:
    """The drawing of a good in the colours of its seed; an unknown kind is drawn as a bag."""
    known = kind if kind in pictures.KINDS else "bag"
    return mark_safe(pictures.picture_svg(known, str(seed), ground=ground))  # noqa: S308 - our own files


@register.simple_tag
def meter(most: int, now: int, used: int = 0, label: str = "", look: str = "meter") -> SafeString:
    """How much of a limit is used and would be used now; turns to the error colour when it does not fit."""
    name = "meter-now" if used + now <= most else "meter-over"
    return meters.meter_svg([("meter-used", used), (name, now)], most, label=label, look=look)


@register.simple_tag
def livebar(whole: int, ok: int, run: int, fail: int, label: str = "") -> SafeString:
    """Progress of many: done well, under way, failed; the rest is still waiting."""
    parts = [("b-ok", ok), ("b-run", run), ("b-fail", fail)]
    return meters.meter_svg(parts, whole, label=label, look="livebar")

"""Meters: bars drawn as SVG rectangles with width attributes, since the page allows no style attribute."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def meter_svg(parts: Iterable[tuple[str, int]], whole: int, *, label: str, look: str = "meter") -> SafeString:
    """Draw parts of a whole side by side, in the order given; what is past the whole is cut off.

    `parts` are (class of the rectangle, amount); a part above zero is at least half a percent wide, so that
    one failure among 100,000 is seen. `label` says the same in words for those who hear the page.
    """
    bars: list[tuple[str, str, str]] = []
    at = 0.0
    for name, amount in parts:
        share = max(amount / whole * 100, 0.5) if whole > 0 and amount > 0 else 0.0
        width = min(share, 100 - at)
        if width > 0:
            bars.append((name, f"{at:g}", f"{width:.2f}"))
            at += width
    rects = format_html_join("", '<rect class="{}" x="{}%" width="{}%" height="100%"/>', bars)
    return format_html('<svg class="{}" role="img" aria-label="{}">{}</svg>', look, label, rects)

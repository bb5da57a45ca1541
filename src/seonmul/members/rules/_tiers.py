"""What a company's tier takes off. M3"""

from __future__ import annotations

from seonmul.figures.rules import Figures


def _tiers(figures: Figures) -> tuple[tuple[int, int], ...]:
    return (
        (figures.tier_1_percent, figures.tier_1_won),
        (figures.tier_2_percent, figures.tier_2_won),
        (figures.tier_3_percent, figures.tier_3_won),
    )


def tier_percent(paid_won: int, figures: Figures) -> int:
    """How many percent a company's tier takes off goods; `paid_won`: what it paid lately, less refunds. M3"""
    return max((percent for percent, bound_won in _tiers(figures) if paid_won >= bound_won), default=0)


def next_tier(paid_won: int, figures: Figures) -> tuple[int, int] | None:
    """The nearest better tier as (percent, won missing to it); None at the best. M3"""
    now = tier_percent(paid_won, figures)
    better = [(bound_won - paid_won, -percent) for percent, bound_won in _tiers(figures) if percent > now]
    if not better:
        return None
    missing_won, negative = min(better)
    return -negative, missing_won

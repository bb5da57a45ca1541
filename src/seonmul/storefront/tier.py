"""What a page says of a company's tier. M3"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seonmul.figures import queries as figures_now
from seonmul.members import queries as members
from seonmul.members import rules
from seonmul.members.models import Buyer
from seonmul.orders import queries as orders


@dataclass(frozen=True)
class Tier:
    """The tier that holds today and the one that the next night will find.

    And the next one with what is missing to it (0 and 0 at the best).
    """

    percent: int
    coming_percent: int
    next_percent: int
    missing_won: int


def of(company: Buyer, at: datetime) -> Tier:
    """A company's tier, and the nearest better one."""
    paid_won, figures = orders.paid_lately(company.id, at), figures_now.figures(at)
    coming = rules.tier_percent(paid_won, figures)
    return Tier(members.tier_of(company), coming, *(rules.next_tier(paid_won, figures) or (0, 0)))

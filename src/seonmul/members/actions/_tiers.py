"""Tiers: what companies get off goods for what they paid lately. M3"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.members import queries
from seonmul.members.models import Buyer


@transaction.atomic
def set_tiers(percents: Mapping[UUID, int], *, at: datetime) -> int:
    """Give each buyer its tier in percent; whoever is not named has none. Returns how many changed. M3"""
    changed = 0
    tiered = [buyer_id for buyer_id, percent in percents.items() if percent]
    for percent in sorted({0, *percents.values()}):
        wanted = [buyer_id for buyer_id in tiered if percents[buyer_id] == percent]
        moved = queries.tiers_to_change(percent, wanted, tiered)
        Buyer.objects.filter(id__in=moved).update(tier_percent=percent)
        audit.record_many("tier_set", moved, by="system", at=at, is_company=True, percent=percent)
        changed += len(moved)
    return changed

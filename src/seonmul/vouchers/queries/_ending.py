"""Terms of the end of validity, and vouchers that come to it. V4"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q

from seonmul.kit.pages import Page, page
from seonmul.vouchers import rules
from seonmul.vouchers.models import Extension, Policy, PoolCode, Supply, Voucher


def policies_on(product_ids: Iterable[UUID], list_: str, day: date) -> dict[UUID, Policy]:
    """What staff have set for what is bought of these products on a day, in one statement; products without are left out.

    A product's own row goes before one for all of the list; of each, the last one that holds by then.
    """
    wanted = list(product_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT w.id, p.id FROM unnest(%s::uuid[]) w(id) CROSS JOIN LATERAL (
                SELECT id FROM vouchers_policy
                WHERE (product_id = w.id OR product_id IS NULL) AND list = %s AND from_on <= %s
                ORDER BY (product_id IS NULL), from_on DESC LIMIT 1) p""",
            [wanted, list_, day],
        )
        found = dict(cursor.fetchall())
    rows = Policy.objects.in_bulk(set(found.values()))
    return {product: rows[policy] for product, policy in found.items()}


def terms_on(product_ids: Iterable[UUID], list_: str, day: date) -> dict[UUID, rules.Terms]:
    """The terms of what is bought of these products on a day: what staff have set, else the default. V4, C2"""
    wanted = list(product_ids)
    found = policies_on(wanted, list_, day)
    default = rules.TERMS[rules.default_preset(list_, day)]
    return {one: terms_of(found[one]) if one in found else default for one in wanted}


def terms_of(policy: Policy) -> rules.Terms:
    """The terms of a row."""
    return rules.Terms(**{name: getattr(policy, name) for name in rules.Terms.__dataclass_fields__})


def policies_page(after: str = "", limit: int = 50) -> Page[Policy]:
    """What staff have set and what was stamped, the newest first."""
    rows = Policy.objects.select_related("product__brand")
    return page(rows, order=("-from_on", "-id"), after=after, limit=limit)


def is_policy_taken(product_id: UUID | None, list_: str, from_on: date) -> bool:
    """Whether there is a row from this day on already."""
    of = Q(product=product_id) if product_id else Q(product__isnull=True)
    return Policy.objects.filter(of, list=list_, from_on=from_on).exists()


def times_extended(voucher_id: UUID) -> int:
    """How often a voucher's validity was made longer."""
    return Extension.objects.filter(voucher=voucher_id).count()


def is_own(voucher: Voucher) -> bool:
    """Whether a voucher is of our own issue: nobody else ends it."""
    is_of_others = PoolCode.objects.filter(id=voucher.id).exists()
    return not is_of_others and not Supply.objects.filter(voucher=voucher).exists()

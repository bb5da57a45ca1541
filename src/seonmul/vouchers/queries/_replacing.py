"""Codes in the place of others. S5"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from seonmul.vouchers import rules
from seonmul.vouchers.models import (
    Pool,
    PoolCode,
    Replacement,
    ReplacementState,
    Supply,
    SupplyState,
    Voucher,
)


def replaceable(voucher: Voucher) -> rules.Replaceable:
    """What decides whether another code may take a voucher's place."""
    supply = Supply.objects.filter(voucher=voucher).first()
    if supply:
        is_settled = supply.state == SupplyState.ISSUED and supply.taken_at is not None
        return rules.Replaceable(voucher.state, voucher.valid_until, "external", is_settled=is_settled)
    if PoolCode.objects.filter(id=voucher.id).exists():
        is_voidable = Pool.objects.filter(product_id=voucher.product_id, is_voidable=True).exists()
        return rules.Replaceable(voucher.state, voucher.valid_until, "pool", is_voidable=is_voidable)
    return rules.Replaceable(voucher.state, voucher.valid_until, "own")


def pool_codes(voucher_ids: Sequence[UUID]) -> dict[UUID, bool]:
    """Those of these vouchers whose codes came from a pool, each with whether its issuer ends single codes. C3, S5"""
    rows = PoolCode.objects.filter(id__in=voucher_ids)
    return dict(rows.values_list("id", "pool__is_voidable"))


def open_replacements(voucher_ids: Sequence[UUID]) -> dict[UUID, Replacement]:
    """Replacements under way of these vouchers, by the code that is taken back, or once it is, by the new one."""
    open_ones = Replacement.objects.filter(state__in=[ReplacementState.ASKED, ReplacementState.ISSUING])
    olds = open_ones.filter(old__in=voucher_ids, state=ReplacementState.ASKED)
    news = open_ones.filter(new__in=voucher_ids, state=ReplacementState.ISSUING)
    return {row.old_id: row for row in olds} | {row.new_id: row for row in news if row.new_id}


def locked_replacement(replacement_id: UUID) -> Replacement:
    """Lock one replacement."""
    return Replacement.objects.select_for_update().get(id=replacement_id)


#: S5: of each chain one code is left, the last one; all before it are dead. While an external issuer is at it, that is the
#: frozen one until the new one is there; one that the issuer gave no successor is refunded.
CHAIN_CHECKS = {
    "a chain of codes has not exactly one that is left": """
        WITH RECURSIVE chain(root, id) AS (
            SELECT r.old_id, r.old_id FROM vouchers_replacement r WHERE r.state <> 'kept'
                AND NOT EXISTS (SELECT FROM vouchers_replacement p WHERE p.new_id = r.old_id)
            UNION ALL
            SELECT c.root, r.new_id FROM chain c JOIN vouchers_replacement r ON r.old_id = c.id
            WHERE r.state <> 'kept' AND r.new_id IS NOT NULL)
        SELECT c.root::text, 1, count(*) FILTER (WHERE c.is_left) FROM (
            SELECT c.root, CASE v.state
                WHEN 'void' THEN r.id IS NULL
                WHEN 'frozen' THEN r.state IS DISTINCT FROM 'issuing' OR n.state <> 'issued'
                ELSE v.state NOT IN ('ordered', 'not_issued') END AS is_left
            FROM chain c JOIN vouchers_voucher v ON v.id = c.id
            LEFT JOIN vouchers_replacement r ON r.old_id = v.id AND r.state <> 'kept'
            LEFT JOIN vouchers_voucher n ON n.id = r.new_id) c
        GROUP BY c.root HAVING count(*) FILTER (WHERE c.is_left) <> 1""",
    "a replaced code does not stand as its replacement does": """
        SELECT r.id::text, 1, 0 FROM vouchers_replacement r JOIN vouchers_voucher v ON v.id = r.old_id
        LEFT JOIN vouchers_voucher n ON n.id = r.new_id
        WHERE (r.state IN ('asked', 'issuing')) AND v.state <> 'frozen' OR r.state = 'done' AND v.state <> 'void'
            OR r.state = 'lost' AND v.state <> 'refunded' OR r.state = 'issuing' AND n.state NOT IN ('ordered', 'issued', 'not_issued')
            OR r.state = 'lost' AND n.state <> 'not_issued'""",
}

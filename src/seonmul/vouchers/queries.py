"""Questions about vouchers."""

from __future__ import annotations

from uuid import UUID

from seonmul.kit import crypto
from seonmul.vouchers.models import Change, Voucher


def code_of(voucher: Voucher) -> str:
    """The whole code: for whoever holds the voucher, never for staff or buyers. V1"""
    return crypto.ring().open(Voucher.CODE, voucher.code_sealed)


def by_code(code: str) -> Voucher | None:
    """Find a voucher by its code."""
    index = crypto.ring().index(Voucher.CODE, code, size=32)
    return Voucher.objects.filter(code_index=index).first()


def locked(voucher_id: UUID) -> Voucher:
    """Lock one voucher."""
    return Voucher.objects.select_for_update().get(id=voucher_id)


def last_change(voucher: Voucher) -> Change | None:
    """The newest move of a voucher: who, where, when. V2"""
    return Change.objects.filter(voucher=voucher).order_by("-changed_at", "-id").first()

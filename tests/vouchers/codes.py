"""What pools start from: sheets of codes, as a supplier sends them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from uuid import UUID

from seonmul.catalog.models import Product
from seonmul.kit import sheets
from seonmul.vouchers import actions
from seonmul.vouchers.models import CodeImport
from tests import given
from tests.given import MONDAY

STAFF = UUID(int=7)


def csv(codes: Iterable[str], header: str = "쿠폰번호") -> bytes:
    return "\n".join([header, *codes]).encode()


def xlsx(
    rows: Iterable[tuple[object, ...]], header: tuple[str, ...] = ("쿠폰번호", "PIN", "유효기간")
) -> bytes:
    book = io.BytesIO()
    sheets.write_xlsx(book, header, rows, text_columns=(0, 1))
    return book.getvalue()


def numbers(count: int, start: int = 0) -> list[str]:
    """Codes of thirteen digits."""
    return [f"88{start + n:011d}" for n in range(count)]


def product(count: int = 0, **fields: object) -> Product:
    """A product whose vouchers come from a pool with so many codes."""
    made = given.product(supplier="pool", **fields)
    if count:
        bring(made, csv(numbers(count, start=int(made.id.int % 10**9) * 100)))
    return made


def bring(product: Product, data: bytes, name: str = "codes.csv") -> CodeImport:
    return actions.import_codes(product.id, data, name, by=STAFF, at=MONDAY)

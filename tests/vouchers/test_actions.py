"""V1, V2: issuing, and what the database keeps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from seonmul.catalog.models import Product
from seonmul.kit import crypto
from seonmul.vouchers import actions, queries, rules
from seonmul.vouchers.actions import _issuing
from seonmul.vouchers.models import LIVE, VOUCHER_MOVES, Change, Voucher, VoucherState
from tests import given
from tests.given import MONDAY
from tests.threads import at_once

pytestmark = pytest.mark.django_db

UNTIL = rules.valid_until(MONDAY, 93)


@pytest.fixture
def product() -> Product:
    return given.product()


def issue(product: Product, count: int, rest_won: int = 0) -> list[UUID]:
    return actions.issue(product.id, count, rest_won=rest_won, valid_until=UNTIL, at=MONDAY)


def test_as_many_as_wanted_each_with_a_code_of_its_own(product: Product) -> None:
    """V1"""
    issued = issue(product, 1_000)
    vouchers = Voucher.objects.in_bulk(issued)
    assert len(vouchers) == len(issued) == Voucher.objects.count() == 1_000
    codes = {queries.code_of(voucher) for voucher in vouchers.values()}
    assert len(codes) == 1_000 and all(map(rules.is_code, codes))


def test_a_fresh_voucher(product: Product) -> None:
    """V1, V2, V4"""
    (first,), (second,) = issue(product, 1), issue(product, 1, rest_won=50_000)
    voucher = Voucher.objects.get(id=first)
    assert (voucher.product_id, voucher.state, voucher.rest_won) == (product.id, VoucherState.ISSUED, 0)
    assert (voucher.valid_until, voucher.issued_at) == (UNTIL, MONDAY)
    assert not voucher.is_expired(UNTIL) and voucher.is_expired(UNTIL + timedelta(microseconds=1))
    assert voucher.state in LIVE
    assert Voucher.objects.get(id=second).rest_won == 50_000
    assert issue(product, 0) == []


def test_a_voucher_is_found_by_its_code_and_by_nothing_else(product: Product) -> None:
    """V1"""
    for voucher in Voucher.objects.filter(id__in=issue(product, 20)):
        code = queries.code_of(voucher)
        assert queries.by_code(code) == voucher
        assert queries.by_code(rules.grouped(code)) is None
    assert queries.by_code("") is queries.by_code("0" * 16) is None


def test_no_column_tells_a_code(product: Product) -> None:
    """V1, X2: neither as text nor as bytes."""
    issue(product, 50)
    with connection.cursor() as cursor:
        cursor.execute("SELECT v::text FROM vouchers_voucher v")
        table = "\n".join(row for (row,) in cursor.fetchall())
    for voucher in Voucher.objects.all():
        code = queries.code_of(voucher)
        assert code not in table and code.encode().hex() not in table and code[:15] not in table
        assert bytes(voucher.code_sealed) != crypto.ring().seal(Voucher.CODE, code)


def test_a_code_copied_to_another_column_does_not_open(product: Product) -> None:
    """X2"""
    voucher = Voucher.objects.get(id=issue(product, 1)[0])
    with pytest.raises(crypto.NotSealedHere):
        crypto.ring().open("orders.cells", voucher.code_sealed)


def dice(monkeypatch: pytest.MonkeyPatch, *throws: list[int]) -> Iterator[list[int]]:
    """Let issuing draw these numbers, throw by throw."""
    left = iter(throws)

    def urandom(size: int) -> bytes:
        throw = next(left)
        assert size == 8 * len(throw)
        return b"".join(number.to_bytes(8, "little") for number in throw)

    monkeypatch.setattr(_issuing, "os", SimpleNamespace(urandom=urandom))
    return left


def test_a_code_that_was_drawn_before_is_drawn_anew(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    """V1: a code of an earlier issue, the same code twice in one issue, and numbers that are not fair."""
    left = dice(monkeypatch, [1, 2], [2, 3, 3, 2**64 - 1], [1, 4, 5], [2], [6])
    assert len(issue(product, 2)) == 2
    issued = issue(product, 4)
    assert list(left) == [], "every throw was needed"
    assert len(set(issued)) == 4
    numbers = [int(queries.code_of(voucher)[:15]) for voucher in Voucher.objects.filter(id__in=issued)]
    assert sorted(numbers) == [3, 4, 5, 6]
    assert Voucher.objects.count() == 6


def test_one_code_is_one_voucher_whoever_inserts_it(product: Product) -> None:
    """V1"""
    voucher = Voucher.objects.get(id=issue(product, 1)[0])
    with pytest.raises(IntegrityError, match="code_index"), transaction.atomic():
        Voucher.objects.create(
            product=product, code_sealed=b"x", code_index=voucher.code_index, rest_won=0, valid_until=UNTIL,
            issued_at=MONDAY,
        )  # fmt: skip


def test_issuing_belongs_to_its_transaction(product: Product) -> None:
    """V1: exactly once per copy paid for, whatever crashes."""
    with transaction.atomic():
        issue(product, 10)
        transaction.set_rollback(True)
    assert not Voucher.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_issue_at_the_same_time(product: Product) -> None:
    """V1"""
    outcomes = at_once([lambda: issue(product, 200)] * 4)
    assert len({voucher for issued in outcomes for voucher in issued}) == 800 == Voucher.objects.count()


def test_the_database_refuses_every_move_that_is_not_on_the_map(product: Product) -> None:
    """V2: all 49 of them, whoever asks."""
    for before in VoucherState:
        for after in VoucherState:
            voucher = Voucher.objects.create(
                product=product, code_sealed=b"", code_index=f"{before}{after}".encode(), state=before, rest_won=0,
                valid_until=UNTIL, issued_at=MONDAY,
            )  # fmt: skip
            moves = Voucher.objects.filter(id=voucher.id)
            if after == before or after in VOUCHER_MOVES.get(before, set()):
                assert moves.update(state=after) == 1
                continue
            with (
                pytest.raises(DatabaseError, match=f"move refused: {before} -> {after}"),
                transaction.atomic(),
            ):
                moves.update(state=after)


def test_refunded_is_the_end_and_void_is_good_for_its_price_alone() -> None:
    """V2, C3: what its issuer has cancelled may be refunded, and nothing else becomes of it."""
    assert set(VoucherState) - set(VOUCHER_MOVES) == {VoucherState.REFUNDED, VoucherState.NOT_ISSUED}
    assert VOUCHER_MOVES[VoucherState.VOID] == {VoucherState.REFUNDED}
    assert not LIVE & {VoucherState.USED, VoucherState.EXPIRED, VoucherState.REFUNDED, VoucherState.VOID}


def test_a_change_stays_written(product: Product) -> None:
    """V2: who, where and when."""
    voucher = Voucher.objects.get(id=issue(product, 1)[0])
    assert queries.last_change(voucher) is None
    for hour, (before, after) in enumerate((("issued", "used"), ("used", "issued"))):
        Change.objects.create(
            voucher=voucher, before=before, after=after, by="shop-7", where="강남점",
            changed_at=MONDAY + timedelta(hours=hour),
        )  # fmt: skip
    newest = queries.last_change(voucher)
    assert newest is not None and (newest.before, newest.after, newest.where) == ("used", "issued", "강남점")
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Change.objects.update(by="nobody")
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        newest.delete()

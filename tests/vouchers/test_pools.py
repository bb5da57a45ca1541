"""C3: sheets of codes are read row by row, codes are kept for orders and handed out exactly once."""

from __future__ import annotations

import resource
import time
from datetime import date, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from hypothesis import given as forall
from hypothesis import strategies as st

from seonmul.catalog.models import Product
from seonmul.figures import actions as figures
from seonmul.kit.refusals import Refused
from seonmul.kit.sheets import SheetRefused
from seonmul.members.models import Staff
from seonmul.vouchers import actions, pools, queries, rules
from seonmul.vouchers.actions._pools import NoCodes
from seonmul.vouchers.models import CodeImport, Pool, PoolCode, PoolCodeState, Voucher
from seonmul.vouchers.pools import CodeFault, RawCode, Scheme
from seonmul.vouchers.rules import PoolRefusal, StockRefusal
from tests import given
from tests.given import MONDAY
from tests.threads import at_once
from tests.vouchers import codes

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
UNTIL = rules.valid_until(MONDAY, 93)
UNTIL_DAY = TODAY + timedelta(days=93)


def by_row(found: CodeImport) -> dict[int, str]:
    return {one.row: one.fault for one in queries.faults_of(found)}


def supply(product: Product, count: int, subject: UUID) -> list[UUID]:
    return actions.supply(
        product, "pool", count, kept_for=subject, subject=subject, rest_won=0, valid_until=UNTIL, at=MONDAY
    )  # fmt: skip


def test_every_fault_is_told_by_row_and_all_good_rows_are_kept() -> None:
    """C3"""
    product = codes.product()
    codes.bring(product, codes.csv(["8800000000017"]))
    rows = [
        ("8800000000024", "1234", "2027-12-31"), ("8800-0000 00031", "", ""), ("8800000000024", "", ""),
        ("8800000000017", "", ""), ("", "99", ""), ("쿠폰12345", "", ""), ("12345", "", ""),
        ("8800000000048", "", "2026-11-22"), ("8800000000055", "", "내년"), ("8800000000062", "1" * 21, ""),
        ("abcd1234efg", "", "2026.11.23"),
    ]  # fmt: skip
    found = codes.bring(product, codes.xlsx(rows), "받은 코드.xlsx")
    assert (found.rows, found.added, found.faulty) == (11, 3, 8)
    assert by_row(found) == {
        4: CodeFault.TWICE.code, 5: CodeFault.KNOWN.code, 6: CodeFault.NO_CODE.code, 7: CodeFault.FORM.code,
        8: CodeFault.FORM.code, 9: CodeFault.EXPIRED.code, 10: CodeFault.NO_DATE.code, 11: CodeFault.PIN.code,
    }  # fmt: skip
    twice = next(queries.faults_of(found))
    assert pools.why(twice.fault, twice.same_as).say() == "2행과 같은 코드입니다. 앞의 행만 담았습니다."
    stored = PoolCode.objects.filter(imported=found).order_by("row").values_list("row", "expires_on")
    assert list(stored) == [(2, date(2027, 12, 31)), (3, None), (12, date(2026, 11, 23))]
    assert queries.faults() == []


def test_a_number_that_a_spreadsheet_rounded_is_no_code() -> None:
    """C3"""
    checked = pools.check([RawCode(2, "1234567890123457000", is_cut=True)], scheme=Scheme.NONE, today=TODAY)
    assert next(checked).fault == CodeFault.LOST_DIGITS.code


@pytest.mark.parametrize(
    ("scheme", "good", "bad"),
    [
        ("luhn", "79927398713", "79927398714"), ("ean", "8801234567893", "8801234567894"),
        ("damm", "5724571245712454", "5724571245712455"), ("luhn", "4539578763621486", "ABCDEFGH"),
    ],
)  # fmt: skip
def test_a_wrong_check_digit_is_found_where_the_pool_has_one(scheme: str, good: str, bad: str) -> None:
    """C3"""
    product = codes.product()
    if scheme == "damm":
        good = next(good[:-1] + str(last) for last in range(10) if rules.damm(good[:-1] + str(last)) == 0)
        bad = good[:-1] + str((int(good[-1]) + 1) % 10)
    actions.set_pool(product.id, scheme=scheme, low_below=None, by=codes.STAFF, at=MONDAY)
    found = codes.bring(product, codes.csv([good, bad]))
    assert (found.added, by_row(found)) == (1, {3: CodeFault.CHECK_DIGIT.code})


@forall(
    st.text("0123456789", min_size=5, max_size=19), st.sampled_from([Scheme.LUHN, Scheme.EAN, Scheme.DAMM])
)
def test_one_last_digit_fits_and_no_other(head: str, scheme: Scheme) -> None:
    """C3"""
    assert [pools.fits(scheme, f"{head}{last}") for last in range(10)].count(True) == 1


@forall(st.lists(st.tuples(st.text(max_size=24), st.text(max_size=24), st.text(max_size=14))))
def test_whatever_a_sheet_holds_each_row_has_one_answer(rows: list[tuple[str, str, str]]) -> None:
    """C3"""
    checked = list(
        pools.check((RawCode(n, *row) for n, row in enumerate(rows, 1)), scheme=Scheme.NONE, today=TODAY)
    )
    assert [row.row for row in checked] == list(range(1, len(rows) + 1))
    good = [row.code for row in checked if not row.fault]
    assert len(set(good)) == len(good)
    assert all(pools.CODE_LEAST <= len(code) <= pools.CODE_MOST and code.isascii() for code in good)


def test_what_is_no_pool_or_no_sheet_is_refused() -> None:
    """C3"""
    with pytest.raises(Refused) as refused:
        codes.bring(given.product(), codes.csv(["8800000000017"]))
    assert refused.value.no.why is PoolRefusal.NOT_A_POOL
    with pytest.raises(SheetRefused):
        codes.bring(codes.product(), b"%PDF-1.4")
    for wrong, why in ((("crc", None), PoolRefusal.NO_SCHEME), (("none", -1), PoolRefusal.LEVEL)):
        with pytest.raises(Refused) as refused:
            actions.set_pool(
                codes.product().id, scheme=wrong[0], low_below=wrong[1], by=codes.STAFF, at=MONDAY
            )
        assert refused.value.no.why is why


def test_a_hundred_thousand_codes_in_seconds_and_in_flat_memory() -> None:
    """C3: also a sheet of which every row is known already."""
    product, data = codes.product(), codes.csv(codes.numbers(100_000))
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    assert codes.bring(product, data).added == 100_000
    took = time.perf_counter() - begun
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert took < 30 and grown < 150_000, (took, grown)
    again = codes.bring(product, data)
    assert (again.added, again.faulty) == (0, 100_000)


def test_no_column_tells_a_code() -> None:
    """V1, X2: neither the pool nor the faults."""
    product = codes.product()
    codes.bring(product, codes.csv([*codes.numbers(20), *codes.numbers(2)]))
    text = ""
    with connection.cursor() as cursor:
        for table in ("vouchers_poolcode", "vouchers_faultyrow", "vouchers_codeimport", "audit_act"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            text += "\n".join(row for (row,) in cursor.fetchall())
    for code in codes.numbers(20):
        assert code not in text and code.encode().hex() not in text


def test_a_code_becomes_a_voucher_with_its_pin_and_its_own_end() -> None:
    """C3, V1, V4: what ends soonest goes first, but never what ends before the promise."""
    product, order = codes.product(), uuid4()
    soon, late, short = UNTIL_DAY, UNTIL_DAY + timedelta(days=90), UNTIL_DAY - timedelta(days=1)
    rows = [("AAAA1111", "77", str(late)), ("BBBB2222", "88", str(soon)), ("CCCC3333", "", str(short))]
    codes.bring(product, codes.xlsx(rows))
    assert queries.left_for(product, order, UNTIL_DAY) == 2
    actions.reserve(product, order, 1, until=UNTIL_DAY, at=MONDAY)
    (voucher_id,) = supply(product, 1, order)
    voucher = Voucher.objects.get(id=voucher_id)
    assert (queries.code_of(voucher), queries.pin_of(voucher)) == ("BBBB2222", "88")
    assert queries.by_code("BBBB2222") == voucher
    assert (voucher.valid_until, voucher.state) == (UNTIL, "issued")
    assert PoolCode.objects.get(id=voucher_id).state == PoolCodeState.ASSIGNED
    assert queries.faults() == []


def test_an_order_that_cannot_be_filled_hears_how_many_are_left() -> None:
    """C3"""
    product, order = codes.product(5), uuid4()
    actions.reserve(product, uuid4(), 2, until=UNTIL_DAY, at=MONDAY)
    with pytest.raises(Refused) as refused, transaction.atomic():
        actions.reserve(product, order, 4, until=UNTIL_DAY, at=MONDAY)
    assert (refused.value.no.why, refused.value.no.numbers) == (StockRefusal.SHORT, {"left": 3, "wanted": 4})
    assert queries.stock(product.id, TODAY).free == 3, "nothing is kept for it"


def test_what_is_kept_counts_for_its_own_order_and_comes_back() -> None:
    """C3"""
    product, order = codes.product(5), uuid4()
    for _ in range(2):
        actions.reserve(product, order, 4, until=UNTIL_DAY, at=MONDAY)
    assert (
        queries.left_for(product, order, UNTIL_DAY) == 5
        and queries.left_for(product, uuid4(), UNTIL_DAY) == 1
    )
    assert queries.stock(product.id, TODAY) == queries.Stock(free=1, reserved=4, assigned=0, void=0, ended=0)
    assert actions.release(order) == 4 and actions.release(order) == 0
    assert queries.stock(product.id, TODAY).free == 5


@pytest.mark.django_db(transaction=True)
def test_chunks_race_for_the_last_codes_and_each_goes_once() -> None:
    """C3, V1: no code twice, none lost."""
    product, order = codes.product(240), uuid4()
    actions.reserve(product, order, 240, until=UNTIL_DAY, at=MONDAY)
    outcomes = at_once([partial(supply, product, 40, order)] * 6)
    issued = [one for outcome in outcomes for one in outcome]
    assert len(set(issued)) == len(issued) == 240 == Voucher.objects.count()
    assert queries.stock(product.id, TODAY).assigned == 240 and queries.faults() == []
    with pytest.raises(NoCodes):
        supply(product, 1, order)


@pytest.mark.django_db(transaction=True)
def test_orders_race_for_the_last_codes_and_nobody_is_promised_too_many() -> None:
    """C3"""
    product = codes.product(100)
    orders = [uuid4() for _ in range(5)]
    outcomes = at_once(
        [partial(actions.reserve, product, order, 30, until=UNTIL_DAY, at=MONDAY) for order in orders]
    )
    assert sum(outcome is None for outcome in outcomes) == 3
    assert all(outcome is None or isinstance(outcome, Refused) for outcome in outcomes)
    assert queries.stock(product.id, TODAY).reserved == 90


@pytest.mark.django_db(transaction=True)
def test_two_sheets_with_the_same_codes_at_the_same_moment_bring_each_once() -> None:
    """C3"""
    products = [codes.product(), codes.product()]
    found = at_once([partial(codes.bring, one, codes.csv(codes.numbers(500))) for one in products])
    assert sum(one.added for one in found) == 500 == PoolCode.objects.count()
    assert sum(one.faulty for one in found) == 500


def test_a_code_that_we_issued_ourselves_is_known() -> None:
    """C3, V1"""
    (voucher_id,) = actions.issue(given.product().id, 1, rest_won=0, valid_until=UNTIL, at=MONDAY)
    code = queries.code_of(Voucher.objects.get(id=voucher_id))
    found = codes.bring(codes.product(), codes.csv([code]))
    assert by_row(found) == {2: CodeFault.KNOWN.code}


def test_what_is_left_of_a_sheet_can_be_taken_out_for_good() -> None:
    """C3"""
    product, order = codes.product(), uuid4()
    found = codes.bring(product, codes.csv(codes.numbers(10)))
    actions.reserve(product, order, 4, until=UNTIL_DAY, at=MONDAY)
    assert actions.void_import(found.id, by=codes.STAFF, at=MONDAY) == 6
    assert queries.stock(product.id, TODAY) == queries.Stock(free=0, reserved=4, assigned=0, void=6, ended=0)
    with pytest.raises(DatabaseError, match="move refused"), transaction.atomic():
        PoolCode.objects.filter(state="void").update(state="free")


def test_staff_are_told_once_that_few_are_left() -> None:
    """C3: again only after there were enough."""
    figures.change("pool_low_codes", 5, by="test", at=MONDAY)
    clerk, other = given.operator(), given.operator()
    Staff.objects.create(member=clerk, role="catalogue")
    Staff.objects.create(member=other, role="finance")
    product = codes.product()
    codes.bring(product, codes.csv(codes.numbers(8)))
    for count in (3, 4, 5):
        actions.reserve(product, UUID(int=count), 1, until=UNTIL_DAY, at=MONDAY)
    given.worked(only="notices")
    assert mail.outbox == [], "five are not fewer than five"
    for count in (6, 7):
        actions.reserve(product, UUID(int=count), 1, until=UNTIL_DAY, at=MONDAY)
    given.worked(only="notices")
    assert len(mail.outbox) == 1 and len(mail.outbox[0].to) == 1 and clerk.login in mail.outbox[0].to[0]
    assert "3개 남았습니다" in mail.outbox[0].subject
    codes.bring(product, codes.csv(codes.numbers(10, start=500)))
    assert Pool.objects.get().low_told_at is None

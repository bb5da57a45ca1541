"""O1, O2, O6, O9: lists, paying, and paying once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import xlsxwriter
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.catalog.models import List, Offer
from seonmul.catalog.rules import ProductRefusal
from seonmul.kit.refusals import Refused
from seonmul.kit.sheets import SheetRefused
from seonmul.ledger import queries as ledger
from seonmul.ledger.rules import LedgerRefusal
from seonmul.members import actions as members
from seonmul.members.rules import SpendRefusal
from seonmul.orders import actions, queries
from seonmul.orders.lists import RawRow, RowFault
from seonmul.orders.models import Draft, DraftRow, Order, Recipient
from seonmul.orders.rules import OrderRefusal
from tests import given
from tests.given import Company
from tests.threads import at_once

pytestmark = pytest.mark.django_db
AT = given.MONDAY


def rows_of(draft: Draft, only: str = "") -> list[tuple[int, str, str]]:
    return [(row.position, row.phone, row.fault) for row in queries.rows_page(draft, only)]


def quote_of(draft: Draft) -> queries.Quote:
    return queries.quote(draft)


def test_a_sheet_becomes_rows_that_keep_their_numbers(tmp_path):
    """O1: rows are named as the spreadsheet shows them."""
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet()
    for number, row in enumerate(
        [("휴대폰", "이름"), (1020417735, "김서연"), ("", ""), ("02-345-6789", "이도윤")]
    ):
        sheet.write_row(number, 0, row)
    book.close()
    draft = given.draft(given.company(), [])
    imported = actions.import_sheet(draft.id, (tmp_path / "a.xlsx").read_bytes(), "a.xlsx", at=AT)
    assert imported.rows == 2 and "header_row" in {note.code for note in imported.notes}
    assert rows_of(draft) == [(2, "01020417735", ""), (4, "", "phone_landline")]
    assert [row.name for row in queries.rows_page(draft)] == ["김서연", "이도윤"]


def test_a_sheet_that_is_refused_adds_nothing():
    draft = given.draft(given.company(), ["01020000001"])
    with pytest.raises(SheetRefused):
        actions.import_sheet(draft.id, b"\x89PNG\r\n\x1a\nno sheet", "picture.xlsx", at=AT)
    assert len(rows_of(draft)) == 1


def test_more_rows_than_the_figure_are_refused_with_both_numbers(settings):
    """O1"""
    from seonmul.figures import actions as figures

    figures.change("recipients_most", 3, by="test", at=AT)
    draft = given.draft(given.company(), ["01020000001"])
    with pytest.raises(Refused) as refused:
        actions.add_rows(draft.id, [RawRow(n, "01020000001") for n in range(1, 6)], at=AT)
    assert refused.value.no.why is OrderRefusal.TOO_MANY_ROWS
    assert refused.value.no.numbers == {"most": 3, "over": 3}
    assert len(rows_of(draft)) == 1
    with pytest.raises(Refused):
        actions.add_rows(draft.id, (RawRow(n, "01020000001") for n in range(1, 6)), at=AT)


def test_a_number_three_times_is_three_copies_and_more_than_allowed_is_marked():
    """O1, O2"""
    draft = given.draft(given.company(), ["01020000001"] * 3, given.product(copies_most=2))
    quote = quote_of(draft)
    assert (quote.rows, quote.rows_at_fault, quote.people, quote.copies, quote.doubles) == (3, 1, 1, 2, 1)
    assert rows_of(draft, "fix") == [(3, "01020000001", RowFault.TOO_MANY_COPIES.code)]
    actions.drop_rows(draft.id, position=1, at=AT)
    assert quote_of(draft).rows_at_fault == 0


def test_a_copies_column_counts_like_repeated_numbers():
    """O1, O2"""
    draft = given.draft(given.company(), [], given.product(copies_most=5))
    actions.add_rows(
        draft.id, [RawRow(1, "01020000001", copies="4"), RawRow(2, "01020000001", copies="2")], at=AT
    )
    assert (quote_of(draft).copies, quote_of(draft).rows_at_fault) == (4, 1)


def test_one_each_leaves_one_copy_for_each_number():
    """O2: 한 건만 보내기"""
    draft = given.draft(given.company(), ["01020000001", "01020010001", "01020000001", "bad"])
    assert actions.one_each(draft.id, at=AT) == 1
    assert [position for position, _, _ in rows_of(draft)] == [1, 2, 4]
    assert quote_of(draft).copies == 2


def test_one_each_keeps_a_row_that_can_be_sent_before_one_at_fault():
    """O2: nobody is left out because the first of two rows with the same number has another fault."""
    draft = given.draft(given.company(), [])
    actions.add_rows(draft.id, [RawRow(1, "01020000001", copies="many"), RawRow(2, "01020000001")], at=AT)
    assert actions.one_each(draft.id, at=AT) == 1
    assert rows_of(draft) == [(2, "01020000001", "")]


def test_a_row_is_mended_in_place_and_what_was_wrong_stays_until_it_is_right():
    """O1"""
    draft = given.draft(given.company(), ["010-2417-83", "01020000001"])
    actions.mend_row(draft.id, 1, phone="010-2O88-1450", at=AT)
    assert queries.row(draft, 1).suggestion == "01020881450"  # type: ignore[union-attr]
    actions.mend_row(draft.id, 1, phone="010-2088-1450", at=AT)
    assert rows_of(draft)[0] == (1, "01020881450", "")
    actions.mend_row(draft.id, 99, phone="01020000001", at=AT)
    assert quote_of(draft).rows == 2


def test_nobody_pays_for_another_company_however_they_came_to_its_draft():
    """M7: a right to buy is a right to buy for one's own company."""
    draft, stranger = given.draft(given.company(), given.numbers(1)), given.company()
    with pytest.raises(Refused) as refused:
        given.paid(stranger, draft)
    assert refused.value.no.why is OrderRefusal.NOT_A_BUYER and not Order.objects.exists()


def test_a_sign_that_nobody_can_type_does_not_break_the_list():
    """O1: a row mended or added by hand comes as it was posted, whatever stands in it."""
    draft = given.draft(given.company(), ["01020000001"])
    actions.mend_row(draft.id, 1, phone="010\x1f2000-00", name="김\x1f서연", at=AT)
    (row,) = queries.rows_page(draft)
    assert (row.typed, row.name) == ("0102000-00", "김서연") and row.fault
    actions.add_one(draft.id, RawRow(1, "010\x1f20000001", "이\x1f도윤"), at=AT)
    assert [row.phone for row in queries.rows_page(draft)] == ["", "01020000001"]


def test_rows_are_found_by_name_and_number():
    draft = given.draft(given.company(), given.numbers(3))
    assert len(queries.rows_found(draft, "김서")) == 3
    assert [row.position for row in queries.rows_found(draft, "010-2001")] == [2]


def test_paying_holds_the_money_and_tells_who_sends():
    """O6, O9"""
    who = given.company(cash_won=10_000)
    order = given.placed(who, given.numbers(2))
    money = ledger.balances(who.buyer.id)
    assert (money.cash_won, money.held_won) == (1_000, 9_000)
    assert (order.people, order.copies, order.amount_won, order.state) == (2, 2, 9_000, "paid")
    assert ProcrastinateJob.objects.filter(task_name="gifts.on.orders.paid").count() == 1
    assert Draft.objects.count() == DraftRow.objects.count() == 0 and Recipient.objects.count() == 2


def test_too_little_money_keeps_the_draft():
    """O6: a refused order loses nothing."""
    who = given.company(cash_won=8_999)
    draft = given.draft(who, given.numbers(2))
    with pytest.raises(Refused) as refused:
        given.paid(who, draft)
    assert refused.value.no.why is LedgerRefusal.NOT_ENOUGH and refused.value.no.numbers == {"missing_won": 1}
    assert quote_of(draft).rows == 2 and ledger.balances(who.buyer.id).cash_won == 8_999


def test_a_price_that_changed_stops_the_payment():
    """O6"""
    who, product = given.company(), given.product(price_won=4_500)
    draft = given.draft(who, given.numbers(2), product)
    grant = members.grant_at_console(
        who.owner.id, queries.purpose_of(draft, quote_of(draft)), by="test", at=AT
    )
    Offer.objects.filter(product=product).update(price_won=4_600)
    with pytest.raises(Refused) as refused:
        actions.place(draft.id, by=who.owner, grant_id=grant.id, seen_won=9_000, seen_left_out=0, at=AT)
    assert refused.value.no.why is OrderRefusal.PRICE_CHANGED


def test_a_grant_pays_for_the_order_it_was_given_for_and_no_other():
    """M4: bound to this order and amount."""
    who = given.company()
    first, second = given.draft(who, given.numbers(2)), given.draft(who, given.numbers(2))
    grant = members.grant_at_console(
        who.owner.id, queries.purpose_of(first, quote_of(first)), by="test", at=AT
    )
    with pytest.raises(Refused) as refused:
        actions.place(second.id, by=who.owner, grant_id=grant.id, seen_won=9_000, seen_left_out=0, at=AT)
    assert refused.value.no.why is SpendRefusal.GRANT_UNFIT


def test_rows_at_fault_are_left_out_only_by_naming_their_number():
    """O1"""
    who = given.company()
    draft = given.draft(who, ["01020000001", "bad", ""])
    purpose = queries.purpose_of(draft, quote_of(draft))
    grant = members.grant_at_console(who.owner.id, purpose, by="test", at=AT)
    agreed = {"by": who.owner, "grant_id": grant.id, "seen_won": 4_500, "at": AT}
    with pytest.raises(Refused) as refused:
        actions.place(draft.id, seen_left_out=0, **agreed)
    assert refused.value.no.why is OrderRefusal.HAS_FAULTS
    assert actions.place(draft.id, seen_left_out=2, **agreed).people == 1


def test_a_draft_cannot_be_begun_for_what_cannot_be_bought():
    """M3"""
    who = given.company()
    with pytest.raises(Refused) as refused:
        actions.begin(who.owner, List.CORPORATE, "NO-SUCH", at=AT)
    assert refused.value.no.why is ProductRefusal.NOT_ON_LIST
    with pytest.raises(Refused) as refused:
        actions.begin(who.approver, List.CORPORATE, given.product().code, at=AT)
    assert refused.value.no.why is OrderRefusal.NOT_A_BUYER


def test_a_draft_that_is_gone_says_so():
    from uuid import uuid4

    who = given.company()
    with pytest.raises(Refused) as refused:
        actions.place(uuid4(), by=who.owner, grant_id=uuid4(), seen_won=0, seen_left_out=0, at=AT)
    assert refused.value.no.why is OrderRefusal.CHANGED_MEANWHILE


def test_two_companies_never_see_each_other():
    """M7"""
    one, other = given.company(), given.company()
    given.draft(one, given.numbers(1))
    order = given.placed(one, given.numbers(1))
    assert (
        not queries.drafts_seen_by(other.owner).exists() and not queries.orders_seen_by(other.owner).exists()
    )
    assert queries.orders_seen_by(one.approver).get() == order


def test_the_same_product_to_the_same_number_only_warns():
    """O2"""
    who, product = given.company(), given.product()
    given.placed(who, given.numbers(2), product)
    draft = given.draft(who, given.numbers(3), product)
    assert queries.sent_lately(draft, AT, 24) == 2
    assert queries.sent_lately(draft, given.hours_after(AT, 25), 24) == 0


def test_numbers_and_names_are_sealed():
    """X2"""
    given.draft(given.company(), ["01020417735", "bad 010"])
    given.placed(given.company(), ["01020417735"])
    with connection.cursor() as cursor:
        for table in ("orders_draftrow", "orders_recipient", "orders_draft", "orders_order"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            dump = cursor.fetchone()[0]
            for secret in ("01020417735", "김서연", "고맙습니다"):
                assert secret not in dump and secret.encode().hex() not in dump


@pytest.mark.django_db(transaction=True)
def test_one_click_one_order_from_eight_browsers_at_once():
    """O6: the same form sent by many makes one order, held once."""
    who = given.company(cash_won=100_000)
    draft = given.draft(who, given.numbers(2))
    purpose = queries.purpose_of(draft, quote_of(draft))
    grant = members.grant_at_console(who.owner.id, purpose, by="test", at=AT)

    def click(_: int) -> str:
        try:
            placed = actions.place(
                draft.id, by=who.owner, grant_id=grant.id, seen_won=9_000, seen_left_out=0, at=AT
            )
            return placed.public_id
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(click, range(8)))
    assert len(made) == Order.objects.count() == 1
    assert ledger.balances(who.buyer.id).held_won == 9_000 and ledger.faults() == []


def somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", ["one_each", "discard"])
def test_a_list_that_changes_while_it_is_paid_for_waits_or_was_first(change):
    """O2, O6: whoever changes rows stands in line behind whoever pays, and holds nothing that the other needs."""
    changes: dict[str, Callable[[Draft], object]] = {
        "one_each": lambda draft: actions.one_each(draft.id, at=AT),
        "discard": lambda draft: actions.discard(draft.id, at=AT),
    }
    draft = given.draft(given.company(), ["01020000001", "01020010001", "01020000001"])
    paying = threading.Event()

    def pay() -> None:
        with transaction.atomic():
            assert queries.locked_draft(draft.id)
            paying.set()
            while not somebody_waits_for_us():
                time.sleep(0.01)
            given.paid(Company(draft.buyer, draft.member, draft.member), draft)

    def change_it() -> None:
        paying.wait(10)
        changes[change](draft)

    assert at_once([pay, change_it]) == [None, None]
    order = Order.objects.get()
    assert Recipient.objects.filter(line__order=order).count() == order.copies == 3
    assert queries.faults() == [] and not Draft.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_orders_never_spend_the_same_money():
    """P1"""
    who = given.company(cash_won=9_000)
    drafts = [given.draft(who, given.numbers(1), at=AT) for _ in range(6)]

    def click(draft: Draft) -> bool:
        try:
            given.paid(who, draft)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(click, drafts)) == 2
    assert ledger.balances(who.buyer.id).cash_won == 0 and ledger.faults() == []


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE orders_order SET amount_won = amount_won + 1",
        "UPDATE orders_recipient SET copies = copies + 1",
    ],
)
def test_prove_finds_planted_damage(damage):
    given.placed(given.company(), given.numbers(2))
    assert queries.faults() == []
    with connection.cursor() as cursor:
        cursor.execute(damage)
    assert queries.faults()


def test_a_member_whose_person_has_just_changed_cannot_spend():
    """M5, M8: for a while, and then again."""
    from seonmul.members.models import Member

    who = given.company()
    draft = given.draft(who, given.numbers(1))
    Member.objects.filter(id=who.owner.id).update(spend_blocked_until=given.hours_after(AT, 24))
    with pytest.raises(Refused) as refused:
        given.paid(who, draft)
    assert refused.value.no.why is SpendRefusal.BLOCKED and "2026.11.24" in refused.value.no.say()
    assert given.paid(who, draft, at=given.hours_after(AT, 25)).people == 1


def test_columns_chosen_on_screen_win_over_the_guess():
    """O1: a choice on screen maps them otherwise; a column that is not there is refused and nothing is added."""
    draft = given.draft(given.company(), [])
    file = "01020000001,부산,01020010001,박하은\n".encode()
    actions.import_sheet(draft.id, file, "a.csv", at=AT, columns={"phone": 2, "name": 3})
    assert [(row.phone, row.name) for row in queries.rows_page(draft)] == [("01020010001", "박하은")]
    with pytest.raises(Refused) as refused:
        actions.import_sheet(draft.id, file, "a.csv", at=AT, columns={"phone": 7})
    assert refused.value.no.why is RowFault.NO_COLUMN and "H열" in refused.value.no.say()
    assert len(rows_of(draft)) == 1

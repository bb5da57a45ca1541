"""O1: an order is 문자발송 or 이메일발송; either becomes the other and loses nothing. O2, O4, O8, O12"""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given as assumed
from hypothesis import strategies as st

from seonmul.catalog.models import List, Product
from seonmul.catalog.rules import ProductRefusal
from seonmul.dispatch import actions as dispatch
from seonmul.dispatch.models import Attempt, Batch, Letter, Message
from seonmul.dispatch.rules import Ad, LetterRefusal
from seonmul.figures.rules import Figures
from seonmul.gifts import actions as gifts
from seonmul.kit import crypto, sheets
from seonmul.kit.mails import MailFault
from seonmul.kit.phones import PhoneFault
from seonmul.kit.refusals import Refused
from seonmul.kit.sheets import NoteKind
from seonmul.orders import actions, lists, queries, rules
from seonmul.orders.lists import RawRow
from seonmul.orders.models import Draft, Order, OrderKind, Recipient
from seonmul.orders.rules import Sign
from seonmul.storefront.forms import DraftForm
from tests import given
from tests.given import MONDAY, Company

KIM, LEE = "kim@gaon.example", "lee@gaon.example"
FIGURES = Figures()


@pytest.fixture
def firm(db: None) -> Company:
    return given.company()


def refused_by(does: Any) -> Any:
    with pytest.raises(Refused) as refused:
        does()
    return refused.value.no


def switched(draft: Draft, kind: OrderKind) -> Draft:
    actions.switch(draft.id, kind, at=MONDAY)
    draft.refresh_from_db()
    return draft


def cells(draft: Draft) -> list[tuple[str, str, str, str, str]]:
    rows = queries.rows_page(draft)
    return [(row.phone, row.mail, row.name, row.typed, row.fault) for row in rows]


CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20)
PHONE = st.sampled_from(["01020417735", "010-2041-7735", "+82 10 2041 7735", "010-2O41-77", "", "김서연"])
MAIL = st.sampled_from([KIM, "Kim@GAON.example", "홍길동 <a@b.kr>", "kim@navercom", "", "kim"])
ROW = st.tuples(
    st.one_of(PHONE, CELL), CELL, st.one_of(MAIL, CELL), st.sampled_from(["", "1", "3", "많이"])
).map(lambda cells: RawRow(1, *cells))


@assumed(row=ROW, by_mail=st.booleans())
def test_there_and_back_again_is_where_one_was(row: RawRow, by_mail: bool) -> None:
    """O1: what was typed for the other kind waits in the row, also where it is no address."""
    (first,) = lists.check([row], by_mail=by_mail)
    assert lists.Cells.unpacked(first.cells.packed()) == first.cells
    (there,) = lists.check(
        [lists.raw_again(first, was_mail=by_mail, by_mail=not by_mail)], by_mail=not by_mail
    )
    (back,) = lists.check([lists.raw_again(there, was_mail=not by_mail, by_mail=by_mail)], by_mail=by_mail)
    assert back.fault == first.fault and back.cells.to(by_mail=by_mail) == first.cells.to(by_mail=by_mail)
    assert back.cells.name == first.cells.name
    assert back.cells.typed == first.cells.typed or back.cells.to(by_mail=by_mail), (
        "a repair is not told twice"
    )


def test_a_draft_changes_its_kind_and_its_rows_are_looked_at_anew(firm: Company) -> None:
    """O1, O2: numbers wait while it is by mail, the message and its sender stay, and doubles are those of addresses."""
    draft = given.draft(firm, [], text="#{이름} 님, 고맙습니다.", is_lawful=True)
    sender = draft.sender
    rows = [
        RawRow(1, "01020417735", "김서연", mail=KIM),
        RawRow(2, "010-2", "이도윤", mail=KIM),
        RawRow(3, "01025901126", "박하은", mail="park@navercom"),
    ]
    actions.add_rows(draft.id, rows, at=MONDAY)
    assert [row.fault for row in queries.rows_page(draft)] == ["", PhoneFault.TOO_SHORT.code, ""]
    before = cells(draft)
    by_mail = switched(draft, OrderKind.MAIL)
    assert by_mail.channel == "mail" and by_mail.sender == sender and queries.text_of(by_mail)
    lines = queries.rows_page(by_mail)
    assert [row.fault for row in lines] == ["", "", MailFault.DOMAIN.code]
    assert lines[1].same_as == 1 and lines[2].suggestion == "park@naver.com"
    assert queries.quote(by_mail).people == 1
    assert cells(switched(draft, OrderKind.TEXT)) == before and draft.channel == "lms"


def test_only_the_channel_of_the_kind_is_kept(firm: Company) -> None:
    """O1: a form that names the other kind's channel changes nothing of it."""
    draft = given.mail_draft(firm, [KIM])
    actions.save(draft.id, at=MONDAY, channel="lms", purpose="clients")
    draft.refresh_from_db()
    assert (draft.channel, draft.purpose) == ("mail", "clients")
    assert "mail" in dict(DraftForm.base_fields["channel"].choices)  # type: ignore[attr-defined]


def test_a_product_that_does_not_go_so_says_so(firm: Company) -> None:
    """C1, O1: at the beginning, when the kind changes, and when it is put in; nothing is lost."""
    by_text, by_mail = given.product(channels=["lms"]), given.product(channels=["mail"])
    no = refused_by(
        lambda: actions.begin(firm.owner, List.CORPORATE, by_text.code, kind=OrderKind.MAIL, at=MONDAY)
    )
    assert no.why is ProductRefusal.NOT_BY_MAIL
    assert actions.begin(firm.owner, List.CORPORATE, by_mail.code, at=MONDAY).kind == OrderKind.MAIL
    draft = given.draft(firm, given.numbers(2), by_text)
    assert refused_by(lambda: switched(draft, OrderKind.MAIL)).why is ProductRefusal.NOT_BY_MAIL
    no = refused_by(lambda: actions.put(draft.id, List.CORPORATE, by_mail.code, at=MONDAY))
    assert no.why is ProductRefusal.NOT_BY_TEXT
    assert queries.quote(draft).people == 2 and Draft.objects.get(id=draft.id).kind == OrderKind.TEXT


def test_a_mail_needs_a_title_and_no_number(firm: Company) -> None:
    """O3, M6: letters that no carrier of texts carries are good in a mail, in its columns too."""
    draft = given.mail_draft(firm, [], title="")
    sheet = "이메일,이름,부서\nkim@gaon.example,김서연,디자인🎨팀\n".encode()
    actions.import_sheet(draft.id, sheet, "a.csv", at=MONDAY)
    actions.save(draft.id, at=MONDAY, sender="", text="#{부서} #{이름} 님 🎁")
    draft.refresh_from_db()
    quote = queries.quote(draft)

    def no() -> Any:
        facts = queries.facts(
            draft,
            quote,
            firm.owner,
            seen_won=quote.amount_won,
            seen_left_out=0,
            site_url="http://x",
            at=MONDAY,
        )
        found = rules.why_not_place(facts, figures=FIGURES, at=MONDAY)
        return found.why if found else None

    assert quote.people == 1 and no() is LetterRefusal.NO_TITLE
    actions.save(draft.id, at=MONDAY, title="선물")
    draft.refresh_from_db()
    assert no() is None
    actions.save(draft.id, at=MONDAY, text="가" * 10_000)
    draft.refresh_from_db()
    assert no() is LetterRefusal.MAIL_TOO_LONG


def test_a_copied_order_keeps_its_kind(firm: Company) -> None:
    """O12, O1: its addresses come with it, and it has no sender number."""
    order = given.paid(firm, given.mail_draft(firm, [KIM, LEE]))
    assert (order.kind, order.channel, order.sender) == ("mail", "mail", "")
    copied = actions.copy_order(order.id, by=firm.owner, at=MONDAY).draft
    copied.refresh_from_db()
    assert (copied.kind, copied.channel) == ("mail", "mail")
    assert [row.mail for row in queries.rows_page(copied)] == [KIM, LEE]
    Product.objects.update(channels=["lms"])
    no = refused_by(lambda: actions.copy_order(order.id, by=firm.owner, at=MONDAY))
    assert no.why is ProductRefusal.NOT_BY_MAIL and Draft.objects.count() == 1


def test_the_check_knows_addresses_that_failed(firm: Company) -> None:
    """O4: an address that did not exist last week is warned of, masked, and dropped by one click."""
    product = given.product()
    earlier = given.paid(firm, given.mail_draft(firm, [KIM], product))
    gifts.start(earlier.id, at=MONDAY)
    given.worked(only="gifts")
    batch = Batch.objects.get()
    Attempt.objects.filter(batch=batch).update(state="ended", result="invalid_number", ended_at=MONDAY)
    dispatch.note_reach(batch.id, at=MONDAY)
    draft = given.mail_draft(firm, [KIM, LEE], product)
    look = actions.look(draft.id, at=MONDAY)
    assert look is not None and look.people == 2
    groups = {group.sign: group for group in queries.warned_groups(look)}
    assert set(groups) == {Sign.GONE, Sign.SAME_PRODUCT}
    assert groups[Sign.GONE].rows[0].phone == "ki***@gaon.example"
    assert actions.drop_warned(draft.id, Sign.GONE, at=MONDAY) == 1
    assert [row.mail for row in queries.rows_page(draft)] == [LEE]


def test_a_staff_list_is_compared_by_address(firm: Company) -> None:
    """O1: in an order by mail; a list that was read by numbers goes when the kind changes."""
    draft = given.mail_draft(firm, [KIM, "gone@gaon.example"])
    staff = f"이메일,이름\n{KIM},김서연\n{LEE},이도윤\n".encode()
    assert actions.compare_staff(draft.id, staff, "staff.csv", at=MONDAY) == 0
    facts = queries.staff_facts(draft, MONDAY)
    assert facts is not None and (facts.leavers, facts.missed, facts.sent) == (1, 1, 0)
    assert actions.mend_by_staff(draft.id, "missed", at=MONDAY) == 1
    assert actions.mend_by_staff(draft.id, "leavers", at=MONDAY) == 1
    assert [row.mail for row in queries.rows_page(draft)] == [KIM, LEE]
    switched(draft, OrderKind.TEXT)
    assert queries.staff_facts(draft, MONDAY) is None


def test_ones_own_address_is_a_signal(firm: Company) -> None:
    """O8: a buyer who sends to the mailbox of a colleague."""
    sign = queries.approval_signs
    product = given.product(is_gift_certificate=True)
    order = given.paid(firm, given.mail_draft(firm, [firm.owner.mail.upper(), KIM], product))
    approval = queries.approvals_of(order.id)[-1]
    assert sign(queries.approval(approval.public_id, approval.step)).own_people == 1


def test_a_trial_goes_to_ones_own_mailbox(firm: Company, carrier: Any) -> None:
    """O5: text alone, marked, with the company's name before our address."""
    draft = given.mail_draft(firm, [KIM], title="감사 🎁")
    assert actions.send_trial(draft.id, by=firm.owner, at=MONDAY)
    ring, message = crypto.ring(), Message.objects.get()
    assert ring.open(Message.TO, message.to_sealed) == firm.owner.mail
    assert Letter.objects.get().channel == "mail"
    given.worked(only="dispatch.send")
    (mail,) = carrier.mails(firm.owner.mail)
    assert mail["subject"] == "[시험] 감사 🎁" and firm.buyer.name in mail["from"]
    assert "/g/sample" in mail["text"]


def test_who_refused_advertising_by_mail_is_left_out(firm: Company) -> None:
    """O3, S7: an address is noted as a number is."""
    dispatch.set_ad(firm.owner, Ad(firm.buyer.name, "0232140000", "0808888888"), at=MONDAY)
    assert dispatch.note_opt_outs(firm.owner, f"{KIM}\n010-2041-7735", at=MONDAY) == 2
    draft = given.mail_draft(firm, [KIM, LEE], is_ad=True)
    assert [row.fault for row in queries.rows_page(draft)] == [lists.RowFault.OPTED_OUT.code, ""]


def noted(draft: Draft, sheet: str) -> list[tuple[NoteKind, str]]:
    taken = actions.import_sheet(draft.id, sheet.encode(), "a.csv", at=MONDAY)
    return [(note.kind, note.say()) for note in taken.notes]


def test_a_column_that_is_left_is_told(firm: Company) -> None:
    """O1, O3: a sixth further column, a title that stands for something else, and the other kind's address."""
    draft = given.draft(firm, [])
    titles = "휴대폰,이메일,이름,부서,직급,지점,사번,입사일,생일,부서,링크"
    found = dict(noted(draft, f"{titles}\n01020417735,{KIM},김서연,총무,대리,서울,1,2,3,인사,x\n"))
    assert found[NoteKind.COLUMNS_FULL].startswith("담지 않은 열이 있습니다: I열(생일).")
    assert "J열(부서), K열(링크)" in found[NoteKind.COLUMNS_SAME]
    assert "B열의 이메일" in found[NoteKind.MAIL_ASIDE]
    assert Draft.objects.get(id=draft.id).places == ["부서", "직급", "지점", "사번", "입사일"]
    strange = dict(noted(given.draft(firm, []), "휴대폰,이메일\n01020417735,총무팀\n01020417736,인사팀\n"))
    assert "B열의 2칸은 이메일 주소가 아닙니다" in strange[NoteKind.NOT_MAILS]
    by_mail = dict(noted(given.mail_draft(firm, []), f"휴대폰,이메일\n01020417735,{KIM}\n"))
    assert "A열의 휴대폰 번호" in by_mail[NoteKind.PHONE_ASIDE] and NoteKind.COLUMNS_FULL not in by_mail


def test_an_empty_product_column_is_none(firm: Company) -> None:
    """O1: our own template has one; who leaves it empty sends the same to everybody."""
    draft = given.draft(firm, [])
    actions.put(draft.id, List.CORPORATE, given.product().code, at=MONDAY)
    book = io.BytesIO()
    header = ["휴대폰 번호", "이메일", "이름", "상품", "수량", "부서"]
    sheets.write_xlsx(book, header, [("01020417735", "", "김서연", "", "2", "총무")], text_columns=range(6))
    actions.import_sheet(draft.id, book.getvalue(), "a.xlsx", at=MONDAY)
    (row,) = queries.rows_page(draft)
    assert (row.fault, row.item, row.copies) == ("", None, 2)


def test_an_order_has_addresses_and_no_numbers(firm: Company) -> None:
    """O1: the recipients of an order by mail are found by their address."""
    given.paid(firm, given.mail_draft(firm, [KIM]))
    recipient = Recipient.objects.get()
    assert recipient.phone_index is None and recipient.mail_index is not None
    assert Order.objects.get().kind == OrderKind.MAIL

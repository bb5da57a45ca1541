"""Whole numbers are a right of their own: with a reason, one order at a time, noted in the company's log. M7"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from msoffcrypto import OfficeFile
from msoffcrypto.exceptions import InvalidKeyError
from python_calamine import CalamineWorkbook

from seonmul.audit.models import Act
from seonmul.gifts.models import Gift
from seonmul.kit import clock, sheets
from seonmul.members.models import Member, Membership
from seonmul.orders import actions as lists
from seonmul.orders import queries
from seonmul.orders.lists import RawRow
from seonmul.orders.models import Draft, DraftRow, Order
from seonmul.orders.rules import NumbersRefusal
from seonmul.people.models import Person
from tests import given
from tests.given import Company
from tests.orders import certificates
from tests.storefront.test_history import issued

pytestmark = pytest.mark.django_db
WHOLE, MASKED = "010-2001-0001", "010-****-0001"


def url(name: str, order: Order) -> str:
    return reverse(f"storefront:{name}", args=[order.public_id])


@pytest.fixture
def order(company: Company) -> Order:
    return issued(company)


@pytest.fixture
def entitled(company: Company) -> None:
    Membership.objects.filter(member=company.owner).update(sees_numbers=True)


def page(browser: Client, order: Order) -> str:
    return browser.get(url("order", order)).content.decode()


def test_without_the_right_numbers_stay_masked(browser: Client, order: Order) -> None:
    assert MASKED in page(browser, order) and "전체 번호 보기" not in page(browser, order)
    answer = browser.post(url("numbers", order), {"reason": "inquiry"}, follow=True)
    assert NumbersRefusal.NOT_YOURS.sentence in answer.content.decode()
    assert WHOLE not in page(browser, order) and not Act.objects.filter(verb="numbers_seen").exists()


def test_with_it_a_reason_opens_one_order_for_ten_minutes(
    browser: Client, entitled: None, company: Company, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = issued(company)
    assert WHOLE not in page(browser, order) and "전체 번호 보기" in page(browser, order)
    browser.post(url("numbers", order), {"reason": "inquiry"})
    assert WHOLE in page(browser, order) and WHOLE not in page(browser, other)
    public_id = Gift.objects.filter(order=order).earliest("position").public_id
    assert WHOLE in browser.get(reverse("storefront:gift", args=[public_id])).content.decode()
    act = Act.objects.get(verb="numbers_seen")
    assert (act.by, act.company, act.subject) == (str(company.owner.id), str(company.buyer.id), str(order.id))
    assert act.facts == {"reason": "inquiry", "count": order.copies}
    browser.post(url("numbers", other), {"reason": "list"})
    assert WHOLE not in page(browser, order) and WHOLE in page(browser, other)
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert WHOLE not in page(browser, other)


@pytest.mark.parametrize("reason", ["", "because"])
def test_no_reason_no_numbers(browser: Client, entitled: None, order: Order, reason: str) -> None:
    answer = browser.post(url("numbers", order), {"reason": reason}, follow=True)
    assert NumbersRefusal.NO_REASON.sentence in answer.content.decode()
    assert WHOLE not in page(browser, order)


def test_another_reason_is_kept_in_its_words(browser: Client, entitled: None, order: Order) -> None:
    """O11, M7: as they were typed, and none where the list has the reason."""
    short = browser.post(url("numbers", order), {"reason": "other", "said": "음"}, follow=True)
    assert NumbersRefusal.SHORT_REASON.sentence.format(least=10, most=200) in short.content.decode()
    assert WHOLE not in page(browser, order)
    browser.post(url("numbers", order), {"reason": "other", "said": "감사팀이 발송 명단을 요청했습니다."})
    assert WHOLE in page(browser, order)
    assert Act.objects.get(verb="numbers_seen").facts["said"] == "감사팀이 발송 명단을 요청했습니다."
    sheet(browser, order, reason="other", said="감사팀이 발송 명단을 요청했습니다.")
    assert Act.objects.get(verb="numbers_exported").facts["said"].startswith("감사팀이")
    sheet(browser, order, reason="list", said="무시할 말입니다만 길게 적었습니다")
    assert "said" not in Act.objects.filter(verb="numbers_exported").latest("acted_at").facts


def test_a_stranger_finds_no_order(signed_in: Callable[[Member], Client], order: Order) -> None:
    stranger = signed_in(given.company().owner)
    assert stranger.post(url("numbers", order), {"reason": "inquiry"}).status_code == 404


def sheet(browser: Client, order: Order, **sent: str) -> object:
    return browser.post(url("numbers_sheet", order), {"reason": "list", "password": PASSWORD} | sent)


PASSWORD = "opens the list"


def test_a_sheet_with_whole_numbers_is_locked_and_noted_with_its_count(
    browser: Client, entitled: None, company: Company, order: Order
) -> None:
    """O11, M7: only its password opens it."""
    answer = sheet(browser, order)
    locked = BytesIO(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    with pytest.raises(sheets.SheetRefused):
        sheets.read(locked.getvalue(), "list.xlsx")
    book, opened = OfficeFile(locked), BytesIO()
    with pytest.raises(InvalidKeyError):
        book.load_key(password="another word", verify_password=True)
    book.load_key(password=PASSWORD, verify_password=True)
    book.decrypt(opened)
    opened.seek(0)
    _, *rows = CalamineWorkbook.from_filelike(opened).get_sheet_by_index(0).to_python()
    assert len(rows) == order.copies and rows[0][1:3] == ["김서연", WHOLE]
    act = Act.objects.get(verb="numbers_exported")
    assert (act.by, act.subject) == (str(company.owner.id), str(order.id))
    assert act.facts == {"reason": "list", "count": order.copies}


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"password": "short"}, NumbersRefusal.WEAK_PASSWORD),
        ({"reason": ""}, NumbersRefusal.NO_REASON),
    ],
)
def test_without_a_password_or_a_reason_there_is_no_sheet(
    browser: Client, entitled: None, order: Order, sent: dict[str, str], why: NumbersRefusal
) -> None:
    assert sheet(browser, order, **sent).status_code == 302  # type: ignore[attr-defined]
    said = browser.get(url("order", order)).content.decode()
    assert why.sentence.format(least=10) in said and not Act.objects.filter(verb="numbers_exported").exists()


def test_without_the_right_there_is_no_sheet(
    browser: Client, signed_in: Callable[[Member], Client], order: Order
) -> None:
    assert sheet(browser, order).status_code == 302  # type: ignore[attr-defined]
    assert NumbersRefusal.NOT_YOURS.sentence in page(browser, order)
    assert sheet(signed_in(given.company().owner), order).status_code == 404  # type: ignore[attr-defined]


# the list of a draft is such a list too


def _copied(browser: Client, order: Order) -> Draft:
    browser.post(url("copy", order))
    return Draft.objects.get()


def draft_page(client: Client, draft: Draft) -> str:
    return client.get(reverse("storefront:draft", args=[draft.public_id])).content.decode()


def test_ordering_again_opens_no_numbers(browser: Client, order: Order) -> None:
    """M7, O12: what was masked in the old order is masked in the new draft, also for whoever copied it."""
    draft = _copied(browser, order)
    assert MASKED in draft_page(browser, draft) and WHOLE not in draft_page(browser, draft)
    found = browser.post(reverse("storefront:find", args=[draft.public_id]), {"find": "2001-0001"})
    assert MASKED not in found.content.decode(), "not found letter by letter either"
    act = Act.objects.get(verb="order_copied")
    assert (act.subject, act.facts) == (str(order.id), {"count": 3})
    assert "지난 주문을 새 주문으로 담기" in browser.get(reverse("storefront:record")).content.decode()


def test_with_the_right_a_copied_list_is_whole(browser: Client, entitled: None, order: Order) -> None:
    """M7"""
    draft = _copied(browser, order)
    assert WHOLE in draft_page(browser, draft)
    found = browser.post(reverse("storefront:find", args=[draft.public_id]), {"find": "2001-0001"})
    assert WHOLE in found.content.decode()


def test_a_masked_list_is_sent_and_mended_as_any_other(browser: Client, order: Order) -> None:
    """M7, O1: a mask never becomes the number."""
    draft = _copied(browser, order)
    DraftRow.objects.filter(draft=draft, position=1).update(fault="row_copies", copies=0)
    mend = reverse("storefront:mend", args=[draft.public_id, 1])
    shown = browser.get(reverse("storefront:draft", args=[draft.public_id])).content.decode()
    assert f'id="mend-1" method="post" action="{mend}' in shown and 'name="phone" value' not in shown
    browser.post(mend, {})
    numbers = [row.phone for row in queries.rows_page(draft)]
    assert numbers[0] == WHOLE.replace("-", "") and queries.quote(draft).rows_at_fault == 0


def test_whoever_typed_a_list_sees_it_and_a_colleague_without_the_right_does_not(
    browser: Client, company: Company, signed_in: Callable[[Member], Client]
) -> None:
    """M7, O12: also in the sheet of rows to mend."""
    draft = given.draft(company, [])
    typed = [RawRow(1, WHOLE, "이하늘"), RawRow(2, "010-2943-77351", "김서연")]
    lists.add_rows(draft.id, typed, at=clock.now())
    colleague = signed_in(certificates.colleague(company).owner)
    assert WHOLE in draft_page(browser, draft) and "010-2943-77351" in draft_page(browser, draft)
    theirs = draft_page(colleague, draft)
    assert MASKED in theirs and WHOLE not in theirs and "2943" not in theirs
    for client, is_there in ((browser, True), (colleague, False)):
        sheet = client.get(reverse("storefront:to_mend", args=[draft.public_id]))
        cells = CalamineWorkbook.from_filelike(BytesIO(b"".join(sheet))).get_sheet_by_index(0).to_python()
        assert ("010-2943-77351" in cells[1]) is is_there, cells


def test_people_of_the_address_book_stay_masked_in_a_draft(browser: Client, company: Company) -> None:
    """M7, O12"""
    draft = given.draft(company, [])
    browser.post(reverse("storefront:people"), {"name": "김서연", "phone": WHOLE, "groups": "본사"})
    person = Person.objects.get()
    browser.post(reverse("storefront:people_put", args=[draft.public_id]), {"person": person.public_id})
    assert queries.quote(draft).people == 1
    assert MASKED in draft_page(browser, draft) and WHOLE not in draft_page(browser, draft)

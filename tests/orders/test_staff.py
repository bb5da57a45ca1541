"""O1, O12: a list held against a staff list, and an old order as a new draft."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from seonmul.catalog.models import Offer, Product
from seonmul.catalog.rules import ProductRefusal
from seonmul.kit.refusals import Refused
from seonmul.orders import actions, queries
from seonmul.orders.models import Draft, StaffRow
from seonmul.orders.rules import StaffFacts, StaffRefusal
from tests import given
from tests.given import MONDAY
from tests.orders import certificates
from tests.threads import at_once

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=2)


def sheet(*numbers: str) -> bytes:
    return "\n".join(["휴대폰,이름", *(f"{number},직원{n}" for n, number in enumerate(numbers))]).encode()


def refusal_of(does: Any) -> Any:
    with pytest.raises(Refused) as refused:
        does()
    return refused.value.no.why


def test_leavers_missed_and_those_who_got_it_are_found_and_mended() -> None:
    """O1: a colleague is anybody of the same company; other companies' orders are nobody's business."""
    firm, other, product = given.company(), given.company(), given.product()
    a, b, c, d = given.numbers(4)
    given.placed(certificates.colleague(firm), [b], product)
    given.placed(other, [a], product)
    draft = given.draft(firm, [a, b, c], product)
    unread = actions.compare_staff(draft.id, sheet(a, b, d, "02-1", a), "staff.csv", at=LATER)
    assert unread == 1 and queries.staff_facts(draft, LATER) == StaffFacts(3, 1, 1, 1, 30)
    assert queries.cells_shown(queries.leavers(draft))[0].phone == c
    assert actions.mend_by_staff(draft.id, "leavers", at=LATER) == 1
    assert actions.mend_by_staff(draft.id, "missed", at=LATER) == 1
    assert actions.mend_by_staff(draft.id, "sent", at=LATER) == 1
    assert queries.staff_facts(draft, LATER) == StaffFacts(3, 0, 1, 0, 30), (
        "who got it is missing from the list now"
    )
    assert sorted(one.phone for one in queries.rows_page(draft)) == sorted([a, d])
    actions.end_staff(draft.id)
    assert queries.staff_facts(draft, LATER) is None


def test_what_was_cancelled_or_is_long_ago_was_not_sent() -> None:
    """O1"""
    firm, product, numbers = given.company(), given.product(), given.numbers(2)
    order = given.placed(firm, numbers[:1], product)
    given.placed(firm, numbers[1:], product, at=MONDAY - timedelta(days=40))
    draft = given.draft(firm, numbers, product)
    assert [row.phone_index is not None for row in queries.sent_by_colleagues(draft, LATER)] == [True]
    actions.cancel_waiting(order.id, by=firm.owner, at=MONDAY)
    assert not queries.sent_by_colleagues(draft, LATER).exists()


def test_a_list_without_a_number_changes_nothing() -> None:
    """O1: and the staff list ends with its draft."""
    firm = given.company()
    draft = given.draft(firm, given.numbers(2))
    actions.compare_staff(draft.id, sheet(*given.numbers(3)), "staff.csv", at=MONDAY)
    no = refusal_of(partial(actions.compare_staff, draft.id, sheet("x", "y"), "staff.csv", at=MONDAY))
    assert no is StaffRefusal.NOBODY and no.code == "staff_nobody"
    assert StaffRow.objects.count() == 3
    given.paid(firm, draft)
    assert not StaffRow.objects.exists()


def test_an_old_order_becomes_a_new_draft() -> None:
    """O12: recipients, words, product; nothing is agreed to, no time is taken over."""
    firm = given.company()
    order = given.placed(firm, given.numbers(3), purpose="clients")
    copied = actions.copy_order(order.id, by=certificates.colleague(firm).owner, at=LATER)
    draft = Draft.objects.select_related("buyer").get(id=copied.draft.id)
    assert copied.instead == [] and queries.quote(draft).people == 3
    assert queries.text_of(draft) == queries.text_of(order) and draft.sender == order.sender
    assert (draft.purpose, draft.is_lawful, draft.send_at) == ("clients", False, None)
    assert queries.items_of(draft)[0].product_id == queries.lines_of(order.id)[0].product_id


def test_what_is_not_sold_any_more_is_told() -> None:
    """O12: its substitute is taken, or nothing is begun."""
    firm, old, new = given.company(), given.product(), given.product()
    order = given.placed(firm, given.numbers(1), old)
    Offer.objects.filter(product=old).update(is_shown=False)
    no = refusal_of(partial(actions.copy_order, order.id, by=firm.owner, at=LATER))
    assert no is ProductRefusal.NOT_ON_LIST and not Draft.objects.exists()
    Product.objects.filter(id=old.id).update(substitute=new)
    copied = actions.copy_order(order.id, by=firm.owner, at=LATER)
    assert copied.instead == [new] and queries.items_of(Draft.objects.get())[0].product == new


@pytest.mark.django_db(transaction=True)
def test_a_remedy_pressed_twice_at_once_adds_nobody_twice() -> None:
    """O1"""
    firm = given.company()
    draft = given.draft(firm, given.numbers(1))
    actions.compare_staff(draft.id, sheet(*given.numbers(4)), "staff.csv", at=MONDAY)
    outcomes = at_once([partial(actions.mend_by_staff, draft.id, "missed", at=MONDAY)] * 3)
    assert sorted(outcomes) == [0, 0, 3] and queries.quote(draft).rows == 4

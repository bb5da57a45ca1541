"""O4, B: how right the check before paying was, over all orders."""

from __future__ import annotations

import pytest
from django.urls import reverse

from seonmul.kit import clock
from seonmul.orders import actions
from tests import given
from tests.backoffice.conftest import at_console, staff_member

pytestmark = pytest.mark.django_db


def test_figures_over_all_orders():
    """O4"""
    at = clock.now()
    client, page = at_console(staff_member("support")), reverse("backoffice:checks")
    assert "아직 셀 것이 없어요" in client.get(page).content.decode()
    for failed in (3, 1):
        firm = given.company()
        draft = given.draft(firm, given.numbers(1), at=at)
        actions.look(draft.id, at=at)
        order = given.paid(firm, draft, at)
        actions.note_outcomes(order.draft_id, [(1, 10, failed), (0, 90, 2)], at=at)
    shown = client.get(page).content.decode()
    assert "2건에서" in shown and "20%" in shown and "없는 번호이거나 정지된 번호" in shown

"""직원 명단 대조 and [같은 내용으로 다시 주문하기] over HTTP. O1, O12"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from seonmul.kit import clock
from seonmul.members.models import Member
from seonmul.orders import queries
from seonmul.orders.models import Draft
from tests import given
from tests.given import Company

pytestmark = pytest.mark.django_db


def test_a_staff_list_is_compared_and_mended(browser: Client, company: Company) -> None:
    """O1: numbers masked."""
    a, b, c = given.numbers(3)
    draft = given.draft(company, [a, b], at=clock.now())
    address = reverse("storefront:staff", args=[draft.public_id])
    file = SimpleUploadedFile("staff.csv", f"휴대폰,이름\n{a},김서연\n{c},이하늘\n".encode())
    assert browser.post(address, {"file": file})["Location"] == address
    page = browser.get(address).content.decode()
    assert "명단 2명" in page and "이하늘" in page and "010-****-0001" in page and c not in page
    for what in ("leavers", "missed"):
        browser.post(reverse("storefront:staff_mend", args=[draft.public_id]), {"what": what})
    assert sorted(one.phone for one in queries.rows_page(draft)) == sorted([a, c])
    wrong = browser.post(address, {"file": SimpleUploadedFile("staff.csv", "이름\n김서연\n".encode())})
    assert wrong.status_code == 422
    browser.post(reverse("storefront:staff_mend", args=[draft.public_id]), {"what": "end"})
    assert queries.staff_facts(draft, clock.now()) is None


def test_an_order_is_ordered_again(
    browser: Client, company: Company, signed_in: Callable[[Member], Client]
) -> None:
    """O12: by whoever may buy."""
    order = given.placed(company, given.numbers(2), at=clock.now())
    address = reverse("storefront:copy", args=[order.public_id])
    assert (
        "같은 내용으로 다시 주문하기"
        in browser.get(reverse("storefront:order", args=[order.public_id])).content.decode()
    )
    assert signed_in(company.approver).post(address).status_code == 404
    made = browser.post(address)["Location"]
    assert made == reverse("storefront:draft", args=[Draft.objects.get().public_id])

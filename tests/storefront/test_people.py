"""주소록 over HTTP: kept, found, put on a draft, prepared for. O12"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from seonmul.kit import clock
from seonmul.members.models import Member, Membership
from seonmul.orders import queries as orders
from seonmul.people.models import Occasion, Person
from tests import given
from tests.given import Company

pytestmark = pytest.mark.django_db
PEOPLE = reverse("storefront:people")


def test_people_come_in_by_form_and_by_sheet(browser: Client, company: Company) -> None:
    """O12: whole numbers are a right of their own. M7"""
    typed = {"name": "김서연", "phone": "010-2000-0001", "groups": "본사", "birthday": "3/5"}
    assert browser.post(PEOPLE, typed)["Location"] == PEOPLE
    page = browser.get(PEOPLE).content.decode()
    assert "김서연" in page and "010-****-0001" in page and "생일 3.5" in page and "본사 1" in page
    Membership.objects.filter(member=company.owner).update(sees_numbers=True)
    assert "010-2000-0001" in browser.get(PEOPLE).content.decode()
    wrong = browser.post(PEOPLE, typed | {"phone": "02-123"})
    assert wrong.status_code == 422 and "휴대폰 번호를 확인해 주세요" in wrong.content.decode()
    sheet = SimpleUploadedFile("people.csv", "휴대폰,이름\n010-2000-0002,이하늘\n02-1,박새봄\n".encode())
    said = browser.post(reverse("storefront:people_import"), {"file": sheet}).content.decode()
    assert "1명을 새로 담고" in said and "3행" in said and Person.objects.count() == 2
    found = browser.post(reverse("storefront:people_find"), {"find": "이하"}).content.decode()
    assert "이하늘" in found and "김서연" not in found


def test_the_chosen_go_on_the_draft_and_the_deleted_are_gone(browser: Client, company: Company) -> None:
    """O1, O12"""
    browser.post(PEOPLE, {"name": "김서연", "phone": "010-2000-0001", "groups": "본사"})
    one = Person.objects.get()
    draft = given.draft(company, [], at=clock.now())
    choose = reverse("storefront:people_choose", args=[draft.public_id])
    assert "김서연" in browser.get(choose).content.decode()
    browser.post(reverse("storefront:people_put", args=[draft.public_id]), {"person": one.public_id})
    assert orders.quote(draft).people == 1
    browser.post(reverse("storefront:people_drop"), {"person": one.public_id})
    assert not Person.objects.exists()


def test_what_is_prepared_is_written_and_ended(browser: Client, company: Company) -> None:
    """O12"""
    product = given.product()
    address = reverse("storefront:occasions")
    typed = {
        "kind": "birthday",
        "days_before": "7",
        "product": str(product.id),
        "text": "축하해요",
        "label": "",
    }
    assert browser.post(address, typed | {"days_before": "99"}).status_code == 422
    assert browser.post(address, typed)["Location"] == address
    assert "생일 7일 전" in browser.get(address).content.decode()
    row = Occasion.objects.get()
    browser.post(reverse("storefront:occasion_end", args=[row.public_id]))
    row.refresh_from_db()
    assert row.ended_at


def test_who_may_not_buy_has_no_book(company: Company, signed_in: Callable[[Member], Client]) -> None:
    """M7"""
    client = signed_in(company.approver)
    for name in ("people", "occasions"):
        assert client.get(reverse(f"storefront:{name}")).status_code == 404
    for name in ("people_import", "people_find", "people_drop"):
        assert client.post(reverse(f"storefront:{name}")).status_code == 404

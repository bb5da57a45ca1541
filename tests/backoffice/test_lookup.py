"""The look-up: for super alone, read only, nothing personal, under the strict policy. B"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.audit import queries as audit
from seonmul.backoffice import lookup
from seonmul.members import queries
from seonmul.members.models import Member
from tests import given
from tests.backoffice.conftest import asked, at_console, staff_member
from tests.given import MONDAY, Company

pytestmark = pytest.mark.django_db
INDEX = reverse("admin:index")
MEMBERS = reverse("admin:members_member_changelist")


@pytest.fixture
def firm() -> Company:
    firm = given.company()
    given.placed(firm, given.numbers(2), at=MONDAY)
    return firm


def row(member: Member) -> str:
    return reverse("admin:members_member_change", args=[member.id])


def test_it_is_for_super_with_a_second_factor_alone(firm: Company, console: Callable[[str], Client]) -> None:
    for role in ("support", "approver", "finance", "catalogue"):
        client = console(role)
        assert {client.get(one).status_code for one in (INDEX, MEMBERS, row(firm.owner))} == {403}
    bare = at_console(staff_member("super"), used_factor=False)
    assert all(bare.get(one).status_code == 302 for one in (INDEX, MEMBERS, row(firm.owner)))
    member = Client()
    member.force_login(firm.owner)
    assert member.get(INDEX).status_code == 404
    assert console("super").get(INDEX).status_code == 200


def test_every_table_and_row_shows_nothing_personal(firm: Company, console: Callable[[str], Client]) -> None:
    """X2: dots for what is sealed and for what names a person."""
    client, seen = console("super"), 0
    secrets = [
        firm.owner.name,
        firm.owner.mail,
        firm.buyer.name,
        queries.phone_of(firm.owner),
        "15770000",
        "argon2",
    ]
    for model in lookup.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        listed = client.get(reverse(f"{name}_changelist"))
        pages = [listed]
        if first := model._default_manager.first():
            pages.append(client.get(reverse(f"{name}_change", args=[first.pk])))
            seen += 1
        for page in pages:
            assert page.status_code == 200, name
            text = page.content.decode()
            said = text.split("<main", 1)[-1]
            assert not [one for one in secrets if one in said], name
            assert "<script>" not in text and "style=" not in said and "onclick" not in said, name
            assert "unsafe" not in page["Content-Security-Policy"]
    assert seen >= 10
    assert lookup.DOTS in client.get(row(firm.owner)).content.decode()


def test_nothing_can_be_written_or_guessed(firm: Company, console: Callable[[str], Client]) -> None:
    client = console("super")
    before = Member.objects.get(id=firm.owner.id)
    answer = client.post(row(firm.owner), {"login": "changed", "is_active": ""})
    assert answer.status_code == 403
    assert client.post(MEMBERS, {"action": "delete_selected", "_selected_action": str(firm.owner.id)}).status_code in (
        200, 302, 403,
    )  # fmt: skip
    assert client.get(f"{MEMBERS}?mail__startswith=o").status_code in (302, 400)
    after = Member.objects.get(id=firm.owner.id)
    assert (after.login, after.is_active, after.mail) == (before.login, before.is_active, before.mail)


def test_every_opened_row_is_in_the_log(firm: Company, console: Callable[[str], Client]) -> None:
    client = console("super")
    client.get(row(firm.owner))
    act = audit.last_act(firm.owner.id, ["row_looked_up"])
    assert act is not None and act.facts == {"table": "members.Member"}


def test_no_table_holds_codes_links_or_secrets() -> None:
    """V1: vouchers, gifts, codes, sessions, files and second factors are not here."""
    tables = {model._meta.label for model in lookup.site._registry}
    assert tables == set(lookup.TABLES)
    assert not [one for one in tables if one.split(".")[0] in {"vouchers", "gifts", "sessions", "mfa", "kit"}]
    assert not tables & {"members.SpendCode", "members.Proof", "members.Invitation", "members.Verification"}


def test_a_list_asks_no_more_for_many_rows(firm: Company, console: Callable[[str], Client]) -> None:
    client, orders = console("super"), reverse("admin:orders_order_changelist")
    one = asked(client, orders)
    for _ in range(2):
        given.placed(given.company(), given.numbers(1), at=MONDAY)
    assert asked(client, orders) == one

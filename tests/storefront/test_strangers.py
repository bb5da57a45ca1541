"""M7: two companies never see each other. Every route that names a row is walked by a stranger, who finds nothing.

A new route with an argument fails here until `World.rooms` says which row of the other company stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import get_resolver, path, reverse

from seonmul.catalog.models import List
from seonmul.config import urls as whole_site
from seonmul.dispatch import actions as dispatch
from seonmul.dispatch.models import OptOut, StrangeCode
from seonmul.gifts.models import Gift
from seonmul.kit import clock, crypto
from seonmul.ledger import actions as ledger
from seonmul.ledger.models import Kind
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.models import (
    Alarm,
    Buyer,
    ConversionKind,
    Handover,
    HandoverWay,
    JoinRequest,
    Member,
    Role,
)
from seonmul.orders import actions as orders
from seonmul.orders.models import Approval, Order, ReviewLink
from seonmul.payments import actions as payments
from seonmul.payments.models import Payout
from seonmul.people import actions as people
from seonmul.people.models import OccasionKind
from seonmul.support import actions as support
from seonmul.support.models import Attachment, InquiryKind
from seonmul.vouchers import actions as vouchers
from seonmul.vouchers.models import CodeImport, Pool
from tests import given
from tests.given import PAPERS, Company
from tests.house.test_routes import Route, routes

pytestmark = pytest.mark.django_db

_PART = re.compile(r"<(?:\w+:)?(\w+)>")
#: Routes with arguments that name nobody's row, or whose argument is itself the secret.
OPEN_TO_ALL = {
    "/products/<slug:list_name>/<slug:code>/",
    "/products/<slug:list_name>/<slug:code>/order/",
    "/g/<str:token>",
    "/g/<str:token>/",
    "/g/<str:token>/refund",
    "/g/<str:token>/extend",
    "/g/<str:token>/help",
    "/g/<str:token>/image.jpg",
    "/g/<str:token>/now",
    "/g/<str:token>/problem",
    "/company/join/<str:link>/",
    "/review/<str:link>/",
    "/hooks/carriers/<slug:carrier>/<str:secret>",
    "/hooks/payments/<slug:provider>",
    "/pos/<path:rest>",
    "/pos/v1/redemptions/<approval>/cancel",  # a shop finds its own alone: tests/api
}
LOGIN = "/login/"
#: What a form needs to be looked at, whichever it is.
TYPED = {
    "role": "buyer",
    "answer": "accept",
    "text": "",
    "phone": "010-2222-0001",
    "seen_won": "0",
    "kind": "text",
    "name": "이름",
}
NAME, APPROVER, DEPARTMENT = "주식회사 비밀의정원", "은하수", "비밀부서"


@dataclass(frozen=True)
class World:
    """A company with one row of every kind, and what stands in each route that names one."""

    firm: Company
    rooms: Mapping[str, Mapping[str, str]]

    def address(self, route: Route) -> str | None:
        """The route's address with the company's own rows in it; None when nobody said which."""
        fitting = [prefix for prefix in self.rooms if route.address.startswith(prefix)]
        if not fitting:
            return None
        rows = self.rooms[max(fitting, key=len)]
        if not set(_PART.findall(route.address)) <= rows.keys():
            return None
        return _PART.sub(lambda found: rows[found[1]], route.address)


def _firm() -> Company:
    """A company whose names are like nobody else's."""
    firm = given.company(sender="15881234", at=clock.now())
    Buyer.objects.filter(id=firm.buyer.id).update(name=NAME, temporary_until=clock.now())
    Member.objects.filter(id=firm.approver.id).update(name=APPROVER)
    return firm


def _payout(firm: Company) -> Payout:
    hold = ledger.hold(firm.buyer.id, [(Kind.CASH, 7_654)], cause="payout:secret", at=clock.now())
    return Payout.objects.create(
        buyer=firm.buyer, member=firm.owner, won=7_654, bank="kookmin", hold_id=hold.id, asked_at=clock.now(),
        number_sealed=crypto.ring().seal(Payout.NUMBER, "98765432100001"),
    )  # fmt: skip


@pytest.fixture
def world() -> World:
    at, firm = clock.now(), _firm()
    owner = firm.owner
    draft = given.draft(firm, ["01077770001", "01077770002"], at=at)
    order = given.placed(firm, ["01088880001", "01088880002"], at=at)
    given.worked(later=False)
    conversion = members.apply_for_conversion(
        owner, ConversionKind.BUSINESS, company_name=NAME, business_number=given.business_number(),
        certificate=PAPERS["pdf"], at=at,
    )  # fmt: skip
    sender = dispatch.apply_for_sender(
        owner, firm.buyer.id, "02-777-7777", label="비밀번호대", certificate=PAPERS["png"],
        proved_on=clock.seoul_date(at), at=at,
    )  # fmt: skip
    after = members.Successor("비밀후임", "010-7777-0009", "next@garden.example")
    handed, asked = (
        members.ask_handover(owner, whom, after, way, is_verified=True, at=at)
        for whom, way in ((firm.approver, HandoverWay.OWNER), (owner, HandoverWay.IDENTITY))
    )
    Handover.objects.filter(id=handed.id).update(state="done", ended_at=at)
    dispatch.note_opt_outs(owner, "010-7777-0003", at=at)
    verification = members.begin_verification(owner, "session", at=at)
    invitation = members.invite(owner, "secret-guest@garden.example", Role.BUYER, is_verified=True, at=at)
    asking = JoinRequest.objects.create(buyer=firm.buyer, member=given.person(), asked_at=at)
    members.set_department(owner, DEPARTMENT, monthly_budget_won=7_654_321, is_verified=True, at=at)
    key = Authenticator.objects.create(
        user=owner, type="webauthn", data={"name": "비밀열쇠", "credential": {}}
    )
    alarm = Alarm.objects.create(began_at=at, last_at=at, tries=500, accounts=1)
    product = draft.items.get().product.code
    payout = _payout(firm)
    charge = payments.ask_charge(owner, 54_320, "shinhan", at=at)
    payments.set_low_balance(owner, 7_654_320, at=at)
    consent = Approval.objects.create(
        order=order, buyer=firm.buyer, step="company", asked_at=at, due_at=at + timedelta(days=7)
    )
    Order.objects.filter(id=order.id).update(member=firm.approver)  # so that the owner may consent
    inquiry = support.ask(owner, InquiryKind.OTHER, "비밀문의", files=[PAPERS["pdf"]], at=at)
    file_id = Attachment.objects.get(word__inquiry=inquiry).public_id
    orders.make_review_link(order.draft_id, by=owner, at=at)
    link = ReviewLink.objects.get(draft_id=order.draft_id)
    occasion = people.prepare_for(
        owner, OccasionKind.BIRTHDAY, days_before=7, list_=List.CORPORATE, product_id=draft.items.get().product_id,
        title="", text="비밀축하", label=None, at=at,
    )  # fmt: skip
    pool = Pool.objects.create(product=draft.items.get().product)
    sheet = CodeImport.objects.create(pool=pool, name="codes.xlsx", by=owner.id, imported_at=at)
    shop = vouchers.open_shop(draft.items.get().product.brand_id, "강남점", by=owner.id, at=at)
    vouchers.make_shop_key(shop.id, "1번", by=owner.id, at=at)
    key_id = shop.keys.get().public_id
    strange = StrangeCode.objects.create(carrier="smtp", code="599", met_at=at)
    rooms: dict[str, Mapping[str, str]] = {
        "/console/products/<slug:code>/stock/": {"code": product, "public_id": sheet.public_id},
        "/help/inquiries/": {"public_id": inquiry.public_id, "code": file_id},
        "/my/advertising/": {"public_id": OptOut.objects.get(buyer=firm.buyer).public_id},
        "/my/people/occasions/": {"public_id": occasion.public_id},
        "/my/approvals/": {"public_id": consent.public_id},
        "/console/inquiries/": {"public_id": inquiry.public_id, "code": file_id},
        "/orders/drafts/": {"public_id": draft.public_id, "position": "1"},
        "/orders/<slug:public_id>/": {"public_id": order.public_id},
        "/orders/<slug:public_id>/review/": {"public_id": order.public_id, "name": link.public_id},
        "/cash/charges/": {"public_id": charge.public_id},
        "/console/arrivals/": {"public_id": Gift.objects.filter(order=order).earliest("position").public_id},
        "/console/settings/carriers/codes/": {"public_id": strange.public_id},
        "/gifts/": {"public_id": Gift.objects.filter(order=order).earliest("position").public_id},
        "/my/identity/": {"public_id": verification.reference},
        "/my/company/members/": {"member_id": str(firm.approver.id)},
        "/my/person/of/": {"member_id": str(firm.approver.id)},
        "/my/person/changes/": {"public_id": asked.public_id},
        "/my/person/changes/<slug:public_id>/paper/": {"public_id": handed.public_id},
        "/my/convert/": {"public_id": conversion.public_id},
        "/my/company/invitations/": {"public_id": invitation.public_id},
        "/my/company/requests/": {"public_id": asking.public_id},
        "/account/second-factor/webauthn/keys/": {"pk": str(key.pk)},
        "/console/waiting/": {"kind": "sender", "public_id": sender.public_id},
        "/console/members/": {"member_id": str(owner.id)},
        "/console/lookup/": {"object_id": str(owner.id)},
        "/console/companies/": {"public_id": firm.buyer.public_id},
        "/console/staff/": {"member_id": str(owner.id)},
        "/console/products/": {"code": product},
        "/console/shops/": {"public_id": shop.public_id, "code": key_id},
        "/console/alarms/": {"public_id": alarm.public_id},
        "/console/settings/carriers/": {"code": "solapi"},
        "/console/settings/figures/": {"name": "tier_months"},
        "/console/settings/texts/": {"name": "purpose_prizes"},
        "/console/settings/issuers/": {"code": "BC_CARD", "kind": "shared"},
        "/console/money/accounts/": {"kind": "payout", "public_id": payout.public_id},
        "/console/money/reconciliations/": {"day": "2026-11-22"},
        "/my/payout/": {"public_id": payout.public_id},
    }
    return World(firm, rooms)


@pytest.fixture
def ours() -> list[Route]:
    return list(routes(get_resolver()))


def browser(member: Member) -> Client:
    """A browser in which this member has signed in and typed the password again just now."""
    client = Client()
    client.force_login(member)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, member, "password", reauthenticated=True)
    request.session.save()
    return client


def strangers() -> Iterator[tuple[str, Member]]:
    """Who must find nothing: each kind of member of another company, and a person."""
    firm = given.company()
    yield "owner", firm.owner
    yield "approver", firm.approver
    yield "person", given.person(cash_won=1_000)


def asks(client: Client, address: str) -> Iterator[tuple[str, HttpResponse]]:
    """Every way in which a browser asks for an address. What it does is undone."""
    for method, headers in (("get", {}), ("get", {"HX-Request": "true"}), ("post", {})):
        with transaction.atomic():
            sent = TYPED if method == "post" else {}
            yield f"{method} {address}", getattr(client, method)(address, sent, headers=headers)
            transaction.set_rollback(True)


def with_arguments(found: list[Route]) -> list[Route]:
    return [route for route in found if _PART.search(route.address) and route.address not in OPEN_TO_ALL]


def unknown_rooms(found: list[Route], world: World) -> list[str]:
    return [
        f"{route.address}: say in World.rooms which row stands in it"
        for route in with_arguments(found)
        if world.address(route) is None
    ]


def found_by_strangers(found: list[Route], world: World, who: Member) -> list[str]:
    """Answers to a stranger that are not "there is no such thing" (405: nobody asks like that)."""
    client, faults = browser(who), []
    for route in with_arguments(found):
        answers = {asked: answer.status_code for asked, answer in asks(client, world.address(route) or "")}
        if set(answers.values()) - {404, 405} or 404 not in answers.values():
            faults.append(f"{route.address} {answers}")
    return faults


def test_every_route_that_names_a_row_has_one_here(world: World, ours: list[Route]) -> None:
    assert len(with_arguments(ours)) > 30
    assert not unknown_rooms(ours, world)
    gone = OPEN_TO_ALL - {route.address for route in ours}
    assert not gone, f"listed but not there: {gone}"


def test_whose_rows_they_are_finds_them(world: World, ours: list[Route]) -> None:
    """Otherwise the walk of a stranger would prove nothing."""
    client = browser(world.firm.owner)
    for route in with_arguments(ours):
        if route.address.startswith("/console/"):
            continue
        answers = dict(asks(client, world.address(route) or ""))
        found = [answer for answer in answers.values() if answer.status_code not in (404, 405)]
        assert found, route.address
        assert not [one for one in found if one.headers.get("Location", "").startswith(LOGIN)], route.address


@pytest.mark.parametrize("kind", ["owner", "approver", "person"])
def test_a_stranger_finds_nothing(world: World, ours: list[Route], kind: str) -> None:
    """M7: and nothing of the company changes."""
    before = _rows_of(world)
    assert not found_by_strangers(ours, world, dict(strangers())[kind])
    assert _rows_of(world) == before


def test_the_console_is_not_there_for_the_company_itself(world: World, ours: list[Route]) -> None:
    """B: its own rows neither."""
    console = [route for route in ours if route.address.startswith("/console/")]
    assert len(console) > 10 and not found_by_strangers(console, world, world.firm.owner)


def test_no_page_of_a_stranger_speaks_of_the_company(world: World, ours: list[Route]) -> None:
    """M7: every page without an argument, lists and all."""
    secrets = [
        NAME, APPROVER, DEPARTMENT, "비밀번호대", "비밀열쇠", "secret-guest", "7,654,321", "54,320", "7,654,320", "1588-1234", "02-777-7777",
        world.firm.buyer.public_id, world.firm.owner.login, world.firm.approver.login, str(world.firm.owner.id),
        *(row["public_id"] for row in world.rooms.values() if "public_id" in row),
    ]  # fmt: skip
    pages = [route.address for route in ours if not _PART.search(route.address)]
    for _, who in strangers():
        client = browser(who)
        for address in [one for one in pages if "logout" not in one]:
            answer = client.get(address, follow=True)
            raw = b"".join(answer) if answer.streaming else answer.content
            said = raw.decode(errors="replace")
            assert not [secret for secret in secrets if secret in said], (who.login, address)


@pytest.mark.parametrize("kind", ["owner", "approver", "person"])
def test_a_row_named_in_a_form_is_not_found_either(world: World, kind: str) -> None:
    """M7: what stands in no address: a member's place, a department."""
    firm, before = world.firm, _rows_of(world)
    team = members_now.departments_of(firm.buyer.id)[0]
    client = browser(dict(strangers())[kind])
    for address, wanted in [
        ("storefront:place", {"member": str(firm.approver.id), "role": "owner"}),
        ("storefront:department", {"department": str(team.id), "name": "내 것"}),
    ]:
        assert client.post(reverse(address), wanted).status_code == 404
    assert _rows_of(world) == before


def test_it_is_seen_when_a_route_forgets_whose_rows_it_shows(world: World, settings: Any) -> None:
    """A page that answers everybody, and a route that nobody told of."""

    def forgetful(request: Any, public_id: str) -> HttpResponse:
        return HttpResponse(Gift.objects.get(public_id=public_id).public_id)

    forgotten = [
        path("gifts/<slug:public_id>/peek/", forgetful), path("loans/<slug:public_id>/", forgetful),
    ]  # fmt: skip
    urls = _site(forgotten)
    found = [route for route in routes(get_resolver(urls)) if route.view is forgetful]
    assert unknown_rooms(found, world) == [
        "/loans/<slug:public_id>/: say in World.rooms which row stands in it"
    ]
    settings.ROOT_URLCONF = urls
    (fault,) = found_by_strangers(found[:1], world, given.company().owner)
    assert fault.startswith("/gifts/<slug:public_id>/peek/ {'get /gifts/") and "200" in fault


def _site(more: list[Any]) -> Any:
    site = ModuleType("forgetful_site")
    site.urlpatterns = [*more, *whole_site.urlpatterns]  # type: ignore[attr-defined]
    return site


def _rows_of(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Everything the company has, table by table."""
    found = {}
    for model in apps.get_models():
        names = {field.name for field in model._meta.fields}
        mine = {"buyer": world.firm.buyer.id} if "buyer" in names else {}
        if model is Buyer:
            mine = {"id": world.firm.buyer.id}
        if model is Member:
            mine = {"membership__buyer": world.firm.buyer.id}
        if mine:
            rows = model._default_manager.filter(**mine).order_by("pk").values_list()
            found[model.__name__] = [
                tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
                for row in rows
            ]
    assert {
        "Draft",
        "Order",
        "Gift",
        "Conversion",
        "SenderNumber",
        "Invitation",
        "Department",
    } <= found.keys()
    return found

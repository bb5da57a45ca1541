"""Every page of the storefront, of 마이페이지, of the account and of a recipient in a real browser, at both widths. X4

The console has a walk of its own (tests/backoffice), and so has every step of coming in (test_account_in_browser).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest
from django.test import Client
from django.urls import get_resolver, reverse
from playwright.sync_api import Page, sync_playwright

from seonmul.catalog.models import List
from seonmul.dispatch import actions as dispatch
from seonmul.dispatch.ports import Result
from seonmul.gifts import queries as gifts_now
from seonmul.gifts.models import Gift
from seonmul.kit import clock
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.models import (
    ConversionKind,
    HandoverWay,
    Invitation,
    JoinRequest,
    Member,
    Proof,
    Role,
    Verification,
)
from seonmul.members.rules import ProofPurpose
from seonmul.orders import actions as orders
from seonmul.orders.models import Order
from seonmul.support import actions as support
from seonmul.support.models import InquiryKind
from tests import chromium, given
from tests.backoffice import test_money as money
from tests.given import PAPERS, Company
from tests.house.source import nothing_wrong
from tests.house.test_routes import routes
from tests.looking import complaints, faults
from tests.members.handing import asked, proved
from tests.members.test_sign_up import code_of
from tests.orders import cards
from tests.storefront.sign_up import Person
from tests.storefront.test_account_login import log_in, with_app
from tests.walking import left_out

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
#: Routes on which this walk does not stand, each with the reason; forms' own addresses need none.
NOT_WALKED = {
    "/console/*": "a walk of its own: tests/backoffice/test_in_browser.py",
    "/g/*": "a recipient's, with states of its own: tests/giftpage/test_in_browser.py; one link is walked here",
    "/pos/*": "no page: an API",
    "/hooks/*": "no page: what providers call",
    "/language/": "leads back to where the browser was",
    "/orders/template.xlsx": "a file",
    "/cash/statement.xlsx": "a file",
    "/orders/drafts/<slug:public_id>/picture.jpg": "a file",
    "/orders/drafts/<slug:public_id>/rows/to-mend.xlsx": "a file",
    "/orders/<slug:public_id>/gifts.xlsx": "a file",
    "/gifts/list.xlsx": "a file",
    "/my/person/changes/<slug:public_id>/paper/": "a file",
    "/my/convert/<slug:public_id>/certificate/": "a file",
    "/help/inquiries/<slug:public_id>/files/<slug:code>/": "a file",
    "/account/second-factor/recovery-codes/download/": "a file",
    "/orders/drafts/<slug:public_id>/rows/": "a part of the order's page",
    "/orders/<slug:public_id>/live/": "a part of the order's page",
    "/orders/drafts/<slug:public_id>/card/return/": "leads on to the card's page, which is walked",
    "/my/identity/return/": "leads on to the verification's page, which is walked",
    "/account/second-factor/totp/activate/": "with its states in test_account_in_browser",
    "/account/second-factor/webauthn/add/": "takes a device that makes passkeys: test_account_in_browser",
    "/account/second-factor/webauthn/reauthenticate/": "the same",
    "/account/second-factor/webauthn/keys/<int:pk>/edit/": "the same",
    "/account/second-factor/webauthn/keys/<int:pk>/remove/": "the same",
    "/account/second-factor/webauthn/login/": "no page: a challenge for a passkey",
}
IN_ENGLISH = ["/", "/my/", "/orders/", "/cash/", "/my/company/", "/terms/privacy/"]
OF_A_PERSON = ["/my/", "/my/convert/", "/my/person/", "/my/profile/"]
_PART = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass
class Walk:
    """The site's address, and that of an order; cookies by who; the pages of each."""

    base: str
    order: str = ""
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    pages: list[tuple[str, str]] = field(default_factory=list)

    def add(self, who: str, client: Client, *addresses: str) -> None:
        self.cookies[who] = {name: one.value for name, one in client.cookies.items()}
        self.pages += [(who, address) for address in addresses]

    def sit_down(self, page: Page, who: str) -> None:
        """The browser is theirs now."""
        page.context.clear_cookies()
        cookies = [{"name": name, "value": one, "url": self.base} for name, one in self.cookies[who].items()]
        page.context.add_cookies(cookies)  # type: ignore[arg-type]


@pytest.fixture
def walk(live_server: Any, settings: Any) -> Walk:
    """A company with one row of every kind, a person who becomes one, and two who come in.

    Named before the browser: Playwright runs a loop, beside which Django will not ask the database.
    """
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 3_600  # a walk may take longer than the five minutes
    firm, made = given.company(), Walk(live_server.url)
    _with_second_factor(made)
    owner, rooms, more, made.order = _owner(firm)
    found = _pages(owner, rooms)
    assert len(found) >= 26 and {"/", "/my/", "/my/person/", "/orders/", "/account/confirm/"} <= set(found)
    made.add("owner", owner, *found, *more)
    invitation = Invitation.objects.get(buyer=firm.buyer)
    person, client = given.person(), Client()
    members.apply_for_conversion(
        person, ConversionKind.BUSINESS, company_name="새봄", business_number=given.business_number(),
        certificate=PAPERS["pdf"], at=clock.now(),
    )  # fmt: skip
    client.force_login(person)
    made.add("person", client, *OF_A_PERSON, f"/company/join/{members_now.link_of(invitation)}/")
    coming = Person(None)  # type: ignore[arg-type]  # nothing is sent
    coming.client.post(reverse("account_signup"), coming.form())
    made.add("new", coming.client, "/sign-up/codes/", "/sign-up/wait/")
    assert {"/terms/", "/terms/privacy/", "/terms/personal-data/", "/terms/marketing/"} <= set(found)
    lost = Client()
    lost.post(reverse("account_reset_password"), {"address": person.mail})
    code = code_of(Proof.objects.filter(purpose=ProofPurpose.RECOVER).get())
    lost.post(reverse("account_recover_code"), {"code": code})
    made.add("lost", lost, "/recover/password/")
    _strangers(made, firm)
    _applicants(made)
    walked = [address for _, address in made.pages]
    nothing_wrong(left_out(routes(get_resolver()), walked, NOT_WALKED, owner))
    return made


def _strangers(made: Walk, firm: Company) -> None:
    """Who comes in, who is lost halfway, and who has got a link."""
    made.add("stranger", Client(), "/login/", "/login/inactive/", "/sign-up/", "/recover/")
    draft = given.draft(firm, given.numbers(2, 50_000_000), at=clock.now())
    link = orders.make_review_link(draft.id, by=firm.owner, at=clock.now())
    made.add("superior", Client(), f"/review/{link}/")
    asking = Client()
    asking.post(reverse("account_reset_password"), {"address": firm.approver.mail})
    made.add("asking", asking, "/recover/code/")


def _applicants(made: Walk) -> None:
    """A person before the application, and one whose application was refused. M2"""
    before, refused = Client(), Client()
    before.force_login(given.person())
    made.add("before", before, "/my/convert/")
    person, at = given.person(), clock.now()
    applied = members.apply_for_conversion(
        person, ConversionKind.BUSINESS, company_name="새솔", business_number=given.business_number(),
        certificate=PAPERS["pdf"], at=at,
    )  # fmt: skip
    members.decide_conversion(
        applied.id, approve=False, reason="증명서의 글자를 읽을 수 없습니다.", by=given.operator(), at=at
    )
    refused.force_login(person)
    made.add("refused", refused, "/my/convert/")


def _with_second_factor(made: Walk) -> None:
    """Somebody with an authenticator app, and the second step of their login. M1"""
    who, client, again = given.company(cash_won=0).owner, Client(), Client()
    with_app(client, who.login)
    for page in ("", "reauthenticate/", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/"):
        made.add("factor", client, f"/account/second-factor/{page}")
    log_in(who.login, client=again)
    made.add("second step", again, "/account/second-factor/authenticate/")


def _owner(firm: Company) -> tuple[Client, dict[str, str], list[str], str]:
    """The owner's session, what stands in addresses by where they begin, more addresses, and that of an order."""
    at, client = clock.now(), Client()
    draft = given.draft(firm, [*given.numbers(3), "010-12"], at=at)
    ended, open_ = (given.draft(firm, given.numbers(1, 40_000_000 + n), at=at) for n in range(2))
    for one in (ended, open_):
        cards.window(firm, one, at=at)
    orders.cancel_card(ended.id, at=at)
    order = given.placed(firm, given.numbers(2, 30_000_000), at=at)
    given.worked(later=False)
    members.invite(firm.owner, "guest@garden.example", Role.BUYER, is_verified=True, at=at)
    members.set_department(firm.owner, "인사팀", monthly_budget_won=1_000_000, is_verified=True, at=at)
    JoinRequest.objects.create(buyer=firm.buyer, member=given.person(), asked_at=at)
    dispatch.apply_for_sender(
        firm.owner, firm.buyer.id, "02-777-7777", label="고객센터", certificate=PAPERS["png"],
        proved_on=clock.seoul_date(at), at=at,
    )  # fmt: skip
    proved(asked(firm.approver, way=HandoverWay.CERTIFICATE, at=at), at)
    client.force_login(firm.owner)
    _just_logged_in(client, firm.owner)
    given.verified(firm.owner, client.session.session_key or "", at)
    typed = members.Successor("박새롬", "010-6666-0001", "next@firm.example")
    begun = asked(firm.owner, at=at, typed=typed)
    client.post(
        reverse("storefront:mobile_sender"), {"mobile-number": "010-6666-0002", "mobile-label": "동료"}
    )
    client.post(reverse("storefront:profile"), {"name": firm.owner.name, "mail": "new@firm.example"})
    attempt = Verification.objects.create(member=firm.owner, session=b"", asked_at=at)
    gift = Gift.objects.filter(order=order).earliest("position")
    # as if it had arrived from the list on which members may cancel
    Gift.objects.filter(order=order).update(result=Result.DELIVERED, result_at=at)
    Order.objects.filter(id=order.id).update(list=List.GENERAL)
    asked_ = support.ask(firm.owner, InquiryKind.LIMIT, "포상", wanted_won=3_000_000, at=at)
    support.answer(asked_.id, "확인했습니다.", by=given.operator(), at=at)
    rooms = {
        "/help/inquiries/": asked_.public_id,
        "/products/": draft.items.get().product.code,
        "/orders/drafts/": draft.public_id,
        "/orders/": order.public_id,
        "/gifts/": gift.public_id,
        "/cash/charges/": money.paid(firm).public_id,
        "/my/person/changes/": begun.public_id,
        "/my/identity/": attempt.reference,
        "/my/company/members/": str(firm.approver.id),
        "/my/person/of/": str(firm.approver.id),
    }
    more = [f"/orders/drafts/{one.public_id}/card/" for one in (ended, open_)]
    more += ["/orders/?state=refused", "/orders/?period=custom&from=2026-11-24&to=2026-11-01"]
    return client, rooms, [f"/g/{gifts_now.link_of(gift)}", *more], f"/orders/{order.public_id}/"


def _just_logged_in(client: Client, who: Member) -> None:
    """So that pages which ask for the password again open."""
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, who, method="password", username=who.login)
    request.session.save()


def _pages(client: Client, rooms: dict[str, str]) -> list[str]:
    """Every address that answers with a page of its own."""
    found = []
    for route in routes(get_resolver()):
        room = max((one for one in rooms if route.address.startswith(one)), key=len, default="")
        values = {part: rooms.get(room, "") for part in ("public_id", "member_id", "code")}
        values["list_name"] = "corporate"
        parts = _PART.findall(route.address)
        if route.address in NOT_WALKED or not all(values.get(part) for part in parts):
            continue
        address = _PART.sub(lambda part, v=values: v[part[1]], route.address)  # type: ignore[misc]
        answer = client.get(address)
        if answer.status_code == 200 and b"<html" in getattr(answer, "content", b""):
            found.append(address)
    return found


@pytest.fixture
def page(live_server: Any) -> Iterator[Page]:
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium.path(), args=chromium.ARGUMENTS)
        yield opened.new_context(base_url=live_server.url, locale="ko-KR").new_page()
        opened.close()


def _cancelling(page: Page, order: str, said: list[str]) -> list[str]:
    """The page that says what goes back, which only a form opens. O10"""
    page.goto(order)
    page.locator("input[name=gift]").first.check()
    page.get_by_role("button", name="고른 쿠폰 취소").click()
    page.get_by_role("button", name="건 취소하고").wait_for()
    return faults(page, said, f"owner{order}cancel")


def test_every_page_fits_can_be_read_and_breaks_no_policy(walk: Walk, page: Page) -> None:
    """X4"""
    said, wrong = complaints(page), []
    for who, address in walk.pages:
        walk.sit_down(page, who)
        answer = page.goto(address)
        assert answer is not None and answer.status == 200 and page.url.endswith(address), (who, address)
        wrong += faults(page, said, f"{who}{address}")
    walk.sit_down(page, "owner")
    wrong += _cancelling(page, walk.order, said)
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": walk.base}])
    for address in IN_ENGLISH:
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == "en"
        wrong += faults(page, said, f"english{address}")
    assert not wrong, "\n".join(wrong)

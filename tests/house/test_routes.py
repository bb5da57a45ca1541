"""Every route is guarded: behind the login, or listed here as open to strangers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, include, path, reverse

from tests.house.source import nothing_wrong

#: Addresses that answer strangers. Whoever adds one writes it here and says what guards it instead.
PUBLIC = {
    "/login/",
    "/login/inactive/",  # says that an account is closed, to whoever knew its password
    "/logout/",
    "/sign-up/",  # from here to the codes the session's own sign-up, which an hour ends
    "/sign-up/codes/",
    "/sign-up/codes/again/",
    "/sign-up/wait/",
    "/sign-up/finish/",
    "/recover/",  # answers the same for every address
    "/recover/code/",
    "/recover/password/",  # a proved address in the session
    "/account/second-factor/authenticate/",  # the second step of a login: the first is in the session
    "/account/second-factor/webauthn/login/",  # a challenge for a passkey
    "/",  # what can be bought is no secret
    "/products/<slug:list_name>/<slug:code>/",
    "/help/results/",  # what every result means
    "/terms/",  # what people agree to, and the privacy policy
    "/terms/privacy/",
    "/terms/personal-data/",
    "/terms/marketing/",
    "/language/",  # Django's own: sets a cookie, leads back to where the browser was
    "/company/join/<str:link>/",  # the link is the secret: mailed, good once and for seven days
    "/review/<str:link>/",  # the link is the secret: kept as keyed hash, masked, for some days, tried slowly
    "/g/sample",
    "/g/<str:token>",  # the link is the secret: 86 random bits
    "/g/<str:token>/",
    "/g/<str:token>/refund",  # and a code to the phone that it came to
    "/g/<str:token>/extend",
    "/g/<str:token>/help",
    "/g/<str:token>/image.jpg",
    "/g/<str:token>/now",
    "/g/<str:token>/problem",
    "/till/",  # a shop's key, typed once and sealed in the session
    "/till/key/",
    "/till/leave/",
    "/till/redeem/",
    "/till/cancel/",
    "/pos/v1/",  # where the description finds its own address; answers 404
    "/pos/v1/openapi.json",  # how the API looks is no secret
    "/pos/v1/inquiries",  # a shop's key in the request: 24 random bytes
    "/pos/v1/redemptions",
    "/pos/v1/redemptions/<approval>/cancel",
    "/pos/v1/reversals",
    "/pos/<path:rest>",  # says that nothing is there
    "/hooks/carriers/<slug:carrier>/<str:secret>",  # the secret in it, and what comes is a hint only
    "/hooks/payments/<slug:provider>",  # what comes is signed, and a hint only
}
#: What addresses behind the login are made of: public and opaque ids and names, never a code, a number or a secret.
PARTS = {"pk", "public_id", "list_name", "code", "position", "kind", "name", "member_id", "object_id", "day"}
_FILLED = {"int": "1", "uuid": "00000000-0000-0000-0000-000000000000"}
_PART = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True)
class Route:
    """One address as the site declares it, and its view."""

    address: str
    view: Any

    @property
    def is_open(self) -> bool:
        """As LoginRequiredMiddleware sees it."""
        return not getattr(self.view, "login_required", True)

    @property
    def url(self) -> str:
        """The address with something in every place."""
        return _PART.sub(lambda found: _FILLED.get(found[1], "x"), self.address)


def routes(resolver: URLResolver, above: str = "/") -> Iterator[Route]:
    """Every route below a resolver."""
    for entry in resolver.url_patterns:
        address = above + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, address)
        elif isinstance(entry, URLPattern):
            yield Route(address, entry.callback)


def open_faults(found: list[Route], public: set[str]) -> list[str]:
    """Routes that are open without being listed, and listed ones that are not open."""
    return [
        f"{route.address} is {'open but not' if route.is_open else 'guarded but'} among the public ones"
        for route in found
        if route.is_open != (route.address in public)
    ]


def answers_to_a_stranger(found: list[Route], public: set[str]) -> list[str]:
    """What a visitor without a login gets from routes that are not public, where it is not the login page."""
    stranger, login = Client(), reverse(settings.LOGIN_URL)
    faults = []
    for route in found:
        if route.address in public:
            continue
        for method in ("get", "post"):
            answer = getattr(stranger, method)(route.url)
            if answer.status_code != 302 or not answer["Location"].startswith(f"{login}?next="):
                faults.append(f"{method} {route.url} answers {answer.status_code}")
    return faults


@pytest.fixture
def ours() -> list[Route]:
    return list(routes(get_resolver()))


def test_every_open_route_is_listed_and_every_listed_one_is_there(ours: list[Route]) -> None:
    assert len({route.address for route in ours}) == len(ours) > 25
    nothing_wrong(open_faults(ours, PUBLIC))
    nothing_wrong([f"{gone} is listed but not there" for gone in PUBLIC - {one.address for one in ours}])


@pytest.mark.django_db
def test_a_stranger_is_led_to_the_login_everywhere_else(ours: list[Route]) -> None:
    nothing_wrong(answers_to_a_stranger(ours, PUBLIC))


def test_addresses_behind_the_login_hold_no_secrets(ours: list[Route]) -> None:
    for route in ours:
        if route.address not in PUBLIC:
            assert {part for _, part in _PART.findall(route.address)} <= PARTS, route.address


def _guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse("behind the login")


@login_not_required
def _forgotten(request: HttpRequest, number: int) -> HttpResponse:
    return HttpResponse("open to all")


def _small_site() -> ModuleType:
    site = ModuleType("small_site")
    loans = [path("", _guarded), path("<int:number>/", _forgotten, name="one")]
    shop = include("seonmul.storefront.urls")
    account = include("seonmul.storefront.account.urls")
    site.urlpatterns = [path("", shop), path("", account), path("loans/", include((loans, "loans")))]  # type: ignore[attr-defined]
    return site


@pytest.mark.django_db
def test_a_forgotten_guard_is_caught(settings: Any) -> None:
    site = _small_site()
    found = [route for route in routes(get_resolver(site)) if route.address.startswith("/loans/")]
    assert open_faults(found, set()) == ["/loans/<int:number>/ is open but not among the public ones"]
    assert open_faults(found, {"/loans/<int:number>/", "/loans/"}) == [
        "/loans/ is guarded but among the public ones"
    ]
    settings.ROOT_URLCONF = site
    assert answers_to_a_stranger(found, set()) == [
        "get /loans/1/ answers 200", "post /loans/1/ answers 200",
    ]  # fmt: skip
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if "LoginRequired" not in one]
    assert answers_to_a_stranger(found, {"/loans/<int:number>/"}) == [
        "get /loans/ answers 200", "post /loans/ answers 200",
    ]  # fmt: skip

"""Every route is guarded: behind the login, or listed here as open to strangers."""

from __future__ import annotations

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

#: Routes that answer strangers. Whoever adds one writes it here and says what guards it instead.
PUBLIC = {
    "storefront:login",
    "storefront:products",  # what can be bought is no secret
    "storefront:product",
    "giftpage:gift",  # the link is the secret: 86 random bits
    "webhooks:carrier",  # an unguessable part of the address, and reports are hints only
}
_DUMMIES: dict[str, object] = {
    "IntConverter": 1, "UUIDConverter": "01890000-0000-7000-8000-000000000000", "StringConverter": "x",
    "SlugConverter": "x", "PathConverter": "x",
}  # fmt: skip


@dataclass(frozen=True)
class Route:
    """One address: its full name, its view, and an address made of dummies."""

    name: str
    view: Any
    url: str

    @property
    def is_open(self) -> bool:
        """As LoginRequiredMiddleware sees it."""
        return not getattr(self.view, "login_required", True)


def routes(resolver: URLResolver, urlconf: Any = None, space: tuple[str, ...] = ()) -> Iterator[Route]:
    """Walk every route below a resolver."""
    yield from _walk(resolver, urlconf, space, {})


def _walk(
    resolver: URLResolver, urlconf: Any, space: tuple[str, ...], above: dict[str, Any]
) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        # `re_path` has no converters: such routes are not used here
        converters = above | entry.pattern.converters
        if isinstance(entry, URLResolver):
            inner = (*space, entry.namespace) if entry.namespace else space
            yield from _walk(entry, urlconf, inner, converters)
        elif isinstance(entry, URLPattern):
            name = ":".join((*space, entry.name or "(no name)"))
            dummies = {key: _DUMMIES[type(one).__name__] for key, one in converters.items()}
            yield Route(name, entry.callback, reverse(name, urlconf=urlconf, kwargs=dummies))


def open_faults(found: list[Route], public: set[str]) -> list[str]:
    """Routes that are open without being listed, and listed ones that are not open."""
    return [
        f"{route.name} is {'open but not' if route.is_open else 'guarded but'} in the list of public routes"
        for route in found
        if route.is_open != (route.name in public)
    ]


def answers_to_a_stranger(found: list[Route], public: set[str]) -> list[str]:
    """What a visitor without a login gets from routes that are not public, where it is not the login page."""
    stranger, login = Client(), reverse(settings.LOGIN_URL)
    faults = []
    for route in found:
        if route.name in public:
            continue
        for method in ("get", "post"):
            answer = getattr(stranger, method)(route.url)
            if answer.status_code != 302 or not answer["Location"].startswith(f"{login}?next="):
                faults.append(f"{method} {route.name} ({route.url}) answers {answer.status_code}")
    return faults


@pytest.fixture
def ours() -> list[Route]:
    return list(routes(get_resolver()))


def test_every_open_route_is_listed_and_every_listed_one_is_there(ours: list[Route]) -> None:
    assert len({route.name for route in ours}) == len(ours) > 25
    nothing_wrong(open_faults(ours, PUBLIC))
    nothing_wrong([f"{name} is listed but not there" for name in PUBLIC - {route.name for route in ours}])


@pytest.mark.django_db
def test_a_stranger_is_led_to_the_login_everywhere_else(ours: list[Route]) -> None:
    nothing_wrong(answers_to_a_stranger(ours, PUBLIC))


@pytest.mark.django_db
def test_addresses_of_guarded_routes_hold_no_secrets(ours: list[Route]) -> None:
    """Only what is opened without a login carries a secret in its address."""
    for route in ours:
        if route.name not in PUBLIC:
            assert not {"token", "secret", "code_value", "phone"} & set(_arguments(route.name)), route.name


def _arguments(name: str) -> list[str]:
    resolver = get_resolver()
    for part in name.split(":")[:-1]:
        resolver = resolver.namespace_dict[part][1]
    return [argument for entry in resolver.reverse_dict.getlist(name.split(":")[-1]) for argument in entry[0][0][1]]


def _guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse("behind the login")


@login_not_required
def _forgotten(request: HttpRequest, number: int) -> HttpResponse:
    return HttpResponse("open to all")


def _small_site() -> ModuleType:
    site = ModuleType("small_site")
    inner = [path("", _guarded, name="list"), path("<int:number>/", _forgotten, name="one")]
    shop = include("seonmul.storefront.urls")
    site.urlpatterns = [path("", shop), path("loans/", include((inner, "loans")))]  # type: ignore[attr-defined]
    return site


@pytest.mark.django_db
def test_a_forgotten_guard_is_caught(settings: Any) -> None:
    site = _small_site()
    found = [r for r in routes(get_resolver(site), site) if r.name.startswith("loans:")]
    assert open_faults(found, set()) == ["loans:one is open but not in the list of public routes"]
    assert open_faults(found, {"loans:one", "loans:list"}) == [
        "loans:list is guarded but in the list of public routes"
    ]
    settings.ROOT_URLCONF = site
    assert answers_to_a_stranger(found, set()) == [
        "get loans:one (/loans/1/) answers 200", "post loans:one (/loans/1/) answers 200",
    ]  # fmt: skip
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if "LoginRequired" not in one]
    assert answers_to_a_stranger(found, {"loans:one"}) == [
        "get loans:list (/loans/) answers 200", "post loans:list (/loans/) answers 200",
    ]  # fmt: skip

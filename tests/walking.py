"""Which routes a walk of the browser leaves out: every one is looked at, or somebody says why not. X4"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.test import Client
from django.urls import resolve

from tests.house.test_routes import Route


def left_out(
    found: Iterable[Route], walked: Iterable[str], reasons: Mapping[str, str], client: Client
) -> list[str]:
    """What is wrong with a walk: routes that it leaves out without a reason, and reasons that are true no more.

    `reasons`: by route, or by the beginning of routes with a star behind it. What only takes forms needs none.
    """
    seen = {f"/{resolve(address.split('?')[0]).route}" for address in walked}
    wrong, used = [], set()
    for route in found:
        why = next((one for one in reasons if _matches(one, route.address)), "")
        used.add(why)
        if route.address in seen and why and not why.endswith("*"):
            wrong.append(f"{route.address} is walked, and listed as left out")
        if route.address in seen or why:
            continue
        status = client.get(route.url).status_code
        if status != 405:
            wrong.append(f"{route.address} is neither walked nor listed with a reason (it answers {status})")
    return wrong + [f"{one} is listed as left out, and no route is like it" for one in set(reasons) - used]


def _matches(reason: str, address: str) -> bool:
    return address.startswith(reason[:-1]) if reason.endswith("*") else address == reason

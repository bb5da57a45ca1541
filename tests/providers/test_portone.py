"""The adapter that verifies persons, against the sandbox, over HTTP. M1, M4"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from seonmul.kit import wire
from seonmul.members.ports import IdentityState
from seonmul.providers.portone.identity import PortOne
from tests.providers.identity import IdentitySuite
from tests.sandbox.outside import Outside, in_window


@pytest.fixture
def identity(carrier: Outside) -> PortOne:
    return PortOne()


@pytest.fixture
def when(make_trouble: Callable[..., Callable[..., None]], settings: Any) -> Callable[..., None]:
    trouble = make_trouble("portone", "PORTONE_BASE_URL", "PORTONE_API_SECRET")

    def when(kind: str, **more: object) -> None:
        if kind == "slow":
            settings.SECONDS_IDENTITY, more = 0.4, {"seconds": 1} | more
        trouble(kind, **more)

    return when


@pytest.fixture
def person(carrier: Outside) -> Callable[[str, str], None]:
    def does(reference: str, deed: str) -> None:
        in_window(carrier, reference, {"verify": "hanbit", "begin": ""}.get(deed, deed))

    return does


class TestPortOne(IdentitySuite):
    name, birth_date, phone = "한지원", date(1984, 5, 17), "01020030001"
    secret = "DEMO-PORTONE-SECRET"


def _verified(settings: Any, **more: object) -> dict[str, Any]:
    return {
        "status": "VERIFIED",
        "id": "R1",
        "channel": {"key": settings.PORTONE_IDENTITY_CHANNEL_KEY, "type": "LIVE"},
        "verifiedCustomer": {
            "name": "홍길동",
            "phoneNumber": "010-0000-0000",
            "birthDate": "1990-01-01",
            "ci": "CI",
        },
        "verifiedAt": "2026-11-22T10:00:00+09:00",
    } | more


def test_the_least_that_can_be_read(identity: PortOne, when: Callable[..., None], settings: Any) -> None:
    when("answer", body=_verified(settings))
    told = identity.result("R1")
    assert (told.state, told.phone, told.birth_date) == (
        IdentityState.VERIFIED, "01000000000", date(1990, 1, 1)
    )  # fmt: skip


@pytest.mark.parametrize("lost", ["channel", "verifiedCustomer", "verifiedAt", "status", "id"])
def test_a_missing_part_is_in_doubt(
    identity: PortOne, when: Callable[..., None], settings: Any, lost: str
) -> None:
    body = _verified(settings)
    del body[lost]
    when("answer", body=body)
    with pytest.raises(wire.InDoubt):
        identity.result("R1")


@pytest.mark.parametrize(
    "about",
    [{"name": ""}, {"name": None}, {"phoneNumber": None}, {"phoneNumber": "-"}, {"birthDate": "900101"},
     {"birthDate": 19900101}, {"ci": " "}, {"ci": 7}],
)  # fmt: skip
def test_a_person_it_cannot_read_is_in_doubt_and_stays_unsaid(
    identity: PortOne, when: Callable[..., None], settings: Any, about: dict[str, object]
) -> None:
    body = _verified(settings)
    body["verifiedCustomer"] |= about
    when("answer", body=body)
    with pytest.raises(wire.InDoubt) as error:
        identity.result("R1")
    assert error.value.__suppress_context__ and "홍길동" not in str(error.value)


@pytest.mark.parametrize(
    "wrong",
    [{"status": "PENDING"}, {"id": "R2"}, {"verifiedAt": "2026-11-22T10:00:00"}, {"verifiedAt": "soon"},
     {"channel": None}, {"verifiedCustomer": []}],
)  # fmt: skip
def test_what_it_does_not_know_is_in_doubt(
    identity: PortOne, when: Callable[..., None], settings: Any, wrong: dict[str, object]
) -> None:
    when("answer", body=_verified(settings, **wrong))
    with pytest.raises(wire.InDoubt):
        identity.result("R1")


@pytest.mark.parametrize("body", [[], None, "VERIFIED"])
def test_what_is_no_object_is_in_doubt(identity: PortOne, when: Callable[..., None], body: object) -> None:
    when("answer", body=body)
    with pytest.raises(wire.InDoubt):
        identity.result("R1")


def test_another_channel_verifies_nobody(identity: PortOne, when: Callable[..., None], settings: Any) -> None:
    """A thief would open the window with a test channel, where anybody is anybody."""
    when("answer", body=_verified(settings, channel={"key": "channel-key-of-a-test", "type": "TEST"}))
    told = identity.result("R1")
    assert (told.state, told.name) == (IdentityState.FAILED, "")


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (403, "FORBIDDEN", wire.Declined),
        (400, "INVALID_REQUEST", wire.Declined),
        (404, "CHANNEL_NOT_FOUND", wire.InDoubt),
        (404, "SOMETHING_NEW", wire.InDoubt),
        (409, "UNKNOWN", wire.InDoubt),
    ],
)
def test_error_types(
    identity: PortOne, when: Callable[..., None], status: int, code: str, error: type[wire.WireError]
) -> None:
    when("refuse", status=status, errorCode=code)
    with pytest.raises(error):
        identity.result("R1")


def test_a_reference_cannot_lead_to_another_address(identity: PortOne, carrier: Outside) -> None:
    assert identity.result("../payments/P1?x=1").state is IdentityState.READY
    (visit,) = carrier.inside("GET", "requests?limit=1")
    assert visit["path"].startswith("/portone/identity-verifications/..%2Fpayments%2FP1%3Fx%3D1?storeId=")


def test_the_window(identity: PortOne, settings: Any) -> None:
    plain = identity.window("R1", "sign-up")
    assert plain["script"] == settings.PORTONE_JS_URL
    assert plain["request"] == {
        "storeId": "store-demo",
        "identityVerificationId": "R1",
        "channelKey": "channel-key-demo-identity",
        "customData": "sign-up",
    }
    assert settings.PORTONE_API_SECRET not in str(plain)
    back = identity.window("R1", "sign-up", return_to="https://shop.example/back")["request"]
    assert back["redirectUrl"] == "https://shop.example/back"
    assert back["windowType"] == {"pc": "POPUP", "mobile": "REDIRECTION"}

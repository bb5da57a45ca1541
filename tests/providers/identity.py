"""What every adapter that verifies persons must do; a new one gets a subclass of this, and nothing else. M1, M4"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from seonmul.kit import wire
from seonmul.members.ports import Identity, IdentityResult, IdentityState


class IdentitySuite:
    """Subclasses give the fixtures `identity`, `when`, and `person`: what the person in the window does
    (reference, then "verify", "fail", "close" or "begin").
    """

    name: str
    birth_date: date
    phone: str
    secret: str

    def test_nobody_began_it(self, identity: Identity) -> None:
        assert identity.result("R1") == IdentityResult(IdentityState.READY)

    @pytest.mark.parametrize("deed", ["begin", "close"])
    def test_begun_and_not_decided(
        self, identity: Identity, person: Callable[[str, str], None], deed: str
    ) -> None:
        person("R2", deed)
        assert identity.result("R2").state is IdentityState.READY

    def test_verified(self, identity: Identity, person: Callable[[str, str], None]) -> None:
        person("R3", "verify")
        told = identity.result("R3")
        assert (told.state, told.name, told.birth_date, told.phone) == (
            IdentityState.VERIFIED, self.name, self.birth_date, self.phone
        )  # fmt: skip
        assert told.verified_at is not None
        assert abs(told.verified_at - datetime.now(UTC)) < timedelta(minutes=1)
        assert identity.result("R3") == told

    def test_the_same_person_has_the_same_ci(
        self, identity: Identity, person: Callable[[str, str], None]
    ) -> None:
        person("R4", "verify")
        person("R5", "verify")
        ci = identity.result("R4").ci
        assert len(ci) == 88 and identity.result("R5").ci == ci

    def test_failed_keeps_nothing_of_the_person(
        self, identity: Identity, person: Callable[[str, str], None]
    ) -> None:
        person("R6", "fail")
        assert identity.result("R6") == IdentityResult(IdentityState.FAILED)

    def test_once_verified_is_never_another(
        self, identity: Identity, person: Callable[[str, str], None]
    ) -> None:
        person("R7", "fail")
        person("R7", "verify")
        told = identity.result("R7")
        person("R7", "fail")
        assert identity.result("R7") == told

    def test_health(self, identity: Identity) -> None:
        assert identity.check_health()

    @pytest.mark.parametrize("kind", ["html_error", "error_500", "drop_connection", "slow"])
    def test_a_broken_answer_is_in_doubt(
        self, identity: Identity, when: Callable[..., None], kind: str
    ) -> None:
        when(kind)
        with pytest.raises(wire.InDoubt):
            identity.result("R8")

    def test_nobody_there_is_unreached(self, identity: Identity, when: Callable[..., None]) -> None:
        when("unplugged")
        with pytest.raises(wire.Unreached):
            identity.result("R9")

    def test_a_wrong_key_is_declined(self, identity: Identity, when: Callable[..., None]) -> None:
        when("wrong_key")
        for ask in (identity.check_health, lambda: identity.result("R10")):
            with pytest.raises(wire.Declined) as no:
                ask()
            assert no.value.status == 401

    def test_nothing_personal_and_no_key_gets_into_a_log(
        self,
        identity: Identity,
        person: Callable[[str, str], None],
        when: Callable[..., None],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.DEBUG)
        person("R11", "verify")
        told = identity.result("R11")
        said = [caplog.text, repr(told)]
        for trouble in ("html_error", "refuse", "unplugged"):
            when(trouble)
            with pytest.raises(wire.WireError) as error:
                identity.result("R11")
            said += [str(error.value), str(error.value.__cause__)]
        for secret in (self.secret, self.name, self.phone, told.ci):
            assert secret not in "\n".join(said)

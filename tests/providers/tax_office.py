"""What every tax office's adapter must do; a new one gets a subclass of this, and nothing else. M1"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date

import pytest

from seonmul.kit import wire
from seonmul.members.ports import BusinessCheck, BusinessState, TaxOffice


class TaxOfficeSuite:
    """Subclasses give the fixtures `office` (reached over HTTP) and `when` ("impatient": we wait for less than a slow
    answer takes), and know such numbers.
    """

    continuing: str
    suspended: str
    closed: str
    unregistered: str
    slow: str
    down: str
    representative: str
    opened_on: date
    tax_kind: str
    secret: str

    def test_states(self, office: TaxOffice) -> None:
        assert office.status(self.continuing) is BusinessState.CONTINUING
        assert office.status(self.suspended) is BusinessState.SUSPENDED
        assert office.status(self.closed) is BusinessState.CLOSED
        assert office.status(self.unregistered) is BusinessState.UNREGISTERED

    def test_all_three_must_belong_together(self, office: TaxOffice) -> None:
        right = office.check(self.continuing, self.representative, self.opened_on)
        assert right == BusinessCheck(BusinessState.CONTINUING, True, self.tax_kind)
        wrong_name = office.check(self.continuing, "다른사람", self.opened_on)
        assert wrong_name == BusinessCheck(BusinessState.CONTINUING, False, self.tax_kind)
        assert not office.check(self.continuing, self.representative, date(1999, 1, 1)).matches
        assert office.check(self.continuing, f" {self.representative} ", self.opened_on).matches

    def test_a_business_that_ended_matches_and_says_so(self, office: TaxOffice) -> None:
        ended = office.check(self.closed, "누구나", date(2020, 1, 1))
        assert (ended.state, ended.matches) == (BusinessState.CLOSED, True)

    def test_an_unregistered_number_matches_nobody(self, office: TaxOffice) -> None:
        unknown = office.check(self.unregistered, "누구나", date(2020, 1, 1))
        assert (unknown.state, unknown.matches) == (BusinessState.UNREGISTERED, False)

    def test_health(self, office: TaxOffice) -> None:
        assert office.check_health()

    def test_slower_than_we_wait_is_in_doubt(self, office: TaxOffice, when: Callable[..., None]) -> None:
        when("impatient")
        with pytest.raises(wire.InDoubt):
            office.status(self.slow)

    def test_down_is_in_doubt(self, office: TaxOffice) -> None:
        with pytest.raises(wire.InDoubt):
            office.check(self.down, "누구나", date(2020, 1, 1))

    @pytest.mark.parametrize("kind", ["html_error", "error_500", "drop_connection"])
    def test_a_broken_answer_is_in_doubt(
        self, office: TaxOffice, when: Callable[..., None], kind: str
    ) -> None:
        when(kind, times=2)
        with pytest.raises(wire.InDoubt):
            office.status(self.continuing)
        with pytest.raises(wire.InDoubt):
            office.check(self.continuing, self.representative, self.opened_on)

    def test_nobody_there_is_unreached(self, office: TaxOffice, when: Callable[..., None]) -> None:
        when("unplugged")
        with pytest.raises(wire.Unreached):
            office.status(self.continuing)

    def test_a_wrong_key_is_declined(self, office: TaxOffice, when: Callable[..., None]) -> None:
        when("wrong_key")
        for ask in (office.check_health, lambda: office.status(self.continuing)):
            with pytest.raises(wire.Declined) as no:
                ask()
            assert no.value.status == 401

    def test_neither_key_nor_name_gets_into_a_log_or_an_error(
        self, office: TaxOffice, when: Callable[..., None], caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        office.check(self.continuing, self.representative, self.opened_on)
        said = [caplog.text]
        for trouble in ("html_error", "refuse", "unplugged"):
            when(trouble)
            with pytest.raises(wire.WireError) as error:
                office.check(self.continuing, self.representative, self.opened_on)
            said += [str(error.value), repr(error.value), str(error.value.__cause__)]
        for secret in (self.secret, self.representative):
            assert secret not in "\n".join(said)

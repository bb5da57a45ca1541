"""The provider's clock stands where the tests' own time does."""

from __future__ import annotations

import pytest

from tests.given import MONDAY
from tests.sandbox.outside import Outside


@pytest.fixture
def carrier(carrier: Outside) -> Outside:
    """The sandbox, on that Monday: due dates and times of payment are held against `at=` of the tests."""
    carrier.inside("POST", "portone/clock", {"at": MONDAY.isoformat()})
    return carrier

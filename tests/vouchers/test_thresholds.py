"""Stamp duty by face value. P8"""

from __future__ import annotations

import pytest

from seonmul.figures.rules import Figures
from seonmul.vouchers import rules


@pytest.mark.parametrize(
    ("face_won", "duty_won"),
    [(1, 0), (50_000, 0), (50_001, 400), (100_000, 400), (100_001, 800), (500_000, 800)],
)
def test_duty_begins_above_a_face_value(face_won: int, duty_won: int) -> None:
    """P8: none up to 50,000 won, 400 above it, 800 above 100,000."""
    assert rules.stamp_won(face_won, figures=Figures()) == duty_won

"""A sentence reads right whoever it speaks of."""

import pytest

from seonmul.kit.particles import subject


@pytest.mark.parametrize(
    ("word", "particle"),
    [
        ("주식회사 한빛테크", "가"),
        ("하나은행", "이"),
        ("한빛(주)", "가"),
        ("(주)온결", "이"),
        ("김*수 님", "이"),
        ("새벽24", "가"),
        ("모퉁이 7", "이"),
        ("NAVI", "이(가)"),
        ("", "이(가)"),
    ],
)
def test_the_particle_follows_the_last_sound(word: str, particle: str) -> None:
    assert subject(word) == particle

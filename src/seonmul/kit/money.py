"""Money is a whole number of won: never a float, never a bool."""

from __future__ import annotations


def checked_won(amount: object) -> int:
    """Return the amount when it is an int; raise ``TypeError`` for anything else, bool included."""
    if type(amount) is not int:
        raise TypeError(f"money is int won, not {type(amount).__name__}")
    return amount


def format_won(amount_won: int) -> str:
    """Write an amount for people: ``1,234원``, ``-1,234원``."""
    return f"{checked_won(amount_won):,}원"


def share(amount_won: int, numerator: int, denominator: int) -> int:
    """Take numerator/denominator of an amount, rounded down to the won, towards zero.

    10 % of 4,505 won is 450; of -4,505 won it is -450, so that a refund mirrors its payment. The parts must
    not be negative; raises ``ValueError`` otherwise.
    """
    parts = checked_won(numerator), checked_won(denominator)
    if parts[0] < 0 or parts[1] <= 0:
        raise ValueError("a share needs a numerator of at least 0 and a denominator above 0")
    size = abs(checked_won(amount_won)) * parts[0] // parts[1]
    return size if amount_won >= 0 else -size

"""Masks for personal data: one rule everywhere, so that fragments from two screens cannot be put together."""

from __future__ import annotations


def mask_phone(number: str) -> str:
    """Hide the middle of a phone number: ``010-****-1234``, ``02-****-1234``; short or odd numbers wholly."""
    digits = "".join(c for c in number if c.isdigit())
    if len(digits) == 8:
        return f"****-{digits[4:]}"
    if not 9 <= len(digits) <= 12:
        return "*" * len(digits)
    area = 2 if digits.startswith("02") else 4 if digits.startswith(("030", "050")) else 3
    return f"{digits[:area]}-****-{digits[-4:]}"


def mask_name(name: str) -> str:
    """Hide a name: ``김*수``, ``김*``, ``남**수``; one letter wholly."""
    name = name.strip()
    if len(name) <= 1:
        return "*" * len(name)
    if len(name) == 2:
        return f"{name[0]}*"
    return f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"


def mask_mail(address: str) -> str:
    """Hide a mail address: ``ab***@example.com``; always three stars, one letter of a short one."""
    local, at, domain = address.strip().rpartition("@")
    if not at:
        return "***"
    return f"{local[: 2 if len(local) > 2 else 1]}***@{domain}"

"""The payment provider, by the name in the settings. P2, P3, P5, P9"""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from seonmul.payments.ports import Card, Records, Refund, VirtualAccount


class Provider(Card, VirtualAccount, Refund, Records, Protocol):
    """One vendor that plays all four."""


def provider() -> Provider:
    """The one that the settings name."""
    made: Provider = import_string(settings.PAYMENT_PROVIDER)()
    return made


def name() -> str:
    """Under what name it reports to us: its folder among the providers."""
    return str(settings.PAYMENT_PROVIDER).rsplit(".", 3)[-3]

"""Which carriers there are: adapters by the names that settings give them. S2"""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from seonmul.dispatch.ports import Carrier


def carrier_of(name: str) -> Carrier:
    """Load a carrier by the name that settings give it."""
    made: Carrier = import_string(settings.CARRIERS[name])()
    return made


def for_channel(channel: str) -> str:
    """The name of the carrier that a new batch of this channel goes to."""
    names = [settings.CARRIER, *settings.CARRIERS]
    return next(name for name in names if channel in import_string(settings.CARRIERS[name]).channels)

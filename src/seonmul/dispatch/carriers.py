"""Which carriers there are: adapters by the names that settings give them; and who draws for them. S1, S2"""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from seonmul.dispatch.ports import Album, Carrier


def carrier_of(name: str) -> Carrier:
    """Load a carrier by the name that settings give it."""
    made: Carrier = import_string(settings.CARRIERS[name])()
    return made


def channels_of(name: str) -> frozenset[str]:
    """What a carrier carries."""
    channels: frozenset[str] = import_string(settings.CARRIERS[name]).channels
    return channels


def goes_one_by_one(name: str) -> bool:
    """Whether a carrier takes message by message."""
    says: bool = import_string(settings.CARRIERS[name]).goes_one_by_one
    return says


def first_weight(name: str) -> int:
    """The weight before anybody set one: the two carriers of the settings, and whoever has a channel to itself."""
    others = [one for one in settings.CARRIERS if one != name and channels_of(one) & channels_of(name)]
    return 100 if name in (settings.CARRIER, settings.MAIL_CARRIER) or not others else 0


def album() -> Album:
    """Who draws the pictures of messages."""
    made: Album = import_string(settings.ALBUM)()
    return made

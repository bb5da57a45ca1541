"""The external issuer, by the name in the settings. C3"""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from seonmul.vouchers.ports import Issuer


def issuer() -> Issuer:
    """The one that the settings name."""
    made: Issuer = import_string(settings.ISSUER)()
    return made

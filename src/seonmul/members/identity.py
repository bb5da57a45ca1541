"""The provider that knows who a person is, by the name in the settings. M4, M5"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from seonmul.members.ports import Identity

#: What the provider's records call it; nothing personal.
_PURPOSE = "member"


def provider() -> Identity:
    """The one that the settings name."""
    made: Identity = import_string(settings.IDENTITY)()
    return made


def window(reference: str, *, return_to: str) -> Mapping[str, Any]:
    """What the browser needs to open the provider's window; asks nobody. `return_to`: an absolute address."""
    return provider().window(reference, _PURPOSE, return_to=return_to)

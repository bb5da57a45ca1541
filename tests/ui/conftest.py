from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def plain_static_names(settings: Any) -> None:
    """Static files under their own names: nothing has been collected when a unit test renders a page."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}

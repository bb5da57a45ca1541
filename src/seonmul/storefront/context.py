"""What every page of the site knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's own address."""
    return {"site_url": settings.PUBLIC_URL}

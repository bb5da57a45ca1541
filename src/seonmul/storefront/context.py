"""What every page of the site knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from seonmul.members import queries as members
from seonmul.members.models import Buyer, Member


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's own address, and for whom the member acts (asked only where a page shows it)."""

    def acts_for() -> Buyer | None:
        member = request.user
        return members.buyer_of(member) if isinstance(member, Member) else None

    return {"site_url": settings.PUBLIC_URL, "acts_for": acts_for}

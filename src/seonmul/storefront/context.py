"""What every page of the site knows."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from seonmul.members import queries as members
from seonmul.members.models import Buyer, Member


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's own address, who runs it, and for whom the member acts (asked once, and only where a page shows it)."""

    @cache
    def acts_for() -> Buyer | None:
        member = request.user
        return members.buyer_of(member) if isinstance(member, Member) else None

    operator = settings.OPERATOR | {
        "hours": gettext("평일 09:30-18:00 (점심 11:30-13:00, 공휴일 쉼)"),
        "terms_url": reverse("storefront:terms"),
        "language_url": reverse("storefront:language"),
        "privacy_url": reverse("storefront:privacy"),
    }
    return {"site_url": settings.PUBLIC_URL, "site": operator, "acts_for": acts_for}

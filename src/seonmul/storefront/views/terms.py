"""The texts that people agree to, and the privacy policy: whole, dated, in Korean and English. M1, X2

Each stands in a file of its own, not in the catalogue of sentences: whoever agreed agreed to these words, so a change is
a new folder with a new date (rules.CONSENT_VERSIONS), and the earlier one stays readable.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from seonmul.figures import queries as figures
from seonmul.kit import clock
from seonmul.members import rules

#: By the name of its address and file.
TEXTS = {
    "terms": _("이용약관"),
    "privacy": _("개인정보처리방침"),
    "personal_data": _("개인정보 수집·이용"),
    "marketing": _("마케팅 정보 수신"),
}


@login_not_required
@require_safe
def text(request: HttpRequest, name: str) -> HttpResponse:
    """One text as it is now, or, by `version`, as somebody agreed to it."""
    version = request.GET.get("version", rules.CONSENT_VERSION)
    if version not in rules.CONSENT_VERSIONS:
        raise Http404
    language = "ko" if (get_language() or "ko").startswith("ko") else "en"
    context: dict[str, Any] = {
        "name": name,
        "title": TEXTS[name],
        "texts": [(one, reverse(f"storefront:{one}"), label) for one, label in TEXTS.items()],
        "text": f"storefront/terms/{version}/{name}.{language}.html",
        "version": version,
        "version_on": date.fromisoformat(version),
        "newest": rules.CONSENT_VERSION,
        "figures": figures.figures(clock.now()),
        "processors": [{"what": what, "name": who} for what, who in settings.PROCESSORS.items() if who],
        "is_demo": settings.DEMO,
    }
    return render(request, "storefront/terms/page.html", context)

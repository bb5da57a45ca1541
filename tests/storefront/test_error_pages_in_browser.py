"""What is shown when something is refused, not there, too often or broken, at both widths. X4"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from playwright.sync_api import Page, sync_playwright

from seonmul.config import urls
from tests import chromium
from tests.looking import complaints, faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAID = {
    400: "요청",
    403: "이 화면을 볼 권한이 없어요",
    404: "찾으시는 화면이 없어요",
    429: "요청이 너무 잦아요",
    500: "잠시 문제가 생겼어요",
}


@login_not_required
def _wrong(request: HttpRequest, status: int) -> HttpResponse:
    """What a view does that ends so."""
    if status == 403:
        raise PermissionDenied
    if status == 404:
        raise Http404
    if status == 500:
        raise RuntimeError("broken on purpose")
    return render(request, f"{status}.html", status=status)


@login_not_required
def _unasked(request: HttpRequest) -> HttpResponse:
    """A form without its token."""
    return render(request, "403_csrf.html", status=403)


@pytest.fixture
def page(live_server: Any, settings: Any) -> Iterator[Page]:
    site = ModuleType("site_with_errors")
    wrong = [path("wrong/<int:status>/", _wrong), path("unasked/", _unasked)]
    site.urlpatterns = [*wrong, *urls.urlpatterns]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = site
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium.path(), args=chromium.ARGUMENTS)
        yield opened.new_context(base_url=live_server.url, locale="ko-KR").new_page()
        opened.close()


def test_every_error_page_says_what_to_do_and_can_be_read(page: Page) -> None:
    """X4"""
    said, wrong = complaints(page), []
    for status, words in SAID.items():
        answer = page.goto(f"/wrong/{status}/")
        assert answer is not None and answer.status == status
        assert words in page.locator("h1").inner_text(), status
        assert page.locator(".outage-acts a").first.is_visible(), "a way out"
        wrong += faults(page, said, f"error {status}")
    page.goto("/unasked/")
    wrong += faults(page, said, "error 403 csrf")
    assert not wrong, "\n".join(wrong)

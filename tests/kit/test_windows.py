"""Only pages that open a vendor's window may load its script and keep hold of the window. M1"""

from __future__ import annotations

from typing import Any

from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory

from seonmul.kit.windows import opens_window


def _headers(view: Any) -> HttpResponse:
    answer: HttpResponse = SecurityMiddleware(CSPMiddleware(view))(RequestFactory().get("/"))
    return answer


def _view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("x")


def _policy(answer: HttpResponse) -> dict[str, list[str]]:
    parts = (part.split() for part in answer["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in parts}


def test_other_pages_know_no_vendor(settings: Any) -> None:
    settings.WINDOW_POLICY = {"script-src": ["https://vendor.example"]}
    answer = _headers(_view)
    assert "vendor.example" not in answer["Content-Security-Policy"]
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_page_that_opens_one(settings: Any) -> None:
    vendor = "https://vendor.example"
    settings.WINDOW_POLICY = {
        "script-src": [vendor],
        "form-action": [vendor],
        "frame-src": ["'self'", vendor],
    }
    answer = _headers(opens_window(_view))
    policy = _policy(answer)
    assert policy["script-src"] == policy["form-action"] == policy["frame-src"] == ["'self'", vendor]
    assert policy["default-src"] == ["'self'"] and policy["style-src"] == ["'self'"]
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"


def test_the_settings_allow_the_script_s_origin_and_no_more(settings: Any) -> None:
    origin = settings.SANDBOX_URL
    assert settings.WINDOW_POLICY == {
        "script-src": [origin],
        "form-action": [origin],
        "frame-src": ["'self'", origin],
        "connect-src": ["'self'", origin],
    }
    assert origin not in str(settings.CONTENT_SECURITY_POLICY)

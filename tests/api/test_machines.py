"""The short way on which the web process serves tills and providers: it answers as the long one does. A2"""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from seonmul.config.wsgi import application
from seonmul.dispatch.models import Report
from tests.api.test_pos import Till, numbered, the_code, till

# in a transaction of its own, since the handler ends each request's connection
pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["till"]


def asked(method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of what the web process answers."""
    environ = RequestFactory()._base_environ(  # type: ignore[attr-defined]
        REQUEST_METHOD=method, PATH_INFO=path, CONTENT_LENGTH=str(len(body)), CONTENT_TYPE="application/json",
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    )  # fmt: skip
    environ["wsgi.input"] = io.BytesIO(body)
    told: list[Any] = []
    answer = application(environ, lambda *said: told.extend(said))
    text = b"".join(answer).decode()
    answer.close()  # type: ignore[attr-defined]
    return int(told[0].split()[0]), dict(told[1]), text


def test_a_redeem_is_answered_as_on_the_long_way(till: Till) -> None:
    """V3: and says how long its answer is, for programs that read no chunks."""
    body = {"code": the_code(), "amount_won": 1_000, **numbered("1")}
    path, key = "/pos/v1/redemptions", f"Bearer {till.key}"
    status, headers, text = asked("POST", path, json.dumps(body).encode(), authorization=key)
    assert (status, json.loads(text)["rest_won"]) == (200, 9_000)
    assert headers["Content-Length"] == str(len(text)) and headers["X-Content-Type-Options"] == "nosniff"
    assert till.redeem(body["code"], "1", amount_won=1_000).json() == json.loads(text)


@pytest.mark.parametrize(("language", "word"), [("ko", "열쇠가 맞지 않습니다"), ("en", "key is not right")])
def test_a_wrong_key_is_told_in_the_language_of_whoever_asks(language: str, word: str) -> None:
    for answer in (
        asked("POST", "/pos/v1/inquiries", b"{}", authorization="Bearer x", accept_language=language),
        (lambda a: (a.status_code, a.headers, a.content.decode()))(
            Client(headers={"Authorization": "Bearer x", "Accept-Language": language}).post(
                "/pos/v1/inquiries", {}, content_type="application/json"
            )
        ),
    ):
        assert answer[0] == 401 and word in json.loads(answer[2])["detail"]


def test_what_is_not_there_is_not_found() -> None:
    """X4: a program is told as by every other answer."""
    for path in ("/pos/v1/nothing", "/pos/v2/inquiries"):
        status, headers, text = asked("POST", path)
        assert (status, headers["Content-Type"]) == (404, "application/problem+json")
        assert json.loads(text)["code"] == "address_unknown"
        answer = Client().post(path)
        assert (answer.status_code, answer.json()) == (404, json.loads(text))
    assert asked("GET", "/hooks/nothing")[0] == 404
    assert asked("GET", "/hooks/payments/portone")[0] == 405


def test_a_providers_report_is_kept() -> None:
    """S4"""
    carrier = next(iter(settings.CARRIERS))
    assert asked("POST", f"/hooks/carriers/{carrier}/{settings.WEBHOOK_SECRET}", b"[]")[0] == 200
    assert Report.objects.filter(carrier=carrier).count() == 1
    assert asked("POST", f"/hooks/carriers/{carrier}/wrong", b"[]")[0] == 404


def test_people_go_the_long_way() -> None:
    _, headers, _ = asked("GET", "/")
    assert "Content-Security-Policy" in headers and headers["X-Frame-Options"] == "DENY"

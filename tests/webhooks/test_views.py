"""What a provider calls: kept when the secret is right, unknown to everybody else. S4"""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from seonmul.dispatch.models import Report

pytestmark = pytest.mark.django_db


def post(carrier: str, secret: str) -> int:
    address = f"/hooks/carriers/{carrier}/{secret}"
    return int(Client().post(address, "[]", content_type="application/json").status_code)


def test_a_report_with_the_secret_is_kept() -> None:
    assert post("solapi", settings.WEBHOOK_SECRET) == 200
    assert Report.objects.count() == 1


@pytest.mark.parametrize("secret", ["guessed", "비밀", "%ff"])
def test_any_other_secret_is_not_found(secret: str) -> None:
    assert post("solapi", secret) == 404
    assert not Report.objects.exists()


def test_an_unknown_carrier_is_not_found() -> None:
    assert post("nobody", settings.WEBHOOK_SECRET) == 404

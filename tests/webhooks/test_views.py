"""What a provider calls: kept when the secret is right, unknown to everybody else. S4"""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.cli import roles
from seonmul.dispatch.models import Report
from seonmul.kit import crypto
from seonmul.payments.models import Report as PaymentReport
from seonmul.providers.portone import payments

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


def called(provider: str, body: str = "{}") -> int:
    address = f"/hooks/payments/{provider}"
    sent = {"webhook-id": "msg_1", "webhook-signature": "v1,x", "webhook-timestamp": "1", "cookie": "a=b"}
    return int(Client().post(address, body, content_type="application/json", headers=sent).status_code)


def test_a_payment_report_is_kept_with_what_its_signature_needs_and_no_more() -> None:
    """P2: 200 at once; sealed as it came."""
    assert called("portone", '{"type": "편지"}') == 200
    kept = PaymentReport.objects.get()
    raw = json.loads(crypto.ring().open(PaymentReport.RAW, kept.raw_sealed))
    assert {name.lower() for name in raw["headers"]} == {
        "webhook-id", "webhook-signature", "webhook-timestamp", "content-type",
    }  # fmt: skip
    assert raw["body"] == '{"type": "편지"}' and kept.read_at is None
    (job,) = ProcrastinateJob.objects.filter(task_name="payments.read_report")
    assert job.args == {"report_id": str(kept.id)}


def test_a_payment_report_of_nobody_or_far_too_long_is_not_kept() -> None:
    assert called("nobody") == 404
    assert called("portone", "x" * 20_000) == 413
    assert Client().get("/hooks/payments/portone").status_code == 405
    assert not PaymentReport.objects.exists()


def test_the_sandbox_calls_where_the_door_is() -> None:
    """X1: and the adapter asks for the same address."""
    door = reverse("webhooks:payments", args=["portone"])
    assert payments.REPORTS_PATH == door
    assert roles.sandbox().environment["SANDBOX_PORTONE_WEBHOOK_URL"] == settings.PUBLIC_URL + door

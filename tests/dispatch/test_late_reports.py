"""Reports two hours late, too early, twice: through the address that a provider calls. S3, S4

Our own asking has long been answered when they come; a report repeats what is known, or is a later truth, and never sends
anything. Batches are handed over four days ago, since the view has the clock of today.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as now_set
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.cli import prove
from seonmul.dispatch import actions, carriers, events, queries
from seonmul.dispatch.actions import _sending
from seonmul.dispatch.models import Attempt, Batch
from seonmul.kit import clock, wire
from tests import given
from tests.dispatch.test_mail import mails_to, returned
from tests.dispatch.test_nhn import hook
from tests.dispatch.test_sending import batch_to
from tests.providers.recorder import Recorder
from tests.providers.test_esp import TAKEN, report
from tests.providers.test_esp import service as service
from tests.sandbox.outside import Outside

pytestmark = pytest.mark.django_db

OFF = {"solapi": "01020003043", "nhn": "01020002003"}
FINE, KIM, LEE = "01020000001", "bounce@gaon.example", "lee@gaon.example"


@pytest.fixture(params=OFF)
def vendor(request: pytest.FixtureRequest, carrier: Outside, settings: Any) -> Iterator[str]:
    settings.CARRIER = request.param
    settings.SANDBOX_URL = carrier.url
    yield request.param


def called(name: str, body: bytes, kind: str = "application/json") -> None:
    """A provider calls, and what is queued by it is done."""
    words = {"X-Toast-Webhook-Signature": now_set.NHN_WEBHOOK_SIGNATURE}
    address = f"/hooks/carriers/{name}/{now_set.WEBHOOK_SECRET}"
    assert Client().post(address, body, content_type=kind, headers=words).status_code == 200
    given.worked(only="dispatch.")


def reported(name: str, batch: Batch) -> list[bytes]:
    """What a vendor calls with about a batch: NHN one by one, SOLAPI all at once."""
    attempts = Attempt.objects.filter(batch=batch).order_by("id")
    if name == "nhn":
        return [hook(attempt) for attempt in attempts]
    data = [{"data": {"groupId": batch.handle, "statusCode": "4000"}, "retryCount": 0} for _ in attempts]
    return [json.dumps(data).encode()]


def results(batch: Batch) -> list[str]:
    return list(Attempt.objects.filter(batch=batch).order_by("id").values_list("result", flat=True))


def told() -> int:
    """How often results were announced and nobody has heard yet."""
    return ProcrastinateJob.objects.filter(task_name=f"gifts.on.{events.RESULTS}").count()


def handed(batch: Batch, at: datetime) -> Batch:
    actions.send(batch.id, at=at)
    batch.refresh_from_db()
    assert batch.state == "handed"
    return batch


def is_proved(carrier: Outside, messages: int) -> None:
    assert Attempt.objects.count() == len(carrier.inside("GET", "messages")) == messages
    assert carrier.inside("GET", "stats")["duplicates"] == 0
    assert queries.faults() == [] and prove._against_the_sandbox()[0] == []


def test_a_report_two_hours_after_our_own_ask_repeats_what_is_known(carrier: Outside, vendor: str) -> None:
    """S3, S4: no second message, no second event; nor when it comes twice or in the other order."""
    at = clock.now() - timedelta(hours=3)
    batch = handed(batch_to(given.company(cash_won=0).buyer, [FINE, OFF[vendor]]), at)
    actions.ask(batch.id, at=at + timedelta(hours=1))
    assert results(batch) == ["delivered", "power_off"]
    before = told()
    for body in (*reversed(reported(vendor, batch)), *reported(vendor, batch)):
        called(vendor, body)
    assert results(batch) == ["delivered", "power_off"] and told() == before == 1
    is_proved(carrier, 2)


def test_a_report_two_hours_after_no_answer_overrides_it_once(carrier: Outside, vendor: str) -> None:
    """S4: after 81 hours "no answer" stands; what is told two hours later is the truth, twice told is told once."""
    at = clock.now() - timedelta(hours=84)
    batch = handed(batch_to(given.company(cash_won=0).buyer, [FINE, OFF[vendor]]), at)
    carrier.fault("error_500", provider=vendor, route="ask", times=2)
    with pytest.raises(wire.WireError):
        actions.ask(batch.id, at=at + timedelta(hours=82))
    assert results(batch) == ["no_answer", "no_answer"] and told() == 1
    carrier.inside("DELETE", "faults")
    for body in reversed(reported(vendor, batch)):
        called(vendor, body)
    assert results(batch) == ["delivered", "power_off"]
    first = told()
    assert first == 1 + len(reported(vendor, batch)), "one event for each answer that changed something"
    for body in reported(vendor, batch):
        called(vendor, body)
    assert results(batch) == ["delivered", "power_off"] and told() == first
    is_proved(carrier, 2)


def test_mails_that_come_back_two_hours_later_in_any_order_override_once(
    carrier: Outside, settings: Any
) -> None:
    """S4: by SMTP nobody is asked, and a notification is believed; no second mail, no second event for a second one."""
    settings.SANDBOX_URL = carrier.url
    at = clock.now() - timedelta(hours=2)
    batch = handed(mails_to(given.company(cash_won=0).buyer, [KIM, LEE]), at)
    actions.ask(batch.id, at=at + timedelta(minutes=1))
    assert results(batch) == ["delivered", "delivered"] and told() == 1
    first, second = Attempt.objects.filter(batch=batch).order_by("id")
    for attempt, so_far in ((second, 2), (first, 3), (first, 3), (second, 3)):
        called("smtp", returned(f"<{attempt.id}@localhost>", "5.1.1"), "message/rfc822")
        assert told() == so_far
    assert results(batch) == ["invalid_number", "invalid_number"]
    is_proved(carrier, 2)


def test_a_mail_that_comes_back_before_its_sending_is_written_down_stays_returned(carrier: Outside) -> None:
    """S3, S4: the server took it, the notification was quicker than we: what it took is not the later truth."""
    batch, at = mails_to(given.company(cash_won=0).buyer, [KIM]), clock.now()
    claim = _sending._claim(batch.id, at)
    assert claim is not None
    claimed, progress, _ = claim
    line = carriers.carrier_of("smtp")
    while not (
        step := line.step(str(batch.id), progress, lambda: queries.parcels_of(claimed), is_again=False)
    ).receipts:
        _sending._record(claimed, progress, step, at)
        progress = step.progress
    line.close()
    attempt = Attempt.objects.get(batch=batch)
    body = returned(f"<{attempt.id}@localhost>", "5.1.1")
    assert Client().post(
        f"/hooks/carriers/smtp/{now_set.WEBHOOK_SECRET}", body, content_type="message/rfc822"
    ).status_code == 200  # fmt: skip
    given.worked(only="dispatch.read_report")
    _sending._record(claimed, progress, step, at, is_last=True)
    given.worked(only="dispatch.")
    assert results(batch) == ["invalid_number"] and len(carrier.mails()) == 1


def test_a_mail_services_reports_two_hours_late_doubled_and_out_of_order(service: Recorder) -> None:
    """S3, S4: a bounce overrides that the mail was taken; that it was delivered before, told afterwards, tells no news twice."""
    at = clock.now() - timedelta(hours=2)
    service.will_answer(TAKEN)
    service.will_answer(TAKEN | {"MessageID": "c8", "To": LEE})
    batch = handed(mails_to(given.company(cash_won=0).buyer, ["kim@gaon.example", LEE]), at)
    assert results(batch) == ["delivered", "delivered"] and told() == 1
    first, second = Attempt.objects.filter(batch=batch).order_by("id")
    for attempt, so_far in ((second, 2), (first, 3), (first, 3), (second, 3)):
        called("esp", report(str(attempt.id)))
        assert told() == so_far
    assert results(batch) == ["invalid_number", "invalid_number"]
    assert len(service.sent) == 2, "reports send nothing"
    assert queries.faults() == []

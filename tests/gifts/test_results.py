"""Results that come at the same moment: whatever the order in which jobs work, the newest truth stays. S4"""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.dispatch import actions as dispatch
from seonmul.dispatch.models import Attempt, Batch
from seonmul.gifts import actions, queries
from seonmul.gifts.models import Gift
from seonmul.kit import clock
from seonmul.orders.models import Order
from tests import given
from tests.orders.test_actions import somebody_waits_for_us


@pytest.mark.django_db(transaction=True)
def test_a_job_that_waited_does_not_write_what_was_true_before_it_waited(carrier) -> None:
    """S3, S4: hundreds of mails of one batch come back at once; each has a job that reads the whole batch."""
    order = given.placed(given.company(), given.numbers(3))
    given.worked()
    batch = Attempt.objects.filter(message__subject__in=Gift.objects.filter(order=order).values("id"))[
        0
    ].batch
    Attempt.objects.filter(batch=batch).update(result="delivered", state="ended", vendor_code="250")
    is_locked = threading.Event()

    def later_truth() -> None:
        """Another job has the copies while ours begins, and the last of them comes back in the meantime."""
        with transaction.atomic():
            queries.lock_outcomes(list(Gift.objects.filter(order=order).values_list("id", flat=True)))
            is_locked.set()
            while not somebody_waits_for_us():
                time.sleep(0.01)
            Attempt.objects.filter(batch=batch).update(result="invalid_number", vendor_code="5.1.1")
            Gift.objects.filter(order=order).update(result="spam")
        connection.close()

    other = threading.Thread(target=later_truth)
    other.start()
    is_locked.wait(30)
    actions.note_results(batch.id, at=clock.now())
    other.join(30)
    assert set(Gift.objects.filter(order=order).values_list("result", flat=True)) == {"invalid_number"}


@pytest.mark.django_db
def test_results_whose_job_has_failed_for_good_are_noted_by_a_sweep(carrier) -> None:
    """S3, S4: a sweep looks for rows, not for jobs; and `prove` says so until then."""
    who = given.company()
    order = given.placed(who, given.numbers(3))
    given.worked(only="gifts.")
    given.worked(only="dispatch.send")
    at = clock.now()
    for batch in Batch.objects.all():
        dispatch.ask(batch.id, at=at)
    waits = Gift.objects.filter(order=order, result="waiting")
    assert waits.count() == 3 and queries.faults() == [], "the job is on its way"
    ProcrastinateJob.objects.filter(task_name=queries.HEARING).update(status="failed")
    assert {what for what, *_ in queries.faults()} == {"a copy waits although its message has an end"}
    assert actions.sweep_results(at=at + timedelta(minutes=9)) == 0, "a job tries again for some minutes"
    for _ in range(2):
        assert actions.sweep_results(at=at + timedelta(minutes=11)) == 1
    assert ProcrastinateJob.objects.filter(task_name=queries.HEARING, status="todo").count() == 1
    given.worked()
    assert waits.count() == 0 and queries.faults() == []
    assert Order.objects.get(id=order.id).state == "finished"
    assert actions.sweep_results(at=at + timedelta(days=9)) == 0


@pytest.mark.django_db
def test_what_really_waits_is_no_business_of_the_sweep(carrier) -> None:
    """S4, S5: no answer yet, sent again since, or gone to another number."""
    who = given.company()
    given.placed(who, ["01020009999", "01020003043", "01020013043"])
    given.answered()
    first, again, moved = Gift.objects.order_by("position")
    later = clock.now() + timedelta(hours=1)
    assert actions.resend([again.id], by=who.owner, at=later).sent == 1
    actions.change_number(moved.id, "01099990001", subject=uuid4(), by=given.operator(), at=later)
    assert set(Gift.objects.values_list("result", flat=True)) == {"waiting"} and first.result == "waiting"
    assert queries.unheard(later + timedelta(hours=1)) == []

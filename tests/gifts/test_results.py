"""Results that come at the same moment: whatever the order in which jobs work, the newest truth stays. S4"""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from seonmul.dispatch.models import Attempt
from seonmul.gifts import actions, queries
from seonmul.gifts.models import Gift
from seonmul.kit import clock
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

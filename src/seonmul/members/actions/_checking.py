"""Asking the tax office about a business that signs up, in three beats. M1"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from seonmul.kit import jobs, states, wire
from seonmul.members import queries, rules
from seonmul.members.models import BusinessCheck, CheckOutcome, CheckState
from seonmul.members.ports import TaxOffice

log = logging.getLogger(__name__)


def check_business(check_id: UUID, *, at: datetime) -> None:
    """Claim, call, record. The wire's errors make the job try again; a question is safe to repeat."""
    claimed = _claim(check_id, at)
    if claimed is None:
        return
    office: TaxOffice = import_string(settings.TAX_OFFICE)()
    try:
        answer = office.check(claimed.business_number, claimed.representative, claimed.opened_on)
    except wire.Declined as declined:  # our key or our question is wrong: asking again does not help
        log.error("the tax office declines us: %s", declined.code)
        _record(check_id, CheckOutcome.NO_ANSWER, at)
        return
    except wire.WireError:
        BusinessCheck.objects.filter(id=check_id).update(claimed_until=None)
        raise
    _record(check_id, CheckOutcome(rules.outcome_of(answer.state, matches=answer.matches)), at)


@transaction.atomic
def _claim(check_id: UUID, at: datetime) -> BusinessCheck | None:
    row = queries.locked_check(check_id)
    if row is None or row.state != CheckState.OPEN or (row.claimed_until and at < row.claimed_until):
        return None
    until = at + timedelta(seconds=settings.SECONDS_CLAIM)
    BusinessCheck.objects.filter(id=check_id).update(claimed_until=until)
    return row


@transaction.atomic
def _record(check_id: UUID, outcome: CheckOutcome, at: datetime) -> None:
    """Keep the answer, unless the sign-up has stopped waiting for it."""
    rows = BusinessCheck.objects.filter(id=check_id)
    if states.move(rows, CheckState.OPEN, CheckState.ENDED, outcome=outcome, ended_at=at):
        waiting = queries.sign_up_of_check(check_id)
        if waiting and waiting.proved_at:
            jobs.enqueue("members.finish_sign_up", sign_up_id=waiting.id)

"""What the provider calls us with: kept as it came, verified, and taken as a hint. P2, P3"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from seonmul.figures import queries as figures_now
from seonmul.kit import crypto, jobs
from seonmul.payments import queries
from seonmul.payments.models import Report
from seonmul.payments.ports import Forged
from seonmul.payments.provider import provider


@transaction.atomic
def keep_report(name: str, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Report:
    """Store what a provider called us with, and have it read."""
    raw = json.dumps({"headers": dict(headers), "body": body.decode("utf-8", "replace")})
    sealed = crypto.ring().seal(Report.RAW, raw)
    report = Report.objects.create(provider=name, raw_sealed=sealed, came_at=at)
    jobs.enqueue("payments.read_report", report_id=report.id)
    return report


@transaction.atomic
def read_report(report_id: UUID, *, at: datetime) -> None:
    """Verify a report and have the payments asked about that it speaks of; a forged one is kept and marked.

    Its age is that of its coming: a report that waited here in a queue is not an old one.
    """
    report = Report.objects.get(id=report_id)
    raw = json.loads(crypto.ring().open(Report.RAW, report.raw_sealed))
    try:
        references = provider().read_report(raw["headers"], raw["body"].encode(), report.came_at)
    except Forged:
        Report.objects.filter(id=report_id).update(read_at=at, is_forged=True)
        return
    for payment_id in queries.by_reference(references):
        jobs.enqueue_once("payments.ask", f"payment:{payment_id}", payment_id=payment_id)
    for refund_id in queries.refunds_of(references):
        jobs.enqueue_once("payments.refund", f"refund:{refund_id}", refund_id=refund_id)
    Report.objects.filter(id=report_id).update(read_at=at)


@transaction.atomic
def forget_reports(*, at: datetime) -> int:
    """Delete reports after their term. X2"""
    term = timedelta(days=figures_now.figures(at).report_days)
    return Report.objects.filter(came_at__lt=at - term).delete()[0]

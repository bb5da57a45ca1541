"""Codes of carriers that nobody has mapped: kept, told once, and seen by staff. S4"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.dispatch import events
from seonmul.dispatch.models import Batch, StrangeCode
from seonmul.kit import jobs

_CODE_MOST = 40


def note(batch_id: UUID, codes: Iterable[str], at: datetime) -> None:
    """Remember codes that a batch's carrier has given; each is told once, however often and by whomever it is met. S4

    Whoever calls is in a transaction.
    """
    carrier = Batch.objects.values_list("carrier", flat=True).get(id=batch_id)
    wanted = {code[:_CODE_MOST] for code in codes}
    known = StrangeCode.objects.filter(carrier=carrier, code__in=wanted).values_list("code", flat=True)
    for code in sorted(wanted - set(known)):
        made, is_new = StrangeCode.objects.get_or_create(carrier=carrier, code=code, defaults={"met_at": at})
        if is_new:
            jobs.announce(events.STRANGE_CODE, code_id=made.id)


@transaction.atomic
def see_strange_code(public_id: str, *, by: UUID, at: datetime) -> bool:
    """Somebody of staff knows of it now; says whether it was new to them. S4"""
    row = StrangeCode.objects.select_for_update().filter(public_id=public_id, seen_at=None).first()
    if row is None:
        return False
    StrangeCode.objects.filter(id=row.id).update(seen_at=at)
    audit.record("strange_code_seen", by=by, subject=row.id, at=at, carrier=row.carrier, code=row.code)
    return True

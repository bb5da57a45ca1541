"""The table of which card works by which way. P3"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.kit.refusals import refuse
from seonmul.members.models import Member
from seonmul.payments import rules
from seonmul.payments.models import IssuerRule


@transaction.atomic
def add_issuer_rule(
    issuer: str, card: str, ways: Sequence[str], *, note: str, checked_on: date, by: Member, at: datetime
) -> IssuerRule:
    """Say anew how an issuer's cards of a kind can pay; the rows before stay as history. Raises Refused. P3"""
    refuse(rules.why_not_add_issuer_rule(issuer, card, ways, checked_on, at=at))
    row = IssuerRule.objects.create(
        issuer=issuer,
        card=card,
        ways=list(ways),
        note=note.strip()[: rules.ISSUER_NOTE_MOST],
        checked_on=checked_on,
        by=str(by.id),
        changed_at=at,
    )
    audit.record("issuer_rule_added", by=by.id, subject=row.id, at=at, issuer=issuer, card=card)
    return row

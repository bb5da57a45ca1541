"""Cash that came back to an account after it was closed: finance transfers it by hand and says so. M9, P5"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.kit import ids
from seonmul.kit.refusals import No, Refused
from seonmul.ledger import actions as ledger
from seonmul.ledger.models import Kind
from seonmul.members import queries as members
from seonmul.members.models import Member
from seonmul.payments import queries, rules


@transaction.atomic
def pay_left(buyer_id: UUID, won: int, *, note: str, by: Member, at: datetime) -> None:
    """Note the transfer of cash that nobody can ask for any more, for good. Raises Refused. M9, P9

    `won`: what was really transferred; what came back meanwhile stays and waits on.
    """
    members.locked_buyer(buyer_id)
    left = queries.left_cash_of(buyer_id)
    if left is None or not left.cash_won:
        raise Refused(No(rules.PayoutRefusal.NO_HAND))
    if not 0 < won <= left.cash_won:
        raise Refused(No(rules.PayoutRefusal.OTHER_SUM, {"cash": left.cash_won}))
    if not note.strip():
        raise Refused(No(rules.RefundRefusal.NO_NOTE))
    cause, changes = f"left:{ids.new_id()}", {Kind.CASH: -won, Kind.BANK: won}
    ledger.move(buyer_id, changes, cause=cause, kind="payout", subject=left.public_id, at=at)
    audit.record(
        "left_cash_paid", by=by.id, subject=buyer_id, company=buyer_id, at=at, amount_won=won,
        said=note.strip()[: rules.PAYOUT_NOTE_MOST],
    )  # fmt: skip

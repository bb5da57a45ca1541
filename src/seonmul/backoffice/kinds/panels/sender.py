"""A sender number: what the buyer has, and the decision on what waits, with its proof. M6"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from seonmul.backoffice.kinds import senders
from seonmul.backoffice.kinds.panels.frame import Done, Panel
from seonmul.backoffice.rules import Power
from seonmul.dispatch import queries
from seonmul.dispatch.rules import SenderRefusal
from seonmul.kit import masks
from seonmul.kit.refusals import No, Refused
from seonmul.members.models import Member
from seonmul.support.models import Inquiry, InquiryState

#: So many numbers are decided beside one inquiry; the others wait in the queue.
_WAITING_MOST = 5
_OTHERS_MOST = 20


def shown(row: Inquiry, at: datetime) -> dict[str, Any]:
    """Each number that waits as its own matter would show it; of the others the state."""
    if row.state == InquiryState.CLOSED:
        return {}
    numbers = queries.senders_asked_for(row.buyer_id)
    waiting = [one for one in numbers if one.is_waiting][:_WAITING_MOST]
    others = [(masks.mask_phone(one.digits), one) for one in numbers if one not in waiting]
    return {
        "waiting": [senders.opened(one.public_id, at) for one in waiting],
        "others": others[:_OTHERS_MOST],
        "checks": senders.KIND.checks,
        "reasons": senders.KIND.reasons,
    }


def act(row: Inquiry, typed: Mapping[str, str], by: Member, at: datetime) -> Done:
    """Decide on one of the buyer's numbers. Whoever applied is told; the inquiry waits for its answer."""
    found = queries.sender(typed.get("sender", ""))
    if found is None or found.buyer_id != row.buyer_id:
        raise Refused(No(SenderRefusal.NOT_WAITING))
    approve, checks = typed.get("verdict") == "approve", frozenset({typed.get("checks", "")})
    senders.decide(found.id, approve=approve, reason=typed.get("reason", ""), checks=checks, by=by, at=at)
    return Done(gettext(senders.KIND.yes_said if approve else senders.KIND.no_said), is_answered=False)


PANEL = Panel(
    template="backoffice/queue/panels/sender.html", power=Power.DECIDE_SENDERS, shown=shown, act=act
)

"""What dispatch asks in the moment of sending: which of these gifts must not go out any more. S5"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from seonmul.gifts import rules
from seonmul.gifts.models import Gift


class Gate:
    """Implements dispatch.ports.Gate; subjects that are no gifts pass."""

    def withdrawn(self, subjects: Sequence[UUID], at: datetime) -> set[UUID]:
        """Those whose voucher was used, has expired, or was stopped, and those of an order that was stopped.

        Copies that were being issued at the moment of the stop are among them; only a resend, or a change of number, after it passes. S6
        """
        rows = Gift.objects.filter(id__in=list(subjects)).values_list(
            "id",
            "voucher__state",
            "voucher__valid_until",
            "sent_at",
            "resends",
            "order__halted_at",
            "to_index",
        )
        return {
            gift
            for gift, state, until, sent_at, resends, halted_at, moved in rows
            if rules.why_not_send(state, until, at=at)
            or (halted_at and (not (resends or moved) or sent_at <= halted_at))
        }

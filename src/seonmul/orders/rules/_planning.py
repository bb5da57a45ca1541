"""What must be done by when so that an order goes out at its time, said backwards. O5, O8"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from seonmul.figures.rules import Figures
from seonmul.kit import business
from seonmul.kit.business import Calendar
from seonmul.orders.rules._approving import COMPANY, OPERATOR

#: How long a company's own consent usually takes; nobody but the company can promise it. Ours
COMPANY_DAYS = 1


class Doing(StrEnum):
    """What has to be done before an order goes out."""

    CHARGE = "charge"
    PAY = "pay"
    COMPANY = "company"
    OPERATOR = "operator"
    SEND = "send"


@dataclass(frozen=True)
class Due:
    """One thing and the last moment for it; `is_late`: that moment has passed."""

    what: Doing
    by: datetime
    is_late: bool


def plan(
    send_at: datetime,
    *,
    steps: Sequence[str],
    needs_charge: bool,
    is_paid: bool = False,
    figures: Figures,
    calendar: Calendar,
    at: datetime,
) -> list[Due]:
    """What must be done by when, in order, the sending last. O5

    `steps`: the consents that are still to be given; each may begin only when what stands before it is done, and counts
    in business hours. `needs_charge`: there is not enough cash yet, and a transfer comes before paying.
    """
    begins, found = send_at, [(Doing.SEND, send_at)]
    if OPERATOR in steps:
        found.append((Doing.OPERATOR, begins))
        begins = business.begin_by(begins, hours=figures.urgent_business_hours, calendar=calendar)
    if COMPANY in steps:
        found.append((Doing.COMPANY, begins))
        begins = business.begin_by(begins, days=COMPANY_DAYS, calendar=calendar)
    if not is_paid:
        found.append((Doing.PAY, begins))
        if needs_charge:
            found.append((Doing.CHARGE, begins))
    return [Due(what, by, by < at) for what, by in reversed(found)]

"""One row's calls to the external issuer, and what came of them. No transaction is open, nothing is written. C3"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from seonmul.kit import wire
from seonmul.vouchers.issuer import issuer
from seonmul.vouchers.models import Supply, SupplyState
from seonmul.vouchers.ports import Coupon, Hindered, Hindrance, Told


class Came(StrEnum):
    """What came of the calls about a row."""

    ISSUED = "issued"
    REFUSED = "refused"  # a final no: nothing was issued, nothing will be
    HINDERED = "hindered"  # nothing until staff mend it
    NOT_SENT = "not_sent"  # the first call never left
    UNKNOWN = "unknown"  # ask again later
    LOST = "lost"  # it is alive there, and nobody here knows its code
    GONE = "gone"  # nothing is alive there under this reference, nor will be
    STANDS = "stands"  # the coupon as it stands
    CANCELLED = "cancelled"
    KEPT = "kept"  # the issuer does not take it back


@dataclass(frozen=True)
class Outcome:
    """What came of it, with the issuer's own word."""

    came: Came
    code: str = field(repr=False, default="")
    vendor_id: str = ""
    vendor_code: str = ""
    hindrance: Hindrance | None = None
    coupon: Coupon | None = None


_ENDED = (Told.CANCELLED, Told.EXPIRED)


def call(row: Supply) -> Outcome:
    """Go on with a row as it stood when it was claimed."""
    try:
        if row.state == SupplyState.WANTED:
            return _issue(row)
        if row.state == SupplyState.ASKED:
            return _look(row, may_issue=True)
        if row.state == SupplyState.DROPPING:
            return _drop(row)
        if row.state == SupplyState.CANCELLING:
            return _take_back(row)
        told = issuer().ask(row.reference)
        return Outcome(Came.STANDS, vendor_code=told.vendor_code, coupon=told)
    except wire.Declined as no:
        return Outcome(Came.UNKNOWN, vendor_code=no.code)
    except Hindered as hindered:
        return Outcome(Came.HINDERED, vendor_code=hindered.code, hindrance=hindered.why)
    except wire.Unreached:
        return Outcome(Came.NOT_SENT if row.state == SupplyState.WANTED else Came.UNKNOWN)
    except wire.InDoubt:
        return Outcome(Came.UNKNOWN)


def _issue(row: Supply) -> Outcome:
    """Have it issued; a reference that the issuer has seen means that an earlier call arrived.

    Only its own no to issuing is final: a no to a question says nothing of what an earlier call came to.
    """
    try:
        issued = issuer().issue(row.reference, row.goods_code)
    except wire.Declined as no:
        return Outcome(Came.REFUSED, vendor_code=no.code)
    if issued is None:
        return _look(row, may_issue=False)
    came = Came.ISSUED if issued.code else Came.LOST
    return Outcome(came, code=issued.code, vendor_id=issued.vendor_id)


def _look(row: Supply, *, may_issue: bool) -> Outcome:
    """Ask by our reference what an earlier call came to; only when it came to nothing is it made again."""
    told = issuer().ask(row.reference)
    if told.state is Told.NOTHING and may_issue:
        return _issue(row)
    if told.state is Told.LIVE:
        return Outcome(Came.ISSUED if told.code else Came.LOST, code=told.code, vendor_code=told.vendor_code)
    return Outcome(Came.GONE if told.state in _ENDED else Came.UNKNOWN, vendor_code=told.vendor_code)


def _drop(row: Supply) -> Outcome:
    """Cancel what is alive there without a code here, so that it can be issued anew: never two at once."""
    told, _ = _cancelled(row)
    is_gone = told.state in _ENDED or told.state is Told.NOTHING
    return Outcome(Came.GONE if is_gone else Came.UNKNOWN, vendor_code=told.vendor_code)


def _take_back(row: Supply) -> Outcome:
    """Cancel because the price goes back; what was used meanwhile stays."""
    told, is_declined = _cancelled(row)
    if told.state is Told.CANCELLED:
        return Outcome(Came.CANCELLED, vendor_code=told.vendor_code)
    if told.state in (Told.USED, Told.EXPIRED):
        return Outcome(Came.STANDS, vendor_code=told.vendor_code, coupon=told)
    if told.state is Told.LIVE and is_declined:
        return Outcome(Came.KEPT, vendor_code=told.vendor_code)
    return Outcome(Came.UNKNOWN, vendor_code=told.vendor_code)


def _cancelled(row: Supply) -> tuple[Coupon, bool]:
    """Cancel, and ask how it stands now: only that counts."""
    is_declined = False
    try:
        issuer().cancel(row.reference)
    except wire.Declined:
        is_declined = True
    return issuer().ask(row.reference), is_declined

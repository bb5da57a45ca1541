"""Holding the books against the provider's own list, day by day. P9

Found by nobody's report: a webhook that was lost, one that came twice, a payment made while we were down. What one
question to the provider mends is mended and stays written down; the rest waits for finance.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from seonmul.audit import actions as audit
from seonmul.kit import bulk, jobs, states
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.members.models import Member
from seonmul.payments import queries, rules
from seonmul.payments.actions import _asking, _refunding
from seonmul.payments.models import Difference, DifferenceKind, DifferenceState, Reconciliation
from seonmul.payments.ports import Payment as ToldPayment
from seonmul.payments.provider import provider
from seonmul.payments.queries import Found, Span
from seonmul.payments.rules import ReconcileRefusal, RefundRefusal

_STAGED = {
    "reference": "text", "state": "text", "paid_won": "int8", "cancelled_won": "int8", "is_ours": "bool",
    "is_of_day": "bool",
}  # fmt: skip
_MENDED = "결제사에 다시 물어 맞췄습니다."


def reconcile(day: date, *, at: datetime) -> None:
    """Hold one day of Seoul against the provider's list. Done again it finds the same, and mends what fits now. P9

    The list is read whole before anything is compared; an outage of the provider leaves the day as it was.
    """
    span = queries.span_of(day)
    _compare(day, span, list(provider().payments(span.since, span.until)), at)


@transaction.atomic
def _compare(day: date, span: Span, told: list[ToldPayment], at: datetime) -> None:
    of_day = [one for one in told if rules.is_of_day(one, span.since, span.until)]
    _stage(told, {one.reference for one in of_day})
    found = queries.found_differences(span)
    came = [one.paid_won or 0 for one in of_day if one.at is None or span.since <= one.at < span.until]
    Reconciliation.objects.update_or_create(
        day=day,
        defaults={
            "theirs": len(of_day), "theirs_won": sum(came), "matched": queries.matched_count(span),
            "differences": len(found), "done_at": at,
        },
    )  # fmt: skip
    rows = _note(day, found, at)
    known = {one.reference for one in found if one.is_known and one.kind != DifferenceKind.MISSING_THERE}
    again = [row for row in rows if row.state == DifferenceState.OPEN and row.reference in known]
    jobs.enqueue_many("payments.look_again", [{"difference_id": row.id} for row in again])
    stale = Difference.objects.filter(day=day).exclude(reference__in=[one.reference for one in found])
    states.move(stale, DifferenceState.OPEN, DifferenceState.MENDED, settled_at=at, note=_MENDED)


def _stage(told: Iterable[ToldPayment], of_day: set[str]) -> None:
    with connection.cursor() as cursor:
        columns = ", ".join(f"{name} {kind}" for name, kind in _STAGED.items())
        cursor.execute("DROP TABLE IF EXISTS told_payment")
        cursor.execute(f"CREATE TEMP TABLE told_payment ({columns}) ON COMMIT DROP")
    rows = {
        one.reference: (
            one.reference, str(one.state), one.paid_won or 0, one.cancelled_won, one.is_ours, one.reference in of_day
        )
        for one in told
    }  # fmt: skip
    bulk.copy("told_payment", _STAGED, rows.values())


def _note(day: date, found: list[Found], at: datetime) -> list[Difference]:
    """Keep what was found; a difference that somebody settled opens again only when a side has changed since."""
    known = Difference.objects.select_for_update().filter(reference__in=[one.reference for one in found])
    before = {row.reference: row for row in known.order_by("id")}
    fresh, changed = [], []
    for one in found:
        facts = {
            "kind": one.kind, "ours": one.ours, "theirs": one.theirs, "ours_won": one.ours_won,
            "theirs_won": one.theirs_won,
        }  # fmt: skip
        row = before.get(one.reference)
        if row is None:
            fresh.append(Difference(day=day, reference=one.reference, found_at=at, **facts))
        elif (row.ours, row.theirs) != (one.ours, one.theirs) or row.state == DifferenceState.MENDED:
            for name, value in facts.items():
                setattr(row, name, value)
            if row.state != DifferenceState.OPEN:
                row.state, row.found_at, row.settled_at, row.settled_by = DifferenceState.OPEN, at, None, None
            changed.append(row)
    Difference.objects.bulk_create(fresh)
    names = [
        "kind",
        "ours",
        "theirs",
        "ours_won",
        "theirs_won",
        "state",
        "found_at",
        "settled_at",
        "settled_by",
    ]
    Difference.objects.bulk_update(changed, names)
    return [*fresh, *before.values()]


def look_again(difference_id: UUID, *, at: datetime) -> None:
    """Ask the provider once more about one payment, book what it tells, and see whether both sides agree now. P9

    What each side said when it was found stays written down.
    """
    row = Difference.objects.filter(id=difference_id, state=DifferenceState.OPEN).first()
    if row is None:
        return
    told = provider().payment(row.reference)
    payment = queries.payment_of_reference(row.reference)
    if payment:
        _asking.note(payment.id, told, at=at)
        for refund_id in queries.refunds_of([row.reference]):
            _refunding.try_refund(refund_id, at=at)
    _judge(difference_id, told, at)


@transaction.atomic
def _judge(difference_id: UUID, told: ToldPayment, at: datetime) -> None:
    row = queries.locked_difference(difference_id)
    if row.state != DifferenceState.OPEN:
        return
    _stage([told], {told.reference})
    if queries.found_differences(Span(at, at)):
        return
    rows = Difference.objects.filter(id=row.id)
    states.move(rows, DifferenceState.OPEN, DifferenceState.MENDED, settled_at=at, note=_MENDED)
    audit.record("difference_mended", by="provider", subject=row.id, at=at)


@transaction.atomic
def reconcile_days(*, at: datetime) -> None:
    """Queue yesterday, and days that were left out while we were down. P9"""
    for day in rules.days_to_reconcile(queries.reconciled_days(), at=at):
        jobs.enqueue_once("payments.reconcile", f"reconcile:{day}", day_id=day.isoformat())


@transaction.atomic
def reconcile_again(day: date, *, by: Member, at: datetime) -> None:
    """Staff: hold a day against the provider's list once more. Raises Refused for a day that is not over. P9"""
    refuse(rules.why_not_reconcile(day, at=at))
    audit.record("reconcile_asked", by=by.id, subject=day.isoformat(), at=at)
    jobs.enqueue_once("payments.reconcile", f"reconcile:{day}", day_id=day.isoformat())


@transaction.atomic
def ask_about_difference(difference_id: UUID, *, by: Member, at: datetime) -> None:
    """Staff: have the provider asked once more. Raises Refused when it was settled meanwhile. P9"""
    row = _open(difference_id)
    audit.record("difference_asked", by=by.id, subject=row.id, at=at)
    jobs.enqueue_once("payments.look_again", f"difference:{row.id}", difference_id=row.id)


@transaction.atomic
def accept_difference(difference_id: UUID, *, note: str, by: Member, at: datetime) -> None:
    """Staff: it was looked into and stays as it is; with a note, for good. Raises Refused. P9"""
    row = _open(difference_id)
    if not note.strip():
        raise Refused(No(RefundRefusal.NO_NOTE))
    note = note.strip()[: rules.DIFFERENCE_NOTE_MOST]
    rows = Difference.objects.filter(id=row.id)
    states.move(rows, DifferenceState.OPEN, DifferenceState.ACCEPTED, settled_at=at, settled_by=by, note=note)
    audit.record("difference_accepted", by=by.id, subject=row.id, at=at)


def _open(difference_id: UUID) -> Difference:
    row = queries.locked_difference(difference_id)
    if row.state != DifferenceState.OPEN:
        raise Refused(No(ReconcileRefusal.DECIDED))
    return row

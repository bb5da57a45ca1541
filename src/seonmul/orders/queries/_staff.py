"""A draft's list beside a staff list, compared by the keyed index of where each goes. O1"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from seonmul.figures import queries as figures_now
from seonmul.kit import crypto
from seonmul.orders import lists, rules
from seonmul.orders.models import Draft, DraftItem, DraftRow, OrderKind, OrderState, Recipient, StaffRow

#: So many of each kind are shown by name; of the rest the number.
STAFF_SHOWN = 10


def leavers(draft: Draft) -> QuerySet[DraftRow]:
    """Rows of people who are not on the staff list."""
    staff = StaffRow.objects.filter(draft=draft).values("to_index")
    return _listed(draft).exclude(to_index__in=staff)


def missed(draft: Draft) -> QuerySet[StaffRow]:
    """Staff who are not on the draft's list."""
    rows = StaffRow.objects.filter(draft=draft)
    return rows.exclude(to_index__in=_listed(draft).values("to_index")).order_by("id")


def sent_by_colleagues(draft: Draft, at: datetime) -> QuerySet[DraftRow]:
    """Rows of people to whom somebody of this buyer has sent the same product lately; no more than to be sent."""
    since = at - timedelta(days=figures_now.figures(at).staff_sent_days)
    got = Recipient.objects.filter(
        line__product_id__in=DraftItem.objects.filter(draft=draft).values("product_id"),
        line__order__buyer_id=draft.buyer_id,
        line__order__paid_at__gte=since,
    ).exclude(line__order__state__in=[OrderState.CANCELLED, OrderState.REFUSED])
    index = "mail_index" if draft.kind == OrderKind.MAIL else "phone_index"
    return _listed(draft).filter(to_index__in=got.exclude(**{index: None}).values(index))


def staff_facts(draft: Draft, at: datetime) -> rules.StaffFacts | None:
    """What a comparison comes to; None while no staff list was brought."""
    staff = StaffRow.objects.filter(draft=draft).count()
    if not staff:
        return None
    return rules.StaffFacts(
        staff=staff,
        leavers=_people(leavers(draft)),
        missed=missed(draft).count(),
        sent=_people(sent_by_colleagues(draft, at)),
        days=figures_now.figures(at).staff_sent_days,
    )


def cells_shown(rows: QuerySet[DraftRow] | QuerySet[StaffRow]) -> list[lists.Cells]:
    """The first few of these rows, opened."""
    ring = crypto.ring()
    sealed = rows.order_by("id").values_list("cells_sealed", flat=True)[:STAFF_SHOWN]
    return [lists.Cells.unpacked(ring.open(DraftRow.CELLS, one)) for one in sealed]


def _listed(draft: Draft) -> QuerySet[DraftRow]:
    return DraftRow.objects.filter(draft=draft, to_index__isnull=False)


def _people(rows: QuerySet[DraftRow]) -> int:
    return rows.order_by().values("to_index").distinct().count()

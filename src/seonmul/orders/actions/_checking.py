"""The check before paying: made, kept with the draft, acted upon, and weighed afterwards. O4

It costs nothing and blocks nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from seonmul.figures import queries as figures_now
from seonmul.kit import bulk
from seonmul.orders import queries, rules
from seonmul.orders.actions._advertising import mark_opted_out
from seonmul.orders.models import Draft, Look, LookOutcome, Order, OrderKind, Warned
from seonmul.orders.rules import Sign

_WARNED = {"look_id": "uuid", "to_index": "bytea", "signs": "int2", "position": "int4"}
#: What may change without the list having to be looked at again: nothing of it says who gets what from whom and when.
_BESIDE_THE_LIST = frozenset(
    {"title_sealed", "text_sealed", "purpose", "is_lawful", "takes_substitute", "spreads", "falls_back"}
)


@transaction.atomic
def look(draft_id: UUID, *, at: datetime) -> Look | None:
    """Look at every recipient of a draft, and keep what was found with the draft as it is now. O4"""
    draft = queries.locked_draft(draft_id)
    if draft is None:
        return None
    mark_opted_out(draft)
    figures, wait = figures_now.figures(at), timedelta()
    channel = "mail" if draft.kind == OrderKind.MAIL else draft.channel
    found: list[tuple[bytes, int, int]] = []
    for index, position, number in queries.number_facts(draft, at):
        signs = rules.signs_of(number, channel=channel, figures=figures)
        if signs:
            found.append((index, signs, position))
            wait = max(wait, timedelta() if channel == "mail" else rules.free_after(number, figures))
    Look.objects.filter(draft_id=draft.id).delete()
    made = Look.objects.create(
        draft_id=draft.id,
        saved_at=draft.saved_at,
        looked_at=at,
        people=queries.people_of(draft),
        later_at=rules.later_at(wait, draft.send_at or at) if wait else None,
    )
    bulk.copy("orders_warned", _WARNED, ((made.id, *one) for one in found))
    return made


@transaction.atomic
def look_if_stale(draft_id: UUID, *, at: datetime) -> Look | None:
    """Look again at a draft that was changed since, or that nobody looked at for a while. O4"""
    draft = Draft.objects.filter(id=draft_id).first()
    if draft and mark_opted_out(draft):
        return look(draft_id, at=at)
    kept = queries.look_of(draft_id)
    if draft and kept and kept.saved_at == draft.saved_at and at - kept.looked_at < timedelta(hours=1):
        return kept
    return look(draft_id, at=at)


def carry_look(draft: Draft, changed: Iterable[str], *, at: datetime) -> None:
    """Let a check stand although the draft was saved anew, when nothing changed that it depends on. O4"""
    if _BESIDE_THE_LIST.issuperset(changed):
        Look.objects.filter(draft_id=draft.id, saved_at=draft.saved_at).update(saved_at=at)


@transaction.atomic
def drop_warned(draft_id: UUID, sign: Sign, *, at: datetime) -> int:
    """Take the rows of those with one sign off the list, and look again. Returns how many rows are gone. O4"""
    draft, kept = queries.locked_draft(draft_id), queries.look_of(draft_id)
    if draft is None or kept is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM orders_draftrow r USING orders_warned w
            WHERE r.draft_id = %s AND w.look_id = %s AND w.to_index = r.to_index AND w.signs & %s <> 0""",
            [draft.id, kept.id, sign.bit],
        )
        gone = int(cursor.rowcount)
    if gone:
        Draft.objects.filter(id=draft.id).update(saved_at=at)
        look(draft.id, at=at)
    return gone


def forget_stale_look(draft: Draft) -> None:
    """An order is not judged by a check of another list than it was paid with; whoever calls makes the order. O4"""
    Look.objects.filter(draft_id=draft.id).exclude(saved_at=draft.saved_at).delete()


@transaction.atomic
def note_outcomes(draft_id: UUID, counts: Iterable[tuple[int, int, int]], *, at: datetime) -> None:
    """Keep how right a check was, once its order has finished. `counts`: as in rules.outcomes. O4"""
    kept = Look.objects.select_for_update().filter(draft_id=draft_id).first()
    if kept is None:
        return
    LookOutcome.objects.filter(look=kept).delete()
    found: Mapping[str, rules.Outcome] = rules.outcomes(counts)
    LookOutcome.objects.bulk_create(
        LookOutcome(look=kept, code=code, people=one.people, failed=one.failed)
        for code, one in sorted(found.items())
    )
    Look.objects.filter(id=kept.id).update(weighed_at=at)


@transaction.atomic
def forget_looks(*, at: datetime) -> int:
    """Delete checks of drafts that are gone and became no order, and the numbers of those that were weighed. O4, X2"""
    draft, order = (
        model.objects.filter(**{name: OuterRef("draft_id")})
        for model, name in ((Draft, "id"), (Order, "draft_id"))
    )
    gone = Look.objects.filter(~Exists(draft), ~Exists(order)).delete()[0]
    term = timedelta(days=figures_now.figures(at).failed_before_days)
    Warned.objects.filter(look__weighed_at__lt=at - term).delete()
    return gone

"""What recipients do: open a page, try a link, say what is wrong. V5"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from seonmul.figures import queries as figures_now
from seonmul.gifts import queries, rules
from seonmul.gifts.models import Gift, Problem, ProblemKind, WrongLink
from seonmul.kit import crypto
from seonmul.kit.refusals import refuse


@transaction.atomic
def note_opened(gift_id: UUID, *, at: datetime) -> None:
    """Remember when a gift's page was first opened. V5"""
    Gift.objects.filter(id=gift_id, opened_at=None).update(opened_at=at)


def open_link(token: str, *, place: str, at: datetime) -> Gift | None:
    """The gift that a link opens; one that opens nothing is counted. V5

    `place`: the address that asks. Raises Refused when it has tried too many that open nothing. One that opens something
    does so all the same: whole carriers share an address, and nobody guesses 86 bits.
    """
    found = queries.by_link(token)
    if found is not None or queries.by_dead_link(token) is not None:
        return found
    figures = figures_now.figures(at)
    index = crypto.ring().index(WrongLink.PLACE, place)
    refuse(rules.why_not_try_link(queries.wrong_links(index, figures=figures, at=at), figures=figures))
    WrongLink.objects.create(place_index=index, tried_at=at)
    return None


@transaction.atomic
def tell_problem(gift_id: UUID, kind: ProblemKind, *, at: datetime) -> None:
    """Keep what a recipient says is wrong with a gift, for whoever sent it. V5"""
    Problem.objects.get_or_create(gift_id=gift_id, kind=kind, defaults={"told_at": at})


@transaction.atomic
def forget_wrong_links(*, at: datetime) -> None:
    """Tries count for minutes; they are kept for a day."""
    WrongLink.objects.filter(tried_at__lt=at - timedelta(days=1)).delete()

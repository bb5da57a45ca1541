"""What the order page shows of the check before paying: reasons in groups, each with its weight and its remedies. O4"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from seonmul.figures import queries as figures_now
from seonmul.orders import queries, rules
from seonmul.orders.models import Draft, Look, Order, OrderKind
from seonmul.orders.queries import Quote, WarnedRow
from seonmul.orders.rules import Outcome, Remedy, Weight

_ICONS = {Weight.LIKELY: "circle-alert", Weight.POSSIBLE: "triangle-alert", Weight.NOTE: "info"}


@dataclass(frozen=True)
class Group:
    """One reason as the page shows it. `people` 0: it is about the message."""

    code: str
    weight: Weight
    title: str
    text: str
    people: int
    rows: Sequence[WarnedRow]
    remedies: tuple[str, ...]

    @property
    def icon(self) -> str:
        return _ICONS[self.weight]

    @property
    def more(self) -> int:
        return max(self.people - len(self.rows), 0)


def context(draft: Draft, quote: Quote, at: datetime) -> dict[str, Any]:
    """The check as it was kept, and what is wrong with the message as it stands now."""
    kept = queries.look_of(draft.id)
    is_fresh = kept is not None and kept.saved_at == draft.saved_at
    groups = [*_of_message(draft, quote, at), *(_of_people(kept, draft, at) if kept and is_fresh else ())]
    order = list(Weight)
    groups.sort(key=lambda group: order.index(group.weight))
    return {
        "check_groups": groups,
        "check_is_due": bool(quote.people) and not is_fresh,
        "check_at": kept.looked_at if kept and is_fresh else None,
        "check_later_at": kept.later_at if kept else None,
        "check_morning": _morning(draft, at),
    }


def _of_message(draft: Draft, quote: Quote, at: datetime) -> list[Group]:
    facts = queries.message_facts(draft, quote, at)
    if not facts.text.strip():
        return []
    found = rules.look_at_message(facts, figures=figures_now.figures(at))
    return [
        Group(
            one.hint.code,
            one.hint.weight,
            gettext(one.hint.title),
            one.say(gettext),
            0,
            (),
            _able(one.hint.remedies, draft, None),
        )
        for one in found
    ]


def _of_people(look: Look, draft: Draft, at: datetime) -> list[Group]:
    figures, by_mail = figures_now.figures(at), draft.kind == OrderKind.MAIL
    spreads = rules.spreads(draft.spreads, figures)
    groups = []
    for one in queries.warned_groups(look):
        title, text = rules.words_of(one.sign, by_mail=by_mail, spreads=spreads)
        remedies = rules.remedies_of(one.sign, by_mail=by_mail, is_wanted=draft.spreads, figures=figures)
        groups.append(
            Group(
                one.sign.code,
                one.sign.weight,
                gettext(title),
                gettext(text),
                one.people,
                one.rows,
                _able(remedies, draft, look),
            )
        )
    return groups


def _able(remedies: tuple[Remedy, ...], draft: Draft, look: Look | None) -> tuple[str, ...]:
    """The remedies that can be offered for this draft."""

    def is_able(remedy: Remedy) -> bool:
        if remedy is Remedy.SMS:
            return draft.channel != "sms" and may_send_by(draft, "sms")
        if remedy is Remedy.LATER:
            return look is not None and look.later_at is not None
        return True

    return tuple(remedy.value for remedy in remedies if is_able(remedy))


def may_send_by(draft: Draft, channel: str) -> bool:
    """Whether everything on the draft may go by this channel. C1"""
    return all(channel in item.product.channels for item in queries.items_of(draft))


def _morning(draft: Draft, at: datetime) -> datetime | None:
    return rules.morning_after(draft.send_at or at)


def outcomes(order: Order) -> list[tuple[str, Outcome]]:
    """How right the check of an order was, once it has finished: those warned of and the others, then by reason. O4"""
    kept = queries.look_of(order.draft_id)
    found = queries.outcomes_of(kept) if kept and kept.weighed_at else {}
    titles = [(rules.WARNED, gettext("알린 분")), (rules.QUIET, gettext("알리지 않은 분"))]
    titles += [(sign.code, gettext(sign.title)) for sign in rules.Sign]
    return [(title, found[code]) for code, title in titles if code in found]

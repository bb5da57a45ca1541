"""What every type of inquiry with an action brings to the console: its panel beside the thread. H3"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seonmul.backoffice.matters import Fact, Signal
from seonmul.backoffice.rules import Power
from seonmul.members.models import Member
from seonmul.support.models import Inquiry


@dataclass(frozen=True)
class Done:
    """What a panel's action came to, in words. `is_answered`: whoever asked has the answer with it, so the next opens;
    else the inquiry stays open for one.
    """

    said: str
    is_answered: bool


def _none(row: Inquiry, at: datetime) -> list[Any]:
    del row, at
    return []


@dataclass(frozen=True)
class Panel:
    """The panel of one type: one line of registration in `kinds.inquiries`.

    `template`: its forms post to `inquiry_act`. `power`: who sees them and may act. `shown`: what the template shows as
    `panel`, {} when there is nothing (more) to do. `act`: hands what was typed to the domain's action; raises Refused.
    `facts`, `signals`: what stands above the thread, for everybody who opens it. `verbs`: decisions by their names in
    the audit log.
    """

    template: str
    power: Power
    shown: Callable[[Inquiry, datetime], dict[str, Any]]
    act: Callable[[Inquiry, Mapping[str, str], Member, datetime], Done]
    facts: Callable[[Inquiry, datetime], list[Fact]] = _none
    signals: Callable[[Inquiry, datetime], list[Signal]] = _none
    verbs: tuple[str, ...] = ()

"""What the console must know of a kind of waiting things, and of one that is opened. B"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from seonmul.backoffice.rules import Power
from seonmul.kit.refusals import _
from seonmul.kit.waiting import Waiting
from seonmul.members.models import Member


@dataclass(frozen=True)
class Fact:
    """One line about a matter; `url` leads to more, `more` names where."""

    label: str
    text: str
    url: str = ""
    more: str = ""


@dataclass(frozen=True)
class Signal:
    """Something that speaks for or against; `is_look`: whoever decides should look."""

    name: str
    why: str
    is_look: bool = False


@dataclass(frozen=True)
class Paper:
    """A file that came with a matter: its name in the store, and what it is by content ("pdf", "jpeg", "png")."""

    label: str
    stored: str
    type: str


@dataclass(frozen=True)
class Matter:
    """One opened thing. `desk`: what the kind's own desk shows. `row_id`: the domain's own id, and the audit log's subject unless `about_id` is; `decided`: how, or ""."""

    public_id: str
    row_id: UUID
    buyer_id: UUID | str
    title: str
    what: str
    since: datetime
    decided: str = ""
    reason: str = ""
    signals: list[Signal] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    paper: Paper | None = None
    about_id: UUID | None = None
    desk: dict[str, Any] = field(default_factory=dict)


class Decide(Protocol):
    """The domain's action; `checks`: the boxes that were ticked. Raises Refused."""

    def __call__(
        self, row_id: UUID, *, approve: bool, reason: str, checks: frozenset[str], by: Member, at: datetime
    ) -> None: ...


@dataclass(frozen=True)
class Input:
    """Something more that the second decision takes, beside or instead of a reason. `choices`: a list to pick from."""

    name: str
    label: str
    choices: tuple[tuple[str, Any], ...] = ()
    most: int = 60


class DecideTyped(Protocol):
    """A domain's action that takes more than a reason; `typed`: what was typed, by the names of the inputs."""

    def __call__(
        self,
        row_id: UUID,
        *,
        approve: bool,
        reason: str,
        checks: frozenset[str],
        typed: Mapping[str, str],
        by: Member,
        at: datetime,
    ) -> None: ...


@dataclass(frozen=True)
class Kind:
    """A kind of waiting things: one line of registration in `queue`. `verbs`: decisions as the audit log names them.

    Its words are marked and not translated yet: whoever shows them does.
    `checks`: boxes beside the decision, by name and label; `yes_said`, `no_said`: what is told afterwards.
    `yes` may be empty: then there is one decision, the one with words. `about`: how the words are called and for whom they
    are; empty where `inputs` say all. `is_for_member`: the words go to the member. `is_stern`: the button warns.
    `desk`: a template that stands in place of the two decisions, whose forms have addresses of their own.
    """

    name: str
    label: str
    short: str
    power: Power
    waiting: Callable[[datetime], list[Waiting]]
    opened: Callable[[str, datetime], Matter | None]
    decide: Decide | None
    yes: str
    no: str
    yes_said: str
    no_said: str
    verbs: tuple[str, ...]
    reasons: tuple[str, ...]
    checks: tuple[tuple[str, str], ...] = ()
    inputs: tuple[Input, ...] = ()
    decide_typed: DecideTyped | None = None
    about: str = _("신청한 분께 전하는 이유")
    is_for_member: bool = True
    is_stern: bool = True
    desk: str = ""

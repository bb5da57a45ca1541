"""Who sits at the console, and a kind of waiting things that needs no domain."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from seonmul.audit import actions as audit
from seonmul.backoffice import queue
from seonmul.backoffice.matters import Fact, Kind, Matter, Signal
from seonmul.backoffice.rules import Power
from seonmul.kit import clock
from seonmul.kit.refusals import No, Refused
from seonmul.kit.waiting import Waiting
from seonmul.members import actions as members
from seonmul.members.models import Member, Staff
from seonmul.members.rules import ConversionRefusal
from tests import given

#: All with as many digits: else the name of the first begins that of the tenth.
_count = itertools.count(1_001)


def staff_member(role: str) -> Member:
    """Somebody who works here."""
    n = next(_count)
    made = members.make_member(
        f"staff{n}", "long-enough-1", f"담당{n}", phone=given.phone_number(5, n), mail=f"staff{n}@seonmul.example",
        at=clock.now(), is_staff=True,
    )  # fmt: skip
    Staff.objects.create(member=made, role=role)
    return made


def at_console(who: Member, *, has_factor: bool = True, used_factor: bool = True) -> Client:
    """A browser in which this person has signed in."""
    if has_factor:
        Authenticator.objects.get_or_create(user=who, type=Authenticator.Type.TOTP, defaults={"data": {}})
    client = Client()
    client.force_login(who)
    if used_factor:
        request = HttpRequest()
        request.session = client.session
        record_authentication(request, who, "mfa", type="totp")
        request.session.save()
    return client


def asked(client: Client, address: str) -> int:
    """How many questions a page asks the database, once everything is warm."""
    client.get(address)
    with CaptureQueriesContext(connection) as questions:
        assert client.get(address).status_code == 200
    return len(questions)


def found(client: Client, address: str, words: str, **more: str) -> Any:
    """The list as it stands after somebody typed words into its search and pressed the key."""
    return client.post(address, {"q": words, **more}, follow=True)


@pytest.fixture
def console(db: None) -> Callable[[str], Client]:
    """console("approver"): a browser of somebody with this role, second factor used."""
    return lambda role: at_console(staff_member(role))


@dataclass
class Parcels:
    """A kind that lives in memory: things wait, are decided once, and remember who did it."""

    open: dict[str, Waiting] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)
    decided: dict[str, tuple[bool, str, frozenset[str]]] = field(default_factory=dict)
    name: str = "parcel"
    checks: tuple[tuple[str, str], ...] = ()

    def wait(self, public_id: str, since: datetime, due: datetime, who: str = "새솔디자인") -> None:
        self.open[public_id] = Waiting(self.name, public_id, who, since, due, "증명서 1장")
        self.ids[public_id] = uuid4()

    def opened(self, public_id: str, at: datetime) -> Matter | None:
        row = self.open.get(public_id)
        if row is None:
            return None
        return Matter(
            public_id=public_id, row_id=self.ids[public_id], buyer_id=uuid4(), title=row.buyer_name, what=row.title,
            since=row.since, decided="승인" if public_id in self.decided else "",
            signals=[Signal("신규 회원", "오늘 가입", True)], facts=[Fact("회사", row.buyer_name)],
        )  # fmt: skip

    def decide(
        self, row_id: UUID, *, approve: bool, reason: str, checks: frozenset[str], by: Member, at: datetime
    ) -> None:
        public_id = next(one for one, its in self.ids.items() if its == row_id)
        if public_id in self.decided:
            raise Refused(No(ConversionRefusal.NOT_WAITING))
        if not approve and not reason:
            raise Refused(No(ConversionRefusal.NO_REASON))
        self.decided[public_id] = (approve, reason, checks)
        audit.record("parcel_decided", by=by.id, subject=row_id, at=at)

    def kind(self) -> Kind:
        return Kind(
            name=self.name, label="소포", short="소포", power=Power.DECIDE_CONVERSIONS,
            waiting=lambda at: [row for key, row in self.open.items() if key not in self.decided],
            opened=self.opened, decide=self.decide, yes="받기", no="돌려보내기", yes_said="받았습니다.",
            no_said="돌려보냈습니다.", verbs=("parcel_decided",), reasons=("주소가 없습니다.",), checks=self.checks,
        )  # fmt: skip


@pytest.fixture
def parcels(monkeypatch: pytest.MonkeyPatch, db: None) -> Parcels:
    """The only kind there is."""
    cache.clear()
    made = Parcels()
    monkeypatch.setattr(queue, "KINDS", [made.kind()])
    return made


def days_ago(days: float) -> datetime:
    return clock.now() - timedelta(days=days)

"""Builders that read aloud: `given.company()`, `given.placed(...)`. All through the domain's own actions."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from seonmul.catalog.models import Brand, Category, List, Offer, Product
from seonmul.dispatch import actions as dispatch
from seonmul.dispatch.models import Batch, BatchState, SenderNumber, SenderState
from seonmul.kit import crypto, wire
from seonmul.ledger import actions as ledger
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members import rules as member_rules
from seonmul.members.models import Buyer, Member, Verification, VerificationState
from seonmul.members.models import SpendCode as SpendCode
from seonmul.orders import actions as orders
from seonmul.orders import queries as orders_now
from seonmul.orders.lists import RawRow
from seonmul.orders.models import Draft, Order, OrderKind

#: A Monday morning in Seoul.
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
#: All with as many digits: else the name of the first begins that of the tenth.
_count = itertools.count(1_001)


def phone_number(lead: int, n: int) -> str:
    """The `n`th number behind 010 and `lead`: one that the sandbox delivers to, however many were made before it."""
    return f"010{lead}{n // 1000:03d}5{n % 1000:03d}"


@dataclass(frozen=True)
class Company:
    """A company with money and two members."""

    buyer: Buyer
    owner: Member
    approver: Member


def company(cash_won: int = 50_000_000, sender: str = "15770000", at: datetime = MONDAY) -> Company:
    """A company with cash, a registered sender number, an owner and an approver."""
    n = next(_count)
    buyer = members.make_buyer("company", f"주식회사 시험{n}", at=at, business_number=f"{n:010d}")
    owner = members.make_member(
        f"owner{n}",
        "long-enough-1",
        "김대표",
        phone=phone_number(2, n),
        mail=f"owner{n}@firm.example",
        at=at,
        buyer=buyer,
    )
    approver = members.make_member(
        f"approver{n}", "long-enough-1", "이결재", phone=phone_number(3, n), mail=f"approver{n}@firm.example", at=at,
        buyer=buyer, role="approver",
    )  # fmt: skip
    if cash_won:
        ledger.charge(buyer.id, cash_won, cause=f"given:{buyer.id}", at=at)
    if sender:
        SenderNumber.objects.create(
            buyer=buyer, digits=sender, state=SenderState.APPROVED, is_registered_at_carrier=True, added_at=at
        )
    return Company(buyer, owner, approver)


def person(cash_won: int = 0, at: datetime = MONDAY, phone: str = "") -> Member:
    """A general member with a place of their own. `phone`: a number of their own unless given."""
    n = next(_count)
    buyer = members.make_buyer("person", f"김시험{n}", at=at)
    if cash_won:
        ledger.charge(buyer.id, cash_won, cause=f"given:{buyer.id}", at=at)
    return members.make_member(
        f"person{n}", "long-enough-1", f"김시험{n}", phone=phone or phone_number(4, n),
        mail=f"person{n}@home.example", at=at, buyer=buyer,
    )  # fmt: skip


def operator(at: datetime = MONDAY) -> Member:
    """Somebody who decides at the console."""
    n = next(_count)
    return members.make_member(
        f"decider{n}", "long-enough-1", "오세영", phone=phone_number(6, n), mail=f"decider{n}@shop.example", at=at,
        is_staff=True,
    )  # fmt: skip


def business_number() -> str:
    """A number that a business may have, another one each time."""
    head = f"{200_000_000 + next(_count):09d}"
    return next(number for last in range(10) if (number := member_rules.business_number(f"{head}{last}")))


#: The beginning of a file of each kind that is taken as a certificate, and some more of it.
PAPERS = {
    "pdf": b"%PDF-1.7 certificate" + b"\0" * 100,
    "jpeg": b"\xff\xd8\xff\xe0 certificate" + b"\0" * 100,
    "png": b"\x89PNG\r\n\x1a\n certificate" + b"\0" * 100,
}


def verified(
    member: Member, session: str, at: datetime = MONDAY, *, phone: str = "", ci: str = "ci"
) -> Verification:
    """An identity verification of this member in this browser session, as the job keeps it.

    `phone`: the number of the person who was verified, the member's own unless given.
    """
    ring, row = crypto.ring(), members.begin_verification(member, session, at=at)
    members.note_return(row.reference, member, at=at)
    Verification.objects.filter(id=row.id).update(
        state=VerificationState.VERIFIED,
        name_sealed=ring.seal(Verification.NAME, member.name),
        phone_sealed=ring.seal(Verification.PHONE, phone or members_now.phone_of(member)),
        ci_index=ring.index(Verification.CI, ci, size=32),
        verified_at=at,
    )
    row.refresh_from_db()
    return row


def device(member: Member, at: datetime = MONDAY, key: str = "") -> str:
    """A browser in which this member has logged in; returns what its cookie holds. The first one is never new."""
    made = key or f"device-of-{member.login}"
    members.note_login(member.id, made, words="Chrome · Windows", address="203.0.113.7", at=at)
    return made


def product(
    code: str = "", price_won: int = 4_500, copies_most: int = 5, at: datetime = MONDAY, **fields: Any
) -> Product:
    """A product on both lists."""
    n = next(_count)
    brand, _ = Brand.objects.get_or_create(name="달무리커피", defaults={"shops": "전국 달무리커피 매장"})
    category, _ = Category.objects.get_or_create(slug="coffee", defaults={"name": "커피·음료"})
    made = Product.objects.create(
        code=code or f"PRODUCT-{n}", name="아이스 아메리카노", search_text="달무리커피아이스아메리카노",
        kind=fields.pop("kind", "goods"), brand=brand, category=category, face_value_won=price_won,
        picture="iced-coffee", copies_most=copies_most, added_at=at, **fields,
    )  # fmt: skip
    for list_ in List:
        Offer.objects.create(product=made, list=list_, price_won=price_won, validity_days=93)
    return made


def shopper(cash_won: int = 50_000_000, sender: str = "01027770000", at: datetime = MONDAY) -> Company:
    """A general member with cash and a sender number, as whoever orders: `draft(..., list_=List.GENERAL)`."""
    who = person(cash_won, at)
    buyer = members_now.buyer_of(who)
    assert buyer is not None
    SenderNumber.objects.create(
        buyer=buyer, digits=sender, state=SenderState.APPROVED, is_registered_at_carrier=True, added_at=at
    )
    return Company(buyer, who, who)


def draft(
    who: Company,
    numbers: Sequence[str],
    product_: Product | None = None,
    at: datetime = MONDAY,
    list_: List = List.CORPORATE,
    **saved: Any,
) -> Draft:
    """A draft that may be paid: list, message and consent in place."""
    made = orders.begin(who.owner, list_, (product_ or product()).code, at=at)
    orders.add_rows(made.id, [RawRow(n, number, "김서연") for n, number in enumerate(numbers, 1)], at=at)
    wanted = {"title": "선물이 왔어요", "text": "#{이름} 님, 고맙습니다.", "is_lawful": True} | saved
    orders.save(made.id, at=at, **wanted)
    return orders_now.drafts_seen_by(who.owner).select_related("buyer").get(id=made.id)


def mail_draft(
    who: Company,
    addresses: Sequence[str],
    product_: Product | None = None,
    at: datetime = MONDAY,
    **saved: Any,
) -> Draft:
    """The same of an order by mail."""
    code = (product_ or product()).code
    made = orders.begin(who.owner, List.CORPORATE, code, kind=OrderKind.MAIL, at=at)
    rows = [RawRow(n, "", "김서연", mail=address) for n, address in enumerate(addresses, 1)]
    orders.add_rows(made.id, rows, at=at)
    wanted = {"title": "선물이 왔어요", "text": "#{이름} 님, 고맙습니다.", "is_lawful": True} | saved
    orders.save(made.id, at=at, **wanted)
    return orders_now.drafts_seen_by(who.owner).select_related("buyer").get(id=made.id)


def placed(
    who: Company, numbers: Sequence[str], product_: Product | None = None, at: datetime = MONDAY, **saved: Any
) -> Order:
    """A paid order to these numbers."""
    return paid(who, draft(who, numbers, product_, at, **saved), at)


def paid(who: Company, made: Draft, at: datetime = MONDAY) -> Order:
    """The order that a draft becomes when its owner pays."""
    quote = orders_now.quote(made)
    grant = members.grant_at_console(who.owner.id, orders_now.purpose_of(made, quote), by="test", at=at)
    return orders.place(
        made.id, by=who.owner, grant_id=grant.id, seen_won=quote.amount_won,
        seen_left_out=quote.rows_at_fault, at=at,
    )  # fmt: skip


def numbers(count: int, start: int = 20_000_000) -> list[str]:
    """Mobile numbers that end in 0001 and so are delivered by the sandbox."""
    return [f"010{(start // 10_000 + n):04d}0001" for n in range(count)]


def worked(most: int = 10_000, *, later: bool = True, only: str = "") -> int:
    """Do what is queued, as a worker would but in this connection; returns how many jobs ran.

    `later`: also those that are to run at a later time. `only`: those of one app. Jobs that fail for the wire's sake
    are left to a sweep.
    """
    done = 0
    while done < most:
        waiting = ProcrastinateJob.objects.filter(status="todo", task_name__startswith=only)
        if not later:
            waiting = waiting.exclude(scheduled_at__gt=timezone.now())
        job = waiting.order_by("-priority", "id").values("id", "task_name", "args").first()
        if job is None:
            return done
        ProcrastinateJob.objects.filter(id=job["id"])._raw_delete("default")  # type: ignore[attr-defined]
        with contextlib.suppress(wire.WireError):
            app.tasks[job["task_name"]].func(**job["args"])
        done += 1
    raise AssertionError("work without end")


def answered() -> None:
    """Do what is queued, ask every carrier what became of its messages, and do what comes of that."""
    worked()
    for batch_id in Batch.objects.filter(state=BatchState.HANDED).values_list("id", flat=True):
        dispatch.ask(batch_id, at=timezone.now())
    worked()


def hours_after(at: datetime, hours: float) -> datetime:
    return at + timedelta(hours=hours)

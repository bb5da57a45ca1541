"""Questions about drafts and orders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from seonmul.catalog import queries as catalog
from seonmul.catalog.models import List, Offer, Supplier
from seonmul.dispatch import queries as dispatch
from seonmul.dispatch.rules import LetterFacts
from seonmul.figures import queries as figures_now
from seonmul.kit import clock, crypto, phones
from seonmul.kit.pages import Page, page
from seonmul.ledger import queries as ledger
from seonmul.ledger.models import Hold, Kind
from seonmul.members import queries as members
from seonmul.members.models import Buyer, BuyerKind, Member
from seonmul.members.rules import ClosingFacts, Purpose
from seonmul.orders import lists, rules
from seonmul.orders.models import (
    OVER,
    Approval,
    ApprovalState,
    ApprovalStep,
    Checkout,
    CheckoutState,
    Draft,
    DraftRow,
    LimitMonth,
    LimitRaise,
    Line,
    Order,
    OrderState,
    Recipient,
)
from seonmul.payments import queries as payments
from seonmul.payments import rules as payment_rules
from seonmul.vouchers import queries as vouchers

#: The length of a gift's link in a message; the address of the site in front of it is counted by whoever asks.
LINK_TOKEN_BYTES = 18

_OK = Q(fault="", is_over=False)
# hyphens and blanks, as most people write numbers, are nothing to look at again
_REPAIRED = _OK & ~Q(repair__in=["", phones.Repair.SEPARATORS.code])
_EARLIER = DraftRow.objects.filter(
    _OK, draft=OuterRef("draft"), phone_index=OuterRef("phone_index"), position__lt=OuterRef("position")
)
FILTERS = {
    "": Q(),
    "ok": _OK,
    "fix": ~Q(fault="") | Q(is_over=True),
    "repaired": _REPAIRED,
    "doubles": _OK & Q(Exists(_EARLIER)),
}


@dataclass(frozen=True)
class Quote:
    """What a draft comes to: rows by kind, people, copies and the sum in won, as computed now. O6"""

    rows: int
    rows_at_fault: int
    rows_repaired: int
    people: int
    copies: int
    doubles: int
    unit_price_won: int
    amount_won: int
    name_bytes: int

    @property
    def rows_ok(self) -> int:
        return self.rows - self.rows_at_fault


@dataclass(frozen=True)
class RowLine:
    """One row of a draft as the page shows it. `same_as`: the first row with its number, 0 when it is the first."""

    position: int
    phone: str
    name: str
    typed: str
    copies: int
    fault: str
    why: str
    suggestion: str
    repair: str
    same_as: int = 0


def drafts_seen_by(member: Member) -> QuerySet[Draft]:
    """The drafts of the buyer this member acts for."""
    return Draft.objects.filter(buyer__memberships__member=member)


def orders_seen_by(member: Member) -> QuerySet[Order]:
    """The orders of the buyer this member acts for. O11"""
    return Order.objects.filter(buyer__memberships__member=member)


def drafts_written_by(member_id: UUID) -> list[str]:
    """The drafts that a member is writing, newest first: their public ids. M5"""
    rows = Draft.objects.filter(member_id=member_id).order_by("-saved_at", "-id")
    return list(rows.values_list("public_id", flat=True)[:1000])


def orders_under_way_of(member_id: UUID) -> list[str]:
    """A member's orders that have not finished, newest first: their public ids. M5"""
    rows = Order.objects.filter(member_id=member_id).exclude(state__in=OVER)
    return list(rows.order_by("-paid_at", "-id").values_list("public_id", flat=True)[:1000])


def orders_page(member: Member, after: str = "", limit: int = 20) -> Page[Order]:
    """The newest orders first."""
    rows = orders_seen_by(member).prefetch_related("lines__product__brand")
    return page(rows, order=("-paid_at", "-id"), after=after, limit=limit)


def orders_about(member: Member, subjects: Iterable[str]) -> dict[str, Order]:
    """The member's orders by the subject that the books know them by. P1"""
    return {str(order.draft_id): order for order in orders_seen_by(member).filter(draft_id__in=set(subjects))}


def drafts_page(member: Member, after: str = "", limit: int = 10) -> Page[Draft]:
    """Drafts, the last saved first, each with its `row_count`."""
    rows = drafts_seen_by(member).select_related("product__brand").annotate(row_count=Count("rows"))
    return page(rows, order=("-saved_at", "-id"), after=after, limit=limit)


@dataclass(frozen=True)
class OrderCounts:
    """A buyer's orders in numbers: all of them, and those of the last 30 days."""

    orders: int
    total_won: int
    orders_lately: int
    total_lately_won: int
    last_paid_at: datetime | None


def counts_of(buyer_id: UUID, at: datetime) -> OrderCounts:
    """Count and sum a buyer's orders, for staff."""
    lately = Q(paid_at__gt=at - timedelta(days=30))
    found = Order.objects.filter(buyer_id=buyer_id).aggregate(
        orders=Count("id"),
        total_won=Coalesce(Sum("amount_won"), 0),
        orders_lately=Count("id", filter=lately),
        total_lately_won=Coalesce(Sum("amount_won", filter=lately), 0),
        last_paid_at=Max("paid_at"),
    )
    return OrderCounts(**found)


def under_way(buyer_id: UUID) -> int:
    """How many of a buyer's orders are not finished. M9"""
    return Order.objects.filter(buyer_id=buyer_id).exclude(state__in=OVER).count()


def drafts_of(member: Member, ends: Buyer | None) -> list[UUID]:
    """Drafts that nobody goes on with when this member leaves: the member's own, or all of the buyer that ends. M9"""
    rows = Draft.objects.filter(buyer=ends) if ends else Draft.objects.filter(member=member)
    return list(rows.order_by("id").values_list("id", flat=True))


def has_orders(member: Member) -> bool:
    """Say whether a member has ever ordered anything. M9"""
    return Order.objects.filter(member=member).exists()


def closing_facts(
    by: Member, *, is_proved: bool = False, by_password: bool = False, gives_up_reward: bool = False
) -> ClosingFacts:
    """What the rule of leaving needs, with the orders under way and the money on its way. M9"""
    ends = members.ends_with(by)
    return members.closing_facts(
        by,
        orders_under_way=under_way(ends.id) if ends else 0,
        on_its_way=payments.on_its_way(ends.id) if ends else 0,
        has_orders=has_orders(by),
        by_password=by_password,
        is_proved=is_proved,
        gives_up_reward=gives_up_reward,
    )


def offer_of(draft: Draft) -> Offer | None:
    """The product on the draft's list, as it stands now."""
    return catalog.offer(List(draft.list), draft.product.code)


def quote(draft: Draft) -> Quote:
    """Count the draft's rows and compute its sum, in one statement."""
    ok = _OK
    counts = DraftRow.objects.filter(draft=draft).aggregate(
        rows=Count("id"),
        at_fault=Count("id", filter=~ok),
        repaired=Count("id", filter=_REPAIRED),
        people=Count("phone_index", distinct=True, filter=ok),
        copies=Sum("copies", filter=ok),
        ok=Count("id", filter=ok),
        name_bytes=Max("name_bytes", filter=ok),
    )
    offer = offer_of(draft)
    price = catalog.price_won(offer, members.tier_of(draft.buyer)) if offer else 0
    copies = counts["copies"] or 0
    return Quote(
        rows=counts["rows"],
        rows_at_fault=counts["at_fault"],
        rows_repaired=counts["repaired"],
        people=counts["people"],
        copies=copies,
        doubles=counts["ok"] - counts["people"],
        unit_price_won=price,
        amount_won=rules.amount_won(price, copies),
        name_bytes=counts["name_bytes"] or 0,
    )


def paid_since(since: datetime, buyer_id: UUID | None = None) -> dict[UUID, int]:
    """What companies (or one buyer) paid since a moment in won, less what went back, whole orders each. M3"""
    hold = Hold.objects.filter(id=OuterRef("hold_id"))
    back = hold.values(won=F("released_won") + F("refunded_won"))
    rows = Order.objects.filter(paid_at__gte=since, buyer__kind=BuyerKind.COMPANY)
    if buyer_id:
        rows = rows.filter(buyer_id=buyer_id)
    sums = (
        rows.annotate(back=Subquery(back)).values("buyer_id").annotate(won=Sum(F("amount_won") - F("back")))
    )
    return dict(sums.values_list("buyer_id", "won"))


def paid_lately(buyer_id: UUID, at: datetime) -> int:
    """What decides a company's tier: paid less refunds in the last months. M3"""
    months = figures_now.figures(at).tier_months
    return paid_since(clock.months_before(at, months), buyer_id).get(buyer_id, 0)


def purpose_of(draft: Draft, quote: Quote) -> Purpose:
    """What a payment for this draft is bound to. M4"""
    return Purpose(f"draft:{draft.id}", quote.amount_won, quote.people)


def letter_facts(draft: Draft, quote: Quote, site_url: str, at: datetime) -> LetterFacts:
    """The draft's whole message with the longest name and link in place. O3"""
    senders = [sender.digits for sender in dispatch.senders_of(draft.buyer_id, draft.member_id)]
    return LetterFacts(
        channel=draft.channel,
        is_sender_approved=draft.sender in senders,
        has_any_sender=bool(senders),
        title=title_of(draft),
        text=whole_text(draft, at),
        place_bytes={
            rules.NAME_PLACE: max(quote.name_bytes, rules.NO_NAME_BYTES),
            rules.LINK_PLACE: len(site_url) + len("/g/") + LINK_TOKEN_BYTES,
        },
    )


def whole_text(draft: Draft, at: datetime) -> str:
    """The member's words with what is added below them."""
    return rules.letter_text(
        text_of(draft),
        channel=draft.channel,
        gift=f"{draft.product.brand.name} {draft.product.name}",
        until=clock.korean_date(codes_until(draft, at)),
    )


def facts(
    draft: Draft, quote: Quote, by: Member, *, seen_won: int, seen_left_out: int, site_url: str, at: datetime
) -> rules.OrderFacts:
    """What the rule of placing needs to know."""
    return rules.OrderFacts(
        may_buy=members.may_buy(by) and members.buyer_of(by) == draft.buyer,
        is_frozen=draft.buyer.frozen_at is not None,
        blocked_until=members.blocked_until(by),
        is_company=draft.buyer.kind == BuyerKind.COMPANY,
        offer=catalog.facts(offer_of(draft)),
        letter=letter_facts(draft, quote, site_url, at),
        people=quote.people,
        rows=quote.rows,
        rows_at_fault=quote.rows_at_fault,
        amount_won=quote.amount_won,
        seen_won=seen_won,
        seen_left_out=seen_left_out,
        is_lawful=draft.is_lawful,
        is_later=draft.is_later,
        send_at=draft.send_at,
        asleep_minutes=draft.asleep_minutes,
        is_own=draft.product.supplier == Supplier.OWN,
        face_won=face_won(draft, quote),
        limit=limit_for(draft, at) if draft.product.is_gift_certificate else None,
        approval=approval_facts(draft, quote, by),
        copies=quote.copies,
        stock_left=vouchers.left_for(draft.product, draft.id, codes_until(draft, at)),
    )


def answers_for(draft: Draft, checkout: Checkout) -> Member:
    """Whose right to buy a card window rests on: who opened it, or who has the draft since that place ended. M7"""
    is_there = members.buyer_of(checkout.member) == draft.buyer
    return checkout.member if is_there else draft.member


def codes_until(draft: Draft, at: datetime) -> date:
    """The day until which a draft's vouchers have to hold if they are sent as chosen. C3, O5, V4"""
    offer = offer_of(draft)
    return clock.seoul_date(draft.send_at or at) + timedelta(days=offer.validity_days if offer else 0)


def rows_page(
    draft: Draft, only: str = "", after: int = 0, limit: int = 50, *, before: int = 0
) -> list[RowLine]:
    """Rows of a draft behind position `after`, or the last ones in front of `before`, in order.

    `only`: a key of FILTERS.
    """
    rows, most = DraftRow.objects.filter(FILTERS.get(only, Q()), draft=draft), min(limit, 200)
    if before:
        found = list(rows.filter(position__lt=before).order_by("-position")[:most])[::-1]
    else:
        found = list(rows.filter(position__gt=after).order_by("position")[:most])
    return _lines(found, draft)


def row(draft: Draft, position: int) -> RowLine | None:
    """One row of a draft."""
    found = list(DraftRow.objects.filter(draft=draft, position=position))
    return _lines(found, draft)[0] if found else None


def rows_before(draft: Draft, only: str, position: int) -> int:
    """How many rows of a filter stand before a position: for "1,201-1,250 of 3,312"."""
    return DraftRow.objects.filter(FILTERS.get(only, Q()), draft=draft, position__lte=position).count()


def rows_found(draft: Draft, text: str, limit: int = 50) -> list[RowLine]:
    """Rows whose name or number contains `text`. Sealed cells cannot be searched by the database: they are read."""
    wanted = "".join(text.split()).replace("-", "").lower()
    found = []
    for row in DraftRow.objects.filter(draft=draft).order_by("position").iterator(chunk_size=5_000):
        cells = lists.Cells.unpacked(crypto.ring().open(DraftRow.CELLS, row.cells_sealed))
        if wanted in f"{cells.phone} {cells.name} {cells.typed}".replace("-", "").lower():
            found.append(_line(row, draft))
            if len(found) == limit:
                break
    return found


def rows_to_mend(draft: Draft) -> Iterator[RowLine]:
    """Every row at fault, in order: for the sheet to download. O1"""
    rows = DraftRow.objects.filter(FILTERS["fix"], draft=draft).order_by("position")
    for row in rows.iterator(chunk_size=2_000):
        yield _line(row, draft)


def _lines(rows: list[DraftRow], draft: Draft) -> list[RowLine]:
    """Rows as the page shows them, each with the first row that has its number."""
    numbers = [row.phone_index for row in rows if row.phone_index]
    same = DraftRow.objects.filter(draft=draft, phone_index__in=numbers).values("phone_index")
    found = same.annotate(first=Min("position")).values_list("phone_index", "first")
    firsts = {bytes(index): first for index, first in found if index}
    return [_line(row, draft, firsts.get(bytes(row.phone_index or b""), row.position)) for row in rows]


def _line(row: DraftRow, draft: Draft, first: int = 0) -> RowLine:
    cells = lists.Cells.unpacked(crypto.ring().open(DraftRow.CELLS, row.cells_sealed))
    fault = row.fault or (lists.RowFault.TOO_MANY_COPIES.code if row.is_over else "")
    why = lists.why(fault, cells, draft.product.copies_most) if fault else None
    return RowLine(
        position=row.position,
        phone=cells.phone,
        name=cells.name,
        typed=cells.typed,
        copies=row.copies,
        fault=fault,
        why=why.say(gettext) if why else "",
        suggestion=lists.suggestion(cells),
        repair=row.repair,
        same_as=first if first < row.position else 0,
    )


def locked_draft(draft_id: UUID) -> Draft | None:
    """Lock one draft."""
    return (
        Draft.objects.select_for_update(of=("self",))
        .select_related("product__brand", "buyer")
        .filter(id=draft_id)
        .first()
    )


def order(order_id: UUID) -> Order:
    """One order, not locked."""
    return Order.objects.select_related("buyer").get(id=order_id)


def locked_order(order_id: UUID) -> Order:
    """Lock one order."""
    return Order.objects.select_for_update().get(id=order_id)


def locked_with_hold(order_id: UUID) -> Order:
    """Lock an order behind its hold, in the order in which issuing its copies does."""
    ledger.locked_hold(Order.objects.values_list("hold_id", flat=True).get(id=order_id))
    return locked_order(order_id)


def cards_to_hear_of(since: datetime, limit: int = 100) -> list[tuple[UUID, bool]]:
    """Card payments whose news was lost: (payment, whether it has paid). P3

    The window is open here and decided there, or money came for a window that had ended and was not given back.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT p.id, p.state = 'paid' FROM orders_checkout c JOIN payments_payment p ON p.id = c.payment_id
            WHERE c.opened_at > %s AND (
                (c.state = 'open' AND p.state NOT IN ('asked', 'waiting'))
                OR (c.state = 'ended' AND p.state = 'paid' AND NOT EXISTS (
                    SELECT 1 FROM payments_paymentrefund r WHERE r.payment_id = p.id)))
            ORDER BY c.opened_at LIMIT %s""",
            [since, limit],
        )
        return [(row[0], bool(row[1])) for row in cursor.fetchall()]


def locked_checkout(draft_id: UUID) -> Checkout | None:
    """Lock the open checkout of a draft; whoever calls holds the draft already, or it is gone."""
    rows = Checkout.objects.select_for_update(of=("self",)).filter(draft_id=draft_id)
    return rows.filter(state=CheckoutState.OPEN).first()


def checkout_of_payment(payment_id: UUID) -> Checkout | None:
    """The checkout that a card payment belongs to."""
    return Checkout.objects.filter(payment_id=payment_id).first()


def last_checkout(draft_id: UUID) -> Checkout | None:
    """The newest checkout of a draft."""
    return Checkout.objects.filter(draft_id=draft_id).order_by("-opened_at", "-id").first()


def open_checkout(draft_id: UUID) -> Checkout | None:
    """The checkout whose card window is open, to be looked at."""
    return Checkout.objects.filter(draft_id=draft_id, state=CheckoutState.OPEN).first()


@dataclass(frozen=True)
class Means:
    """With what a draft can be paid, in won. What its own open card window holds counts as free: it would end. O6

    `reward_ends_at`: when the first of the reward ends; None when there is none.
    """

    reward_won: int
    reward_ends_at: datetime | None
    cash_won: int
    held_won: int


def means(draft: Draft, at: datetime) -> Means:
    """What its buyer has for a draft. O6"""
    has, opened = ledger.balances(draft.buyer_id), open_checkout(draft.id)
    alive = (lot.expires_at for lot in ledger.lots(draft.buyer_id) if lot.expires_at >= at)
    return Means(
        reward_won=ledger.reward_alive(draft.buyer_id, at) + (opened.reward_won if opened else 0),
        reward_ends_at=next(alive, None),
        cash_won=has.cash_won + (opened.cash_won if opened else 0),
        held_won=has.held_won - (opened.reward_won + opened.cash_won if opened else 0),
    )


def reward_to_come(draft: Draft, split: rules.Split, at: datetime) -> int:
    """What reward an order of this draft would bring when it is sent. P4"""
    if draft.buyer.kind != BuyerKind.COMPANY or not draft.product.is_gift_certificate:
        return 0
    return payment_rules.reward_won(
        split.total_won,
        cash_and_card_won=split.cash_won + split.card_won,
        total_won=split.total_won,
        percent=figures_now.figures(at).reward_percent,
    )


def earning_facts(order: Order) -> rules.EarningFacts:
    """What the order's reward hangs on, as things stand. P4"""
    left = F("unit_price_won") * (F("copies") - F("refunded_copies") - F("unissued_copies"))
    won = Line.objects.filter(order=order, is_gift_certificate=True).aggregate(won=Sum(left))["won"]
    return rules.EarningFacts(
        certificates_won=int(won or 0),
        cash_and_card_won=order.amount_won - order.reward_won,
        total_won=order.amount_won,
        earned_won=order.earned_won,
        unearned_won=order.unearned_won,
    )


def is_placed(checkout: Checkout) -> bool:
    """Whether an order came of a checkout, as things stand now."""
    return Checkout.objects.filter(id=checkout.id, state=CheckoutState.PLACED).exists()


def refund_plan(order: Order, copies: Mapping[UUID, int], *, percent: int) -> rules.RefundPlan:
    """What a refund of {line: copies} comes to as things stand. P4, P5"""
    lines = Line.objects.filter(order=order, id__in=copies)
    won = sum(rules.amount_won(line.unit_price_won, copies[line.id]) for line in lines)
    certificates = sum(
        rules.amount_won(line.unit_price_won, copies[line.id]) for line in lines if line.is_gift_certificate
    )
    reward_back = rules.reward_to_take_back(earning_facts(order), certificates, percent=percent)
    kept = min(max(reward_back - ledger.left_of(f"reward:{order.id}"), 0), won)
    shares = ledger.shares_back(order.hold_id, won, kept)
    return rules.RefundPlan(
        won=won,
        reward_back_won=reward_back,
        kept_won=kept,
        card_won=shares.get(Kind.CARD, 0),
        cash_won=shares.get(Kind.CASH, 0),
        reward_won=shares.get(Kind.REWARD, 0),
    )


def order_from(draft_id: UUID) -> Order | None:
    """The order that a draft became."""
    return Order.objects.filter(draft_id=draft_id).first()


def lines_of(order_id: UUID) -> list[Line]:
    """An order's lines with their products."""
    return list(Line.objects.filter(order_id=order_id).select_related("product__brand").order_by("id"))


def chunks_of(line: Line) -> list[tuple[int, int]]:
    """The chunks of a line: (number, copies), in order."""
    rows = (
        Recipient.objects.filter(line=line).values("chunk").annotate(copies=Sum("copies")).order_by("chunk")
    )
    return [(row["chunk"], row["copies"]) for row in rows]


def recipients_of(line_id: UUID, chunk: int) -> list[tuple[Recipient, lists.Cells]]:
    """The recipients of one chunk with their cells, in order."""
    ring = crypto.ring()
    rows = Recipient.objects.filter(line_id=line_id, chunk=chunk).order_by("position")
    return [(row, lists.Cells.unpacked(ring.open(DraftRow.CELLS, row.cells_sealed))) for row in rows]


def title_of(row: Draft | Order) -> str:
    """The message's title."""
    return crypto.ring().open(Draft.TITLE, row.title_sealed) if row.title_sealed else ""


def text_of(row: Draft | Order) -> str:
    """The member's own words."""
    return crypto.ring().open(Draft.TEXT, row.text_sealed) if row.text_sealed else ""


def sent_lately(draft: Draft, at: datetime, hours: int) -> int:
    """How many of the draft's numbers got the same product from this buyer within `hours`. O2"""
    return (
        DraftRow.objects.filter(
            draft=draft,
            phone_index__in=Recipient.objects.filter(
                line__product_id=draft.product_id,
                line__order__buyer_id=draft.buyer_id,
                line__order__paid_at__gte=at - timedelta(hours=hours),
            ).values("phone_index"),
        )
        .values("phone_index")
        .distinct()
        .count()
    )


def face_won(draft: Draft, quote: Quote) -> int:
    """What a draft would take of the gift-certificate limit: face value, not price. O7"""
    return draft.product.face_value_won * quote.copies if draft.product.is_gift_certificate else 0


def face_of(order: Order, copies: Mapping[UUID, int]) -> int:
    """Face value of the gift certificates among {line: copies}. O7"""
    lines = Line.objects.filter(order=order, id__in=copies, is_gift_certificate=True)
    return sum(line.face_value_won * copies[line.id] for line in lines)


def has_certificates(order_id: UUID) -> bool:
    """Say whether there are gift certificates in an order. O8"""
    return Line.objects.filter(order_id=order_id, is_gift_certificate=True).exists()


def held_rest_won(order: Order) -> int:
    """What of an order's money is held for copies that are not issued; whoever calls holds the order. O9"""
    return Hold.objects.get(id=order.hold_id).rest_won


def limit_of(buyer: Buyer, at: datetime) -> rules.LimitFacts:
    """A buyer's gift-certificate limit in the month of `at`. O7"""
    month = LimitMonth.objects.filter(buyer=buyer, month=rules.month_of(at)).first()
    rows = LimitRaise.objects.filter(buyer=buyer, until_on__gte=clock.seoul_date(at), raised_at__lte=at)
    limit_won, until_on = rules.limit_on(
        clock.seoul_date(at),
        list(rows.order_by("id").values_list("limit_won", "until_on")[:100]),
        is_temporary=buyer.temporary_until is not None,
        figures=figures_now.figures(at),
    )
    return rules.LimitFacts(
        limit_won=limit_won,
        used_won=month.used_won if month else 0,
        held_won=month.held_won if month else 0,
        resets_on=rules.resets_on(at),
        until_on=until_on,
    )


def limit_for(draft: Draft, at: datetime) -> rules.LimitFacts:
    """The limit as a draft finds it: what its own open card window holds counts as free, since it would end. O7"""
    limit, opened = limit_of(draft.buyer, at), open_checkout(draft.id)
    if opened is None or opened.limit_month != rules.month_of(at):
        return limit
    return replace(limit, held_won=limit.held_won - opened.limit_won)


def locked_limit(buyer_id: UUID, month: date) -> LimitMonth:
    """Lock what a buyer has used in a month; behind the order's hold and before any account. O7"""
    return LimitMonth.objects.select_for_update().get(buyer_id=buyer_id, month=month)


def approval_facts(draft: Draft, quote: Quote, by: Member) -> rules.ApprovalFacts:
    """What decides who must consent to an order of this draft. O8, M7"""
    buyer = draft.buyer
    above = buyer.approval_above_won if buyer.kind == BuyerKind.COMPANY else None
    return rules.ApprovalFacts(
        has_certificates=draft.product.is_gift_certificate,
        amount_won=quote.amount_won,
        approval_above_won=above,
        approvers=members.approvers(buyer.id, without=by.id) if above is not None else 0,
    )


@dataclass(frozen=True)
class ApprovalLetter:
    """What is told of a consent: to whoever ordered, and to those of the company who may give it.

    `is_sent`: nothing else stands before it; `send_at`: when it goes, None for at once; `due_at`: when it is paid back by itself.
    """

    buyer_id: UUID
    member_id: UUID
    approver_ids: Sequence[UUID]
    public_id: str
    step: str
    state: str
    reason: str
    amount_won: int
    is_sent: bool
    due_at: datetime
    send_at: datetime | None


def approval_letter(approval_id: UUID) -> ApprovalLetter:
    """The notices about a consent, as things stand. O8"""
    row = Approval.objects.select_related("order").get(id=approval_id)
    is_company = row.step == ApprovalStep.COMPANY
    return ApprovalLetter(
        buyer_id=row.buyer_id,
        member_id=row.order.member_id,
        approver_ids=members.approver_ids(row.buyer_id, without=row.order.member_id) if is_company else [],
        public_id=row.order.public_id,
        step=row.step,
        state=row.state,
        reason=row.reason,
        amount_won=row.order.amount_won,
        is_sent=row.order.state in (OrderState.PAID, OrderState.SENDING, OrderState.FINISHED),
        send_at=row.order.send_at,
        due_at=row.due_at,
    )


def waiting_approvals(step: ApprovalStep, limit: int = 200) -> list[Approval]:
    """Orders that wait for a consent of this kind, oldest first. O8"""
    rows = Approval.objects.filter(step=step, state=ApprovalState.WAITING).select_related("order", "buyer")
    return list(rows.order_by("asked_at", "id")[:limit])


def approval(public_id: str, step: ApprovalStep) -> Approval | None:
    """One consent with its order. O8"""
    rows = Approval.objects.filter(public_id=public_id, step=step)
    return rows.select_related("order__member", "buyer").first()


def to_approve(member: Member) -> QuerySet[Approval]:
    """Orders of the company that this member may consent to: those of others, and only with the right. M7, O8"""
    rows = Approval.objects.filter(step=ApprovalStep.COMPANY, state=ApprovalState.WAITING)
    rows = rows.filter(buyer__memberships__in=members.consenting_places(member))
    return rows.exclude(order__member=member).select_related("order__member").order_by("asked_at", "id")


def company_approvals(member: Member, limit: int = 50) -> list[Approval]:
    """What was decided in the company lately, the newest first; for those who may consent. M7"""
    rows = Approval.objects.filter(step=ApprovalStep.COMPANY).exclude(state=ApprovalState.WAITING)
    rows = rows.filter(buyer__memberships__in=members.consenting_places(member))
    return list(rows.select_related("order__member").order_by("-decided_at", "-id")[:limit])


def approvals_of(order_id: UUID) -> list[Approval]:
    """The consents that an order needed so far, the first one first. O8"""
    return list(Approval.objects.filter(order_id=order_id).order_by("asked_at", "id"))


def locked_approval(approval_id: UUID) -> Approval:
    """Lock one consent; whoever calls has locked its order."""
    return Approval.objects.select_for_update().get(id=approval_id)


def overdue_approvals(at: datetime, limit: int = 200) -> list[UUID]:
    """Consents that nobody gave or refused in time, oldest first. O8"""
    rows = Approval.objects.filter(state=ApprovalState.WAITING, due_at__lte=at)
    return list(rows.order_by("asked_at", "id").values_list("id", flat=True)[:limit])


def approval_signs(row: Approval) -> rules.ApprovalSigns:
    """What speaks for or against an order with gift certificates. Numbers are compared by their keyed index. O8"""
    order, ring = row.order, crypto.ring()
    earlier = Order.objects.filter(buyer_id=order.buyer_id, paid_at__lt=order.paid_at)
    most = earlier.exclude(state=OrderState.REFUSED).aggregate(most=Max("amount_won"))["most"]
    own = [ring.index(DraftRow.PHONE, phone) for phone in members.phones_of(order.buyer_id)]
    mine = Recipient.objects.filter(line__order_id=order.id)
    shared, accounts = _shared(order)
    return rules.ApprovalSigns(
        joined_at=order.member.joined_at,
        paid_at=order.paid_at,
        amount_won=order.amount_won,
        earlier_most_won=most or 0,
        own_people=mine.filter(phone_index__in=own).values("phone_index").distinct().count(),
        shared_people=shared,
        accounts_most=accounts,
    )


def _shared(order: Order) -> tuple[int, int]:
    """Recipients that other accounts sent gift certificates to lately, and how many accounts at most to one of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*), coalesce(max(accounts), 0) FROM (
                SELECT r.phone_index, count(DISTINCT o.buyer_id) AS accounts FROM orders_recipient r
                JOIN orders_line l ON l.id = r.line_id AND l.is_gift_certificate
                JOIN orders_order o ON o.id = l.order_id AND o.buyer_id <> %s AND o.paid_at > %s
                WHERE r.phone_index IN (
                    SELECT m.phone_index FROM orders_recipient m JOIN orders_line n ON n.id = m.line_id
                    WHERE n.order_id = %s)
                GROUP BY r.phone_index) found""",
            [order.buyer_id, order.paid_at - timedelta(days=rules.ACCOUNTS_DAYS), order.id],
        )
        people, accounts = cursor.fetchone()
    return people, accounts


#: What the kept use of a limit must be: of each month's orders and open card windows. O7
_LIMITS_KEPT = """
    WITH taken AS (
        SELECT buyer_id, limit_month AS month, limit_won - limit_back_won AS won, state = 'waiting' AS is_held
        FROM orders_order WHERE limit_won > 0
        UNION ALL
        SELECT buyer_id, limit_month, limit_won, true FROM orders_checkout WHERE state = 'open' AND limit_won > 0
    ), sums AS (
        SELECT buyer_id, month, sum(won) FILTER (WHERE NOT is_held) AS used, sum(won) FILTER (WHERE is_held) AS held
        FROM taken GROUP BY buyer_id, month
    )
    SELECT b.public_id || ' ' || coalesce(m.month, s.month), coalesce(s.{part}, 0), coalesce(m.{part}_won, 0)
    FROM orders_limitmonth m FULL JOIN sums s ON s.buyer_id = m.buyer_id AND s.month = m.month
    JOIN members_buyer b ON b.id = coalesce(m.buyer_id, s.buyer_id)
    WHERE coalesce(s.{part}, 0) <> coalesce(m.{part}_won, 0)"""


def limit_faults() -> list[tuple[str, str, int, int]]:
    """Prove the limits: months whose kept use is not that of their orders and card windows. O7"""
    found = []
    with connection.cursor() as cursor:
        for part in ("used", "held"):
            cursor.execute(_LIMITS_KEPT.format(part=part))
            what = f"the {part} gift-certificate limit is not that of the orders"
            found += [(what, str(w), int(e), int(f)) for w, e, f in cursor.fetchall()]
    return found


def faults() -> list[tuple[str, str, int, int]]:
    """Prove the orders: (what, where, expected, found) for each that does not add up."""
    totals = (
        Order.objects.annotate(
            found=Sum(F("lines__unit_price_won") * F("lines__copies")), found_copies=Sum("lines__copies")
        )
        .filter(~Q(found=F("amount_won")) | ~Q(found_copies=F("copies")))
        # a substitute may be cheaper than what was agreed; the difference went back
        .exclude(takes_substitute=True, found__lt=F("amount_won"), found_copies=F("copies"))
        .values_list("public_id", "amount_won", "found")
    )
    wrong = [
        ("an order's sum is not that of its lines", where, want, have or 0) for where, want, have in totals
    ]
    lines = (
        Line.objects.annotate(found=Sum("recipients__copies"))
        .exclude(found=F("copies"))
        .values_list("order__public_id", "copies", "found")
    )
    return [*wrong, *limit_faults()] + [
        ("a line's copies are not those of its recipients", where, want, have or 0)
        for where, want, have in lines
    ]

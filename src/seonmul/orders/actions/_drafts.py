"""A draft: begun, kept, thrown away. M5, O12"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from seonmul.catalog import queries as catalog
from seonmul.catalog import rules as catalog_rules
from seonmul.catalog.models import List
from seonmul.catalog.rules import MAIL, TEXT
from seonmul.dispatch import queries as dispatch
from seonmul.kit import crypto
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.models import BuyerKind, Member
from seonmul.orders import queries, rules
from seonmul.orders.actions._advertising import mark_opted_out
from seonmul.orders.actions._checking import carry_look
from seonmul.orders.actions._checkouts import end_checkout
from seonmul.orders.models import Draft, DraftItem, OrderKind


@transaction.atomic
def begin(by: Member, list_: List, code: str, *, at: datetime, kind: OrderKind | None = None) -> Draft:
    """Begin a draft for one product, by text where nothing else is said. Raises Refused when it cannot be bought. O1

    The sender is the member's own number, else the buyer's first one; empty when the member wants it so. M5
    """
    buyer = members_now.buyer_of(by)
    if buyer is None or not members_now.may_buy(by):
        raise Refused(No(rules.OrderRefusal.NOT_A_BUYER))
    offer = catalog.offer(list_, code)
    facts = catalog.facts(offer)
    refuse(catalog_rules.why_not_buy(facts, is_company=buyer.kind == BuyerKind.COMPANY, at=at))
    if offer is None:
        raise Refused(No(catalog_rules.ProductRefusal.NOT_ON_LIST))
    ways = offer.product.channels
    kind = kind or OrderKind(TEXT if catalog_rules.channels_of(TEXT, ways) else MAIL)
    refuse(catalog_rules.why_not_order_by(facts, kind))
    senders = dispatch.senders_of(buyer.id, by.id) if by.auto_sender else []
    # a number of one's own stands before those of the company
    senders.sort(key=lambda sender: sender.member_id != by.id)
    made = Draft.objects.create(
        buyer=buyer,
        member=by,
        list=list_,
        kind=kind,
        channel=catalog_rules.channels_of(kind, ways)[0],
        sender=senders[0].digits if senders else "",
        made_at=at,
        saved_at=at,
    )
    DraftItem.objects.create(draft=made, product=offer.product)
    return made


@transaction.atomic
def discard(draft_id: UUID, *, at: datetime) -> None:
    """Throw a draft away, with its list. Nothing happens when it has become an order.

    An open card window ends; money that comes by it all the same goes back.
    """
    if queries.locked_draft(draft_id) is None:
        return
    checkout = queries.locked_checkout(draft_id)
    if checkout:
        end_checkout(checkout, why="discarded", at=at)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM orders_draftrow WHERE draft_id = %s", [draft_id])
    Draft.objects.filter(id=draft_id).delete()


@transaction.atomic
def save(
    draft_id: UUID, *, at: datetime, title: str | None = None, text: str | None = None, **fields: object
) -> None:
    """Keep what was typed; `fields` are plain columns of the draft (sender, channel, purpose, is_lawful).

    Where nothing differs, nothing is touched: what a card is paying for at this moment stays what it was. O6
    A channel of the other kind of order is left out: see `switch`.
    """
    draft = Draft.objects.select_for_update().filter(id=draft_id).first()
    if draft is None:
        return
    if not catalog_rules.channels_of(draft.kind, {str(fields.get("channel", draft.channel))}):
        del fields["channel"]
    ring = crypto.ring()
    changed = {name: value for name, value in fields.items() if getattr(draft, name) != value}
    if title is not None and title != queries.title_of(draft):
        changed["title_sealed"] = ring.seal(Draft.TITLE, title)
    if text is not None and text != queries.text_of(draft):
        changed["text_sealed"] = ring.seal(Draft.TEXT, text)
    if changed:
        Draft.objects.filter(id=draft_id).update(saved_at=at, **changed)
        carry_look(draft, changed, at=at)
        if "is_ad" in changed:
            mark_opted_out(Draft.objects.get(id=draft_id))


@transaction.atomic
def close_account(
    by: Member, *, is_proved: bool, gives_up_reward: bool, at: datetime, by_password: bool = False
) -> None:
    """Close a member's account and discard the drafts that nobody goes on with. Raises Refused and changes nothing. M9

    Vouchers already sent are their recipients': orders, links and codes stay as they are. `by_password`: the login password is all that proves who asks.
    """
    ends = members_now.ends_with(by)
    if ends:
        members_now.locked_buyer(ends.id)  # a charge asked for meanwhile is seen here, or comes to nothing
    facts = queries.closing_facts(by)
    drafts = queries.drafts_of(by, ends)
    members.close(
        by,
        orders_under_way=facts.orders_under_way,
        on_its_way=facts.on_its_way,
        has_orders=queries.has_orders(by),
        by_password=by_password,
        is_proved=is_proved,
        gives_up_reward=gives_up_reward,
        at=at,
    )
    for draft_id in drafts:
        discard(draft_id, at=at)

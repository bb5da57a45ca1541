"""What the order page shows of a draft: read here once, for the whole page and for its parts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext

from seonmul.catalog import queries as catalog
from seonmul.catalog import rules as catalog_rules
from seonmul.catalog.models import List, Supplier
from seonmul.catalog.rules import ProductRefusal
from seonmul.dispatch import queries as dispatch
from seonmul.dispatch import rules as dispatch_rules
from seonmul.dispatch.models import Channel
from seonmul.dispatch.rules import Ad, AdRefusal, LetterRefusal
from seonmul.kit import clock, euckr
from seonmul.kit.refusals import No, Refusal
from seonmul.kit.sheets import Note
from seonmul.ledger import rules as ledger_rules
from seonmul.members import queries as members
from seonmul.members.models import BuyerKind, Member
from seonmul.orders import queries as orders
from seonmul.orders import rules
from seonmul.orders.models import Draft, OrderKind, Purpose
from seonmul.orders.queries import FILTERS, Quote, QuoteLine, RowLine
from seonmul.orders.rules import OrderRefusal, TimeRefusal
from seonmul.storefront import checking_page, ending, plan_page
from seonmul.storefront.forms import ASLEEP_MINUTES

ROWS_A_PAGE = 50
_END = 2**31 - 1

#: Which field a refusal is about, so that it stands there.
_FIELDS: dict[Refusal, str] = {
    ProductRefusal.CHANNEL: "channel",
    ProductRefusal.NOT_BY_MAIL: "kind",
    ProductRefusal.NOT_BY_TEXT: "kind",
    LetterRefusal.SENDER_NOT_APPROVED: "sender",
    LetterRefusal.TITLE_TOO_LONG: "title",
    LetterRefusal.NO_TITLE: "title",
    LetterRefusal.MAIL_TITLE_TOO_LONG: "title",
    LetterRefusal.MAIL_TOO_LONG: "text",
    LetterRefusal.NO_TEXT: "text",
    LetterRefusal.TEXT_TOO_LONG: "text",
    LetterRefusal.CANNOT_CARRY: "text",
    LetterRefusal.UNKNOWN_PLACE: "text",
    OrderRefusal.BAD_PLACE: "text",
    OrderRefusal.NOT_LAWFUL: "is_lawful",
    AdRefusal.NOT_SET: "is_ad",
    AdRefusal.AT_NIGHT: "send_at",
    TimeRefusal.NO_TIME: "send_at",
    TimeRefusal.PASSED: "send_at",
    TimeRefusal.TOO_FAR: "send_at",
    TimeRefusal.SLEEPS_TOO_LONG: "asleep_minutes",
    TimeRefusal.NOT_OURS: "asleep_minutes",
}


@dataclass(frozen=True)
class Rows:
    """A page of a draft's rows: 45th to 52nd of 3,312; `before` and `after` lead on (0: there is nothing)."""

    lines: list[RowLine]
    only: str = ""
    first: int = 0
    whole: int = 0
    before: int = 0
    after: int = 0
    query: str = ""
    found: str = ""

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1


def rows(request: HttpRequest, draft: Draft, quote: Quote, *, by: Member, at_end: bool = False) -> Rows:
    """The page that the address asks for, as `by` may see it; `at_end`: the last one, where new rows are."""
    only = request.GET.get("only", "")
    only = only if only in FILTERS else ""
    whole = {
        "": quote.rows,
        "ok": quote.rows_ok,
        "fix": quote.rows_at_fault,
        "repaired": quote.rows_repaired,
        "doubles": quote.doubles,
    }[only]
    after, before = _number(request.GET.get("after")), _number(request.GET.get("before"))
    if at_end:
        after, before = 0, _END
    lines = orders.rows_page(draft, only, after, ROWS_A_PAGE, before=before)
    if not lines and whole:  # rows left this page meanwhile
        after = before = 0
        lines = orders.rows_page(draft, only, 0, ROWS_A_PAGE)
    first = orders.rows_before(draft, only, lines[0].position) if lines else 0
    if not orders.sees_rows(draft, by):
        lines = [orders.veiled(line) for line in lines]
    here = {"only": only, "after": after, "before": 0 if at_end else before}
    return Rows(
        lines,
        only,
        first,
        whole,
        before=lines[0].position if first > 1 else 0,
        after=lines[-1].position if lines and first + len(lines) - 1 < whole else 0,
        query=urlencode({name: value for name, value in here.items() if value}),
    )


def found(draft: Draft, text: str, *, by: Member) -> Rows:
    """The rows whose name or number holds `text`; whose name, for those who see no whole numbers. M7"""
    is_whole = orders.sees_rows(draft, by)
    lines = orders.rows_found(draft, text, ROWS_A_PAGE, by_name=not is_whole)
    lines = lines if is_whole else [orders.veiled(line) for line in lines]
    return Rows(lines, first=1 if lines else 0, whole=len(lines), found=text)


def context(
    draft: Draft,
    shown: Rows,
    quote: Quote,
    at: datetime,
    *,
    no: No | None = None,
    typed: dict[str, Any] | None = None,
    notes: Iterable[Note] = (),
    intake: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Everything on the page. `no`: why it was not paid; `typed`, `intake`: what was typed and is not kept yet."""
    balances = orders.means(draft, at)
    short = why_not_afford(balances.cash_won, quote.amount_won)
    message = typed or {
        "sender": draft.sender,
        "channel": draft.channel,
        "title": orders.title_of(draft),
        "text": orders.text_of(draft),
        "purpose": draft.purpose,
        "is_lawful": draft.is_lawful,
        "is_ad": draft.is_ad,
        "falls_back": draft.falls_back,
        "is_later": draft.is_later,
        "send_at": local_input(draft.send_at),
        "asleep_minutes": draft.asleep_minutes,
        "takes_substitute": draft.takes_substitute,
    }
    letter = letter_context(draft, quote, at)
    return {
        "draft": draft,
        **_goods(draft, quote, message["channel"], at),
        **_kinds(draft, quote),
        "tier_percent": members.tier_of(draft.buyer),
        "quote": quote,
        "shown": shown,
        "message": message,
        "senders": dispatch.senders_of(draft.buyer_id, draft.member_id),
        "purposes": Purpose,
        "asleep_choices": ASLEEP_MINUTES,
        "balances": balances,
        "cash_part_won": min(quote.amount_won, balances.cash_won),
        "card_won": max(quote.amount_won - balances.cash_won, 0),
        "open_checkout": orders.open_checkout(draft.id),
        "after_won": balances.cash_won - quote.amount_won,
        "short": short,
        **limit_context(draft, quote, at),
        **checking_page.context(draft, quote, at),
        **plan_page.of_draft(draft, quote, at),
        "no": no,
        "bad_field": _FIELDS.get(no.why, "") if no else "",
        "notes": notes,
        "intake": intake or {},
        "at": at,
    } | letter


@dataclass(frozen=True)
class BasketLine:
    """One product of the basket; `no`: why it cannot be had as things stand."""

    line: QuoteLine
    no: No | None
    end_words: str


def _goods(draft: Draft, quote: Quote, channel: str, at: datetime) -> dict[str, Any]:
    """What the page says of the basket and of what all of its products allow. `channel`: as it is chosen now."""
    ways = set.intersection(*(set(line.product.channels) for line in quote.lines))
    others = (catalog.substitute_of(line.product, List(draft.list)) for line in quote.lines)
    return {
        "basket": basket(draft, quote, at),
        "copies_most": max(line.product.copies_most for line in quote.lines),
        "substitutes": ", ".join(other.product.name for other in others if other),
        "is_own": all(line.product.supplier == Supplier.OWN for line in quote.lines),
        "channels": [Channel(one) for one in catalog_rules.channels_of(draft.kind, {*ways, channel})],
    }


@dataclass(frozen=True)
class KindChoice:
    """문자발송 or 이메일발송; `no`: why this order cannot be one. O1"""

    kind: OrderKind
    no: No | None


def _kinds(draft: Draft, quote: Quote) -> dict[str, Any]:
    """Both kinds of order, and how this one is told. O1"""
    offers = [catalog.facts(line.offer) for line in quote.lines]

    def why_not(kind: OrderKind) -> No | None:
        return next(filter(None, (catalog_rules.why_not_order_by(offer, kind) for offer in offers)), None)

    return {
        "kinds": [KindChoice(kind, None if kind == draft.kind else why_not(kind)) for kind in OrderKind],
        "is_mail": draft.kind == OrderKind.MAIL,
        "mail_from": orders.shown_sender(draft),
        "mail_domain": parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
    }


def basket(draft: Draft, quote: Quote, at: datetime) -> list[BasketLine]:
    """The products of a draft, each with what stands in its way."""
    is_company = draft.buyer.kind == BuyerKind.COMPANY
    words = ending.words_on([line.product.id for line in quote.lines], draft.list, at)
    return [
        BasketLine(
            line,
            catalog_rules.why_not_buy(catalog.facts(line.offer), is_company=is_company, at=at),
            words[line.product.id],
        )
        for line in quote.lines
    ]


def limit_context(draft: Draft, quote: Quote, at: datetime) -> dict[str, Any]:
    """The meter of the gift-certificate limit with what this order takes of it; nothing for other goods. O7"""
    if not quote.has_certificates:
        return {}
    limit, face_won = orders.limit_for(draft, at), orders.face_won(quote)
    return {"limit": limit, "face_won": face_won, "over_won": limit.over_won(face_won)}


def letter_context(draft: Draft, quote: Quote, at: datetime) -> dict[str, Any]:
    """The message as the server counts it, and what stands in its way. O3"""
    facts = orders.letter_facts(draft, quote, settings.PUBLIC_URL, at)
    # that there is no sender is said once for the whole panel
    can_write = facts.has_any_sender or draft.kind == OrderKind.MAIL
    text_no = dispatch_rules.why_not_write(facts) if can_write else None
    by_channel = (
        catalog_rules.why_not_send_by(catalog.facts(line.offer), draft.channel) for line in quote.lines
    )
    text_no = next(filter(None, by_channel), None) or text_no
    text_no = text_no or rules.why_not_fill_in(facts, orders.bad_places(draft))
    ad = orders.ad_for(draft)
    head = dispatch_rules.ad_head(ad)
    tail = facts.text.removeprefix(head).removeprefix(orders.text_of(draft).rstrip())
    if draft.kind == OrderKind.MAIL:
        return _mail_context(draft, quote, ad, len(head + tail), text_no, at)
    sample = f"{settings.PUBLIC_URL.partition('://')[2]}/g/…"
    return {
        "text_no": text_no,
        "can_replace": bool(text_no and text_no.why is LetterRefusal.CANNOT_CARRY and _has_stand_ins(draft)),
        "unit": "bytes",
        "text_most": dispatch_rules.TEXT_MOST_BYTES[draft.channel],
        "title_most": dispatch_rules.TITLE_MOST_BYTES
        - (len(dispatch_rules.MARK.encode("euc-kr")) if ad else 0),
        "tail_bytes": _bytes(head + tail, facts.place_bytes),
        "head": head.strip(),
        "ad": ad,
        "place_bytes": json.dumps(
            {name: size for name, size in facts.place_bytes.items() if name != rules.LINK_PLACE},
            ensure_ascii=False,
        ),
        "tail": dispatch_rules.fill(tail, {rules.LINK_PLACE: sample}).strip(),
        **_shown(draft, quote, facts.has_any_sender and text_no is None),
    }


def _mail_context(
    draft: Draft, quote: Quote, ad: Ad | None, added: int, text_no: No | None, at: datetime
) -> dict[str, Any]:
    """The same of a mail, which is counted in letters as they are written. `added`: letters around the member's. O3"""
    lines = [
        (line.name, clock.korean_date(orders.codes_until(draft, line.offer, at))) for line in quote.lines
    ]
    below = dispatch_rules.ad_text("", ad).removeprefix(dispatch_rules.ad_head(ad)).strip()
    return {
        "text_no": text_no,
        "can_replace": False,
        "unit": "letters",
        "text_most": dispatch_rules.MAIL_MOST,
        "title_most": dispatch_rules.MAIL_TITLE_MOST - (len(dispatch_rules.MARK) if ad else 0),
        "tail_bytes": added,
        "head": dispatch_rules.ad_head(ad).strip(),
        "ad": ad,
        "place_bytes": "{}",
        "tail": below,
        "mail_goods": lines[:1],
        **_shown(draft, quote, text_no is None),
    }


def _shown(draft: Draft, quote: Quote, is_ready: bool) -> dict[str, Any]:
    """What is the same of every message."""
    return {
        "places": [rules.NAME_PLACE, *draft.places],
        "sample": json.dumps(_sample(draft), ensure_ascii=False),
        "is_written": is_ready and draft.is_lawful,
        "is_listed": quote.people > 0,
    }


def _sample(draft: Draft) -> dict[str, str]:
    """What stands in the places of the message as it is shown: the first row's cells, else an example. O3"""
    lines = orders.rows_page(draft, "ok", limit=1) if draft.places else []
    shown = orders.fields_of(draft, lines[0].position) if lines else {}
    return {rules.NAME_PLACE: gettext("김서연"), **shown}


def local_input(moment: datetime | None) -> str:
    """A moment as a browser's field for date and time takes it, in Seoul."""
    return f"{moment.astimezone(clock.SEOUL):%Y-%m-%dT%H:%M}" if moment else ""


def why_not_afford(cash_won: int, amount_won: int) -> No | None:
    """Ask the books whether the cash is enough, before anything is asked of the member."""
    return ledger_rules.why_not_post({"cash": cash_won}, {"cash": -amount_won})


def _bytes(text: str, place_bytes: Mapping[str, int]) -> int:
    try:
        return dispatch_rules.longest_bytes(text, place_bytes)
    except euckr.CannotCarry:
        return 0  # the refusal beside it says so


def _has_stand_ins(draft: Draft) -> bool:
    words = orders.title_of(draft) + orders.text_of(draft)
    return euckr.replace(words) != words


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def day_of_file(at: datetime) -> str:
    """The day as file names carry it."""
    return f"{clock.seoul_date(at):%Y%m%d}"

"""`seonmul send FILE`: a real order from a sheet, through the same actions as the pages.

Whoever may run commands here stands in for the spend factor of the member; that is written to the audit log.
Exit status: 0 every copy was delivered (without --wait: the order was placed), 3 some were not, 2 refused.
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils.translation import gettext

from seonmul.catalog.models import List
from seonmul.catalog.rules import CHANNELS
from seonmul.dispatch.models import Channel
from seonmul.dispatch.ports import PENDING
from seonmul.dispatch.rules import WORDS
from seonmul.figures import queries as figures
from seonmul.gifts import queries as gifts
from seonmul.gifts.queries import Tally
from seonmul.kit import clock
from seonmul.kit.phones import digits_of
from seonmul.kit.refusals import No, Refusal, Refused, _
from seonmul.ledger import queries as ledger
from seonmul.ledger.rules import why_not_post
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.models import BuyerKind, Member
from seonmul.orders import actions as orders
from seonmul.orders import queries as orders_now
from seonmul.orders import rules
from seonmul.orders.models import Draft, Order, OrderKind

DELIVERED, NOT_ALL, REFUSED = 0, 3, 2
_PATIENCE_SECONDS = 60.0


class CommandRefusal(Refusal):
    NO_MEMBER = "login_unknown", _("‘{login}’이라는 회원이 없습니다. 주문하지 않았습니다.")
    NO_FILE = "file_unreadable", _("파일을 읽을 수 없습니다. 주문하지 않았습니다. 경로를 확인해 주세요.")


@dataclass
class Report:
    """What the command says in the end; `as_json` is its contract."""

    order: str | None = None
    people: int = 0
    copies: int = 0
    amount_won: int = 0
    delivered: int = 0
    failed: int = 0
    pending: int = 0
    results: dict[str, int] = field(default_factory=dict)
    faults: list[dict[str, Any]] = field(default_factory=list)
    refusal: dict[str, str] | None = None

    def as_json(self) -> str:
        return json.dumps(self.__dict__, ensure_ascii=False)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", help="xlsx or csv; column A holds the phone numbers, or the addresses by mail"
    )
    parser.add_argument("--product", required=True, help="product code, e.g. AMERICANO-ICE")
    parser.add_argument("--as", dest="login", required=True, help="login of the member who buys")
    parser.add_argument("--sender", default="", help="registered sender number; a mail needs none")
    parser.add_argument("--channel", choices=CHANNELS, default="lms")
    parser.add_argument(
        "--falls-back",
        action="store_true",
        help="send what fails by another channel, where the product has one",
    )
    parser.add_argument("--title", default="")
    parser.add_argument("--text", default="#{이름} 님께 선물을 보내 드립니다.")
    parser.add_argument("--phone-column", type=column_index, help="letter of the column with phone numbers")
    parser.add_argument("--mail-column", type=column_index, help="letter of the column with mail addresses")
    parser.add_argument("--name-column", type=column_index, help="letter of the column with names")
    parser.add_argument(
        "--leave-out", type=int, default=0, metavar="N", help="send without the N rows at fault"
    )
    parser.add_argument("--dry-run", action="store_true", help="check everything, order nothing")
    parser.add_argument("--wait", action="store_true", help="wait until every copy has an outcome")
    parser.add_argument("--json", action="store_true", help="one line of JSON at the end")


def column_index(letters: str) -> int:
    """Turn a column's letters into its index from 0."""
    if not letters.isascii() or not letters.isalpha() or len(letters) > 2:
        raise argparse.ArgumentTypeError("a column is named by its letter, such as B")
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def run(args: argparse.Namespace) -> int:
    report = Report()
    try:
        order = _order(args, report)
    except Refused as refused:
        report.refusal = {"code": refused.no.code, "text": refused.no.say(gettext)}
        return _end(args, report, REFUSED)
    if order is None:
        return _end(args, report, DELIVERED)
    if args.wait:
        _wait(order, quiet=args.json and not sys.stderr.isatty())
    _tally(order, report)
    return _end(args, report, NOT_ALL if args.wait and report.delivered < report.copies else DELIVERED)


def _order(args: argparse.Namespace, report: Report) -> Order | None:
    """Make the draft, check it, and place it unless only a check was wanted."""
    at = clock.now()
    member = members_now.by_login(args.login)
    if member is None:
        raise Refused(No(CommandRefusal.NO_MEMBER, {"login": args.login}))
    buyer = members_now.buyer_of(member)
    is_company = buyer is not None and buyer.kind == BuyerKind.COMPANY
    list_ = List.CORPORATE if is_company else List.GENERAL
    kind = OrderKind.MAIL if args.channel == Channel.MAIL else OrderKind.TEXT
    draft = orders.begin(member, list_, args.product, kind=kind, at=at)
    order = None
    try:
        order = _fill_and_place(args, report, member, draft)
    finally:
        if order is None:
            orders.discard(draft.id, at=clock.now())
    return order


def _fill_and_place(args: argparse.Namespace, report: Report, member: Member, draft: Draft) -> Order | None:
    at = clock.now()
    columns = {"phone": args.phone_column, "mail": args.mail_column, "name": args.name_column}
    try:
        orders.import_sheet(draft.id, args.file, args.file, at=at, columns=columns)
    except OSError as error:
        raise Refused(No(CommandRefusal.NO_FILE)) from error
    written = {"title": args.title, "text": args.text, "channel": args.channel, "falls_back": args.falls_back}
    orders.save(draft.id, at=at, sender=digits_of(args.sender), is_lawful=True, **written)
    draft = orders_now.drafts_seen_by(member).select_related("buyer").get(id=draft.id)
    quote = orders_now.quote(draft)
    report.people, report.copies, report.amount_won = quote.people, quote.copies, quote.amount_won
    report.faults = [
        {"row": row.position, "value": row.typed or row.phone, "code": row.fault, "text": row.why}
        for row in orders_now.rows_to_mend(draft)
    ]
    agreed = {"seen_won": quote.amount_won, "seen_left_out": args.leave_out}
    if args.dry_run:
        _check(draft, quote, member, agreed)
        report.pending = quote.copies
        return None
    grant = members.grant_at_console(
        member.id, orders_now.purpose_of(draft, quote), by=getpass.getuser(), at=clock.now()
    )
    return orders.place(draft.id, by=member, grant_id=grant.id, at=clock.now(), **agreed)


def _check(draft: Draft, quote: orders_now.Quote, member: Member, agreed: dict[str, int]) -> None:
    """Ask the rules what placing would ask them; raises Refused."""
    at = clock.now()
    facts = orders_now.facts(draft, quote, member, site_url=settings.PUBLIC_URL, at=at, **agreed)
    cash_won = ledger.balances(draft.buyer_id).cash_won
    no = rules.why_not_place(facts, figures=figures.figures(at), at=at)
    no = no or why_not_post({"cash": cash_won}, {"cash": -quote.amount_won})
    if no:
        raise Refused(no)


def _wait(order: Order, *, quiet: bool) -> None:
    """Poll until every copy has an outcome, with a bar on the terminal."""
    while True:
        tally = _tally_of(order)
        ended = tally.delivered + tally.failed
        if not quiet:
            filled = 30 * ended // order.copies
            bar = "█" * filled + "░" * (30 - filled)
            print(f"\r{bar} {ended:,}/{order.copies:,}", end="", file=sys.stderr, flush=True)
        if tally.is_settled:
            break
        time.sleep(0.5)
    if not quiet:
        print(file=sys.stderr)


def _tally_of(order: Order) -> Tally:
    """Count an order that is placed; a database that was just killed is given a minute to come back."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return gifts.tally(order)
        except (InterfaceError, OperationalError):
            connection.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def _tally(order: Order, report: Report) -> None:
    tally = _tally_of(order)
    report.order = order.public_id
    report.delivered, report.failed = tally.delivered, tally.failed
    report.pending = tally.copies - tally.delivered - tally.failed
    report.results = {str(result): count for result, count in tally.results}
    if tally.delivered:
        report.results = {"delivered": tally.delivered} | report.results


def _end(args: argparse.Namespace, report: Report, status: int) -> int:
    if not args.json:
        _say(report)
    else:
        print(report.as_json())
    return status


def _say(report: Report) -> None:
    for fault in report.faults[:20]:
        print(f"  {fault['row']}행 {fault['value']}: {fault['text']}")
    if len(report.faults) > 20:
        print(f"  … {len(report.faults) - 20:,}행 더")
    print(f"{report.people:,}명 {report.copies:,}건 {report.amount_won:,}원")
    if report.refusal:
        print(report.refusal["text"])
    labels = {str(result): gettext(words.label) for result, words in WORDS.items()}
    for result, count in report.results.items():
        print(f"  {labels[result]} {count:,}")
    if report.pending and report.order:
        print(f"  {labels[str(min(PENDING))]} {report.pending:,}")
    if report.order:
        print(f"{settings.PUBLIC_URL}/orders/{report.order}/")

"""Where a member's money went, like a bank's statement: by period, on the page and as xlsx. P1, P4"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from seonmul.figures import queries as figures_now
from seonmul.kit import clock, ids, sheets
from seonmul.ledger import queries as ledger
from seonmul.ledger.models import Entry, Kind
from seonmul.members import queries as members
from seonmul.members.models import Member
from seonmul.orders import queries as orders
from seonmul.payments import queries as payments
from seonmul.payments.rules import TAX_PAPERS
from seonmul.storefront.templatetags.storefront import movement
from seonmul.storefront.views import seen

#: The statements that are shown: what can be spent, what was given, and what is set aside.
_KINDS = {
    "cash": (Kind.CASH, _("캐쉬")),
    "reward": (Kind.REWARD, _("리워드")),
    "held": (Kind.HELD, _("보류")),
}
_PERIODS = {"today": _("오늘"), "week": _("1주일"), "month": _("1개월"), "quarter": _("3개월")}
_USUAL = "month"
#: Rows whose causes are looked up together.
_PORTION = 1_000


@dataclass(frozen=True)
class Period:
    """Days of Seoul, both included. `name`: "custom" for days that were typed; `is_bad`: they made no sense."""

    name: str
    first: date
    last: date
    is_bad: bool = False

    @property
    def since(self) -> datetime:
        return datetime.combine(self.first, time(), tzinfo=clock.SEOUL)

    @property
    def until(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time(), tzinfo=clock.SEOUL)

    @property
    def query(self) -> dict[str, str]:
        """As the address carries it."""
        if self.name != "custom":
            return {"period": self.name}
        return {"period": "custom", "from": self.first.isoformat(), "to": self.last.isoformat()}


def period_of(request: HttpRequest, at: datetime, said: QueryDict | None = None) -> Period:
    """The period that the address (or `said`) asks for; a month where it asks for none, or for nonsense."""
    said = request.GET if said is None else said
    today, name = clock.seoul_date(at), said.get("period", _USUAL)
    if name == "custom":
        first, last = _day(said.get("from")), _day(said.get("to"))
        if first and last and first <= last:
            return Period(name, first, last)
        return Period(_USUAL, _first(_USUAL, today, at), today, is_bad=True)
    name = name if name in _PERIODS else _USUAL
    return Period(name, _first(name, today, at), today)


def _first(name: str, today: date, at: datetime) -> date:
    if name in ("today", "week"):
        return today - timedelta(days=6 if name == "week" else 0)
    return clock.months_before(at, 3 if name == "quarter" else 1).date()


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2199 else None


@never_cache
@require_safe
def cash(request: HttpRequest) -> HttpResponse:
    """The statement of one balance."""
    buyer, member, at = seen.buyer(request), seen.member(request), clock.now()
    name, period = _name_of(request), period_of(request, at)
    kind, since, until = _KINDS[name][0], period.since, period.until
    page = ledger.statement(buyer.id, kind, after=request.GET.get("after", ""), since=since, until=until)
    sums = ledger.sums(buyer.id, kind, since=since, until=until)
    opening = ledger.balance_at(buyer.id, kind, since - timedelta(microseconds=1))
    figures = figures_now.figures(at)
    context = {
        "kind": name,
        "kinds": [(code, label, _address(code, period)) for code, (_kind, label) in _KINDS.items()],
        "period": period,
        "periods": [(code, label, _address(name, Period(code, at, at))) for code, label in _PERIODS.items()],
        "lines": list(_lines(member, page.rows)),
        "next": _address(name, period, page.after) if page.after else "",
        "is_later": "after" in request.GET,
        "first": _address(name, period),
        "sheet": reverse("storefront:statement") + "?" + urlencode({"of": name} | period.query),
        "sums": sums,
        "opening_won": opening,
        "closing_won": opening + sums.in_won - sums.out_won,
        "balances": ledger.balances(buyer.id),
        "lots": ledger.lots(buyer.id) if name == "reward" else [],
        "soon": at + timedelta(days=figures.reward_notice_days),
        "may_charge": members.may_buy(member),
        "level": payments.low_balance(buyer.id),
    }
    return render(request, "storefront/cash.html", context)


@never_cache
@require_safe
def sheet(request: HttpRequest) -> FileResponse:
    """The whole period as xlsx, drawn row by row into a file, however many there are."""
    buyer, member, at = seen.buyer(request), seen.member(request), clock.now()
    name, period = _name_of(request), period_of(request, at)
    entries = ledger.movements(buyer.id, _KINDS[name][0], since=period.since, until=period.until)
    header = [
        gettext("날짜"),
        gettext("내용"),
        gettext("번호"),
        gettext("들어온 금액"),
        gettext("나간 금액"),
        gettext("잔액"),
    ]
    label = str(_KINDS[name][1])
    book = tempfile.TemporaryFile()
    rows = (line.cells for line in _lines(member, entries))
    papers = gettext("세금계산서·현금영수증"), [gettext(sentence) for sentence in TAX_PAPERS]
    sheets.write_xlsx(book, header, rows, text_columns=[0, 1, 2], title=label, second=papers)
    book.seek(0)
    said = f"{gettext('이용내역')}_{label}_{period.first:%Y%m%d}-{period.last:%Y%m%d}.xlsx"
    return FileResponse(book, as_attachment=True, filename=said)


@dataclass(frozen=True)
class Booking:
    """A movement with what caused it: `what` and `url` of an order, a charge or a pay-out, "" where there is no page of it."""

    entry: Entry
    what: str = ""
    url: str = ""
    public_id: str = ""

    @property
    def cells(self) -> tuple[object, ...]:
        won = self.entry.amount_won
        return (
            clock.korean_datetime(self.entry.transfer.posted_at),
            movement(self.entry.transfer.kind),
            f"{self.what} {self.public_id}".strip(),
            won if won > 0 else None,
            -won if won < 0 else None,
            self.entry.balance_after_won,
        )


def _lines(member: Member, entries: Iterable[Entry]) -> Iterator[Booking]:
    """Entries with their causes, which are looked up for many at once."""
    rest = iter(entries)
    while portion := list(islice(rest, _PORTION)):
        named = {entry.transfer.subject for entry in portion}
        subjects = {subject for subject in named if ids.is_id(subject)}
        ordered = orders.orders_about(member, subjects)
        paid = payments.charges_about(member, subjects)
        out = payments.payouts_about(member, named)
        for entry in portion:
            subject = entry.transfer.subject
            yield _line(entry, ordered.get(subject), paid.get(subject), out.get(subject))


def _line(entry: Entry, order: Any, paid: Any, payout: Any) -> Booking:
    if order:
        url = reverse("storefront:order", args=[order.public_id])
        return Booking(entry, gettext("주문"), url, order.public_id)
    if paid and paid.kind == "account":
        url = reverse("storefront:charge", args=[paid.public_id])
        return Booking(entry, gettext("가상계좌"), url, paid.public_id)
    if payout:
        url = f"{reverse('storefront:payout')}#payout-{payout.public_id}"
        return Booking(entry, gettext("환급 신청"), url, payout.public_id)
    return Booking(entry)


def _name_of(request: HttpRequest) -> str:
    name = request.GET.get("of", "")
    return name if name in _KINDS else "cash"


def _address(name: str, period: Period, after: str = "") -> str:
    more = {"after": after} if after else {}
    return "?" + urlencode({"of": name} | period.query | more)

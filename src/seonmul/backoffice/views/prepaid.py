"""What is outstanding, what was issued this year, and stamp duty: against the thresholds of the law. P8"""

from __future__ import annotations

import io
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from seonmul.backoffice.forms import SpanForm
from seonmul.backoffice.guard import needs
from seonmul.backoffice.rules import Power
from seonmul.figures import queries as figures
from seonmul.kit import clock, sheets
from seonmul.ledger import queries as ledger
from seonmul.ledger.models import Kind
from seonmul.vouchers import thresholds
from seonmul.vouchers.thresholds import Face

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs(Power.SEE_MONEY)
@require_safe
def prepaid(request: HttpRequest) -> HttpResponse:
    """Outstanding money and the year's issue with their meters; stamp duty of a month or a year."""
    at = clock.now()
    now, today = figures.figures(at), clock.seoul_date(at)
    kept = {kind: ledger.total(kind) for kind in (Kind.CASH, Kind.HELD, Kind.REWARD, Kind.CARD)}
    vouchers_won = thresholds.outstanding_won()
    outstanding_won = kept[Kind.CASH] + kept[Kind.HELD] + kept[Kind.CARD] + vouchers_won
    year = thresholds.issued(*_span(today.year, 0), figures=now)
    issued_won = sum((face.issued - face.replaced) * face.face_won for face in year)
    asked_year, asked_month = SpanForm(request.GET or None).span(today)
    faces = _faces(asked_year, asked_month, at)
    context = {
        "cash_won": kept[Kind.CASH],
        "held_won": kept[Kind.HELD],
        "card_won": kept[Kind.CARD],
        "reward_won": kept[Kind.REWARD],
        "vouchers_won": vouchers_won,
        "outstanding_won": outstanding_won,
        "issued_won": issued_won,
        "figures": now,
        "this_year": today.year,
        "years": range(today.year, 2023, -1),
        "months": range(1, 13),
        "year": asked_year,
        "month": asked_month,
        "faces": faces,
        "duty_won": sum(face.total_won for face in faces),
        "taxed": sum(face.taxed for face in faces if face.duty_won),
    }
    return render(request, "backoffice/money/prepaid.html", context)


@needs(Power.SEE_MONEY)
@require_safe
def stamp_duty(request: HttpRequest) -> HttpResponse:
    """The same table of stamp duty as a file."""
    at = clock.now()
    year, month = SpanForm(request.GET or None).span(clock.seoul_date(at))
    header = [
        gettext("권면금액(원)"), gettext("발행"), gettext("교체한 코드"), gettext("기한 안 취소"), gettext("과세 대상"),
        gettext("1매당 세액(원)"), gettext("세액(원)"),
    ]  # fmt: skip
    rows = [
        (face.face_won, face.issued, face.replaced, face.cancelled, face.taxed, face.duty_won, face.total_won)
        for face in _faces(year, month, at)
    ]
    book = io.BytesIO()
    sheets.write_xlsx(book, header, rows, title=gettext("인지세"))
    name = f"stamp-duty-{year}-{month:02d}.xlsx" if month else f"stamp-duty-{year}.xlsx"
    answer = HttpResponse(book.getvalue(), content_type=_XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _faces(year: int, month: int, at: datetime) -> list[Face]:
    return thresholds.issued(*_span(year, month), figures=figures.figures(at))


def _span(year: int, month: int) -> tuple[datetime, datetime]:
    """From the first moment of a month of Seoul (0: of the year) to its end."""
    first = date(year, month or 1, 1)
    last = date(year + (month or 12) // 12, (month or 12) % 12 + 1, 1)
    return tuple(datetime.combine(day, datetime.min.time(), tzinfo=clock.SEOUL) for day in (first, last))  # type: ignore[return-value]

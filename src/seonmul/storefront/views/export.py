"""What became of an order's copies, as a sheet. O11"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from seonmul.gifts import queries
from seonmul.gifts.queries import Copy
from seonmul.kit import clock, masks, sheets
from seonmul.kit.refusals import Refused
from seonmul.orders import actions as order_actions
from seonmul.orders.models import Order, OrderKind
from seonmul.storefront.templatetags.storefront import masked_to, whole_to, words
from seonmul.storefront.views import seen, sending
from seonmul.vouchers.models import VoucherState


@never_cache
@require_POST
def whole(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """The list with whole names and numbers, locked with a password that the member chose: who, why, how many is noted. M7"""
    order, only, at = seen.order(request, public_id), sending.only_of(request.POST), clock.now()
    password = request.POST.get("password", "")
    found = queries.copies_of_order(order, only)
    try:
        order_actions.export_numbers(
            order.id,
            by=seen.member(request),
            reason=request.POST.get("reason", ""),
            said=request.POST.get("said", ""),
            password=password,
            count=queries.count_of(order, only),
            at=at,
        )
    except Refused as refused:
        messages.error(request, refused.no.say(gettext))
        return redirect(f"{reverse('storefront:order', args=[public_id])}#gifts")
    title, whole_words = gettext("쿠폰발송내역"), gettext("전체번호")
    name = f"{title}_{order.public_id}_{clock.seoul_date(at):%Y%m%d}_{whole_words}.xlsx"
    return sheet_of(found, name, password=password, to=_to(order))


@never_cache
@require_safe
def gifts(request: HttpRequest, public_id: str) -> FileResponse:
    """The list that the page shows, whole and masked, drawn row by row into a file: flat, however many there are."""
    order, only = seen.order(request, public_id), sending.only_of(request.GET)
    name = f"{gettext('쿠폰발송내역')}_{order.public_id}_{clock.seoul_date(clock.now()):%Y%m%d}.xlsx"
    return sheet_of(queries.copies_of_order(order, only), name, to=_to(order))


def _to(order: Order) -> str:
    return gettext("이메일") if order.kind == OrderKind.MAIL else gettext("휴대폰 번호")


def sheet_of(
    copies: Iterator[Copy], name: str, *, with_order: bool = False, password: str = "", to: str = ""
) -> FileResponse:
    """Copies as a sheet under this name, masked; whole and locked where there is a `password`.

    `with_order`: they are of many orders, so each says of which. `to`: what the recipients of one order are reached by.
    """
    header = [
        gettext("행"),
        gettext("이름"),
        to or gettext("휴대폰 번호, 이메일"),
        gettext("상품"),
        gettext("중복"),
        gettext("전송결과"),
        gettext("결과 시각"),
        gettext("열람"),
        gettext("쿠폰 상태"),
        gettext("재발송"),
    ]
    if with_order:
        header += [gettext("주문"), gettext("보낸 때")]
    book = tempfile.TemporaryFile()
    sheets.write_xlsx(
        book,
        header,
        _rows(copies, with_order, is_whole=bool(password)),
        text_columns=[2],
        title=gettext("쿠폰발송내역"),
    )
    book.seek(0)
    if password:
        locked = tempfile.TemporaryFile()
        sheets.lock_xlsx(book, locked, password)
        locked.seek(0)
        book = locked
    return FileResponse(book, as_attachment=True, filename=name)


def _rows(copies: Iterator[Copy], with_order: bool, *, is_whole: bool) -> Iterator[tuple[object, ...]]:
    said: dict[tuple[str, str], str] = {}
    # not asked of each row: a choice's label costs more than the rest of it
    states = {state.value: str(state.label) for state in VoucherState}
    for one in copies:
        cells, result = one.cells, (one.result, one.channel)
        if result not in said:
            said[result] = words(*result).label
        more = (one.order, clock.korean_datetime(one.sent_at)) if with_order else ()
        yield (
            one.position,
            cells.name if is_whole else masks.mask_name(cells.name),
            whole_to(cells, one.kind) if is_whole else masked_to(cells, one.kind),
            one.product,
            one.copy_number,
            said[result],
            clock.korean_datetime(one.result_at) if one.result_at else None,
            clock.korean_datetime(one.opened_at) if one.opened_at else None,
            states[one.state],
            one.resends,
            *more,
        )

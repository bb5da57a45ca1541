"""What became of an order's copies, as a sheet. O11"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from seonmul.gifts import queries
from seonmul.gifts.models import Gift
from seonmul.kit import clock, masks, sheets
from seonmul.storefront.templatetags.storefront import words
from seonmul.storefront.views import seen, sending


@never_cache
@require_safe
def gifts(request: HttpRequest, public_id: str) -> FileResponse:
    """The list that the page shows, whole and masked, drawn row by row into a file: flat, however many there are."""
    order, only = seen.order(request, public_id), sending.only_of(request.GET)
    header = [
        gettext("행"),
        gettext("이름"),
        gettext("휴대폰 번호"),
        gettext("상품"),
        gettext("중복"),
        gettext("전송결과"),
        gettext("결과 시각"),
        gettext("열람"),
        gettext("쿠폰 상태"),
        gettext("재발송"),
    ]
    book = tempfile.TemporaryFile()
    rows = _rows(queries.gifts_of(order, only))
    sheets.write_xlsx(book, header, rows, text_columns=[2], title=gettext("쿠폰발송내역"))
    book.seek(0)
    name = f"{gettext('쿠폰발송내역')}_{order.public_id}_{clock.seoul_date(clock.now()):%Y%m%d}.xlsx"
    return FileResponse(book, as_attachment=True, filename=name)


def _rows(gifts: Iterator[Gift]) -> Iterator[tuple[object, ...]]:
    said: dict[str, str] = {}
    for gift in gifts:
        cells = queries.cells_of(gift)
        if gift.result not in said:
            said[gift.result] = words(gift.result).label
        yield (
            gift.position,
            masks.mask_name(cells.name),
            masks.mask_phone(cells.phone),
            f"{gift.line.product.brand.name} {gift.line.product.name}",
            gift.copy_number,
            said[gift.result],
            clock.korean_datetime(gift.result_at) if gift.result_at else None,
            clock.korean_datetime(gift.opened_at) if gift.opened_at else None,
            gift.voucher.get_state_display(),
            gift.resends,
        )

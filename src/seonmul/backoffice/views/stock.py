"""A product's stock: codes brought as sheets, what became of each row, how many are left. C3

Whole codes are shown to nobody here: staff see counts, rows and reasons. V1
"""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seonmul.backoffice import guard
from seonmul.backoffice.forms import GoodsForm, PoolForm
from seonmul.backoffice.guard import needs
from seonmul.backoffice.rules import Power
from seonmul.catalog import queries as catalog
from seonmul.catalog.models import Product, Supplier
from seonmul.figures import queries as figures
from seonmul.kit import clock, sheets
from seonmul.kit.refusals import Refused
from seonmul.members import lookups
from seonmul.vouchers import actions, pools, queries
from seonmul.vouchers.models import CodeImport, SupplyState

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs(Power.SEE_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def stock(request: HttpRequest, code: str) -> HttpResponse:
    """How many codes a product has, the sheets that brought them, and for whoever may a new one."""
    found = _found(code)
    if request.method == "POST":
        return _bring(request, code) if found.supplier == Supplier.POOL else _name(request, code)
    return _page(request, found) if found.supplier == Supplier.POOL else _goods_page(request, found)


@needs(Power.EDIT_CATALOGUE)
def _bring(request: HttpRequest, code: str) -> HttpResponse:
    found, file = _found(code), request.FILES.get("file")
    if file is None:
        return _page(request, found, said=gettext("올릴 파일을 골라 주세요."), status=422)
    data, name = file.read(sheets.MOST_FILE_BYTES + 1), str(file.name)
    try:
        brought = actions.import_codes(found.id, data, name, by=guard.member(request).id, at=clock.now())
    except Refused as refused:
        return _page(request, found, said=refused.no.say(gettext), status=422)
    said = gettext("{added:,}개를 담았습니다.").format(added=brought.added)
    if brought.faulty:
        said += " " + gettext("담지 못한 {rows:,}행은 아래에 있습니다.").format(rows=brought.faulty)
    messages.success(request, said)
    return redirect("backoffice:stock_sheet", code, brought.public_id)


@needs(Power.EDIT_CATALOGUE)
def _name(request: HttpRequest, code: str) -> HttpResponse:
    """Say what the product is called at the external issuer."""
    found, form = _found(code), GoodsForm(request.POST)
    if not form.is_valid():
        return _goods_page(request, found, form=form, status=422)
    try:
        actions.set_goods(
            found.id, form.cleaned_data["goods_code"], by=guard.member(request).id, at=clock.now()
        )
    except Refused as refused:
        form.add_error("goods_code", refused.no.say(gettext))
        return _goods_page(request, found, form=form, status=422)
    messages.success(request, gettext("저장했습니다. 발행사에 물어보고 있습니다."))
    return redirect("backoffice:stock", code)


@needs(Power.EDIT_CATALOGUE)
@require_POST
def set_pool(request: HttpRequest, code: str) -> HttpResponse:
    """Keep how the codes end and the level of the notice."""
    found, form = _found(code), PoolForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    try:
        actions.set_pool(found.id, by=guard.member(request).id, at=clock.now(), **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused.no.say(gettext))
        return _page(request, found, form=form, status=422)
    messages.success(request, gettext("저장했습니다."))
    return redirect("backoffice:stock", code)


@needs(Power.SEE_CATALOGUE)
@require_safe
def sheet(request: HttpRequest, code: str, public_id: str) -> HttpResponse:
    """One sheet: what came in, and row by row what did not."""
    found = _found(code)
    brought = _sheet(found, public_id)
    after = request.GET.get("after", "")
    page = queries.faults_page(brought, after)
    context = {
        "product": found,
        "sheet": brought,
        "who": lookups.named([str(brought.by)]).get(str(brought.by)),
        "rows": [(one.row, pools.why(one.fault, one.same_as).say(gettext)) for one in page.rows],
        "is_later": bool(after),
        "first": "?",
        "more": f"?after={page.after}" if page.after else "",
        "may_edit": guard.may(request, Power.EDIT_CATALOGUE),
    }
    return render(request, "backoffice/products/sheet.html", context)


@needs(Power.SEE_CATALOGUE)
@require_safe
def faults(request: HttpRequest, code: str, public_id: str) -> HttpResponse:
    """The rows that were not taken, as a file."""
    brought = _sheet(_found(code), public_id)
    rows = ((one.row, pools.why(one.fault, one.same_as).say(gettext)) for one in queries.faults_of(brought))
    book = io.BytesIO()
    sheets.write_xlsx(book, [gettext("행"), gettext("이유")], rows, title=gettext("담지 못한 행"))
    answer = HttpResponse(book.getvalue(), content_type=_XLSX)
    answer["Content-Disposition"] = f'attachment; filename="faults-{brought.public_id}.xlsx"'
    return answer


@needs(Power.EDIT_CATALOGUE)
@require_POST
def void(request: HttpRequest, code: str, public_id: str) -> HttpResponse:
    """Take what is still free of a sheet out of the stock, for good."""
    brought = _sheet(_found(code), public_id)
    count = actions.void_import(brought.id, by=guard.member(request).id, at=clock.now())
    messages.success(
        request, gettext("남은 코드 {count:,}개를 뺐습니다. 다시 담을 수 없습니다.").format(count=count)
    )
    return redirect("backoffice:stock_sheet", code, public_id)


def _found(code: str) -> Product:
    found = catalog.product(code)
    if found is None or found.supplier == Supplier.OWN:
        raise Http404
    return found


def _sheet(product: Product, public_id: str) -> CodeImport:
    found = queries.import_of(product.id, public_id)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, found: Product, *, form: PoolForm | None = None, said: str = "", status: int = 200
) -> HttpResponse:
    at, after = clock.now(), request.GET.get("after", "")
    pool = queries.pool_of(found.id)
    level = queries.low_below(pool, at) if pool else figures.figures(at).pool_low_codes
    counted = queries.stock(found.id, clock.seoul_date(at))
    page = queries.imports_page(found.id, after)
    names = ("scheme", "low_below", "is_voidable")
    kept = {name: getattr(pool, name) for name in names} if pool else None
    context = {
        "product": found,
        "stock": counted,
        "level": level,
        "is_low": counted.free < level,
        "form": form or PoolForm(initial=kept),
        "sheets": page.rows,
        "said": said,
        "is_later": bool(after),
        "first": "?",
        "more": f"?after={page.after}" if page.after else "",
        "may_edit": guard.may(request, Power.EDIT_CATALOGUE),
    }
    return render(request, "backoffice/products/stock.html", context, status=status)


def _goods_page(
    request: HttpRequest, found: Product, *, form: GoodsForm | None = None, status: int = 200
) -> HttpResponse:
    """A product of the external issuer: how it stands there, and how many of its vouchers wait for what."""
    goods, counts = queries.goods_of(found.id), queries.supply_counts(found.id)
    days = [offer.validity_days for offer in found.offers.all() if offer.is_shown]
    context = {
        "product": found,
        "goods": goods,
        "health": queries.health(),
        "counts": [(state.label, counts.get(state.value, 0)) for state in SupplyState],
        "is_too_long": bool(goods and goods.days and max(days, default=0) > goods.days),
        "form": form or GoodsForm(initial={"goods_code": goods.goods_code if goods else ""}),
        "may_edit": guard.may(request, Power.EDIT_CATALOGUE),
    }
    return render(request, "backoffice/products/goods.html", context, status=status)

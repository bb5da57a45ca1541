"""The catalogue: every product, its two offers, and how both lists will show it. C1, C2, M3"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seonmul.audit import queries as audit
from seonmul.backoffice import guard
from seonmul.backoffice.forms import FindForm, ProductForm
from seonmul.backoffice.guard import needs
from seonmul.backoffice.rules import Power
from seonmul.catalog import actions, queries
from seonmul.catalog.models import List, Product, Supplier
from seonmul.catalog.rules import ProductWanted
from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.members import lookups
from seonmul.vouchers import queries as vouchers

#: The shelf of products whose pools hold too few codes. C3
LOW = "low"


@needs(Power.SEE_CATALOGUE)
@require_safe
def products(request: HttpRequest) -> HttpResponse:
    """All products with both prices."""
    words, only, at = FindForm(request.GET).words(), request.GET.get("only", ""), clock.now()
    only, after = only if only in (*queries.SHELVES, LOW) else "", request.GET.get("after", "")
    low = vouchers.low_products(at)
    page = queries.products_page(words, only, after, among=low if only == LOW else None)
    left = vouchers.pools_left(at, [one.id for one in page.rows if one.supplier == Supplier.POOL])
    kept = {name: value for name, value in (("q", words), ("only", only)) if value}
    searched = f"&{urlencode({'q': words})}" if words else ""
    context = {
        "rows": [(one, queries.as_it_is(one).offers, left.get(one.id)) for one in page.rows],
        "low_count": len(low),
        "words": words,
        "only": only,
        "searched": searched,
        "is_later": bool(after),
        "first": f"?{urlencode(kept)}",
        "more": f"?{urlencode(kept | {'after': page.after})}" if page.after else "",
    }
    return render(request, "backoffice/products/products.html", context)


@needs(Power.SEE_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def product(request: HttpRequest, code: str) -> HttpResponse:
    """One product: edited at the left, seen as both lists show it at the right."""
    if request.method == "POST":
        return _save(request, code)
    found = _found(code)
    state = queries.as_it_is(found)
    return _product_page(request, found, ProductForm.filled(state, queries.version_of(state)), state)


@needs(Power.EDIT_CATALOGUE)
def _save(request: HttpRequest, code: str) -> HttpResponse:
    found, form = _found(code), ProductForm(request.POST)
    if not form.is_valid():
        return _product_page(request, found, form, queries.as_it_is(found), status=422)
    wanted = form.wanted()
    try:
        changed = actions.edit(
            code, wanted, seen=form.cleaned_data["seen"], by=guard.member(request).id, at=clock.now()
        )
    except Refused as refused:
        said = refused.no.say(gettext)
        return _product_page(request, found, form, wanted, said=said, status=422)
    messages.success(request, gettext("저장했습니다.") if changed else gettext("바뀐 것이 없습니다."))
    return redirect("backoffice:product", code)


@needs(Power.SEE_CATALOGUE)
@require_POST
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """Both lists as they would show what is typed; nothing is saved."""
    found, form = _found(code), ProductForm(request.POST)
    wanted = form.wanted() if form.is_valid() else queries.as_it_is(found)
    context = {"product": found, "faces": _faces(wanted), "wanted": wanted, "is_typed": form.is_valid()}
    return render(request, "backoffice/products/faces.html", context)


def _found(code: str) -> Product:
    found = queries.product(code)
    if found is None:
        raise Http404
    return found


def _faces(state: ProductWanted) -> list[tuple[Any, Any]]:
    return [(list_, state.offers[list_.value]) for list_ in List]


def _product_page(
    request: HttpRequest, found: Product, form: ProductForm, state: ProductWanted, *, said: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    acts = [act for act in audit.acts_on(found.id, limit=30) if act.verb == "product_edited"]
    people = lookups.named(act.by for act in acts)
    context = {
        "product": found,
        "form": form,
        "faces": _faces(state),
        "wanted": state,
        "said": said,
        "may_edit": guard.may(request, Power.EDIT_CATALOGUE),
        "stock": vouchers.stock(found.id, clock.seoul_date(clock.now()))
        if found.supplier == Supplier.POOL
        else None,
        "past": [(act, people.get(act.by)) for act in acts],
    }
    return render(request, "backoffice/products/product.html", context, status=status)

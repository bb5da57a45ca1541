"""주소록: a buyer's people, found by number or name, brought as a sheet, labelled, deleted. O12"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from seonmul.catalog import queries as catalog
from seonmul.catalog.models import List
from seonmul.figures import queries as figures_now
from seonmul.kit import clock
from seonmul.kit.refusals import Refused
from seonmul.members import queries as members
from seonmul.people import actions, queries, rules
from seonmul.people.models import OccasionKind
from seonmul.people.queries import Entry
from seonmul.people.rules import PeopleRefusal, Typed
from seonmul.storefront.mypage import page
from seonmul.storefront.mypage.forms import content_of
from seonmul.storefront.views import seen

_FIELDS = {
    PeopleRefusal.NO_NAME: "name", PeopleRefusal.NAME_TOO_LONG: "name", PeopleRefusal.NO_PHONE: "phone",
    PeopleRefusal.NO_TEXT: "text", PeopleRefusal.WRONG_DAYS: "days_before",
}  # fmt: skip
#: So many rows at fault are told one by one.
_FAULTS_SHOWN = 100


class PersonForm(forms.Form):
    """One person."""

    name = forms.CharField(label=_("이름"), max_length=60)
    phone = forms.CharField(
        label=_("휴대폰 번호"), max_length=40, widget=forms.TextInput({"inputmode": "tel"})
    )
    mail = forms.EmailField(label=_("이메일"), required=False)
    department = forms.CharField(label=_("부서"), max_length=40, required=False)
    birthday = forms.CharField(label=_("생일 (월 일)"), max_length=20, required=False)
    joined_on = forms.CharField(label=_("입사일"), max_length=20, required=False)
    groups = forms.CharField(label=_("그룹 (쉼표로 나눔)"), max_length=200, required=False)
    tags = forms.CharField(label=_("태그 (쉼표로 나눔)"), max_length=200, required=False)


class SheetForm(forms.Form):
    """A file of people."""

    file = forms.FileField(label=_("엑셀 파일"))


class OccasionForm(forms.Form):
    """What is prepared before anniversaries."""

    kind = forms.ChoiceField(label=_("기념일"), choices=OccasionKind.choices)
    days_before = forms.IntegerField(label=_("며칠 전에 준비할까요"), min_value=0, initial=7)
    label = forms.ChoiceField(label=_("누구에게"), required=False)
    product = forms.ChoiceField(label=_("상품"))
    title = forms.CharField(label=_("제목"), max_length=40, required=False)
    text = forms.CharField(label=_("내용"), max_length=2000, widget=forms.Textarea({"rows": 4}))


@dataclass(frozen=True)
class Shown:
    """One person as the page shows them; the number is whole by right alone. M7"""

    entry: Entry
    shows_number: bool

    @property
    def birthday(self) -> str:
        """Month and day, "" when it is not known."""
        day = self.entry.person.birthday
        return f"{day // 100}.{day % 100}" if day else ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """The list and the form for one more."""
    _allowed(request)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = Typed(**form.cleaned_data)
        if not page.is_refused(
            form, lambda: actions.add(seen.member(request), typed, at=clock.now()), _FIELDS
        ):
            messages.success(request, gettext("주소록에 담았습니다."))
            return redirect("storefront:people")
    return _page(request, form=form, status=422 if form.errors else 200)


@never_cache
@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    """Read a sheet; rows that were not taken are told one by one."""
    _allowed(request)
    form = SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, sheet=form, status=422)
    try:
        brought = actions.import_sheet(
            seen.member(request),
            content_of(form, "file"),
            form.cleaned_data["file"].name or "",
            at=clock.now(),
        )
    except Refused as refused:
        form.add_error("file", refused.no.say(gettext))
        return _page(request, sheet=form, status=422)
    faults = [(row, no.say(gettext)) for row, no in brought.faults[:_FAULTS_SHOWN]]
    return _page(request, brought=brought, faults=faults)


@never_cache
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """People with a number or a name; what is typed stays out of addresses."""
    _allowed(request)
    text = request.POST.get("find", "")[:40]
    return _page(request, found=queries.found(seen.buyer(request), text), text=text)


@never_cache
@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    """Delete the chosen people, or a label with everybody of it."""
    _allowed(request)
    people_, labels = request.POST.getlist("person")[:500], request.POST.getlist("label")[:50]
    gone = actions.drop(seen.member(request), people_, labels, at=clock.now())
    messages.success(request, gettext("{count}명을 주소록에서 지웠습니다.").format(count=f"{gone:,}"))
    return redirect("storefront:people")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def occasions(request: HttpRequest) -> HttpResponse:
    """What is prepared before anniversaries, and the form for one more."""
    _allowed(request)
    member, buyer, at = seen.member(request), seen.buyer(request), clock.now()
    list_ = List.CORPORATE if members.is_company(buyer) else List.GENERAL
    offers = catalog.offers(list_, catalog.Search(), limit=200).rows
    labels = queries.labels_of(buyer)
    form = OccasionForm(request.POST or None)
    _choices(
        form,
        "product",
        [(str(one.product_id), f"{one.product.brand.name} {one.product.name}") for one in offers],
    )
    _choices(
        form, "label", [("", gettext("주소록의 모두")), *((row.public_id, row.name) for row, _n in labels)]
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        does = lambda: actions.prepare_for(  # noqa: E731
            member, OccasionKind(typed["kind"]), days_before=typed["days_before"], list_=list_,
            product_id=UUID(typed["product"]), title=typed["title"], text=typed["text"],
            label=queries.label(buyer, typed["label"]), at=at,
        )  # fmt: skip
        if not page.is_refused(form, does, _FIELDS):
            messages.success(request, gettext("기념일마다 주문을 미리 작성하고 알려 드립니다."))
            return redirect("storefront:occasions")
    context = {
        "form": form,
        "occasions": queries.occasions_of(buyer),
        "reminders": queries.reminders_of(buyer),
        "most": figures_now.figures(at).reminder_days_most,
    }
    return page.show(request, "occasions", context, 422 if form.errors else 200)


@never_cache
@require_POST
def end_occasion(request: HttpRequest, public_id: str) -> HttpResponse:
    """Prepare nothing any more."""
    _allowed(request)
    if public_id not in {one.public_id for one in queries.occasions_of(seen.buyer(request))}:
        raise Http404
    actions.end_occasion(seen.member(request), public_id, at=clock.now())
    messages.success(request, gettext("이제 미리 작성하지 않습니다."))
    return redirect("storefront:occasions")


@never_cache
@require_safe
def choose(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whom to put on a draft's list."""
    _allowed(request)
    draft = seen.draft(request, public_id)
    if draft is None:
        return seen.to_order(request, public_id)
    buyer = seen.buyer(request)
    context = {
        "draft": draft,
        "labels": queries.labels_of(buyer),
        "lines": _lines(request, queries.entries(queries.people_page(buyer, limit=200).rows)),
        "people": queries.count(buyer),
    }
    return page.show(request, "people_choose", context)


@never_cache
@require_POST
def put(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put the chosen people on the list."""
    _allowed(request)
    draft = seen.draft(request, public_id)
    if draft is None:
        return seen.to_order(request, public_id)
    people_, labels = request.POST.getlist("person")[:500], request.POST.getlist("label")[:50]
    try:
        count = actions.put_into(draft, people_, labels, by=seen.member(request), at=clock.now())
    except Refused as refused:
        messages.error(request, refused.no.say(gettext))
    else:
        said = gettext("주소록에서 {count}명을 담았습니다.").format(count=f"{count:,}")
        messages.success(request, said)
    return redirect("storefront:draft", public_id)


def _allowed(request: HttpRequest) -> None:
    """The book holds whole numbers, so only buyers have it; for everybody else there is none. M7"""
    if not members.may_buy(seen.member(request)):
        raise Http404


def _choices(form: OccasionForm, name: str, choices: list[tuple[str, Any]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


def _lines(request: HttpRequest, rows: list[Entry]) -> list[Shown]:
    shows = members.sees_numbers(seen.member(request))
    return [Shown(row, shows) for row in rows]


def _page(request: HttpRequest, *, status: int = 200, **shown: Any) -> HttpResponse:
    buyer = seen.buyer(request)
    label = queries.label(buyer, request.GET.get("label", ""))
    rows = queries.people_page(buyer, label, request.GET.get("after", ""))
    found = shown.get("found")
    context = {
        "form": PersonForm(),
        "sheet": SheetForm(),
        "labels": queries.labels_of(buyer),
        "label": label,
        "people": queries.count(buyer),
        "after": rows.after if found is None else "",
        "lines": _lines(request, queries.entries(rows.rows) if found is None else found),
        "head_letters": rules.HEAD_LETTERS,
        **shown,
    }
    return page.show(request, "people", context, status)

"""The list of a draft: three ways in, a page of rows, faults mended in place. O1, O2"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from seonmul.kit import clock, sheets
from seonmul.kit.refusals import Refused
from seonmul.kit.sheets import Note
from seonmul.orders import actions, lists, queries
from seonmul.orders.actions import Imported
from seonmul.orders.lists import RawRow
from seonmul.orders.models import Draft, OrderKind
from seonmul.storefront import budget_page, draft_page
from seonmul.storefront.draft_page import Rows
from seonmul.storefront.views import order, seen

#: A long paste comes as a file, since 100,000 lines in a text field freeze a browser.
_PASTED_FILE = "paste.txt"
#: What a column of a sheet may hold, as people say it on screen.
_MEANINGS = ("phone", "mail", "name", "product", "copies")
#: What was typed is shown again up to this length.
_MOST_SHOWN = 20_000


@never_cache
@require_safe
def rows(request: HttpRequest, public_id: str) -> HttpResponse:
    """One page of rows."""
    draft = seen.draft(request, public_id)
    if draft is None:
        return seen.to_order(request, public_id)
    if not seen.is_fragment(request):
        return redirect(f"{reverse('storefront:draft', args=[public_id])}?{request.GET.urlencode()}")
    return _list(request, draft)


@never_cache
@require_POST
def find(request: HttpRequest, public_id: str) -> HttpResponse:
    """Rows by name or number; by POST, since neither may stand in an address."""
    draft = seen.draft(request, public_id)
    if draft is None:
        return seen.to_order(request, public_id)
    text = request.POST.get("find", "").strip()[:40]
    shown = draft_page.found(draft, text, by=seen.member(request)) if text else None
    if seen.is_fragment(request):
        return _list(request, draft, shown=shown)
    return order.page(request, draft, shown=shown)


@never_cache
@require_POST
def add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add one person."""
    typed = {
        name: request.POST.get(name, "")[:254] for name in ("name", "phone", "mail", "copies", "product")
    }
    row = RawRow(
        1,
        typed["phone"],
        typed["name"],
        mail=typed["mail"],
        copies=typed["copies"],
        product=typed["product"] or None,
    )

    def take(draft: Draft) -> Imported:
        actions.add_one(draft.id, row, at=clock.now())
        return Imported(1, ())

    return _take_in(request, public_id, "add", typed, take)


@never_cache
@require_POST
def paste(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add what was pasted."""
    text = request.POST.get("paste", "")
    typed = {"paste": text if len(text) <= _MOST_SHOWN else ""}
    product = request.POST.get("product", "")[:40]

    def take(draft: Draft) -> Imported:
        return actions.import_text(draft.id, text, product=product, at=clock.now())

    return _take_in(request, public_id, "paste", typed, take)


@never_cache
@require_POST
def upload(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add the rows of a file, or of a paste too long for its field."""
    file = request.FILES.get("file")
    data = file.read(sheets.MOST_FILE_BYTES + 1) if file else b""
    name = str(file.name) if file else ""

    def take(draft: Draft) -> Imported:
        if name == _PASTED_FILE:
            return actions.import_text(draft.id, data.decode("utf-8", "replace"), at=clock.now())
        return actions.import_sheet(
            draft.id,
            data,
            name,
            at=clock.now(),
            columns={meaning: _column(request, f"{meaning}_column") for meaning in _MEANINGS},
            product=request.POST.get("product", "")[:40],
        )

    return _take_in(request, public_id, "paste" if name == _PASTED_FILE else "file", {}, take)


@never_cache
@require_POST
def mend(request: HttpRequest, public_id: str, position: int) -> HttpResponse:
    """Replace a row's number or address, its name or its product."""

    def do(draft: Draft) -> None:
        actions.mend_row(
            draft.id,
            position,
            phone=_typed(request, "phone"),
            mail=_typed(request, "mail"),
            name=_typed(request, "name"),
            product=_typed(request, "product"),
            at=clock.now(),
        )

    return _change(request, public_id, do)


@never_cache
@require_POST
def drop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take one row off the list, or all that are at fault."""
    position = request.POST.get("position", "")

    def do(draft: Draft) -> None:
        if position.isdecimal():
            actions.drop_rows(draft.id, position=int(position[:9]), at=clock.now())
            return
        gone = actions.drop_rows(draft.id, only="fix", at=clock.now())
        said = ngettext("고칠 {gone}행을 뺐습니다.", "고칠 {gone}행을 뺐습니다.", gone)
        messages.success(request, said.format(gone=f"{gone:,}"))

    return _change(request, public_id, do)


@never_cache
@require_POST
def one_each(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep one copy for each number. O2"""

    def do(draft: Draft) -> None:
        gone = actions.one_each(draft.id, at=clock.now())
        said = gettext("한 사람에게 한 건만 보냅니다. 중복 {gone}행을 뺐습니다.")
        messages.success(request, said.format(gone=f"{gone:,}"))

    return _change(request, public_id, do)


@never_cache
@require_safe
def to_mend(request: HttpRequest, public_id: str) -> HttpResponse | FileResponse:
    """The rows at fault as xlsx, each with its reason."""
    draft = seen.draft(request, public_id)
    if draft is None:
        return seen.to_order(request, public_id)
    by_mail, is_whole = draft.kind == OrderKind.MAIL, queries.sees_rows(draft, seen.member(request))
    header = [
        gettext("이메일") if by_mail else gettext("휴대폰 번호"),
        gettext("이름"),
        gettext("상품"),
        gettext("수량"),
        gettext("원래 행"),
        gettext("고칠 점"),
    ]
    lines = (
        (
            row.typed or (row.mail if by_mail else row.phone),
            row.name,
            row.product or row.named,
            row.copies,
            row.position,
            row.why,
        )
        for row in (line if is_whole else queries.veiled(line) for line in queries.rows_to_mend(draft))
    )
    name = f"고칠행_{draft_page.day_of_file(clock.now())}_{draft.public_id}.xlsx"
    return _xlsx(name, header, lines, text_columns=[0, 1])


@require_safe
def template(request: HttpRequest) -> FileResponse:
    """An empty list to fill in. Its example is no number, so that nobody sends to it."""
    header = [
        gettext("휴대폰 번호"),
        gettext("이메일"),
        gettext("이름"),
        gettext("상품"),
        gettext("수량"),
        gettext("부서"),
    ]
    example = [
        (
            gettext("예) 010-1234-5678 (이 줄은 지우고 쓰세요)"),
            gettext("예) 이메일 주소"),
            gettext("홍길동"),
            gettext("예) 상품 이름"),
            "1",
            gettext("총무팀"),
        )
    ]
    return _xlsx("수신자_양식.xlsx", header, example, text_columns=range(len(header)))


def _xlsx(
    name: str, header: list[str], rows: Iterable[tuple[object, ...]], *, text_columns: Iterable[int]
) -> FileResponse:
    book = io.BytesIO()
    sheets.write_xlsx(book, header, rows, text_columns=text_columns, title=gettext("수신자"))
    book.seek(0)
    return FileResponse(book, as_attachment=True, filename=name)


def _take_in(
    request: HttpRequest, public_id: str, way: str, typed: dict[str, str], take: Callable[[Draft], Imported]
) -> HttpResponse:
    """Take rows in by one of the three ways; a refusal is said there and keeps what was typed."""
    draft = seen.draft(request, public_id)
    if draft is None:
        return seen.to_order(request, public_id)
    try:
        taken = take(draft)
    except Refused as refused:
        intake = typed | {"way": way, "said": refused.no.say(gettext)}
        if seen.is_fragment(request):
            return _panel(request, draft, intake=intake, status=422)
        return order.page(request, draft, intake=intake, status=422)
    draft.refresh_from_db()
    said = ngettext("{rows}행을 담았습니다.", "{rows}행을 담았습니다.", taken.rows)
    messages.success(request, said.format(rows=f"{taken.rows:,}"))
    if seen.is_fragment(request):
        return _panel(request, draft, notes=taken.notes, at_end=way == "add")
    for note in taken.notes:
        messages.info(request, note.say(gettext))
    return redirect(f"{reverse('storefront:draft', args=[public_id])}#recipients")


def _typed(request: HttpRequest, name: str) -> str | None:
    """A cell as it was typed, None where the form has no such field."""
    return request.POST[name][:254] if name in request.POST else None


def _column(request: HttpRequest, name: str) -> int | None:
    """A column chosen on screen, as an index from 0; None where it is to be found by itself. O1"""
    letter = request.POST.get(name, "")
    if letter == "-":
        return lists.NO_COLUMN
    return "ABCDEFGH".index(letter) if len(letter) == 1 and letter in "ABCDEFGH" else None


def _change(request: HttpRequest, public_id: str, do: Callable[[Draft], None]) -> HttpResponse:
    """Change rows and show the page of rows again from which that was asked."""
    draft = seen.draft(request, public_id)
    if draft is None:
        return seen.to_order(request, public_id)
    do(draft)
    draft.refresh_from_db()
    if seen.is_fragment(request):
        return _list(request, draft)
    return redirect(f"{reverse('storefront:draft', args=[public_id])}?{request.GET.urlencode()}#recipients")


def _panel(
    request: HttpRequest,
    draft: Draft,
    *,
    notes: tuple[Note, ...] = (),
    intake: dict[str, str] | None = None,
    at_end: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The whole panel of recipients and what else of the page depends on it."""
    quote = queries.quote(draft)
    shown = draft_page.rows(request, draft, quote, by=seen.member(request), at_end=at_end)
    context = draft_page.context(draft, shown, quote, clock.now(), notes=notes, intake=intake)
    context |= budget_page.of_draft(draft, seen.member(request), quote.amount_won, clock.now())
    return render(request, "storefront/draft/panel_changed.html", context, status=status)


def _list(request: HttpRequest, draft: Draft, *, shown: Rows | None = None) -> HttpResponse:
    """The rows and what else of the page depends on them."""
    quote = queries.quote(draft)
    shown = shown or draft_page.rows(request, draft, quote, by=seen.member(request))
    context = draft_page.context(draft, shown, quote, clock.now())
    context |= budget_page.of_draft(draft, seen.member(request), quote.amount_won, clock.now())
    return render(request, "storefront/draft/list_changed.html", context)

"""An order after paying: how the sending goes, and what became of each recipient. O11, S4, S5"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from seonmul.catalog.models import List
from seonmul.dispatch.ports import Result
from seonmul.figures import queries as figures_now
from seonmul.figures.rules import Figures
from seonmul.gifts import actions, queries, rules
from seonmul.gifts.models import Gift
from seonmul.gifts.queries import GROUPS, Tally
from seonmul.kit import clock
from seonmul.kit.phones import format_phone
from seonmul.kit.refusals import No, Refused
from seonmul.members import queries as members
from seonmul.orders import actions as order_actions
from seonmul.orders import queries as orders
from seonmul.orders import rules as order_rules
from seonmul.orders.lists import Cells
from seonmul.orders.models import Order, OrderKind, OrderState
from seonmul.payments import queries as payments
from seonmul.payments import rules as payment_rules
from seonmul.storefront import checking_page, plan_page
from seonmul.storefront.views import reviewing, seen

#: What one click sends again at most; a group that is larger takes another click.
MOST_AT_ONCE = 5_000
#: In the session: of which order the whole numbers are shown, and until when.
_WHOLE, _WHOLE_MINUTES = "whole_numbers", 10


@dataclass(frozen=True)
class GiftLine:
    """One gift as the list shows it; `no`: why it may not be sent again, `cancel_no`: why it may not be cancelled."""

    gift: Gift
    cells: Cells
    no: No | None
    cancel_no: No | None

    @property
    def may_be_picked(self) -> bool:
        return self.no is None or self.cancel_no is None


@never_cache
@require_safe
def order(request: HttpRequest, public_id: str) -> HttpResponse:
    """The live panel and the list of recipients; that list alone when a part is asked for."""
    found, at = seen.order(request, public_id), clock.now()
    only = only_of(request.GET)
    after = request.GET.get("after", "")
    page = queries.gifts_page(found, only, after)
    may_buy = members.may_buy(seen.member(request))
    lines = lines_of(page.rows, found, may_buy, figures_now.figures(at), at)
    context = _live(found, at) | {
        "lines": lines,
        "may_cancel": any(line.cancel_no is None for line in lines),
        "only": only,
        "after": page.after,
        "here_after": after,
        "may_buy": may_buy,
        "whole_until": whole_until(request, found, at),
        "check_outcomes": checking_page.outcomes(found),
        "may_see": members.sees_numbers(seen.member(request)),
        "password_least": order_rules.SHEET_PASSWORD_LEAST,
        "reason_least": order_rules.REASON_LEAST,
        "reason_most": order_rules.REASON_MOST,
        "unused": queries.count_of(found, "unused"),
        "notices": _notices(found) if may_buy and found.state == OrderState.FINISHED else [],
        "reasons": [(code, gettext(words)) for code, words in order_rules.NUMBER_REASONS.items()],
    }
    name = "sending/gift_list" if seen.is_fragment(request) else "order"
    if name == "order":
        context |= reviewing.links_of(request, found, at)
    return render(request, f"storefront/{name}.html", context)


@never_cache
@require_safe
def live(request: HttpRequest, public_id: str) -> HttpResponse:
    """The live panel alone; asked for again and again until there is nothing more to come."""
    found = seen.order(request, public_id)
    if not seen.is_fragment(request):
        return redirect("storefront:order", public_id)
    if "consent" in request.GET and found.state != OrderState.WAITING:
        return HttpResponse(headers={"HX-Refresh": "true"})  # decided: the page has other parts now
    context = _live(found, clock.now()) | {
        "may_buy": members.may_buy(seen.member(request)),
        "only": only_of(request.GET),
    }
    return render(request, "storefront/sending/live_changed.html", context)


@never_cache
@require_POST
def numbers(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the whole numbers of this order for some minutes; who looked and why is noted. M7"""
    found, at = seen.order(request, public_id), clock.now()
    try:
        order_actions.see_numbers(
            found.id,
            by=seen.member(request),
            reason=request.POST.get("reason", ""),
            said=request.POST.get("said", ""),
            at=at,
        )
    except Refused as refused:
        messages.error(request, refused.no.say(gettext))
    else:
        until = at + timedelta(minutes=_WHOLE_MINUTES)
        request.session[_WHOLE] = [found.public_id, until.isoformat()]  # one order at a time
    return redirect(f"{reverse('storefront:order', args=[public_id])}#gifts")


def whole_until(request: HttpRequest, order: Order, at: datetime) -> datetime | None:
    """Until when this browser shows the whole numbers of this order; None when they are masked."""
    public_id, until = request.session.get(_WHOLE, ["", ""])
    ends = datetime.fromisoformat(until) if public_id == order.public_id else at
    return ends if at < ends else None


@never_cache
@require_POST
def resend(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send again: the chosen gifts, or all that failed for one reason; one by another channel. S5, H2"""
    found = seen.order(request, public_id)
    group = only_of(request.POST)
    if group:
        ids = queries.ids_of(found, group, MOST_AT_ONCE)
    else:
        chosen = queries.gifts_seen_by(seen.member(request)).filter(
            order=found, public_id__in=request.POST.getlist("gift")[:200]
        )
        ids = list(chosen.order_by("position", "copy_number").values_list("id", flat=True))
    back = f"{reverse('storefront:order', args=[public_id])}?{request.GET.urlencode()}#gifts"
    if not ids:
        messages.error(request, gettext("다시 보낼 받는 분을 골라 주세요."))
        return redirect(back)
    channel = request.POST.get("channel", "")
    _say(request, actions.resend(ids, by=seen.member(request), at=clock.now(), channel=channel))
    return redirect(back)


@never_cache
@require_POST
def resend_failed(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send again to those only whom nothing has reached, whatever the reason. S5, O11"""
    found = seen.order(request, public_id)
    _say(request, actions.resend_failed(found.id, by=seen.member(request), at=clock.now()))
    return redirect(f"{reverse('storefront:order', args=[public_id])}#gifts")


def _say(request: HttpRequest, resent: actions.Resent) -> None:
    """How many go out again, and why the others do not."""
    if resent.sent:
        said = gettext("{sent}건을 다시 보냅니다. 결과는 이 화면에서 알려 드립니다.")
        messages.success(request, said.format(sent=f"{resent.sent:,}"))
    for no, count in resent.refused:
        said = gettext("{count}건은 보내지 않았습니다. {why}")
        messages.error(request, said.format(count=f"{count:,}", why=no.say(gettext)))
    if resent.goes_on:
        messages.info(
            request, gettext("건수가 많아 나머지는 이어서 보냅니다. 결과는 이 화면에서 알려 드립니다.")
        )
    if not resent.sent and not resent.refused:
        messages.info(request, gettext("다시 보낼 실패 건이 없습니다."))


def lines_of(
    rows: Sequence[Gift], order: Order, may_buy: bool, figures: Figures, at: datetime
) -> list[GiftLine]:
    """A page of an order's gifts with the words that belong to them.

    Codes of a pool may be picked here: the page that follows says that their issuer is asked first, and how to go on. S5
    """
    is_general, gone = order.list == List.GENERAL, orders.gone_senders([order])
    return [
        GiftLine(
            gift,
            queries.cells_of(gift),
            rules.why_not_resend(facts, may_buy=may_buy, figures=figures, at=at),
            rules.why_not_cancel(
                facts,
                days=rules.cancel_days(
                    is_general=is_general, offer_days=gift.line.cancel_days, figures=figures
                ),
                paid_at=order.paid_at,
                may_buy=may_buy,
                at=at,
            ),
        )
        for gift, facts in ((gift, queries.facts(gift, gone)) for gift in rows)
    ]


def _live(order: Order, at: datetime) -> dict[str, Any]:
    tally = queries.tally(order)
    is_finished = order.state == OrderState.FINISHED
    is_held = order.state in (OrderState.WAITING, OrderState.REFUSED)
    pace = 0.0 if tally.is_settled else queries.pace(order, at)
    money = _money(order)
    is_asleep = _is_asleep(order, money["closing"].live_won, at)
    return (
        money
        | plan_page.of_order(order, at)
        | {
            "order": order,
            "goods": orders.lines_of(order.id),
            "tally": tally,
            "is_held": is_held,
            "urgent_hours": figures_now.figures(at).urgent_business_hours,
            "approvals": orders.approvals_of(order.id),
            "done": tally.delivered + tally.failed,
            "is_finished": is_finished,
            "put_off": queries.put_off(order.id, at) if order.state == OrderState.SENDING else (0, None),
            # a resend on a finished order is followed as well
            "is_live": not (is_finished and tally.is_settled),
            "pace": pace,
            "end_at": _end_at(tally, pace, at),
            "may_stop": is_asleep or (order.state == OrderState.SENDING and not order.halted_at),
            "is_asleep": is_asleep,
            "at": at,
        }
    )


def _notices(order: Order) -> list[tuple[str, str, str]]:
    """What the company says to its people after a dispatch, to be copied: code, where it goes, the text. O11"""
    products, until = [line.product for line in orders.lines_of(order.id)], queries.valid_until(order.id)
    name = ", ".join(f"{product.brand.name} {product.name}" for product in products)
    last = clock.korean_date(clock.seoul_date(until)) if until else ""
    by_mail = order.kind == OrderKind.MAIL
    own = settings.DEFAULT_FROM_EMAIL
    sender = orders.shown_sender(order) or parseaddr(own)[1] if by_mail else format_phone(order.sender)
    texts = rules.MAIL_NOTICES if by_mail else rules.NOTICES
    return [
        (code, gettext(label), gettext(text).format(gift=name, sender=sender, until=last))
        for code, (label, text) in texts.items()
    ]


def _is_asleep(order: Order, live_won: int, at: datetime) -> bool:
    """Whether there is something left to call back. S6"""
    return order.wakes_at is not None and at < order.wakes_at and not (order.halted_at and not live_won)


def _money(order: Order) -> dict[str, Any]:
    """With what the order was paid, where the money is now, and what is on its way back. O6, O9, P5"""
    card = payments.payment(order.payment_id) if order.payment_id else None
    issuer = payment_rules.ISSUERS.get(card.issuer, "") if card else ""
    return {
        "closing": queries.closing(order),
        "issuer": gettext(issuer) if issuer else "",
        "refunds": payments.refunds_about(str(order.draft_id)),
    }


def _end_at(tally: Tally, pace: float, at: datetime) -> datetime | None:
    """When the rest will have an outcome at the pace of the last half minute; None when nobody can say."""
    rest = tally.waiting + tally.sending
    return at + timedelta(seconds=rest / pace) if rest and pace else None


def only_of(query: QueryDict) -> str:
    """The group or result that an address asks for; "" for all, and for nonsense."""
    only = query.get("only", "")
    return only if only in GROUPS or only in set(Result) else ""

"""What a recipient's page shows of a gift. V5"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from seonmul.catalog.models import List, ProductKind
from seonmul.dispatch import rules as dispatch
from seonmul.giftpage import faces
from seonmul.gifts import queries as gifts
from seonmul.gifts import rules as gift_rules
from seonmul.gifts.models import Gift, ProblemKind
from seonmul.gifts.rules import Claimable
from seonmul.kit import clock, masks, particles
from seonmul.members.models import BuyerKind
from seonmul.orders import queries as orders
from seonmul.orders import rules as orders_rules
from seonmul.orders.lists import Cells
from seonmul.orders.models import OrderKind
from seonmul.vouchers import queries as vouchers
from seonmul.vouchers import rules as voucher_rules
from seonmul.vouchers.models import VoucherState
from seonmul.vouchers.rules import Terms

#: The last days, in which the number of days left is shown as something that waits on the person.
SOON_DAYS = 7
#: Nothing is said of a voucher that goes to another number by now. S5
_DEAD = "dead"
_OPEN = (VoucherState.ISSUED, VoucherState.PARTLY_USED)
#: What may be wrong with a voucher that lives; with one that does not.
_ALIVE = (ProblemKind.NOT_MINE, ProblemKind.UNREADABLE, ProblemKind.REFUSED)
_PROBLEMS: dict[VoucherState, tuple[ProblemKind, ...]] = {
    VoucherState.USED: (ProblemKind.USED, ProblemKind.NOT_MINE),
    VoucherState.VOID: (ProblemKind.NO_NEW, ProblemKind.NOT_MINE),
    VoucherState.EXPIRED: (ProblemKind.NOT_MINE,),
    VoucherState.REFUNDED: (ProblemKind.NOT_MINE,),
}


@dataclass(frozen=True)
class End:
    """Why a voucher is no longer good: a word, a sentence, what is known of it, and the help that fits."""

    word: str
    title: str
    text: str
    help: str
    is_replaced: bool = False


@dataclass(frozen=True)
class Shown:
    """A gift in the recipient's words. The code is not in it: only a live voucher is asked for its code.

    `mark`: how it stands; an open page that finds another one shows itself anew.
    """

    seed: str
    sender: str
    particle: str
    is_company: bool
    is_checked_company: bool
    is_mail: bool
    sender_number: str
    title: str
    text: str
    brand: str
    name: str
    picture: str
    shops: str
    notes: list[str]
    valid_on: date
    days_left: int
    is_amount: bool
    rest_won: int
    face_value_won: int
    recipient_name: str
    recipient_number: str
    sent_at: datetime
    end_words: str
    may_claim: bool
    may_extend: bool
    host: str
    end: End | None
    mark: str
    problems: list[tuple[str, str]]

    @property
    def heading(self) -> str:
        """Who sent it: the one sentence that tells it from a phishing message."""
        return faces.heading_of(self.sender)

    @property
    def is_soon(self) -> bool:
        return self.days_left <= SOON_DAYS

    @property
    def file_name(self) -> str:
        """A name for the saved picture, without signs that a file system dislikes."""
        words = [_("선물"), self.brand, self.name, f"{self.valid_on:%Y%m%d}"]
        return "_".join("".join(c for c in word if c.isalnum()) for word in words) + ".jpg"


def shown(gift: Gift, *, at: datetime, was_for: Cells | None = None) -> Shown:
    """Gather what the page of a gift says at this moment. Personal parts are masked here, not in the template.

    `was_for`: whom a dead link was for, before the gift went to another number; nothing of the new one is said. S5
    """
    order, product, voucher = gift.order, gift.line.product, gift.voucher
    cells = was_for or gifts.cells_of(gift)
    is_company = order.buyer.kind == BuyerKind.COMPANY
    sender = faces.sender_of(order.buyer)
    values = {
        **cells.values(order.places),
        orders_rules.NAME_PLACE: cells.name or orders_rules.NO_NAME,
        orders_rules.LINK_PLACE: "",
    }
    valid_on, terms = clock.seoul_date(voucher.valid_until), gifts.terms_of_line(gift.line)
    return Shown(
        seed=order.public_id,
        sender=sender,
        particle=particles.subject(sender),
        is_company=is_company,
        is_checked_company=is_company and bool(order.buyer.business_number),
        is_mail=order.kind == OrderKind.MAIL,
        sender_number=masks.mask_phone(order.sender),
        title=dispatch.fill(orders.title_of(order), values).strip(),
        text=dispatch.fill(orders.text_of(order), values).strip(),
        brand=product.brand.name,
        name=product.name,
        picture=faces.drawing_of(product),
        shops=product.brand.shops,
        notes=product.notes.splitlines(),
        valid_on=valid_on,
        days_left=(valid_on - clock.seoul_date(at)).days,
        is_amount=product.kind == ProductKind.AMOUNT,
        rest_won=voucher.rest_won,
        face_value_won=product.face_value_won,
        recipient_name=masks.mask_name(cells.name),
        recipient_number=masks.mask_mail(cells.mail)
        if order.kind == OrderKind.MAIL
        else masks.mask_phone(cells.phone),
        sent_at=gift.issued_at if was_for else gift.sent_at,
        end_words=_end_words(terms, is_corporate=order.list == List.CORPORATE),
        may_claim=not was_for and _may_claim(gift, terms, at),
        may_extend=not was_for and _may_extend(gift, terms, at),
        host=urlsplit(settings.PUBLIC_URL).netloc,
        end=_replaced() if was_for else _end(gift, valid_on, terms, at),
        mark=_DEAD if was_for else _mark(gift, at),
        problems=[] if was_for else _problems(gift),
    )


def _mark(gift: Gift, at: datetime) -> str:
    """How a voucher stands, in a word."""
    voucher = gift.voucher
    return f"{voucher.state}.{voucher.rest_won}.{bool(voucher.asleep_until(at) or voucher.is_expired(at)):d}"


def _problems(gift: Gift) -> list[tuple[str, str]]:
    """What a recipient may say is wrong with a voucher as it stands."""
    kinds = _PROBLEMS.get(VoucherState(gift.voucher.state), _ALIVE)
    return [(kind.value, str(kind.label)) for kind in kinds]


def _end(gift: Gift, valid_on: date, terms: Terms, at: datetime) -> End | None:
    """Why the voucher cannot be used (any more); None while it can. V2"""
    voucher = gift.voucher
    asleep_until = voucher.asleep_until(at)
    if voucher.state in _OPEN and asleep_until:
        text = _("%s부터 쓸 수 있어요. 그때 이 화면을 다시 열어 주세요.") % clock.korean_datetime(
            asleep_until
        )
        return End(_("곧 열려요"), _("아직 열리지 않은 선물이에요"), text, _("도움이 필요해요"))
    if voucher.state in _OPEN:
        return _expired(gift, valid_on, terms) if voucher.is_expired(at) else None
    if voucher.state == VoucherState.USED:
        return End(_("사용 완료"), _("잘 사용하셨나요?"), _used_text(gift), _("제가 쓰지 않았어요"))
    if voucher.state == VoucherState.EXPIRED:
        return _expired(gift, valid_on, terms)
    if voucher.state == VoucherState.REFUNDED:
        return End(_("환불 완료"), _("환불된 쿠폰이에요"), _refunded_text(gift), _("도움이 필요해요"))
    if voucher.state == VoucherState.ORDERED:
        text = _("발행사가 쿠폰을 보내 주면 메시지로 알려 드려요. 받은 메시지의 링크를 열어 주세요.")
        return End(_("준비 중"), _("쿠폰을 준비하고 있어요"), text, _("도움이 필요해요"))
    if voucher.state == VoucherState.NOT_ISSUED:
        text = _(
            "발행사가 발급하지 못해 구매하신 분께 금액을 돌려 드렸어요. 궁금한 점은 보낸 분께 물어봐 주세요."
        )
        return End(_("발급 불가"), _("발급하지 못한 쿠폰이에요"), text, _("도움이 필요해요"))
    if voucher.state == VoucherState.FROZEN:
        text = _("확인할 일이 있어 사용을 잠시 멈췄어요. 언제 다시 쓸 수 있는지 보낸 분께 물어봐 주세요.")
        return End(_("사용 중지"), _("지금은 쓸 수 없는 쿠폰이에요"), text, _("도움이 필요해요"))
    text = _(
        "이 번호는 이제 쓸 수 없어요. 새로 보내 드린 쿠폰이 있다면 가장 나중에 받은 메시지를 열어 주세요."
    )
    return End(_("교체·사용 중지"), _("더는 쓸 수 없는 쿠폰이에요"), text, _("새 메시지를 못 받았어요"), True)


def _end_words(terms: Terms, *, is_corporate: bool) -> str:
    """What follows the end of validity, by the terms of the day of purchase. V4"""
    if is_corporate and not terms.gives_back and not terms.extension_months:
        return _("이 쿠폰은 기업이 구매한 쿠폰이라 연장·환불되지 않습니다.")
    said, numbers = voucher_rules.end_words(terms)
    return _(said).format(**numbers)


def _may_claim(gift: Gift, terms: Terms, at: datetime) -> bool:
    """Whether something comes back of it now; a fresh one costs no question."""
    voucher = gift.voucher
    if voucher.state == VoucherState.ISSUED and not voucher.is_expired(at):
        return False
    found = gift_rules.claimable(gifts.claim_facts(gift, is_buyer=False), terms, at=at)
    return isinstance(found, Claimable)


def _may_extend(gift: Gift, terms: Terms, at: datetime) -> bool:
    voucher = gift.voucher
    if not terms.extension_months or at < voucher.valid_until - timedelta(days=voucher_rules.EXTEND_DAYS):
        return False
    facts = voucher_rules.Extendable(
        state=voucher.state,
        valid_until=voucher.valid_until,
        paid_at=gift.order.paid_at,
        times=vouchers.times_extended(voucher.id),
        is_own=vouchers.is_own(voucher),
    )
    return voucher_rules.why_not_extend(facts, terms, at=at) is None


def _replaced() -> End:
    """The link of a message whose gift was sent to another number with another code. S5"""
    text = _(
        "받는 번호가 바뀌어 새 쿠폰을 다시 보냈어요. 이 링크와 전에 저장한 바코드는 이제 쓸 수 없어요. 새 번호로 받은 메시지를 열어 주세요."
    )
    return End(_("교체됨"), _("다른 번호로 다시 보낸 선물이에요"), text, _("새 메시지를 못 받았어요"), True)


def _expired(gift: Gift, valid_on: date, terms: Terms) -> End:
    text = _("%s까지 쓸 수 있었어요.") % clock.korean_date(valid_on)
    if not terms.gives_back:
        is_corporate = gift.order.list == List.CORPORATE
        bought = _("기업이 구매한 쿠폰이라 연장·환불되지 않습니다.")
        text += "\n" + (
            bought if is_corporate else _("산 분의 조건에 따라 기간이 지나면 연장·환불되지 않습니다.")
        )
    return End(_("기간 만료"), _("사용 기간이 끝났어요"), text, _("도움이 필요해요"))


def _refunded_text(gift: Gift) -> str:
    """At whose wish, or why by itself, its price went back. V4, O9, S5"""
    change = vouchers.last_change(gift.voucher)
    where = change.where if change else ""
    claim = gifts.open_claim(gift) if where == "claim" else None
    if claim and not claim.is_of_buyer:
        return _("신청하신 환불을 승인해 이제 쓸 수 없어요. 받으신 금액은 환불 신청 화면에서 볼 수 있어요.")
    if change and change.before == VoucherState.VOID:
        text = _("발행사가 쿠폰을 취소해 구매하신 분께 금액을 돌려 드렸어요.")
    elif where in ("undelivered", "doubt"):
        text = _("메시지가 오랫동안 도착하지 않아 구매하신 분께 금액을 돌려 드렸어요.")
    elif where == "number_change":
        text = _("번호를 바꿔 보내려 했지만 새 쿠폰을 발급받지 못해 구매하신 분께 금액을 돌려 드렸어요.")
    else:
        text = _("구매하신 분의 요청으로 환불되어 이제 쓸 수 없어요.")
    return text + " " + _("궁금한 점은 보낸 분께 물어봐 주세요.")


def _used_text(gift: Gift) -> str:
    change = vouchers.last_change(gift.voucher)
    if change is None:
        return _("이 쿠폰은 이미 사용했어요.")
    when = clock.korean_datetime(change.changed_at)
    if not change.where:
        return _("%s에 사용했어요.") % when
    return f"{when}\n" + _("%s에서 사용했어요.") % change.where

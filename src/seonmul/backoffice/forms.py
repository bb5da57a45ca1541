"""What staff type, brought into the form in which the actions take it. Whether it may be is for the rules to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from seonmul.audit.queries import Search
from seonmul.backoffice.matters import Kind
from seonmul.backoffice.rules import ENDINGS, REASONS
from seonmul.catalog import queries as catalog
from seonmul.catalog.models import List, Supplier
from seonmul.catalog.rules import CHANNELS, NAME_MOST, EditRefusal, OfferWanted, ProductWanted
from seonmul.dispatch.models import Channel
from seonmul.figures.rules import TEXT_MOST, DayKind
from seonmul.members.models import StaffRole
from seonmul.payments.models import Way
from seonmul.payments.rules import ISSUER_NOTE_MOST, WAYS
from seonmul.vouchers.models import CheckDigit, Preset
from seonmul.vouchers.rules import GOODS_CODE_MOST

_WAYS_MORE = [("", _("없음")), *(choice for choice in Way.choices if choice[0] in WAYS)]


class WonField(forms.IntegerField):
    """An amount as people type it, with or without commas."""

    def to_python(self, value: Any) -> int | None:
        return super().to_python(value.replace(",", "") if isinstance(value, str) else value)


class Day(forms.DateInput):
    """A day, picked in the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class FindForm(forms.Form):
    """The words of a search. What cannot be read does not narrow. Of people and firms they are posted: `finding`."""

    q = forms.CharField(max_length=60, required=False)

    def words(self) -> str:
        return str(self.cleaned_data.get("q", "")) if self.is_valid() else ""


class DecisionForm(forms.Form):
    """A decision on a matter."""

    verdict = forms.ChoiceField(choices=[("approve", "approve"), ("refuse", "refuse")])
    reason = forms.CharField(max_length=300, required=False)
    checks = forms.MultipleChoiceField(required=False)

    def __init__(self, data: Any, kind: Kind) -> None:
        super().__init__(data)
        self.fields["checks"].choices = kind.checks  # type: ignore[attr-defined]
        for one in kind.inputs:
            self.fields[one.name] = forms.CharField(max_length=one.most, required=False)

    def typed(self, kind: Kind) -> dict[str, str]:
        """What was typed beside the reason; only of a valid form."""
        return {one.name: self.cleaned_data[one.name] for one in kind.inputs}


class UnmaskForm(forms.Form):
    """Why somebody looks at whole numbers."""

    reason = forms.ChoiceField(label=_("왜 보나요?"), choices=REASONS.items(), widget=forms.RadioSelect)


class EndingForm(forms.Form):
    """Why a temporary membership is taken back."""

    reason = forms.ChoiceField(label=_("왜 끝내나요?"), choices=ENDINGS.items(), widget=forms.RadioSelect)


class StandingForm(forms.Form):
    """Why staff act on an account."""

    reason = forms.ChoiceField(label=_("왜 하나요?"), widget=forms.RadioSelect)

    def __init__(self, data: Any, reasons: Mapping[str, str], prefix: str) -> None:
        super().__init__(data, prefix=prefix)
        self.fields["reason"].choices = [(code, _(said)) for code, said in reasons.items()]  # type: ignore[attr-defined]

    def typed(self) -> str:
        """The reason as it was sent; "" without one. The rule says whether it is any."""
        return str(self.data.get(self.add_prefix("reason"), ""))


class CarrierForm(forms.Form):
    """A carrier's share and limit; whether they are within bounds is for the rule to say."""

    weight = forms.IntegerField()
    per_second = forms.IntegerField()


_OFFER = ("is_shown", "price_won", "validity_days", "cancel_days")
_CANCEL_HELP = _("보낸 뒤에도 쓰지 않은 쿠폰을 결제하고 이 날까지 취소할 수 있어요. 0이면 정한 것이 없어요.")


class ProductForm(forms.Form):
    """A product and its two offers."""

    seen = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("상품 이름"), max_length=NAME_MOST)
    notes = forms.CharField(
        label=_("이용 안내"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    copies_most = forms.IntegerField(label=_("한 사람에게 보낼 수 있는 수량"))
    channels = forms.MultipleChoiceField(
        label=_("보내는 방법"),
        choices=[(one, Channel(one).label) for one in CHANNELS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _(EditRefusal.CHANNELS.sentence)},
    )
    supplier = forms.ChoiceField(
        label=_("공급처"),
        choices=Supplier.choices,
        help_text=_("코드 풀은 재고 화면에서 코드를 올리고, 외부 발행사는 상품 코드를 적어야 팔 수 있어요."),
    )
    on_sale_from = forms.DateField(label=_("판매 첫날"), required=False, widget=Day)
    on_sale_to = forms.DateField(label=_("판매 마지막 날"), required=False, widget=Day)
    substitute = forms.CharField(
        label=_("대체 상품 코드"),
        max_length=40,
        required=False,
        help_text=_("품절이거나 판매가 끝나면 이 상품으로 안내해요."),
    )
    is_sold_out = forms.BooleanField(label=_("품절"), required=False)
    is_gift_certificate = forms.BooleanField(
        label=_("상품권류"), required=False, help_text=_("환금성이 높아 한도와 승인이 필요한 상품")
    )
    general_is_shown = forms.BooleanField(label=_("일반회원 상품리스트에 보이기"), required=False)
    general_price_won = WonField(
        label=_("일반회원가"), widget=forms.TextInput(attrs={"data-won": True, "inputmode": "numeric"})
    )
    general_validity_days = forms.IntegerField(label=_("일반회원 유효기간(일)"))
    general_cancel_days = forms.IntegerField(label=_("일반회원 취소할 수 있는 날"), help_text=_CANCEL_HELP)
    corporate_is_shown = forms.BooleanField(label=_("기업회원 상품리스트에 보이기"), required=False)
    corporate_price_won = WonField(
        label=_("기업회원가"), widget=forms.TextInput(attrs={"data-won": True, "inputmode": "numeric"})
    )
    corporate_validity_days = forms.IntegerField(label=_("기업회원 유효기간(일)"))
    corporate_cancel_days = forms.IntegerField(label=_("기업회원 취소할 수 있는 날"), help_text=_CANCEL_HELP)

    @staticmethod
    def filled(state: ProductWanted, seen: str) -> ProductForm:
        """The form as it stands before anybody types."""
        offers = {
            f"{list_}_{name}": getattr(offer, name)
            for list_, offer in state.offers.items()
            for name in _OFFER
        }
        for list_, offer in state.offers.items():
            offers[f"{list_}_price_won"] = f"{offer.price_won:,}"
        own = {one.name: getattr(state, one.name) for one in fields(state) if one.name != "offers"}
        return ProductForm(initial={"seen": seen, **own, **offers})

    def wanted(self) -> ProductWanted:
        """What the action takes; only of a valid form."""
        typed = self.cleaned_data
        return ProductWanted(
            name=typed["name"],
            notes=typed["notes"].replace("\r\n", "\n"),
            copies_most=typed["copies_most"],
            is_sold_out=typed["is_sold_out"],
            is_gift_certificate=typed["is_gift_certificate"],
            offers={
                list_.value: OfferWanted(
                    **{name: typed[f"{list_}_{name}"] for name in _OFFER},
                )
                for list_ in List
            },
            channels=tuple(one for one in CHANNELS if one in typed["channels"]),
            supplier=typed["supplier"],
            on_sale_from=typed["on_sale_from"],
            on_sale_to=typed["on_sale_to"],
            substitute=typed["substitute"].strip(),
        )


class PoolForm(forms.Form):
    """How a pool's codes end, and from when on few are too few. C3"""

    scheme = forms.ChoiceField(
        label=_("코드의 검증 숫자"),
        choices=CheckDigit.choices,
        help_text=_("마지막 숫자로 잘못 옮긴 코드를 찾아요. 모르면 없음으로 두세요."),
    )
    low_below = forms.IntegerField(
        label=_("이보다 적게 남으면 알리기(개)"),
        required=False,
        help_text=_("비워 두면 설정의 값을 써요."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    is_voidable = forms.BooleanField(
        label=_("발행사가 코드 하나를 폐기해 줘요"),
        required=False,
        help_text=_("받는 번호를 바꿀 때 옛 코드를 폐기하고 다음 코드로 바꿀 수 있어요."),
    )


class PolicyForm(forms.Form):
    """What is refunded and extended at the end of validity, and from which day. V4"""

    list = forms.ChoiceField(label=_("리스트"), choices=List.choices)
    code = forms.CharField(
        label=_("상품 코드"),
        max_length=40,
        required=False,
        help_text=_("비워 두면 그 리스트의 모든 상품이에요."),
    )
    preset = forms.ChoiceField(label=_("조건"), choices=Preset.choices)
    from_on = forms.DateField(label=_("적용하는 날"), widget=Day, help_text=_("내일부터 고를 수 있어요."))


class GoodsForm(forms.Form):
    """What a product is called at the external issuer. C3"""

    goods_code = forms.CharField(
        label=_("발행사의 상품 코드"),
        max_length=GOODS_CODE_MOST,
        help_text=_("발행사의 상품 목록에 있는 코드예요. 저장하면 발행사에 바로 물어봐요."),
    )


class FigureForm(forms.Form):
    """A new value of a figure."""

    value = WonField(
        label=_("새 값"), widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    )


class TextForm(forms.Form):
    """A text in both languages. P6"""

    ko = forms.CharField(label=_("한국어"), widget=forms.Textarea({"rows": 5, "maxlength": TEXT_MOST}))
    en = forms.CharField(label=_("영어"), widget=forms.Textarea({"rows": 5, "maxlength": TEXT_MOST}))


class DayForm(forms.Form):
    """A day against the rule of business hours."""

    day = forms.DateField(label=_("날짜"), widget=Day)
    kind = forms.ChoiceField(
        label=_("어떻게"), choices=[(DayKind.CLOSED, _("쉬는 날")), (DayKind.OPEN, _("일하는 날"))]
    )
    note = forms.CharField(label=_("무슨 날"), max_length=40, required=False)


class ReconcileForm(forms.Form):
    """A day to hold against the provider's list."""

    day = forms.DateField(label=_("날짜"), widget=Day)


class SpanForm(forms.Form):
    """A month or a whole year. What cannot be read is this month."""

    year = forms.IntegerField(min_value=2020, max_value=2999)
    month = forms.IntegerField(min_value=0, max_value=12, required=False)

    def span(self, today: date) -> tuple[int, int]:
        """Year and month; month 0 is the whole year."""
        if not self.is_valid():
            return today.year, today.month
        return self.cleaned_data["year"], self.cleaned_data["month"] or 0


class IssuerRuleForm(forms.Form):
    """How an issuer's cards of a kind can pay: up to three ways, the one to try first in front. P3"""

    first = forms.ChoiceField(label=_("먼저 권하는 방법"), choices=Way.choices)
    second = forms.ChoiceField(label=_("그다음"), choices=_WAYS_MORE, required=False)
    third = forms.ChoiceField(label=_("그다음"), choices=_WAYS_MORE, required=False)
    note = forms.CharField(
        label=_("덧붙이는 말"),
        max_length=ISSUER_NOTE_MOST,
        required=False,
        help_text=_("결제 화면에 그대로 보여요."),
    )
    checked_on = forms.DateField(label=_("확인한 날"), widget=Day)

    @staticmethod
    def filled(ways: Sequence[str], note: str, today: date) -> IssuerRuleForm:
        """The form as it stands before anybody types: what holds, as if it had been checked today."""
        named = dict(zip(("first", "second", "third"), ways, strict=False))
        return IssuerRuleForm(initial={"note": note, "checked_on": today, **named})

    def ways(self) -> list[str]:
        """What was chosen, in its order; only of a valid form."""
        return [way for name in ("first", "second", "third") if (way := self.cleaned_data[name])]


class StaffForm(forms.Form):
    """A new account for the console."""

    login = forms.CharField(label=_("아이디"), max_length=20)
    name = forms.CharField(label=_("이름"), max_length=60)
    phone = forms.CharField(label=_("휴대폰 번호"), max_length=20)
    mail = forms.EmailField(label=_("이메일"), required=False)
    role = forms.ChoiceField(label=_("역할"), choices=StaffRole.choices)


class AuditForm(forms.Form):
    """What is looked for in the log. What cannot be read does not narrow."""

    by = forms.UUIDField(required=False)
    company = forms.UUIDField(required=False)
    subject = forms.CharField(max_length=60, required=False)
    verb = forms.CharField(max_length=60, required=False)
    first_on = forms.DateField(required=False)
    last_on = forms.DateField(required=False)

    def search(self) -> Search:
        self.is_valid()
        found = self.cleaned_data

        def text(name: str) -> str:
            value: UUID | str | None = found.get(name)
            return str(value) if value else ""

        days: dict[str, date | None] = {name: found.get(name) for name in ("first_on", "last_on")}
        return Search(
            by=text("by"), company=text("company"), subject=text("subject"), verb=text("verb"), **days
        )


class ShopForm(forms.Form):
    """A shop of a brand. V3"""

    brand = forms.ChoiceField(label=_("브랜드"), choices=lambda: [(name, name) for name in catalog.brands()])
    name = forms.CharField(label=_("매장 이름"), max_length=60)


class ShopKeyForm(forms.Form):
    """A key for one device or program of a shop. V3"""

    label = forms.CharField(label=_("어느 기기인가요?"), max_length=40, help_text=_("예: 1번 계산대"))

"""What people type, brought into the form in which the actions take it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from seonmul.catalog.queries import ORDERS, Search
from seonmul.dispatch.models import Channel
from seonmul.orders.models import Purpose
from seonmul.payments import rules
from seonmul.payments.ports import Bank


class DraftForm(forms.Form):
    """The message of a draft and what it is for. Whether it can be sent is for the rules to say."""

    sender = forms.CharField(max_length=12, required=False)
    channel = forms.ChoiceField(choices=Channel.choices)
    title = forms.CharField(max_length=200, required=False, strip=False)
    text = forms.CharField(max_length=10_000, required=False, strip=False)
    purpose = forms.ChoiceField(choices=Purpose.choices)
    is_lawful = forms.BooleanField(required=False)

    def clean_title(self) -> str:
        return "" if self.cleaned_data.get("channel") == Channel.SMS else str(self.cleaned_data["title"])

    def clean_text(self) -> str:
        # browsers end lines with two signs, word processors some with others; carriers count or refuse them
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n")
        return text.translate({ord(sign): "\n" for sign in "\x0b\x0c\r"})


class WonField(forms.IntegerField):
    """An amount as people type it, with or without commas."""

    def to_python(self, value: Any) -> int | None:
        return super().to_python(value.replace(",", "") if isinstance(value, str) else value)


class ChargeForm(forms.Form):
    """An amount and a bank. Whether it may be charged is for the rules to say. P2"""

    won = WonField(
        label=_("충전할 금액"), min_value=0, max_value=10**12,
        error_messages={"required": _("충전할 금액을 적어 주세요."), "invalid": _("금액은 숫자로 적어 주세요.")},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "maxlength": "15"}),
    )  # fmt: skip
    bank = forms.ChoiceField(
        label=_("입금할 은행"),
        choices=[
            ("", _("은행을 골라 주세요")),
            *((one.code, one.label) for one in Bank if one.takes_deposits),
        ],
        error_messages={"required": rules.ChargeRefusal.NO_BANK.sentence},
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **named})


class LevelForm(forms.Form):
    """Below which balance the company is told; empty for never. P7"""

    below_won = WonField(
        label=_("이 금액 아래로 내려가면 알림"), min_value=0, max_value=10**12, required=False,
        error_messages={"invalid": _("금액은 숫자로 적어 주세요.")},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "maxlength": "15"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **named})


class SearchForm(forms.Form):
    """What a visitor looks for. What cannot be read does not narrow."""

    q = forms.CharField(max_length=60, required=False)
    category = forms.CharField(max_length=50, required=False)
    brand = forms.CharField(max_length=60, required=False)
    price_from = WonField(min_value=0, max_value=2_000_000_000, required=False)
    price_to = WonField(min_value=0, max_value=2_000_000_000, required=False)
    sort = forms.ChoiceField(choices=[(order, order) for order in ORDERS], required=False)

    def search(self) -> Search:
        self.is_valid()
        found = self.cleaned_data
        return Search(
            words=found.get("q") or "",
            category=found.get("category") or "",
            brand=found.get("brand") or "",
            price_from=found.get("price_from"),
            price_to=found.get("price_to"),
            order=found.get("sort") or "popular",
        )

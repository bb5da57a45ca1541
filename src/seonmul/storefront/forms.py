"""What people type, brought into the form in which the actions take it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from seonmul.catalog.queries import ORDERS, Search
from seonmul.catalog.rules import CHANNELS
from seonmul.dispatch.models import Channel
from seonmul.kit import clock
from seonmul.orders.models import Purpose
from seonmul.orders.rules import TimeRefusal
from seonmul.payments import rules
from seonmul.payments.ports import Bank

#: For how long vouchers may be sent asleep; none is the first. S6
ASLEEP_MINUTES = (0, 10, 30, 60, 120)


class SeoulMomentField(forms.DateTimeField):
    """A moment as a browser's field for date and time gives it: a wall clock in Seoul, whatever the server's zone."""

    widget = forms.DateTimeInput

    def __init__(self, **named: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **named)

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        for form in self.input_formats or ():
            try:
                return datetime.strptime(str(value).strip(), form).replace(tzinfo=clock.SEOUL)
            except ValueError:
                continue
        raise forms.ValidationError(gettext(TimeRefusal.NO_TIME.sentence), code=TimeRefusal.NO_TIME.code)


class SendAtForm(forms.Form):
    """Another moment for an order that waits, or none: at once. O5"""

    when = forms.ChoiceField(choices=[("later", ""), ("now", "")])
    send_at = SeoulMomentField(required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("when") == "now":
            self.errors.pop("send_at", None)
            given["send_at"] = None
        elif "send_at" not in self.errors and given.get("send_at") is None:
            self.add_error("send_at", gettext(TimeRefusal.NO_TIME.sentence))
        return given

    def first_error(self) -> str:
        return str(next(iter(self.errors.values()))[0])


class DraftForm(forms.Form):
    """The message of a draft and what it is for. Whether it can be sent is for the rules to say."""

    sender = forms.CharField(max_length=12, required=False)
    channel = forms.ChoiceField(choices=[(one, one) for one in CHANNELS])
    title = forms.CharField(max_length=200, required=False, strip=False)
    text = forms.CharField(max_length=10_000, required=False, strip=False)
    purpose = forms.ChoiceField(choices=Purpose.choices)
    is_lawful = forms.BooleanField(required=False)
    is_ad = forms.BooleanField(required=False)
    falls_back = forms.BooleanField(required=False)
    is_later = forms.ChoiceField(choices=[("", ""), ("1", "")], required=False)
    send_at = SeoulMomentField(required=False)
    asleep_minutes = forms.ChoiceField(choices=[(str(one), "") for one in ASLEEP_MINUTES], required=False)
    takes_substitute = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["is_later"] = bool(given.get("is_later"))
        given["asleep_minutes"] = int(given.get("asleep_minutes") or 0)
        if not given["is_later"]:
            self.errors.pop("send_at", None)
            given["send_at"], given["takes_substitute"] = None, False
        return given

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

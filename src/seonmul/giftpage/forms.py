"""What a recipient types to be paid, brought into the form in which the actions take it. V4"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from seonmul.payments.ports import Bank


class ClaimForm(forms.Form):
    """The code that came, and where the money goes."""

    proof = forms.UUIDField(widget=forms.HiddenInput())
    digits = forms.CharField(
        label=_("인증번호 6자리"), required=False, max_length=12,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip
    way = forms.ChoiceField(
        label=_("받는 방법"), choices=[("bank", _("은행 계좌")), ("points", _("선물 리워드 (회원)"))],
        widget=forms.RadioSelect(),
    )  # fmt: skip
    bank = forms.ChoiceField(label=_("은행"), required=False, choices=[])
    number = forms.CharField(
        label=_("계좌번호"), required=False, max_length=30,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    holder = forms.CharField(
        label=_("예금주"), required=False, max_length=60, widget=forms.TextInput({"autocomplete": "name"})
    )
    born_on = forms.CharField(
        label=_("예금주의 생년월일"), required=False, max_length=10,
        widget=forms.TextInput({"inputmode": "numeric", "placeholder": "19900101", "autocomplete": "bday"}),
        help_text=_("은행에 예금주를 확인할 때만 써요."),
    )  # fmt: skip

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **named})
        banks = [(bank.code, gettext(bank.label)) for bank in Bank]
        self.fields["bank"].choices = [("", _("골라 주세요")), *banks]  # type: ignore[attr-defined]

    def clean_number(self) -> str:
        """Digits alone."""
        return _bare(self.cleaned_data["number"])

    def clean_born_on(self) -> date | None:
        """A day from its eight digits; None for none, which the action refuses where it needs one."""
        digits = _bare(self.cleaned_data["born_on"])
        try:
            return date.fromisoformat(digits) if len(digits) == 8 else None
        except ValueError:
            return None


def _bare(typed: str) -> str:
    """What was typed, without what people put between digits."""
    return "".join(sign for sign in typed if sign not in "-. \t")

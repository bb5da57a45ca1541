"""What people write in an inquiry, brought into the form in which the actions take it. H3"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from seonmul.kit import filetypes
from seonmul.storefront.forms import WonField
from seonmul.support import rules
from seonmul.support.models import InquiryKind

_MOST_BYTES = filetypes.PAPER_MOST_MEGABYTES * 1024 * 1024


class _Files(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Each file is looked at by the action, by its content."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [one for one in (data if isinstance(data, list | tuple) else [data]) if one]


class WordForm(forms.Form):
    """Something to say, with files."""

    text = forms.CharField(
        label=_("내용"), widget=forms.Textarea({"rows": 7, "maxlength": rules.TEXT_MOST}),
        error_messages={"required": _(rules.InquiryRefusal.NO_TEXT.sentence)},
    )  # fmt: skip
    papers = _FilesField(
        label=_("파일"), required=False,
        widget=_Files({"multiple": True, "accept": "application/pdf,image/jpeg,image/png"}),
        help_text=_("PDF, JPEG, PNG를 다섯 개까지, 하나에 10MB까지 올릴 수 있어요."),
    )  # fmt: skip

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **named})

    def contents(self) -> list[bytes]:
        """What is in the files; of one that is too large only so much that it is seen to be."""
        return [one.read(_MOST_BYTES + 1) for one in self.cleaned_data["papers"][: rules.FILES_MOST + 1]]


class InquiryForm(WordForm):
    """A new inquiry. `about`: what the link named; `to`: the new number of the copy that it names. S5"""

    kind = forms.ChoiceField(
        label=_("문의 종류"), choices=[("", _("골라 주세요")), *InquiryKind.choices],
        error_messages={"required": _("문의 종류를 골라 주세요.")},
    )  # fmt: skip
    wanted_won = WonField(
        label=_("필요한 한도"), required=False,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "data-won": True}),
        help_text=_("한도 상향을 문의할 때만 적어 주세요. 한 달에 살 수 있는 권면금액의 합이에요."),
    )  # fmt: skip
    to = forms.CharField(
        label=_("새 번호"), required=False, max_length=254,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
        help_text=_("담당자만 보고, 문의의 글에는 남지 않아요."),
    )  # fmt: skip
    about = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput())
    field_order = ["kind", "wanted_won", "to", "text", "papers", "about"]

"""What people type in 마이페이지, brought into the form in which the actions take it."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from seonmul.dispatch.rules import AdRefusal
from seonmul.kit import filetypes
from seonmul.kit.filetypes import PaperRefusal
from seonmul.members import rules
from seonmul.members.models import ConversionKind, Role, SpendMethod
from seonmul.payments.ports import Bank
from seonmul.payments.rules import PayoutRefusal, RefundRefusal
from seonmul.storefront.forms import WonField

#: What a certificate may be, for the file dialog; the action looks at the content.
_PAPERS = "application/pdf,image/jpeg,image/png"
_MOST = filetypes.PAPER_MOST_MEGABYTES * 1024 * 1024
_DAYS = ["%Y-%m-%d", "%Y%m%d", "%Y.%m.%d", "%Y. %m. %d", "%Y. %m. %d.", "%Y/%m/%d"]


class _Form(forms.Form):
    """No colon behind labels."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **named})


class ProfileForm(_Form):
    """A member's own data. M5"""

    name = forms.CharField(
        label=_("이름"), max_length=60, widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": rules.ProfileRefusal.NO_NAME.sentence},
    )  # fmt: skip
    mail = forms.EmailField(
        label=_("이메일"),
        max_length=254,
        error_messages={
            "required": rules.ProfileRefusal.NO_MAIL.sentence,
            "invalid": _("이메일 주소를 확인해 주세요. 예: name@company.co.kr"),
        },
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
    )
    takes_number = forms.BooleanField(label=_("본인인증한 번호로 바꾸기"), required=False)
    auto_sender = forms.BooleanField(label=_("주문시 발신번호로 자동입력"), required=False)
    marketing_consent = forms.BooleanField(label=_("혜택과 소식을 문자와 이메일로 받기"), required=False)


class PayoutForm(_Form):
    """Cash to one's own account. P5"""

    won = WonField(
        label=_("환급할 금액"), widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "data-won": True}),
        error_messages={"required": PayoutRefusal.NOTHING.sentence},
    )  # fmt: skip
    bank = forms.ChoiceField(label=_("은행"), choices=[])
    number = forms.CharField(
        label=_("계좌번호"), max_length=24, widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": RefundRefusal.NO_ACCOUNT.sentence},
    )  # fmt: skip

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["bank"].choices = [(bank.code, gettext(bank.label)) for bank in Bank]  # type: ignore[attr-defined]

    def bank_label(self) -> str:
        """The name of the chosen bank; only of a valid form."""
        bank = Bank.of(self.cleaned_data["bank"])
        return gettext(bank.label) if bank else ""


class CloseForm(_Form):
    """Leaving. The password is asked where no identity verification is fresh. M9"""

    gives_up_reward = forms.BooleanField(label=_("리워드가 사라져도 괜찮습니다"), required=False)
    password = forms.CharField(
        label=_("로그인 비밀번호"), max_length=128, strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": rules.CloseRefusal.NOT_PROVED.sentence},
    )  # fmt: skip

    def __init__(self, *args: Any, is_proved: bool, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["password"].required = not is_proved


class MethodForm(_Form):
    """How payments are authorised. M4"""

    method = forms.ChoiceField(label=_("인증 방법"), choices=SpendMethod.choices, widget=forms.RadioSelect)


class PasswordForm(_Form):
    """A new payment password, twice. M4"""

    password = forms.CharField(
        label=_("새 결제 비밀번호"), max_length=128, strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=_("새 결제 비밀번호 확인"), max_length=128, strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, least: int, **named: Any) -> None:
        super().__init__(*args, **named)
        told = gettext("{least}자 이상, 로그인 비밀번호와 다르게 정해 주세요.")
        self.fields["password"].help_text = told.format(least=least)

    def clean(self) -> None:
        typed = self.cleaned_data
        if "password" in typed and "again" in typed and typed["password"] != typed["again"]:
            self.add_error("again", gettext("두 비밀번호가 다릅니다. 다시 입력해 주세요."))


class SenderForm(_Form):
    """A company's number with its proof of service subscription. M6"""

    number = forms.CharField(
        label=_("발신번호"), max_length=20, widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
        help_text=_("지역번호까지 적어 주세요. 예: 02-1234-5678, 1588-0000, 070-1234-5678"),
    )  # fmt: skip
    label = forms.CharField(
        label=_("어디서 쓰는 번호인가요"), max_length=40, required=False, help_text=_("예: 대표번호, 인사팀")
    )
    proved_on = forms.DateField(
        label=_("이용증명원 발급일"),
        input_formats=_DAYS,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("날짜를 확인해 주세요. 예: 2026-11-20")},
    )
    certificate = forms.FileField(
        label=_("통신서비스 이용증명원"),
        error_messages={"required": PaperRefusal.MISSING.sentence},
        allow_empty_file=True,
        widget=forms.FileInput({"accept": _PAPERS}),
        help_text=_("통신사에서 발급한 것, PDF·JPEG·PNG, 10MB까지"),
    )


class MobileForm(_Form):
    """A colleague's mobile number, to which a code is texted. M6"""

    number = forms.CharField(
        label=_("동료의 휴대폰 번호"), max_length=20,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    label = forms.CharField(
        label=_("누구의 번호인가요"), max_length=40, required=False, help_text=_("예: 김대리, 영업팀장")
    )


class AdForm(_Form):
    """What stands around advertising. O3"""

    name = forms.CharField(
        label=_("보내는 회사 이름"), max_length=40, error_messages={"required": AdRefusal.NO_NAME.sentence},
        widget=forms.TextInput({"autocomplete": "organization"}),
    )  # fmt: skip
    contact = forms.CharField(
        label=_("연락할 전화번호"), max_length=20, error_messages={"required": AdRefusal.NO_CONTACT.sentence},
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}), help_text=_("예: 02-3456-7890, 1588-0000"),
    )  # fmt: skip
    opt_out = forms.CharField(
        label=_("무료 수신거부 번호"), max_length=20, error_messages={"required": AdRefusal.NO_OPT_OUT.sentence},
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
        help_text=_("통신사나 문자 발송사에서 받은 080 번호를 그대로 적어 주세요."),
    )  # fmt: skip


class SuccessorForm(_Form):
    """Who takes an account over, and a certificate of employment where nobody else can say so. M5"""

    name = forms.CharField(
        label=_("새 담당자의 이름"), max_length=60, widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": rules.ProfileRefusal.NO_NAME.sentence},
    )  # fmt: skip
    phone = forms.CharField(
        label=_("새 담당자의 휴대폰"), max_length=20,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": rules.HandoverRefusal.PHONE_FORM.sentence},
        help_text=_("이 번호로 인증번호를 보내요."),
    )  # fmt: skip
    mail = forms.EmailField(
        label=_("새 담당자의 이메일"),
        max_length=254,
        error_messages={
            "required": rules.ProfileRefusal.NO_MAIL.sentence,
            "invalid": _("이메일 주소를 확인해 주세요. 예: name@company.co.kr"),
        },
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    certificate = forms.FileField(
        label=_("재직증명서"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput({"accept": _PAPERS}),
        help_text=_("새 담당자의 것, 회사 직인이 있는 PDF·JPEG·PNG, 10MB까지"),
    )


class ConversionForm(_Form):
    """An application to become corporate. M2"""

    kind = forms.ChoiceField(
        label=_("무엇으로 신청하나요"),
        choices=[
            (ConversionKind.BUSINESS, _("사업자등록증 (회사, 개인사업자)")),
            (ConversionKind.UNIQUE_NUMBER, _("고유번호증 (비영리단체)")),
            (ConversionKind.TEMPORARY, _("아직 없어요 (임시기업회원)")),
        ],
        initial=ConversionKind.BUSINESS,
        widget=forms.RadioSelect,
    )
    business_number = forms.CharField(
        label=_("등록번호"), max_length=20,
        error_messages={"required": rules.SignUpRefusal.NUMBER_FORM.sentence},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("사업자등록번호나 고유번호 숫자 10자리. 임시기업회원은 없어도 돼요."),
    )  # fmt: skip
    company_name = forms.CharField(
        label=_("회사·단체 이름"), max_length=100, widget=forms.TextInput({"autocomplete": "organization"})
    )
    representative = forms.CharField(label=_("대표자 이름"), max_length=60, required=False)
    opened_on = forms.DateField(
        label=_("개업일"), required=False, input_formats=_DAYS,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("날짜를 확인해 주세요. 예: 2020-03-02")},
    )  # fmt: skip
    certificate = forms.FileField(
        label=_("증명서"),
        error_messages={"required": PaperRefusal.MISSING.sentence},
        allow_empty_file=True,
        widget=forms.FileInput({"accept": _PAPERS}),
        help_text=_("PDF·JPEG·PNG, 10MB까지. 휴대폰에서는 바로 찍어 올릴 수 있어요."),
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        if self.data.get("kind") == ConversionKind.TEMPORARY:
            for name in ("business_number", "certificate"):
                self.fields[name].required = False

    def clean_business_number(self) -> str:
        typed = str(self.cleaned_data["business_number"]).strip()
        if not typed and self.cleaned_data.get("kind") == ConversionKind.TEMPORARY:
            return ""
        number = rules.business_number(typed)
        if number is None:
            raise forms.ValidationError(gettext(rules.SignUpRefusal.NUMBER_FORM.sentence))
        return number


def content_of(form: forms.Form, name: str = "certificate") -> bytes:
    """The file that was chosen, b"" for none; of one that is too large only so much that it is seen to be."""
    file = form.cleaned_data.get(name)
    return file.read(_MOST + 1) if file else b""


class InvitationForm(_Form):
    """Who is invited, as what. M7"""

    mail = forms.EmailField(
        label=_("이메일"), max_length=254,
        error_messages={"invalid": _("이메일 주소를 확인해 주세요. 예: name@company.co.kr")},
    )  # fmt: skip
    role = forms.ChoiceField(label=_("역할"), choices=Role.choices, initial=Role.BUYER)


class PlaceForm(_Form):
    """What a member of the company may do. M7"""

    role = forms.ChoiceField(label=_("역할"), choices=Role.choices)
    department = forms.ChoiceField(label=_("부서"), required=False)
    monthly_limit_won = WonField(
        label=_("한 달 한도 (원)"), min_value=0, max_value=10**12, required=False,
        widget=forms.TextInput({"inputmode": "numeric", "data-won": True}),
    )  # fmt: skip
    order_limit_won = WonField(
        label=_("주문 한 건 한도 (원)"), min_value=0, max_value=10**12, required=False,
        widget=forms.TextInput({"inputmode": "numeric", "data-won": True}),
    )  # fmt: skip
    sees_numbers = forms.BooleanField(label=_("받는 분의 전체 번호를 볼 수 있음"), required=False)

    def __init__(self, *args: Any, departments: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        cast(forms.ChoiceField, self.fields["department"]).choices = [("", gettext("없음")), *departments]


class DepartmentForm(_Form):
    """A department and its budget of the month. M7"""

    name = forms.CharField(label=_("부서 이름"), max_length=40)
    monthly_budget_won = WonField(
        label=_("한 달 예산 (원)"), min_value=0, max_value=10**12, required=False,
        widget=forms.TextInput({"inputmode": "numeric", "data-won": True}),
    )  # fmt: skip


class ApprovalForm(_Form):
    """From which sum on an approver must consent. M7"""

    won = WonField(
        label=_("결재가 필요한 금액 (원)"), min_value=0, max_value=10**12, required=False,
        widget=forms.TextInput({"inputmode": "numeric", "data-won": True}),
        help_text=_("이 금액부터 결재자가 승인해야 발송해요. 비워 두면 결재 없이 발송해요."),
    )  # fmt: skip


class AnswerForm(_Form):
    """As what somebody who asked comes in. M7"""

    role = forms.ChoiceField(label=_("역할"), choices=Role.choices, initial=Role.BUYER)

"""What people type to come in. Whether it may be so is for the rules to say; here it is read and told beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from allauth.account.forms import ChangePasswordForm as AllauthChangePassword
from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from seonmul.kit import clock, phones
from seonmul.kit.refusals import No
from seonmul.members import actions as members
from seonmul.members import queries, rules
from seonmul.members.models import ConsentKind, ProofKind, SignUp
from seonmul.storefront.account import passwords

_DAYS = ["%Y%m%d", "%Y-%m-%d", "%Y.%m.%d", "%Y. %m. %d", "%Y. %m. %d.", "%Y/%m/%d"]


def _text(label: Any, most: int, **attrs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.TextInput(attrs))


def _told(no: No) -> forms.ValidationError:
    return forms.ValidationError(no.say(gettext), code=no.code)


def read_phone(typed: str) -> str:
    """The national digits of a mobile number, or a ValidationError that says what is wrong with it."""
    digits = phones.normalise_mobile(typed)
    if digits is None:
        raise _told(phones.why_not_mobile(typed).no())
    return digits


def read_mail(typed: str) -> str:
    """A mail address in lower case, or a ValidationError."""
    address = typed.strip().lower()
    try:
        validate_email(address)
    except forms.ValidationError as error:
        raise forms.ValidationError(_("이메일 주소를 확인해 주세요. 예: name@company.co.kr")) from error
    return address


READERS = {ProofKind.PHONE: read_phone, ProofKind.MAIL: read_mail}


class SignInForm(LoginForm):  # type: ignore[misc]
    """Login id and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label, password.help_text = _("아이디"), _("비밀번호"), ""
        for field in (login, password):
            field.widget.attrs.pop("placeholder", None)
        login.widget.attrs |= {"autocapitalize": "none", "spellcheck": "false", "autofocus": True}


class PasswordField(forms.CharField):
    """A password to be chosen; what was typed stays after an error elsewhere."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True)
        super().__init__(label=_("비밀번호"), max_length=128, strip=False, widget=widget, **kwargs)

    def say_least(self) -> None:
        """Say the bound as it stands now: a form is made for each request, its fields are not."""
        least = passwords.least()
        self.widget.attrs["passwordrules"] = f"minlength: {least};"
        self.help_text = gettext(
            "{least}자 이상으로 적어 주세요. 아이디와 비슷하거나 널리 쓰이는 비밀번호는 쓸 수 없습니다."
        ).format(least=least)


class SignUpForm(forms.Form):
    """All of sign-up on one page. The fields of a company are read only when one signs up."""

    KINDS = [("general", _("일반회원")), ("company", _("기업회원"))]
    BUSINESS = ("business_number", "company_name", "representative", "opened_on")
    CONSENTS = {
        ConsentKind.TERMS: "agrees_terms",
        ConsentKind.PERSONAL_DATA: "agrees_personal_data",
        ConsentKind.AGE_14: "is_14",
        ConsentKind.MARKETING: "agrees_marketing",
    }

    kind = forms.ChoiceField(label=_("회원 종류"), choices=KINDS, widget=forms.RadioSelect, initial="general")
    login = _text(_("아이디"), 20, autocomplete="username", autocapitalize="none", spellcheck="false")
    password = PasswordField()
    name = _text(_("이름"), 60, autocomplete="name")
    phone = _text(_("휴대폰 번호"), 30, type="tel", inputmode="tel", autocomplete="tel-national")
    mail = _text(
        _("이메일"), 254, type="email", inputmode="email", autocomplete="email", autocapitalize="none"
    )
    business_number = _text(_("사업자등록번호"), 20, inputmode="numeric", autocomplete="off")
    company_name = _text(_("상호"), 100, autocomplete="organization")
    representative = _text(_("대표자 이름"), 60, autocomplete="off")
    opened_on = forms.DateField(
        label=_("개업일"), input_formats=_DAYS,
        widget=forms.DateInput(attrs={"inputmode": "numeric", "autocomplete": "off"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("날짜로 읽을 수 없습니다. 예: 20190304")},
    )  # fmt: skip
    agrees_terms = forms.BooleanField(label=_("이용약관에 동의합니다"))
    agrees_personal_data = forms.BooleanField(label=_("개인정보 수집·이용에 동의합니다"))
    is_14 = forms.BooleanField(label=_("만 14세 이상입니다"))
    agrees_marketing = forms.BooleanField(
        label=_("마케팅 정보를 문자와 이메일로 받겠습니다 (선택)"), required=False
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, earlier: SignUp | None = None) -> None:
        super().__init__(data, initial=typed_before(earlier) if earlier else None)
        self._earlier = earlier
        self.fields["password"].say_least()  # type: ignore[attr-defined]
        self.fields["login"].help_text = _("영문 소문자와 숫자 4~20자")
        self.fields["phone"].help_text = _("인증번호를 문자로 보냅니다.")
        self.fields["mail"].help_text = _("인증번호를 메일로 보냅니다.")
        self.fields["representative"].help_text = _("사업자등록증에 적힌 그대로 적어 주세요.")
        self.fields["opened_on"].help_text = _("사업자등록증의 개업연월일. 예: 20190304")
        if earlier:
            self.fields["password"].required = False
            self.fields["password"].help_text = _("비워 두면 앞에서 적은 비밀번호를 그대로 씁니다.")
        for name in self.BUSINESS:
            self.fields[name].required = self.is_company
        for field in self.fields.values():
            field.error_messages.setdefault("required", "")
            field.error_messages["required"] = _("빠뜨린 칸입니다. 적어 주세요.")
        for name in list(self.CONSENTS.values())[:3]:
            self.fields[name].error_messages["required"] = gettext(rules.SignUpRefusal.NO_CONSENT.sentence)

    @property
    def is_company(self) -> bool:
        return self.data.get("kind") == "company"

    def clean_login(self) -> str:
        login = str(self.cleaned_data["login"]).strip()
        besides: UUID | None = self._earlier.id if self._earlier else None
        no = rules.why_not_login(login, is_taken=queries.is_login_taken(login, clock.now(), besides=besides))
        if no:
            raise _told(no)
        return login

    def clean_phone(self) -> str:
        return read_phone(self.cleaned_data["phone"])

    def clean_mail(self) -> str:
        return read_mail(self.cleaned_data["mail"])

    def clean_business_number(self) -> str:
        typed = self.cleaned_data["business_number"]
        number = rules.business_number(typed) if self.is_company else ""
        if number is None:
            raise _told(No(rules.SignUpRefusal.NUMBER_FORM))
        return number

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if found.get("password"):
            known = queries.unsaved_member(
                found.get("login", ""), found.get("name", ""), found.get("mail", "")
            )
            try:
                validate_password(found["password"], known)
            except forms.ValidationError as error:
                self.add_error("password", error)
        if self.is_company and found.get("business_number") and found.get("opened_on"):
            today = clock.seoul_date(clock.now())
            no = rules.why_not_business(found["business_number"], found["opened_on"], today=today)
            if no:
                self.add_error("opened_on", no.say(gettext))
        return found

    def wish(self) -> members.Wish:
        """What was typed, in the words of the action."""
        found = self.cleaned_data
        business = None
        if self.is_company:
            business = members.Business(
                found["business_number"], found["company_name"], found["representative"], found["opened_on"]
            )
        return members.Wish(
            login=found["login"],
            password=found["password"],
            name=found["name"],
            phone=found["phone"],
            mail=found["mail"],
            consents=frozenset(str(kind) for kind, name in self.CONSENTS.items() if found.get(name)),
            business=business,
        )


def typed_before(row: SignUp) -> dict[str, Any]:
    """A sign-up under way as the form's first values: nothing is typed twice. The password is not among them."""
    check = row.check_asked
    business = {
        "business_number": check.business_number,
        "company_name": check.company_name,
        "representative": check.representative,
        "opened_on": check.opened_on,
    } if check else {}  # fmt: skip
    return {
        "kind": "company" if check else "general",
        "login": row.login,
        "name": queries.sign_up_name(row),
        "phone": phones.format_phone(queries.proved_address(row.phone_proof)),
        "mail": queries.proved_address(row.mail_proof),
        "agrees_terms": True,
        "agrees_personal_data": True,
        "is_14": True,
        "agrees_marketing": row.marketing_consent,
        **business,
    }


class RecoverForm(forms.Form):
    """Where the code goes: a mail address or a mobile number."""

    address = _text(_("가입한 이메일이나 휴대폰 번호"), 254, autocapitalize="none", autofocus=True)

    def clean_address(self) -> tuple[ProofKind, str]:
        typed = self.cleaned_data["address"]
        kind = ProofKind.MAIL if "@" in typed else ProofKind.PHONE
        return kind, READERS[kind](typed)


class NewPasswordForm(forms.Form):
    """The new password, and whose, where an address belongs to several members."""

    login = forms.ChoiceField(label=_("아이디"), widget=forms.RadioSelect)
    password = PasswordField()

    def __init__(self, data: Mapping[str, Any] | None, *, logins: list[str]) -> None:
        super().__init__(data, initial={"login": logins[0]})
        self.fields["password"].say_least()  # type: ignore[attr-defined]
        self.fields["login"].choices = [(login, login) for login in logins]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if found.get("password"):
            try:
                validate_password(found["password"], queries.unsaved_member(found.get("login", ""), "", ""))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return found


class ChangePasswordForm(AllauthChangePassword):  # type: ignore[misc]
    """The password of somebody who is logged in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        old, new = self.fields["oldpassword"], self.fields["password1"]
        old.label, new.label = _("지금 비밀번호"), _("새 비밀번호")
        old.help_text, new.help_text = "", passwords.LeastLength().get_help_text()
        self.fields.pop("password2", None)
        for field in (old, new):
            field.widget.attrs.pop("placeholder", None)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean()
        if not self.errors:
            is_same = queries.is_payment_password(self.user, found["password1"])
            if no := rules.why_not_set_login_password(is_payment_password=is_same):
                self.add_error("password1", no.say(gettext))
        return found

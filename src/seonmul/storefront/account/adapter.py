"""What allauth asks of the site: its words, its addresses, and how its secrets are kept."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from seonmul.figures import queries as figures_now
from seonmul.kit import clock, crypto
from seonmul.members import actions as members
from seonmul.members import queries
from seonmul.members.models import Member
from seonmul.storefront import devices
from seonmul.storefront.templatetags.account_pages import device

_LOGIN_WRONG = _("아이디 또는 비밀번호가 다릅니다. 확인하고 다시 입력해 주세요.")
_CODE_WRONG = _("인증번호가 다릅니다. 확인하고 다시 입력해 주세요.")

#: What is said after an act of allauth; whatever is not here is said by the next page itself.
_SAID = {
    "account/messages/password_changed.txt": _("비밀번호를 바꿨습니다. 다른 기기에서는 로그아웃했습니다."),
    "usersessions/messages/sessions_logged_out.txt": _("다른 기기에서 모두 로그아웃했습니다."),
    "mfa/messages/totp_activated.txt": _("인증 앱을 켰습니다. 복구 코드를 안전한 곳에 적어 두세요."),
    "mfa/messages/totp_deactivated.txt": _("인증 앱을 껐습니다."),
    "mfa/messages/webauthn_added.txt": _("패스키를 등록했습니다."),
    "mfa/messages/webauthn_removed.txt": _("패스키를 지웠습니다."),
}


#: Why allauth declines something, in our words.
_ERRORS: dict[str, Any] = DefaultAccountAdapter.error_messages | {
    "username_password_mismatch": _LOGIN_WRONG,
    "invalid_login": _LOGIN_WRONG,
    "incorrect_password": _("비밀번호가 다릅니다. 확인하고 다시 입력해 주세요."),
    "enter_current_password": _("지금 비밀번호가 다릅니다. 확인하고 다시 입력해 주세요."),
    "rate_limited": _("요청이 너무 잦습니다. 잠시 뒤에 다시 시도해 주세요."),
    "incorrect_code": _CODE_WRONG,
}


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Logging in. The answer is the same whether a login id exists or not."""

    @property
    def error_messages(self) -> dict[str, Any]:
        """What allauth says when it declines; for how long is a figure, read when it is said. M1, B"""
        minutes = figures_now.figures(clock.now()).wrong_passwords_minutes
        locked = gettext("여러 번 틀려 잠시 로그인할 수 없습니다. {minutes}분 뒤에 다시 시도해 주세요.")
        return _ERRORS | {"too_many_login_attempts": locked.format(minutes=f"{minutes:,}")}

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say it in our words, or leave it to the next page."""
        said = message or _SAID.get(message_template or "")
        if said:
            super().add_message(request, level, message=str(said), extra_tags=extra_tags)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse the try before the password is looked at; what is refused counts as a wrong one. M8"""
        login, at = credentials.get("username", ""), clock.now()
        no = queries.why_not_try_login(login, devices.key_of(request), self.get_client_ip(request), at)
        try:
            if no:
                raise ValidationError(no.say(gettext), code=no.code)
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            members.note_wrong_login(login, at=at)
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a wrong password, whether or not anybody has the login id. M8"""
        members.note_wrong_login(credentials.get("username", ""), at=clock.now())

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Tries on a known device are counted apart, so that no stranger locks a member out of it. M8"""
        key, login = devices.key_of(request), credentials.get("username", "")
        shared: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{shared}:{key}" if key and queries.is_known_here(login, key, "") else shared

    def login(self, request: HttpRequest, user: Member) -> None:
        """Log in, and keep in which browser and from where. M8"""
        members.note_login(
            user.id,
            devices.make_key(request),
            words=device(request.META.get("HTTP_USER_AGENT", "")),
            address=self.get_client_ip(request),
            at=clock.now(),
        )
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: Member, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        devices.give(request, answer)
        return answer

    def send_notification_mail(
        self, template_prefix: str, user: Member, context: dict[str, Any] | None = None, **more: Any
    ) -> None:
        """A way to log in has changed: note it and have the member told by a job. M8"""
        members.note_login_changed(user.id, template_prefix.rsplit("/", 1)[-1], at=clock.now())


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]
    """Sessions that are ended by hand: their devices are new again."""

    def end_sessions(self, sessions: list[UserSession]) -> None:
        super().end_sessions(sessions)
        request = context.request
        members.forget_devices(request.user.id, besides=devices.key_of(request), at=clock.now())


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors. Their secrets are sealed with the keys of personal data."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": _CODE_WRONG}
    SECRET = "members.second_factor"  # noqa: S105 - the context of a seal

    def encrypt(self, text: str) -> str:
        return base64.b64encode(crypto.ring().seal(self.SECRET, text)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.ring().open(self.SECRET, base64.b64decode(encrypted_text))

    def generate_authenticator_name(self, user: Member, type: Authenticator.Type) -> str:
        """What a passkey is called at first: the device it was made on."""
        return device(context.request.META.get("HTTP_USER_AGENT", ""))

    def get_totp_label(self, user: Member) -> str:
        """The login id, not the mail address: an app shows it to whoever looks on."""
        return user.login

"""What allauth asks of the site: its words, its addresses, and how its secrets are kept."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from seonmul.kit import crypto

_LOGIN_WRONG = _("아이디 또는 비밀번호가 다릅니다. 확인하고 다시 입력해 주세요.")


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Logging in. The answer is the same whether a login id exists or not."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _LOGIN_WRONG,
        "invalid_login": _LOGIN_WRONG,
        "account_inactive": _LOGIN_WRONG,
        "too_many_login_attempts": _("여러 번 틀려 잠시 로그인할 수 없습니다. 5분 뒤에 다시 시도해 주세요."),
        "incorrect_password": _("비밀번호가 다릅니다. 확인하고 다시 입력해 주세요."),
        "enter_current_password": _("지금 비밀번호가 다릅니다. 확인하고 다시 입력해 주세요."),
        "rate_limited": _("요청이 너무 잦습니다. 잠시 뒤에 다시 시도해 주세요."),
        "incorrect_code": _("인증번호가 다릅니다. 확인하고 다시 입력해 주세요."),
    }

    def is_ajax(self, request: HttpRequest) -> bool:
        """Answer pages, also where a script asks: errors are part of the page."""
        del request
        return False

    def add_message(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Say nothing by itself: each page says what happened."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors. Their secrets are sealed with the keys of personal data."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("인증번호가 다릅니다. 확인하고 다시 입력해 주세요."),
    }
    SECRET = "members.second_factor"  # noqa: S105 - the context of a seal

    def encrypt(self, text: str) -> str:
        return base64.b64encode(crypto.ring().seal(self.SECRET, text)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.ring().open(self.SECRET, base64.b64decode(encrypted_text))

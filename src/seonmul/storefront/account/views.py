"""Allauth's pages of logging in, in our frame."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView


class SignIn(LoginView):  # type: ignore[misc]
    """Login id and password; a second factor follows where the member has one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return _ours(super().get_context_data(**kwargs))


class SecondStep(AuthenticateView):  # type: ignore[misc]
    """The second factor of a login."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return _ours(super().get_context_data(**kwargs))


def _ours(context: dict[str, Any]) -> dict[str, Any]:
    """Without allauth's idea of a site, which is the host's name."""
    del context["site"]
    return context


sign_in = SignIn.as_view()
second_step = SecondStep.as_view()

"""Pages of coming in."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth


class SignIn(allauth.LoginView):  # type: ignore[misc]
    """Login id and password; a second factor follows where the member has one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        del context["site"]  # allauth's idea of a site is the host's name
        return context


sign_in = SignIn.as_view()

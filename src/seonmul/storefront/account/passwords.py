"""Django's validators of a login password, where their bound is a figure that operators may change. M1"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from seonmul.figures import queries as figures_now
from seonmul.kit import clock
from seonmul.members import rules


class LeastLength:
    """Implements a validator of AUTH_PASSWORD_VALIDATORS."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError where the password is too short as things stand now."""
        del user
        if no := rules.why_not_as_short(password, figures=figures_now.figures(clock.now())):
            raise ValidationError(no.say(gettext), code=no.code)

    def get_help_text(self) -> str:
        """How long it has to be."""
        return gettext("{least}자 이상으로 적어 주세요.").format(least=least())


def least() -> int:
    """The fewest characters as things stand now."""
    return figures_now.figures(clock.now()).login_password_least

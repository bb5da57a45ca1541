"""How often somebody may try to come in: allauth counts, the figures say how many. M1"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seonmul.figures.rules import Figures

_LIMITS = {
    "login": "{tries_from_one_place}/m/ip",
    # a login id is refused after so many wrong passwords, whoever types them
    "login_failed": "{wrong_passwords_from_one_place}/m/ip,{wrong_passwords_of_one}/{wrong_passwords_minutes}m/key",
    "signup": "{tries_from_one_place}/m/ip",
    "reset_password": "{tries_from_one_place}/m/ip,{wrong_passwords_of_one}/m/key",
    "review": "{tries_from_one_place}/m/ip",  # superiors' links that open nothing
}


def limits(figures: Figures) -> dict[str, str]:
    """Allauth's own way to write them: times/duration/of what, by what is tried."""
    return {action: words.format_map(vars(figures)) for action, words in _LIMITS.items()}


class Limits(Mapping[str, str]):
    """Stands in the settings, and is read anew at every try, so that an operator's change holds at once."""

    def __getitem__(self, action: str) -> str:
        # the settings are read before the tables are known
        from seonmul.figures import queries
        from seonmul.kit import clock

        return limits(queries.figures(clock.now()))[action]

    def __iter__(self) -> Iterator[str]:
        return iter(_LIMITS)

    def __len__(self) -> int:
        return len(_LIMITS)

"""Who may do what at the console. B"""

from __future__ import annotations

import pytest

from seonmul.backoffice import rules
from seonmul.backoffice.rules import ConsoleRefusal, Power
from seonmul.members.models import StaffRole


def test_every_role_has_its_line_and_every_power_somebody() -> None:
    assert set(rules.POWERS) == set(StaffRole.values)
    assert all(rules.roles_with(power) for power in Power)


def test_super_may_all_and_nobody_else_changes_settings_or_staff() -> None:
    assert all(rules.may("super", power) for power in Power)
    assert rules.roles_with(Power.CHANGE_SETTINGS) == rules.roles_with(Power.MANAGE_STAFF) == ["super"]


@pytest.mark.parametrize(
    ("power", "roles"),
    [
        (Power.DECIDE_CONVERSIONS, ["approver", "super"]),
        (Power.DECIDE_SENDERS, ["support", "approver", "super"]),
        (Power.EDIT_CATALOGUE, ["catalogue", "super"]),
        (Power.SEE_AUDIT, ["finance", "super"]),
        (Power.UNMASK, ["support", "approver", "finance", "super"]),
    ],
)
def test_who_has_which_power(power: Power, roles: list[str]) -> None:
    assert rules.roles_with(power) == roles


def test_a_role_that_nobody_knows_may_nothing() -> None:
    assert not any(rules.may("", power) or rules.may("boss", power) for power in Power)


def test_nothing_is_shown_whole_without_a_reason() -> None:
    for reason in ("", "curiosity"):
        no = rules.why_not_unmask(reason)
        assert no is not None and no.why is ConsoleRefusal.NO_REASON
    assert all(rules.why_not_unmask(reason) is None for reason in rules.REASONS)

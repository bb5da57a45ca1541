"""`seonmul erase`. M9"""

from __future__ import annotations

import json

import pytest

from seonmul.cli.main import main
from seonmul.kit import clock
from seonmul.members.models import Member
from seonmul.orders import actions as orders
from tests import given

pytestmark = pytest.mark.django_db


def test_it_erases_what_is_due_and_prints_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    """M9"""
    who = given.person()
    orders.close_account(who, is_proved=True, gives_up_reward=False, at=clock.now())
    assert main(["erase", "--report"]) == 0
    assert "아직 지운 것이 없습니다" in capsys.readouterr().out
    assert Member.objects.get(id=who.id).erased_at is None
    assert main(["erase"]) == 0
    said = capsys.readouterr().out
    assert "회원 탈퇴  회원 1명" in said and "members 1" in said and who.login not in said
    assert main(["erase", "--report", "--json"]) == 0
    (report,) = json.loads(capsys.readouterr().out)
    assert report["members"] == 1 and report["counts"]["members"] == 1

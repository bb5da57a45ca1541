"""`seonmul doctor` says what is wrong, on real systems that are well and ill."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from seonmul.cli import doctor, prepare
from seonmul.kit import clock, jobs
from tests.sandbox.outside import Outside

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _asks_the_database_of_this_test(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = connection.settings_dict
    place = {"host": facts["HOST"] or facts["OPTIONS"].get("host"), "port": facts["PORT"], "user": facts["USER"],
             "password": facts["PASSWORD"], "dbname": facts["NAME"]}  # fmt: skip
    place = {key: value for key, value in place.items() if value}
    monkeypatch.setattr(prepare, "connect", lambda: psycopg.connect(**place, autocommit=True))


@pytest.fixture
def worker() -> None:
    """A worker that has just shown that it lives."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")


def found() -> dict[str, doctor.Finding]:
    return {one.check: one for one in doctor.examine()}


def ill() -> set[str]:
    return {one.check for one in found().values() if not one.is_ok}


def test_a_healthy_system_has_nothing_to_mend(worker: None, carrier: Outside) -> None:
    findings = found()
    assert {name for name, one in findings.items() if not one.is_ok} == set()
    wanted = {
        "settings", "disk", "database", "migrations", "clock", "queue", "batches", "carrier solapi", "carrier smtp", "carrier nhn",
        "tax office", "identity", "payments", "payment reports", "deposits", "issuer",
    }  # fmt: skip
    assert findings.keys() == wanted


def test_exit_status_and_json(
    worker: None, carrier: Outside, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    parse = json.loads
    assert doctor.run(_arguments("--json")) == 0
    assert parse(capsys.readouterr().out)["ok"] is True
    settings.SOLAPI_BASE_URL = "http://127.0.0.1:9/solapi"
    assert doctor.run(_arguments("--json")) == 1
    said = parse(capsys.readouterr().out)
    assert [one["check"] for one in said["checks"] if not one["is_ok"]] == ["carrier solapi"]
    assert doctor.run(_arguments()) == 1
    lines = capsys.readouterr().out.splitlines()
    (place,) = (n for n, line in enumerate(lines) if line.startswith("문제  carrier solapi"))
    assert "→" in lines[place + 1]


def test_a_carrier_with_a_wrong_key_is_told(worker: None, carrier: Outside, settings: Any) -> None:
    settings.SOLAPI_API_SECRET = "wrong"
    assert ill() == {"carrier solapi"}
    assert "wrong" not in found()["carrier solapi"].text


def test_whoever_refuses_our_key_is_told(worker: None, carrier: Outside, settings: Any) -> None:
    settings.NTS_SERVICE_KEY = settings.PORTONE_API_SECRET = "wrong"
    assert ill() == {"tax office", "identity", "payments"}
    assert "UNAUTHORIZED" in found()["identity"].text and "UNAUTHORIZED" in found()["payments"].text
    settings.TAX_OFFICE = "seonmul.providers.nowhere.Office"
    assert not found()["tax office"].is_ok


def test_without_a_worker_the_queue_is_ill(carrier: Outside) -> None:
    assert ill() == {"queue"}
    assert "seonmul worker" in found()["queue"].advice


def test_a_job_that_waits_for_long_is_told_with_its_age(worker: None, carrier: Outside) -> None:
    jobs.enqueue("dispatch.send", batch_id="00000000-0000-7000-8000-000000000000")
    assert ill() == set()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '5 minutes'")
    assert ill() == {"queue"}
    assert "300" in found()["queue"].text


def test_a_job_for_later_is_not_late(worker: None, carrier: Outside) -> None:
    jobs.enqueue("dispatch.send", in_seconds=600, batch_id="00000000-0000-7000-8000-000000000000")
    assert ill() == set()


def test_clocks_that_differ_are_told(worker: None, carrier: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(seconds=12))
    assert "clock" in ill()
    assert "12." in found()["clock"].text


def test_another_order_of_letters_is_told(
    worker: None, carrier: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plain C, in which neither case folding nor trigrams know Hangul or accents."""
    monkeypatch.setattr(doctor, "_ORDER", "SELECT upper('é' COLLATE \"C\") = 'É'")
    assert ill() == {"database"}


def test_a_disk_without_room_is_told(worker: None, carrier: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_DISK_GB_LEAST", 1e9)
    assert ill() == {"disk"}


def test_a_database_that_is_off_leaves_out_what_needs_it(
    carrier: Outside, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(prepare, "connect", lambda: psycopg.connect(f"host={tmp_path}", connect_timeout=1))
    findings = found()
    assert not findings["database"].is_ok
    assert "queue" not in findings and "carrier solapi" in findings


def test_debug_in_production_is_told(worker: None, carrier: Outside, settings: Any) -> None:
    settings.DEBUG, settings.DEMO = True, False
    assert "settings" in ill()


def _arguments(*given: str) -> Any:
    import argparse

    parser = argparse.ArgumentParser()
    doctor.add_arguments(parser)
    return parser.parse_args(list(given))

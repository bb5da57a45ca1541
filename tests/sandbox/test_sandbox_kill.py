"""A kill -9 loses nothing that was answered; production is refused."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.outside import SRC, Outside, Webhook, text_to, until


@pytest.fixture
def mortal(tmp_path: Path, webhook: Webhook) -> Iterator[Outside]:
    env = {"SANDBOX_SOLAPI_WEBHOOK_URL": webhook.url, "SANDBOX_DELAY_SECONDS": "1.5"}
    outside = Outside(tmp_path, env).start()
    yield outside
    if outside.process and outside.process.poll() is None:
        outside.stop()


def test_sent_then_killed_then_delivered_and_reported(mortal: Outside, webhook: Webhook) -> None:
    group = mortal.sent(text_to("01020000001", customFields={"message": "a"}), text_to("01020003043"))
    mortal.kill()
    assert webhook.posts == []
    mortal.start()
    assert mortal.send(group).status == 400
    until(lambda: len(webhook.reports) >= 2)
    assert mortal.codes(group) == {"01020000001": "4000", "01020003043": "3043"}
    assert {r["data"]["statusCode"] for r in webhook.reports} == {"4000", "3043"}
    stats = mortal.inside("GET", "stats")
    assert (stats["sent"], stats["duplicates"]) == (2, 0)


def test_added_then_killed_is_still_there_and_not_sent(mortal: Outside) -> None:
    group = mortal.create()
    assert mortal.add(group, *(text_to(f"0102000{n:04d}") for n in range(500))).status == 200
    mortal.kill()
    mortal.start()
    found = mortal.group(group)
    assert (found["status"], found["count"]["total"]) == ("PENDING", 500)
    assert mortal.inside("GET", "messages") == []
    assert mortal.send(group).status == 200


def test_a_report_that_was_refused_before_the_kill_is_posted_again(mortal: Outside, webhook: Webhook) -> None:
    webhook.statuses = [500]
    mortal.env["SANDBOX_SOLAPI_WEBHOOK_RETRY_SECONDS"] = "0.5"
    mortal.stop()
    mortal.start()
    mortal.sent(text_to("01020000001"))
    until(lambda: mortal.inside("GET", "stats")["webhook_failures"] == 1)
    mortal.kill()
    mortal.start()
    until(lambda: len(webhook.posts) == 2)
    assert webhook.posts[1][0]["retryCount"] == 1


def test_ids_are_not_given_twice_after_a_reset_and_a_kill(mortal: Outside) -> None:
    first = mortal.create()
    mortal.inside("POST", "reset")
    mortal.kill()
    mortal.start()
    assert int(mortal.create()[17:]) > int(first[17:])


def _run(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "seonmul.sandbox", *arguments],
        env=os.environ | {"PYTHONPATH": str(SRC)} | env,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_production_is_refused(tmp_path: Path) -> None:
    done = _run("--port", "0", "--data", str(tmp_path / "x"), SEONMUL_PRODUCTION="1")
    assert done.returncode == 2
    assert "SEONMUL_PRODUCTION" in done.stderr
    assert not (tmp_path / "x").exists()


def test_a_taken_port_and_a_bad_setting_are_clear_sentences(outside: Outside, tmp_path: Path) -> None:
    done = _run("--port", str(outside.port), "--data", str(tmp_path))
    assert done.returncode == 2
    assert "SANDBOX_PORT" in done.stderr and "Traceback" not in done.stderr
    done = _run("--data", str(tmp_path), SANDBOX_DELAY_SECONDS="soon")
    assert done.returncode == 2
    assert "SANDBOX_DELAY_SECONDS" in done.stderr and "Traceback" not in done.stderr

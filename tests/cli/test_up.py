"""`seonmul up` as a real process: starts from nothing, restarts what is killed, stops everything. X1"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from seonmul.kit.postgres import Server
from tests.journeys.platform import Platform, until

#: Who is there; ids and password hashes are drawn at random, so a second loading would show.
MEMBERS = "SELECT login, id::text, password FROM members_member ORDER BY login"

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform of this file's own: its tests kill and stop it, in any order."""
    made = Platform(tmp_path_factory.mktemp("up"))
    try:
        yield made
    finally:
        made.end()


@pytest.fixture
def running(up: Platform) -> Platform:
    if up.process is None or up.process.poll() is not None:
        (up.home / "up.log").unlink(missing_ok=True)
        up.start()
    return up


def said(platform: Platform) -> str:
    return (platform.home / "up.log").read_text()


def processes(platform: Platform) -> list[str]:
    """Everything that still runs for this home, the database included."""
    listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    ours = [line for line in listing.splitlines() if str(Server(platform.home / "postgres").data) in line]
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"SEONMUL_CREW={platform.home}" in (folder / "environ").read_text().split("\0"):
                ours.append((folder / "cmdline").read_text())
        except OSError:
            continue
    return ours


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def answers(platform: Platform) -> bool:
    return not is_free(platform.web_port) and not is_free(platform.sandbox_port)


def test_it_prints_addresses_and_logins_when_all_answer(running: Platform) -> None:
    text = said(running)
    assert f"http://127.0.0.1:{running.web_port}" in text
    assert f"http://127.0.0.1:{running.sandbox_port}" in text
    assert "hanbit-approver" in text and "demo-hanbit-2026" in text
    assert answers(running)


def test_a_stop_leaves_nothing_and_the_next_start_finds_the_data(running: Platform) -> None:
    before = running.sql(MEMBERS)
    running.stop()
    assert running.process is not None and running.process.returncode == 0
    assert processes(running) == []
    assert is_free(running.web_port) and is_free(running.sandbox_port)
    assert not (running.home / "pids.json").exists()
    (running.home / "up.log").unlink()
    running.start()
    assert running.sql(MEMBERS) == before


@pytest.mark.parametrize("name", ["web", "worker-1", "sandbox", "postgres"])
def test_what_is_killed_comes_back(running: Platform, name: str) -> None:
    if name == "postgres" and running.env.get("DATABASE_URL"):
        pytest.skip("the given server is not ours to kill")
    old = running.kill(name)
    pids = running.home / "pids.json"
    until(
        lambda: f'"{name}"' in pids.read_text() and f": {old}" not in pids.read_text(), seconds=60, what=name
    )
    until(lambda: answers(running), seconds=60, what="answers")
    doctor = until(lambda: is_well(running), seconds=80, what=f"doctor to be content after {name}")
    assert doctor


def is_well(platform: Platform) -> bool:
    """Tables, clock and carrier are fine; the queue may still show jobs that the kill broke."""
    done = platform.command("doctor")
    lines = [line for line in done.stdout.splitlines() if line.startswith("문제")]
    return [line for line in lines if "queue" not in line] == []


def test_after_a_kill_of_up_itself_the_next_start_clears_what_is_left(running: Platform) -> None:
    assert running.process is not None
    running.process.send_signal(signal.SIGKILL)
    running.process.wait()
    assert processes(running), "children outlive it: the site keeps serving"
    (running.home / "up.log").unlink()
    running.start()
    marked = [line for line in processes(running) if "granian" in line and "--port" in line]
    assert marked and all(str(running.web_port) in line for line in marked)


def test_a_second_up_in_the_same_home_is_refused(running: Platform) -> None:
    second = running.command("up", timeout=120)
    assert second.returncode == 1
    assert "이미 실행 중입니다" in second.stderr and str(running.home) in second.stderr
    assert answers(running)


def test_a_taken_port_is_a_sentence_with_the_way_out(up: Platform, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        env = up.env | {"SEONMUL_HOME": str(tmp_path / "home")}
        for variable in ("WEB_PORT", "SANDBOX_PORT"):
            free = {"WEB_PORT": "0", "SANDBOX_PORT": "0"} | {variable: str(port)}
            done = _up(env | free)
            assert done.returncode == 1
            assert f"{port}번 포트" in done.stderr and f"{variable}=" in done.stderr
            assert "Traceback" not in done.stderr
    assert not (tmp_path / "home" / "postgres").exists(), "nothing was started"


def test_a_database_that_cannot_be_reached_is_a_sentence(up: Platform, tmp_path: Path) -> None:
    env = up.env | {"SEONMUL_HOME": str(tmp_path / "home"), "WEB_PORT": "0", "SANDBOX_PORT": "0"}
    env["SANDBOX_SMTP_PORT"] = "0"
    done = _up(env | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"})
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr and "Traceback" not in done.stderr


def test_outside_the_demo_missing_secrets_are_listed(up: Platform, tmp_path: Path) -> None:
    env = up.env | {"SEONMUL_DEMO": "0", "SEONMUL_HOME": str(tmp_path)}
    done = _up(env)
    assert done.returncode == 1
    assert "SECRET_KEY is missing" in done.stderr and "Traceback" not in done.stderr


def _up(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "seonmul.cli.main", "up"],
        env=env, capture_output=True, text=True, timeout=60, check=False, cwd=os.sep,
    )  # fmt: skip

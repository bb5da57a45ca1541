"""A whole platform as real processes in a folder of its own: `seonmul up`, commands, kills, and HTTP."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

SRC = Path(__file__).resolve().parents[2] / "src"
PYTHON = [sys.executable, "-P", "-m"]


def free_ports(count: int) -> list[int]:
    """Ports that nobody has, below those that the system hands out: until they are used, nobody gets one by chance.

    Not by `random`, which begins alike in every worker.
    """
    found: set[int] = set()
    while len(found) < count:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found.add(port)
    return list(found)


def free_port() -> int:
    """One such port."""
    return free_ports(1)[0]


def until(wanted: Callable[[], Any], *, seconds: float, what: str) -> Any:
    """Wait until `wanted` gives something true; an assertion after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        found = wanted()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited {seconds:g} s for {what}"
        time.sleep(0.1)


@dataclass
class Platform:
    """One running platform."""

    home: Path
    more: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.web_port, self.sandbox_port, smtp_port = free_ports(3)
        self.env = {
            k: v for k, v in os.environ.items() if not k.startswith(("SEONMUL_", "SANDBOX_", "SECONDS_"))
        }
        self.env |= {
            "PYTHONPATH": str(SRC),
            "SEONMUL_DEMO": "1",
            "SEONMUL_HOME": str(self.home),
            "WEB_PORT": str(self.web_port),
            "SANDBOX_PORT": str(self.sandbox_port),
            "SANDBOX_SMTP_PORT": str(smtp_port),
            "SANDBOX_DELAY_SECONDS": "0.2",
            "SECONDS_STALLED": "4",
            "SECONDS_CLAIM": "6",
            "SECONDS_SWEEP": "1",
        } | self.more
        self._own_database()

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    def start(self) -> Platform:
        self.home.mkdir(parents=True, exist_ok=True)
        log = (self.home / "up.log").open("ab")
        self.process = subprocess.Popen(
            [*PYTHON, "seonmul.cli.main", "up"], env=self.env, stdout=log, stderr=log, start_new_session=True
        )
        until(self._is_ready, seconds=240, what="the platform to be ready")
        return self

    def _is_ready(self) -> bool:
        assert self.process is not None
        said = (self.home / "up.log").read_text()
        assert self.process.poll() is None, said[-3_000:]
        return "Ctrl-C" in said

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=120)

    def end(self) -> None:
        """Stop, and leave nothing behind."""
        self.stop()
        self._leave_nothing()

    def kill(self, name: str) -> int:
        """kill -9 one process by its name in pids.json; returns its id."""
        pid = int(json.loads((self.home / "pids.json").read_text())[name])
        os.kill(pid, signal.SIGKILL)
        return pid

    def command(self, *arguments: str, timeout: float = 180) -> subprocess.CompletedProcess[str]:
        """Run one `seonmul` command to its end."""
        return subprocess.run(
            [*PYTHON, "seonmul.cli.main", *arguments],
            env=self.env, capture_output=True, text=True, timeout=timeout, check=False,
        )  # fmt: skip

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        """Start one `seonmul` command and go on."""
        return subprocess.Popen(
            [*PYTHON, "seonmul.cli.main", *arguments],
            env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def send(self, file: Path | str, *more: str, login: str = "hanbit") -> tuple[int, dict[str, Any]]:
        """`seonmul send FILE … --json`; returns its exit status and its one line."""
        wanted = {"--product": "AMERICANO-ICE", "--sender": "15770000"}
        given = [part for key, value in wanted.items() if key not in more for part in (key, value)]
        done = self.command("send", str(file), "--as", login, *given, *more, "--json")
        lines = done.stdout.strip().splitlines()
        assert lines, done.stderr[-3_000:]
        return done.returncode, json.loads(lines[-1])

    def prove(self) -> dict[str, Any]:
        """`seonmul prove --json`; must compare with the sandbox's memory."""
        done = self.command("prove", "--json")
        assert done.stdout.strip(), done.stderr[-3_000:]
        said: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        told = [note for note in said["notes"] if "in the carrier's memory" in note]
        assert told and "not compared" not in told[0], said
        assert (done.returncode == 0) is said["ok"]
        return said

    def do(self, code: str) -> None:
        """Let the domain's own actions do something; `clock` is at hand."""
        code = f"import django; django.setup(); from seonmul.kit import clock; {code}"
        env = self.env | {"DJANGO_SETTINGS_MODULE": "seonmul.config.settings"}
        subprocess.run([sys.executable, "-P", "-c", code], env=env, check=True, timeout=180)

    def charge(self, login: str, won: int, cause: str) -> None:
        """Give a buyer cash, through the books."""
        self.do(
            "from seonmul.ledger import actions; from seonmul.members import queries as m;"
            f"actions.charge(m.buyer_of(m.by_login({login!r})).id, {won}, cause={'given:' + cause!r}, at=clock.now())"
        )

    def set_figure(self, name: str, value: int) -> None:
        """Change a figure, as an operator does."""
        self.do(
            "from seonmul.figures import actions;"
            f"actions.change({name!r}, {value}, by='journey', at=clock.now())"
        )

    def inside(self, path: str, method: str = "GET", body: object = None) -> Any:
        """Ask the sandbox's own routes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.sandbox_port, timeout=30)
        try:
            connection.request(method, f"/_/{path}", json.dumps(body) if body is not None else None)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    def sql(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the platform's database directly."""
        import psycopg

        with psycopg.connect(self._database_url(), autocommit=True) as connection:
            return connection.execute(query, values or None).fetchall()  # type: ignore[arg-type]

    def _database_url(self) -> str:
        if self.env.get("DATABASE_URL"):
            return self.env["DATABASE_URL"]
        from seonmul.kit.postgres import Server

        return Server(self.home / "postgres").url()

    def _leave_nothing(self) -> None:
        """Data of a server run by root stand outside the test's own folder; a database on a given server stays too."""
        import psycopg

        from seonmul.kit.postgres import Server

        if self.given_database:
            name = urlsplit(self.env["DATABASE_URL"]).path.strip("/")
            with psycopg.connect(self.given_database, autocommit=True) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        else:
            shutil.rmtree(Server(self.home / "postgres").home, ignore_errors=True)

    def _own_database(self) -> None:
        """On a given server: a database of this platform's own."""
        self.given_database = url = self.env.get("DATABASE_URL", "")
        if not url:
            return
        import psycopg

        name = f"seonmul_{self.home.name}_{os.getpid()}".lower().replace("-", "_")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}"')
        parts = urlsplit(url)
        self.env["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))


def sheet(path: Path, numbers: list[str], name: str = "김서연") -> Path:
    """Write a csv with a header row, numbers in A and names in B."""
    lines = ["휴대폰,이름", *(f"{number},{name}" for number in numbers)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return path


def delivered_numbers(count: int) -> list[str]:
    """Different numbers whose last four digits the sandbox delivers."""
    return [f"010{2000 + n // 1000:04d}{5000 + n % 1000:04d}" for n in range(count)]

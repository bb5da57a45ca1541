"""One process that `seonmul up` looks after: started in a group of its own, restarted with growing pauses."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import time
import urllib.parse
from pathlib import Path

from seonmul.cli.roles import Role

_LOG_BYTES_MOST = 10_000_000
_STEADY_SECONDS = 30.0  # whoever lived so long is not crash-looping
_PAUSE_LEAST, _PAUSE_MOST = 0.25, 10.0
_STRAY_SECONDS = 5.0

#: Marks our processes, so that those of an `up` that was killed are found again (its value: the home).
MARK = "SEONMUL_CREW"


class Child:
    """A running role. All its processes share the group of the first, so none can outlive it unseen."""

    def __init__(self, role: Role, home: Path) -> None:
        self.role = role
        self.home = home
        self.log = home / "logs" / f"{role.name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._falls = 0
        self._rest_until = 0.0

    def start(self) -> None:
        """Start it; what it prints goes to its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LOG_BYTES_MOST:
            self.log.replace(self.log.with_suffix(".log.1"))
        environment = os.environ | self.role.environment
        environment |= {MARK: str(self.home), "SEONMUL_HOME": str(self.home), "PYTHONSAFEPATH": "1"}
        with self.log.open("ab") as log:
            # a session of its own: Ctrl-C in the terminal reaches only `up`, which stops everyone in order
            self.process = subprocess.Popen(  # noqa: S603
                self.role.command, env=environment, cwd=self.home, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        self._started_at = time.monotonic()

    @property
    def pid(self) -> int | None:
        """Its process id while it lives."""
        return self.process.pid if self.process and self.process.poll() is None else None

    def has_fallen(self) -> bool:
        """Say whether it ended by itself."""
        return self.process is not None and self.process.poll() is not None

    def bury(self) -> tuple[str, float]:
        """Clear what it left behind; return how it ended ("signal 9", "exit 1") and the pause before a restart."""
        code = self.process.returncode if self.process else 0
        self.kill()
        self.process = None
        lived = time.monotonic() - self._started_at
        self._falls = 1 if lived > _STEADY_SECONDS else self._falls + 1
        pause = min(_PAUSE_MOST, _PAUSE_LEAST * 2 ** (self._falls - 1))
        self._rest_until = time.monotonic() + pause
        return f"signal {-code}" if code < 0 else f"exit {code}", pause

    def may_start(self) -> bool:
        """Say whether it lies down and has rested long enough."""
        return self.process is None and time.monotonic() >= self._rest_until

    def answers(self) -> bool:
        """Say whether it answers at its address; one without an address answers while it lives."""
        if not self.role.answers_at:
            return self.pid is not None
        where = urllib.parse.urlsplit(self.role.answers_at)
        line = http.client.HTTPConnection(where.netloc, timeout=5)
        try:
            line.request("GET", where.path)
            line.getresponse().read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()
        return True

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the first process, which takes its own down in good order."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def wait(self, seconds: float) -> None:
        """Wait for its end; kill the whole group when it takes longer."""
        if self.process:
            try:
                self.process.wait(max(0.0, seconds))
            except subprocess.TimeoutExpired:
                pass
            self.kill()
            self.process = None

    def kill(self) -> None:
        """Kill every process of the group and collect the first one."""
        if self.process:
            kill_group(self.process.pid)
            self.process.wait()

    def last_words(self, lines: int = 15) -> str:
        """The end of its log."""
        text = self.log.read_text("utf-8", "replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def kill_group(group: int) -> None:
    """Kill every process of a group; a group that is gone is fine."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def kill_strays(home: Path) -> None:
    """Kill what an `up` of this `home` left behind when it was killed itself, and wait until it is gone."""
    deadline = time.monotonic() + _STRAY_SECONDS
    dying: set[int] = set()
    while time.monotonic() < deadline:
        strays = _strays_of(home)
        for group in set(strays.values()):
            kill_group(group)
        # one that ends loses its mark before it gives its ports back
        dying = {pid for pid in dying | set(strays) if _is_there(pid)}
        if not dying:
            return
        time.sleep(0.05)


def _strays_of(home: Path) -> dict[int, int]:
    """Find processes with the mark of `home` and their groups, our own group left out (Linux; elsewhere none)."""
    mark, own = f"{MARK}={home}".encode(), os.getpgrp()
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                found[int(folder.name)] = os.getpgid(int(folder.name))
        except OSError:  # another user's, or just ended
            continue
    return {pid: group for pid, group in found.items() if group != own}


def _is_there(pid: int) -> bool:
    """Whether a process has not ended; one that only waits to be noticed has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (OSError, IndexError):
        return False

"""All processes of one machine under one eye: started, watched, restarted, stopped in good order."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

from django.utils.translation import gettext as _

from seonmul.cli.child import Child
from seonmul.cli.roles import Role
from seonmul.kit import clock
from seonmul.kit.postgres import NoServer, Server

_LOOK_SECONDS = 0.1
_DATABASE_LOOK_SECONDS = 2.0
_READY_SECONDS = 60.0
_GRACE_SECONDS = 10.0


class NotReady(Exception):
    """A process did not come up; the text shows the end of its log."""


class Crew:
    """The processes of one home. `say` prints a line; `stopping` is set when everyone is to stop."""

    def __init__(
        self,
        roles: list[Role],
        home: Path,
        server: Server | None,
        *,
        say: Callable[[str], None],
        stopping: Event,
    ) -> None:
        self.children = [Child(role, home) for role in roles]
        self._home = home
        self._server = server
        self._say = say
        self._stopping = stopping
        self._look_at_database_after = 0.0

    def start(self, name: str = "") -> None:
        """Start every process that does not run yet, or only the one with this `name`."""
        for child in self.children:
            if child.process is None and name in ("", child.role.name):
                child.start()
        self.note_pids()

    def wait_ready(self) -> None:
        """Wait until everyone answers. Raises NotReady when one ends or takes longer than a minute."""
        deadline = time.monotonic() + _READY_SECONDS
        for child in self.children:
            while not child.answers() and not self._stopping.is_set():
                if child.has_fallen() or time.monotonic() > deadline:
                    raise NotReady(
                        _("%(name)s 프로세스가 시작되지 못했습니다. 로그의 끝(%(log)s):\n%(words)s")
                        % {"name": child.role.name, "log": child.log, "words": child.last_words()}
                    )
                time.sleep(0.05)

    def watch(self) -> None:
        """Restart what dies until told to stop."""
        while not self._stopping.wait(_LOOK_SECONDS):
            self._look_at_database()
            for child in self.children:
                if child.has_fallen():
                    self._tell(child, *child.bury())
                if child.may_start():
                    child.start()
                    self.note_pids()

    def stop(self) -> None:
        """Stop everyone: those who ask first, those who answer last, then the database."""
        inside = [child for child in self.children if child.role.name != "sandbox"]
        for group in (inside, self.children):
            deadline = time.monotonic() + _GRACE_SECONDS
            for child in group:
                child.ask_to_stop()
            for child in group:
                child.wait(deadline - time.monotonic())
        if self._server:
            self._server.stop()
        (self._home / "pids.json").unlink(missing_ok=True)

    def kill(self) -> None:
        """Whoever presses Ctrl-C twice does not want to wait."""
        for child in self.children:
            child.kill()

    def note_pids(self) -> None:
        """Write who runs under which process id into the home: pids.json."""
        pids = {"up": os.getpid()} | {child.role.name: child.pid for child in self.children if child.pid}
        if self._server:
            pids["postgres"] = int((self._server.data / "postmaster.pid").read_text().split("\n")[0])
        fresh = self._home / "pids.json.new"
        fresh.write_text(json.dumps(pids, indent=1))
        fresh.replace(self._home / "pids.json")

    def _look_at_database(self) -> None:
        if not self._server or time.monotonic() < self._look_at_database_after:
            return
        if not self._server.answers():
            self._note(_("PostgreSQL이 멈췄습니다. 다시 시작합니다."))
            try:
                self._server.start()
                self.note_pids()
                self._note(_("PostgreSQL이 다시 응답합니다."))
            except NoServer as error:
                self._note(str(error))
        self._look_at_database_after = time.monotonic() + _DATABASE_LOOK_SECONDS

    def _tell(self, child: Child, how: str, pause: float) -> None:
        self._note(
            _("%(name)s 프로세스가 멈췄습니다(%(how)s). %(pause)s초 뒤에 다시 시작합니다. 로그: %(log)s")
            % {"name": child.role.name, "how": how, "pause": f"{pause:g}", "log": child.log}
        )

    def _note(self, line: str) -> None:
        self._say(f"{clock.now().astimezone():%H:%M:%S} {line}")

"""`seonmul up`: everything on this machine, from an empty folder to a running site, until Ctrl-C."""

from __future__ import annotations

import argparse
import errno
import fcntl
import os
import signal
import socket
import sys
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from django.conf import settings
from django.utils.translation import gettext as _

from seonmul.cli import demo, prepare, roles
from seonmul.cli.child import kill_strays
from seonmul.cli.crew import Crew, NotReady
from seonmul.kit.postgres import NoServer


class CannotStart(Exception):
    """Why nothing was started, and the way out."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose: the environment says it (see `seonmul env`)."""


def run(args: argparse.Namespace) -> int:
    """Start everything, watch it, stop it. Exit 0 after a stop that was asked for, 1 when it could not start."""
    began = time.monotonic()
    home = settings.HOME.resolve()
    home.mkdir(parents=True, exist_ok=True)
    stopping = _stop_on_signal()
    try:
        with _alone(home):
            kill_strays(home)
            _check_ports()
            return _run_crew(home, stopping, began)
    except CannotStart as why:
        print(why, file=sys.stderr)
        return 1


def _run_crew(home: Path, stopping: Event, began: float) -> int:
    crew = Crew(roles.everyone(), home, settings.EMBEDDED, say=_say, stopping=stopping)
    try:
        _prepare(crew, stopping)
        if not stopping.is_set():
            crew.start()
            crew.wait_ready()
        if not stopping.is_set():
            _greet(home, time.monotonic() - began)
            crew.watch()
        return 0
    except (NoServer, NotReady) as why:
        print(why, file=sys.stderr)
        return 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: crew.kill())
        crew.stop()
        _say(_("모두 멈췄습니다. 데이터는 남아 있습니다: %(home)s") % {"home": home})


def _prepare(crew: Crew, stopping: Event) -> None:
    """Make ready what processes need. A stop is heard between two steps, so that none is torn."""
    prepare.database()
    trouble = prepare.why_no_database()
    if trouble:
        raise NoServer(trouble)
    if settings.DEMO:
        crew.start("sandbox")  # needs nothing of ours: let it come up meanwhile
    for step in (prepare.tables, prepare.static_files, prepare.demo_data, prepare.leave):
        if not stopping.is_set():
            step()


def _stop_on_signal() -> Event:
    stopping = Event()
    signal.signal(signal.SIGINT, lambda *_: stopping.set())
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # not under nohup
        signal.signal(signal.SIGHUP, lambda *_: stopping.set())
    return stopping


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    with (home / "up.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            raise CannotStart(
                _(
                    "이 폴더의 선물이 이미 실행 중입니다(pid %(pid)s): %(home)s\n"
                    "그 창에서 Ctrl-C로 멈추거나, 따로 하나 더 실행하려면 다른 폴더와 포트를 정해 주세요: "
                    "SEONMUL_HOME=/tmp/other WEB_PORT=8001 SANDBOX_PORT=8101 SANDBOX_SMTP_PORT=8126 ./run"
                )
                % {"pid": file.read().strip() or "?", "home": home}
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _check_ports() -> None:
    wanted = [("WEB_PORT", settings.WEB_HOST, settings.WEB_PORT)]
    if settings.DEMO:
        wanted.append(("SANDBOX_PORT", settings.SANDBOX_HOST, settings.SANDBOX_PORT))
        wanted.append(("SANDBOX_SMTP_PORT", settings.SANDBOX_HOST, settings.SANDBOX_SMTP_PORT))
    for variable, host, port in wanted:
        error = _why_no_port(host, port)
        if error and error.errno == errno.EADDRINUSE:
            free = next((p for p in range(port + 1, port + 50) if not _why_no_port(host, p)), port + 1)
            raise CannotStart(
                _(
                    "%(port)s번 포트를 다른 프로그램이 쓰고 있어 시작하지 않았습니다. "
                    "그 프로그램을 멈추거나 다른 포트로 시작해 주세요: %(variable)s=%(free)s ./run"
                )
                % {"port": port, "variable": variable, "free": free}
            )
        if error:
            raise CannotStart(
                _("%(host)s 주소의 %(port)s번 포트를 열 수 없습니다(%(why)s). %(variable)s를 바꿔 주세요.")
                % {"host": host, "port": port, "why": error.strerror, "variable": variable}
            )


def _why_no_port(host: str, port: int) -> OSError | None:
    """Return the system's reason against listening there, None when it works."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error
    return None


def _greet(home: Path, seconds: float) -> None:
    rows = [(_("웹"), settings.PUBLIC_URL)]
    if settings.DEMO:
        rows += [(_("샌드박스"), settings.SANDBOX_URL), (_("받은 문자"), f"{settings.SANDBOX_URL}/phone")]
        rows += [(_("받은 메일"), f"{settings.SANDBOX_URL}/mail")]
        rows += [(_("안내 메일"), str(settings.EMAIL_FILE_PATH))]
    rows += [(_("데이터"), str(home)), (_("로그"), str(home / "logs"))]
    _say("\n" + _("준비되었습니다 (ready, %(seconds)s초)") % {"seconds": f"{seconds:.1f}"} + "\n")
    _table(rows)
    if settings.DEMO:
        heading = (_("로그인"), _("비밀번호"), _("누구"))
        _say("")
        _table([heading, *((one.login, one.password, one.about) for one in demo.logins())])
    _say("\n" + _("멈추려면 Ctrl-C를 눌러 주세요."))


def _table(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        _say(("  " + "   ".join(cells)).rstrip())


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _say(line: str) -> None:
    print(line, flush=True)

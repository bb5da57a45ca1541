"""The `seonmul` command: one table of commands, each a module with `add_arguments(parser)` and `run(args) -> int`.

Only the module of the chosen command is imported, and Django is set up before that unless the command is bare.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Command:
    """One command. `is_bare`: it reads the settings itself. `needs_database`: it asks for a running one."""

    module: str
    about: str
    is_bare: bool = False
    needs_database: bool = False


COMMANDS = {
    "up": Command(
        "seonmul.cli.up", "데이터베이스, 웹, 작업자(데모에서는 샌드박스도)를 모두 시작하고 지켜봅니다"
    ),
    "send": Command(
        "seonmul.cli.send", "수신자 파일로 쿠폰을 주문해 보내고 결과를 보여 줍니다", needs_database=True
    ),
    "prove": Command("seonmul.cli.prove", "장부와 발송이 서로 맞는지 증명합니다", needs_database=True),
    "erase": Command(
        "seonmul.cli.erase",
        "탈퇴한 회원의 개인정보를 지우고 무엇을 지웠는지 보여 줍니다",
        needs_database=True,
    ),
    "doctor": Command("seonmul.cli.doctor", "무엇이 잘못되었는지 점검합니다", is_bare=True),
    "migrate": Command("seonmul.cli.migrate", "데이터베이스와 정적 파일을 지금 코드에 맞춥니다"),
    "web": Command("seonmul.cli.web", "웹 프로세스 하나를 시작합니다"),
    "worker": Command("seonmul.cli.worker", "작업자 프로세스 하나를 시작합니다"),
    "env": Command("seonmul.cli.env", "환경 변수의 목록을 보여 줍니다", is_bare=True),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seonmul.config.settings")
    if _is_home_of_demo():
        os.environ.setdefault("SEONMUL_DEMO", "1")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no Hangul must not end the command
    given = list(sys.argv[1:] if arguments is None else arguments)
    chosen = given[0] if given else ""
    module = _load(COMMANDS[chosen]) if chosen in COMMANDS else None
    parsed = _parser(chosen, module).parse_args(given)
    if module is None or (COMMANDS[chosen].needs_database and not _has_database()):
        return 1
    try:
        status: int = module.run(parsed)
    except KeyboardInterrupt:
        return 130
    return status


def _is_home_of_demo() -> bool:
    """Say whether `./run` was here and nobody has given secrets: then the demo is meant in every terminal."""
    home = Path(os.environ.get("SEONMUL_HOME") or Path(__file__).resolve().parents[3] / ".seonmul")
    return not {"SECRET_KEY", "SECRET_KEY_FILE"} & os.environ.keys() and (home / "demo-seed").exists()


def _load(command: Command) -> Any:
    if not command.is_bare:
        import django

        django.setup()
    return import_module(command.module)


def _parser(chosen: str, module: Any) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="seonmul", description="선물: 모바일쿠폰 대량 발송")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        one = commands.add_parser(name, help=command.about, description=command.about)
        if name == chosen:
            module.add_arguments(one)
    return parser


def _has_database() -> bool:
    from seonmul.cli import prepare

    trouble = prepare.why_no_database()
    if trouble:
        print(trouble, file=sys.stderr)
    return not trouble


if __name__ == "__main__":
    sys.exit(main())

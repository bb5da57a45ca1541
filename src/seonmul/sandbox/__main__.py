"""`python -m seonmul.sandbox [--host 127.0.0.1] [--port 8100] [--data DIR]`; the rest: environment."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

from aiohttp import web

from seonmul.sandbox.app import MAIL, build
from seonmul.sandbox.settings import Settings, from_environment

_LONGEST_ADDRESS = 64 * 1024  # a thousand messageIds in one question


def main() -> int:
    """Serve until told to stop; answers the exit status."""
    if os.environ.get("SEONMUL_PRODUCTION") == "1":
        return _refuse("운영 환경(SEONMUL_PRODUCTION=1)에서는 샌드박스를 시작하지 않습니다.")
    try:
        settings = _arguments(from_environment(os.environ))
    except ValueError as wrong:
        return _refuse(str(wrong))
    return asyncio.run(_serve(settings))


def _arguments(settings: Settings) -> Settings:
    parser = argparse.ArgumentParser(prog="python -m seonmul.sandbox", description="The outside world.")
    parser.add_argument("--host", default=settings.host)
    parser.add_argument("--port", type=int, default=settings.port, help="0 takes any free port")
    parser.add_argument(
        "--smtp-port", type=int, default=settings.smtp_port, help="the same, of its mail server"
    )
    parser.add_argument("--data", type=Path, default=settings.data, help="folder of the SQLite file")
    given = parser.parse_args()
    return replace(settings, host=given.host, port=given.port, smtp_port=given.smtp_port, data=given.data)


async def _serve(settings: Settings) -> int:
    app = build(settings)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1, max_line_size=_LONGEST_ADDRESS)
    try:
        await runner.setup()
    except OSError as taken:
        return _refuse(
            f"{settings.host}:{settings.smtp_port} 주소를 쓸 수 없습니다({taken.strerror}). "
            "--smtp-port 또는 SANDBOX_SMTP_PORT로 다른 포트를 정해 주세요."
        )
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as taken:
        await runner.cleanup()
        return _refuse(
            f"{settings.host}:{settings.port} 주소를 쓸 수 없습니다({taken.strerror}). "
            "--port 또는 SANDBOX_PORT로 다른 포트를 정해 주세요."
        )
    host, port = runner.addresses[0][:2]
    print(f"sandbox: http://{host}:{port}", flush=True)
    print(f"sandbox: smtp://{host}:{app[MAIL].port}", flush=True)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()
    await runner.cleanup()
    return 0


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())

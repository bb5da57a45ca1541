"""The long-running processes: one command each, the same on a laptop (`seonmul up`) and on many machines."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

from django.conf import settings

#: -P: the folder that someone happens to stand in is not searched for modules.
_PYTHON = [sys.executable, "-P", "-m"]
_WEB_THREADS = 4


@dataclass(frozen=True)
class Role:
    """A process to run. `answers_at`: the address that answers when it is ready ("" where there is none)."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    answers_at: str = ""


def everyone() -> list[Role]:
    """All processes of one machine, in the order to start them; to be stopped in the reverse order."""
    outside = [sandbox()] if settings.DEMO else []
    return [*outside, web(), *(worker(number) for number in range(1, settings.WORKERS + 1))]


def web() -> Role:
    """The web server."""
    command = [
        *_PYTHON, "granian", "--interface", "wsgi", "--host", settings.WEB_HOST, "--port", str(settings.WEB_PORT),
        "--workers", str(settings.WEB_WORKERS), "--blocking-threads", str(_WEB_THREADS),
        "--respawn-failed-workers", "--no-ws", "--log-level", "warning", "seonmul.config.wsgi:application",
    ]  # fmt: skip
    return Role("web", command, answers_at=f"http://{_reachable(settings.WEB_HOST)}:{settings.WEB_PORT}/")


def worker(number: int = 1) -> Role:
    """One worker."""
    return Role(f"worker-{number}", [*_PYTHON, "seonmul.cli.main", "worker"])


def sandbox() -> Role:
    """The emulators of every outside party."""
    environment = {
        "SANDBOX_HOST": settings.SANDBOX_HOST,
        "SANDBOX_PORT": str(settings.SANDBOX_PORT),
        "SANDBOX_SMTP_PORT": str(settings.SANDBOX_SMTP_PORT),
        "SANDBOX_DATA": str(settings.HOME.resolve() / "sandbox"),
        "SANDBOX_SOLAPI_API_KEY": settings.SOLAPI_API_KEY,
        "SANDBOX_SOLAPI_API_SECRET": settings.SOLAPI_API_SECRET,
        "SANDBOX_SOLAPI_WEBHOOK_URL": (
            f"{settings.PUBLIC_URL}/hooks/carriers/solapi/{settings.WEBHOOK_SECRET}"
        ),
    }
    environment |= {
        "SANDBOX_NTS_SERVICE_KEY": settings.NTS_SERVICE_KEY,
        "SANDBOX_PORTONE_API_SECRET": settings.PORTONE_API_SECRET,
        "SANDBOX_PORTONE_STORE_ID": settings.PORTONE_STORE_ID,
        "SANDBOX_PORTONE_IDENTITY_CHANNEL_KEY": settings.PORTONE_IDENTITY_CHANNEL_KEY,
        "SANDBOX_PORTONE_CARD_CHANNEL_KEY": settings.PORTONE_CARD_CHANNEL_KEY,
        "SANDBOX_PORTONE_ACCOUNT_CHANNEL_KEY": settings.PORTONE_ACCOUNT_CHANNEL_KEY,
        "SANDBOX_PORTONE_WEBHOOK_SECRET": settings.PORTONE_WEBHOOK_SECRET,
        "SANDBOX_PORTONE_WEBHOOK_URL": f"{settings.PUBLIC_URL}/hooks/payments/portone",
    }
    environment |= {
        "SANDBOX_NHN_APP_KEY": settings.NHN_APP_KEY,
        "SANDBOX_NHN_SECRET_KEY": settings.NHN_SECRET_KEY,
        "SANDBOX_NHN_WEBHOOK_SIGNATURE": settings.NHN_WEBHOOK_SIGNATURE,
        "SANDBOX_NHN_WEBHOOK_URL": f"{settings.PUBLIC_URL}/hooks/carriers/nhn/{settings.WEBHOOK_SECRET}",
        "SANDBOX_MAIL_BOUNCE_URL": f"{settings.PUBLIC_URL}/hooks/carriers/smtp/{settings.WEBHOOK_SECRET}",
        "SANDBOX_GIFTISHOW_AUTH_CODE": settings.GIFTISHOW_AUTH_CODE,
        "SANDBOX_GIFTISHOW_AUTH_TOKEN": settings.GIFTISHOW_AUTH_TOKEN,
    }
    address = f"http://{_reachable(settings.SANDBOX_HOST)}:{settings.SANDBOX_PORT}/_/stats"
    return Role("sandbox", [*_PYTHON, "seonmul.sandbox"], environment, address)


def _reachable(host: str) -> str:
    """Return the name under which a server that listens on `host` is reached from this machine."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(host, host)  # noqa: S104

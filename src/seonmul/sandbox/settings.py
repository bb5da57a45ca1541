"""What can be set from outside, read once at the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_SENDERS = "15770000,0232140000,16440000,15990000"
_DEMO_WEBHOOK_SECRET = "whsec_REVNTy1QT1JUT05FLVdFQkhPT0stU0VDUkVULTAwMDA="  # noqa: S105 - says DEMO


@dataclass(frozen=True)
class Settings:
    """Addresses, demo keys and figures of the sandbox. The keys open nothing but this emulator."""

    host: str
    port: int
    smtp_port: int
    data: Path
    delay_seconds: float
    senders: frozenset[str]
    solapi_api_key: str
    solapi_api_secret: str
    solapi_webhook_url: str
    solapi_webhook_retry_seconds: float
    solapi_balance_won: int
    nts_service_key: str
    nts_slow_seconds: float
    portone_api_secret: str
    portone_store_id: str
    portone_identity_channel_key: str
    portone_card_channel_key: str
    portone_account_channel_key: str
    portone_webhook_url: str
    portone_webhook_secret: str
    portone_webhook_retry_seconds: float
    giftishow_auth_code: str
    giftishow_auth_token: str
    giftishow_balance_won: int
    nhn_app_key: str
    nhn_secret_key: str
    nhn_webhook_url: str
    nhn_webhook_signature: str
    mail_bounce_url: str
    mail_grey_seconds: float
    mail_slow_seconds: float


def from_environment(env: Mapping[str, str]) -> Settings:
    """Read the settings; raises ``ValueError`` with the variable's name when one cannot be read."""
    return Settings(
        host=env.get("SANDBOX_HOST", "127.0.0.1"),
        port=int(_number(env, "SANDBOX_PORT", "8100")),
        smtp_port=int(_number(env, "SANDBOX_SMTP_PORT", "8125")),
        data=Path(env.get("SANDBOX_DATA", "var/sandbox")),
        delay_seconds=_number(env, "SANDBOX_DELAY_SECONDS", "1.5"),
        senders=frozenset(_digits(env.get("SANDBOX_SENDERS") or DEFAULT_SENDERS)),
        solapi_api_key=env.get("SANDBOX_SOLAPI_API_KEY") or "DEMOAPIKEY000000",
        solapi_api_secret=env.get("SANDBOX_SOLAPI_API_SECRET") or "DEMO-API-SECRET-0000",
        solapi_webhook_url=env.get("SANDBOX_SOLAPI_WEBHOOK_URL", ""),
        solapi_webhook_retry_seconds=_number(env, "SANDBOX_SOLAPI_WEBHOOK_RETRY_SECONDS", "1"),
        solapi_balance_won=int(_number(env, "SANDBOX_SOLAPI_BALANCE", "1000000000")),
        nts_service_key=env.get("SANDBOX_NTS_SERVICE_KEY") or "DEMO+NTS/SERVICE+KEY/0000==",
        nts_slow_seconds=_number(env, "SANDBOX_NTS_SLOW_SECONDS", "20"),
        portone_api_secret=env.get("SANDBOX_PORTONE_API_SECRET") or "DEMO-PORTONE-SECRET-0000",
        portone_store_id=env.get("SANDBOX_PORTONE_STORE_ID") or "store-demo",
        portone_identity_channel_key=(
            env.get("SANDBOX_PORTONE_IDENTITY_CHANNEL_KEY") or "channel-key-demo-identity"
        ),
        portone_card_channel_key=env.get("SANDBOX_PORTONE_CARD_CHANNEL_KEY") or "channel-key-demo-card",
        portone_account_channel_key=(
            env.get("SANDBOX_PORTONE_ACCOUNT_CHANNEL_KEY") or "channel-key-demo-account"
        ),
        portone_webhook_url=env.get("SANDBOX_PORTONE_WEBHOOK_URL", ""),
        portone_webhook_secret=env.get("SANDBOX_PORTONE_WEBHOOK_SECRET") or _DEMO_WEBHOOK_SECRET,
        portone_webhook_retry_seconds=_number(env, "SANDBOX_PORTONE_WEBHOOK_RETRY_SECONDS", "1"),
        giftishow_auth_code=env.get("SANDBOX_GIFTISHOW_AUTH_CODE") or "DEMO-GIFTISHOW-CODE-0000",
        giftishow_auth_token=env.get("SANDBOX_GIFTISHOW_AUTH_TOKEN") or "DEMO-GIFTISHOW-TOKEN-0000",
        giftishow_balance_won=int(_number(env, "SANDBOX_GIFTISHOW_BALANCE", "10000000")),
        nhn_app_key=env.get("SANDBOX_NHN_APP_KEY") or "DEMONHNAPPKEY000",
        nhn_secret_key=env.get("SANDBOX_NHN_SECRET_KEY") or "DEMO-NHN-SECRET-0000",
        nhn_webhook_url=env.get("SANDBOX_NHN_WEBHOOK_URL", ""),
        nhn_webhook_signature=env.get("SANDBOX_NHN_WEBHOOK_SIGNATURE") or "DEMO-NHN-SIGNATURE-0000",
        mail_bounce_url=env.get("SANDBOX_MAIL_BOUNCE_URL", ""),
        mail_grey_seconds=_number(env, "SANDBOX_MAIL_GREY_SECONDS", "60"),
        mail_slow_seconds=_number(env, "SANDBOX_MAIL_SLOW_SECONDS", "5"),
    )


def _number(env: Mapping[str, str], name: str, default: str) -> float:
    text = env.get(name) or default
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name} must be a number, not {text!r}") from None


def _digits(listed: str) -> list[str]:
    return [number.strip().replace("-", "") for number in listed.split(",") if number.strip()]

"""The vendor's signature: HMAC-SHA256 over the literal date and salt, in either SDK's spelling."""

from __future__ import annotations

import hashlib
import hmac

from seonmul.sandbox.clock import ms_of
from seonmul.sandbox.door import Declined

_WINDOW_MS = 15 * 60 * 1000
_SCHEME = "hmac-sha256 "


class Auth:
    """Checks the Authorization header and remembers the signatures of the last quarter of an hour."""

    def __init__(self, api_key: str, api_secret: str) -> None:
        self._api_key, self._api_secret = api_key, api_secret.encode()
        self._seen: dict[str, int] = {}

    def check(self, header: str, at_ms: int) -> None:
        """Let a signed request pass; otherwise raises ``Declined`` with the vendor's error.

        Names of parts are read without regard to case: Python writes ApiKey and Date, Node apiKey and date.
        """
        if not header.lower().startswith(_SCHEME):
            raise Declined(401, "Unauthorized", "Authorization 헤더가 없거나 지원하지 않는 방식입니다.")
        parts = {}
        for part in header[len(_SCHEME) :].split(","):
            name, _, value = part.strip().partition("=")
            parts[name.lower()] = value
        date, salt, signature = parts.get("date", ""), parts.get("salt", ""), parts.get("signature", "")
        if not hmac.compare_digest(parts.get("apikey", "").encode(), self._api_key.encode()):
            raise Declined(403, "InvalidAPIKey", "유효한 API Key가 아닙니다.")
        if not 12 <= len(salt.encode()) <= 64:
            raise Declined(400, "ValidationError", '"salt" length must be between 12 and 64 bytes')
        signed_at = ms_of(date)
        if signed_at is None or abs(at_ms - signed_at) > _WINDOW_MS:
            raise Declined(403, "RequestTimeTooSkewed", "시간 값이 서버 시간을 15분 이상 벗어났습니다.")
        wanted = hmac.new(self._api_secret, (date + salt).encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(wanted.encode(), signature.lower().encode()):
            raise Declined(403, "SignatureDoesNotMatch", "시그니처가 일치하지 않습니다.")
        self._forbid_replay(wanted, at_ms)

    def forget(self) -> None:
        """Forget the signatures seen."""
        self._seen.clear()

    def _forbid_replay(self, signature: str, at_ms: int) -> None:
        seen_at = self._seen.pop(signature, None)
        self._seen[signature] = at_ms
        if seen_at is not None and at_ms - seen_at <= _WINDOW_MS:
            raise Declined(403, "DuplicatedSignature", "15분 안에 동일한 signature 값을 사용했습니다.")
        for oldest in list(self._seen)[:2]:  # oldest first, since each use is put at the end
            if at_ms - self._seen[oldest] > _WINDOW_MS:
                del self._seen[oldest]

"""Faults that a test orders: what goes wrong, where, and how often."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import count

# What may befall a request, and what may befall a report on its way to the product; with the default seconds.
REQUEST_KINDS = {
    "slow": 5.0,
    "timeout_after_accept": 60.0,
    "error_500": 0.0,
    "html_error": 0.0,
    "refuse": 0.0,
    "answer": 0.0,
    "drop_connection": 0.0,
}
# swap: held back until another one was posted, for so many seconds at most
REPORT_KINDS = {"lose_webhook": 0.0, "repeat_webhook": 0.0, "late_webhook": 5.0, "swap_webhook": 60.0}
# only where webhooks are signed and come one by one
SIGNED_REPORT_KINDS = {"old_webhook": 600.0, "forged_webhook": 0.0}
# what may befall money on its way back; the seconds until it ends
CANCEL_KINDS = {"pending_cancel": 1.0, "failed_cancel": 1.0}
ROUTES = (
    "send", "add", "create", "ask", "status", "validate", "register", "instant", "cancel", "close", "list",
    "holder", "resend", "upload", "connect", "rcpt", "data", "any",
)  # fmt: skip
_STATUSES = {"answer": 200}


@dataclass
class Fault:
    """One ordered fault. ``times`` counts down; at 0 it is spent."""

    id: int
    provider: str
    kind: str
    route: str
    times: int
    seconds: float
    status: int
    error_code: str
    body: object = None


class Faults:
    """All ordered faults, in the order they were ordered."""

    def __init__(self) -> None:
        self._ordered: list[Fault] = []
        self._numbers = count(1)

    def order(self, wish: object, providers: frozenset[str]) -> Fault:
        """Take an order for a fault; raises ``ValueError`` saying what is wrong with it."""
        if not isinstance(wish, dict):
            raise ValueError("a fault is a JSON object")
        kinds = REQUEST_KINDS | REPORT_KINDS | SIGNED_REPORT_KINDS | CANCEL_KINDS
        kind = str(wish.get("kind"))
        provider, route = str(wish.get("provider", "solapi")), str(wish.get("route", "any"))
        for name, value, known in (
            ("kind", kind, kinds),
            ("route", route, ROUTES),
            ("provider", provider, providers),
        ):
            if value not in known:
                raise ValueError(f"{name} must be one of {', '.join(sorted(known))}")
        try:
            fault = Fault(
                next(self._numbers),
                provider,
                kind,
                route,
                int(wish.get("times", 1)),
                float(wish.get("seconds", kinds[kind])),
                int(wish.get("status", _STATUSES.get(kind, 400))),
                str(wish.get("errorCode", "ValidationError")),
                wish.get("body"),
            )
        except (TypeError, ValueError):
            raise ValueError("times and status are whole numbers, seconds is a number") from None
        self._ordered.append(fault)
        return fault

    def take(self, provider: str, kinds: dict[str, float], route: str = "any") -> Fault | None:
        """Use up one turn of the first fault that fits, if any."""
        for fault in self._ordered:
            fits = fault.provider == provider and fault.kind in kinds and fault.route in ("any", route)
            if fits and fault.times > 0:
                fault.times -= 1
                return fault
        return None

    def listed(self) -> list[dict[str, object]]:
        """Tell every fault still to come."""
        return [asdict(fault) for fault in self._ordered if fault.times > 0]

    def clear(self) -> None:
        """Forget all faults."""
        self._ordered.clear()

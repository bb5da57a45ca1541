"""What mail services say, in django-anymail's words, in ours. S4

django-anymail maps each service's own words to these few; what it does not know is "unknown".
"""

from seonmul.dispatch.ports import Result

NO_LINE, NO_ANSWER = "no line", "no answer"
#: Refused for the sake of the one mail; any other 4xx is trouble of the account.
OF_THE_MAIL = frozenset({400, 413, 422})
_STATUSES = {
    "sent": Result.DELIVERED,
    "queued": Result.DELIVERED,
    "invalid": Result.INVALID_NUMBER,
    "rejected": Result.REFUSED,
    "failed": Result.VENDOR,
}
_REASONS = {
    "invalid": Result.INVALID_NUMBER,
    "bounced": Result.INVALID_NUMBER,
    "timed_out": Result.TIMEOUT,
    "blocked": Result.REFUSED,
    "spam": Result.SPAM,
    "unsubscribed": Result.REFUSED,
}


def result_of(status: str) -> Result:
    """Our result for what a service answers: taken is taken, as of any mail server."""
    return _STATUSES.get(status, Result.UNKNOWN)


def reported(kind: str, why: str) -> Result | None:
    """Our result for what a service reports later; None for what ends nothing."""
    if kind == "delivered":
        return Result.DELIVERED
    if kind == "failed":
        return Result.VENDOR
    return _REASONS.get(why, Result.UNKNOWN) if kind in ("bounced", "rejected") else None

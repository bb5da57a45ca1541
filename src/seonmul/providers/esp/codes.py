"""What mail services say, in django-anymail's words, in ours. S4

django-anymail maps each service's own words to these few; what it does not know is "unknown".
"""

from seonmul.dispatch.ports import Result

NO_LINE, NO_ANSWER = "no line", "no answer"
#: Refused with this one mail, and mostly for its sake; any other 4xx is trouble of the account. What services mean by 400 and
#: 422 differs, so nobody's text is blamed for it.
OF_THE_MAIL = {400: Result.VENDOR, 413: Result.CONTENT, 422: Result.VENDOR}
#: What speaks against a mail comes first: a service may name several for one.
STATUSES = {
    "invalid": Result.INVALID_NUMBER,
    "rejected": Result.REFUSED,
    "failed": Result.VENDOR,
    "sent": Result.DELIVERED,
    "queued": Result.DELIVERED,
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
    return STATUSES.get(status, Result.UNKNOWN)


def reported(kind: str, why: str) -> Result | None:
    """Our result for what a service reports later; None for what ends nothing."""
    if kind == "delivered":
        return Result.DELIVERED
    if kind == "failed":
        return Result.VENDOR
    return _REASONS.get(why, Result.UNKNOWN) if kind in ("bounced", "rejected") else None

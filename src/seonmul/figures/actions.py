"""Changing a figure."""

from datetime import datetime

from seonmul.figures.models import Change
from seonmul.figures.rules import why_not_change
from seonmul.kit.refusals import refuse


def change(name: str, value: int, *, by: str, at: datetime) -> Change:
    """Let figure `name` be `value` from now on; raises Refused outside its bounds."""
    refuse(why_not_change(name, value))
    return Change.objects.create(name=name, value=value, by=by, changed_at=at)

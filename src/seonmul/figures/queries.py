"""Questions about figures."""

from dataclasses import fields
from datetime import datetime

from seonmul.figures.models import Change
from seonmul.figures.rules import Figures


def figures(at: datetime) -> Figures:
    """All figures as they hold at `at`: defaults, and over them the newest change of each."""
    known = {one.name for one in fields(Figures)}
    newest = (
        Change.objects.filter(changed_at__lte=at)
        .order_by("name", "-changed_at", "-id")
        .distinct("name")
        .values_list("name", "value")
    )
    return Figures(**{name: value for name, value in newest if name in known})


def history(name: str, limit: int = 100) -> list[Change]:
    """The last changes of one figure, newest first."""
    return list(Change.objects.filter(name=name).order_by("-changed_at", "-id")[:limit])

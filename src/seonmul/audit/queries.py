"""Reading the audit log."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from seonmul.audit.models import Act
from seonmul.kit.clock import SEOUL
from seonmul.kit.pages import Page, page


@dataclass(frozen=True)
class Search:
    """What is looked for among acts; empty fields do not narrow. Days are Seoul's, both included."""

    by: str = ""
    company: str = ""
    subject: str = ""
    verb: str = ""
    first_on: date | None = None
    last_on: date | None = None


def acts_on(subject: UUID | str, limit: int = 100) -> list[Act]:
    """The last acts on one row, newest first."""
    return list(Act.objects.filter(subject=str(subject)).order_by("-acted_at", "-id")[:limit])


def acts_of(company: UUID | str, limit: int = 100) -> list[Act]:
    """The last acts within one company, newest first."""
    return list(Act.objects.filter(company=str(company)).order_by("-acted_at", "-id")[:limit])


def acts(search: Search, after: str = "", limit: int = 50) -> Page[Act]:
    """Acts of everybody, narrowed as asked, newest first."""
    wanted = {name: getattr(search, name) for name in ("by", "company", "subject", "verb")}
    rows = Act.objects.filter(**{name: value for name, value in wanted.items() if value})
    if search.first_on:
        rows = rows.filter(acted_at__gte=datetime.combine(search.first_on, time(), SEOUL))
    if search.last_on:
        rows = rows.filter(acted_at__lt=datetime.combine(search.last_on, time(), SEOUL) + timedelta(days=1))
    return page(rows, order=("-acted_at", "-id"), after=after, limit=limit)


def last_act(subject: UUID | str, verbs: Iterable[str]) -> Act | None:
    """The last of these acts on one row."""
    rows = Act.objects.filter(subject=str(subject), verb__in=list(verbs))
    return rows.order_by("-acted_at", "-id").first()


def count_since(since: datetime, verbs: Iterable[str]) -> int:
    """How many of these acts there were since a moment."""
    return Act.objects.filter(acted_at__gte=since, verb__in=list(verbs)).count()

"""Reading the audit log."""

from uuid import UUID

from seonmul.audit.models import Act


def acts_on(subject: UUID | str, limit: int = 100) -> list[Act]:
    """The last acts on one row, newest first."""
    return list(Act.objects.filter(subject=str(subject)).order_by("-acted_at", "-id")[:limit])


def acts_of(company: UUID | str, limit: int = 100) -> list[Act]:
    """The last acts within one company, newest first."""
    return list(Act.objects.filter(company=str(company)).order_by("-acted_at", "-id")[:limit])

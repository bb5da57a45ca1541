"""Writing the audit log."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from seonmul.audit.models import Act


def record(
    verb: str, *, by: UUID | str, subject: UUID | str, at: datetime, company: UUID | str = "", **facts: Any
) -> None:
    """Note one act, in the caller's transaction. `facts` must hold nothing personal."""
    Act.objects.create(
        verb=verb, by=str(by), company=str(company), subject=str(subject), facts=facts, acted_at=at
    )


def record_many(
    verb: str,
    subjects: Iterable[UUID],
    *,
    by: UUID | str,
    at: datetime,
    is_company: bool = False,
    **facts: Any,
) -> None:
    """Note the same act on each of many, in the caller's transaction. `is_company`: each is a company, and its own."""
    acts = (
        Act(verb=verb, by=str(by), company=str(one) if is_company else "", subject=str(one), facts=facts, acted_at=at)
        for one in subjects
    )  # fmt: skip
    Act.objects.bulk_create(acts, batch_size=1_000)

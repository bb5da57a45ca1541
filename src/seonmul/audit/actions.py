"""Writing the audit log."""

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

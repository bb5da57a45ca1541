"""One thing that waits for a decision of staff, in the form in which the console lists all of them. B"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Waiting:
    """A row of the one queue. `kind` names whoever knows more; `title` is one short, masked phrase about it."""

    kind: str
    public_id: str
    buyer_name: str
    since: datetime
    due: datetime
    title: str

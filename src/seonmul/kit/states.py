"""States move along one table beside the model, and the database refuses every other move.

    MOVES = {State.OPEN: {State.SENT}, State.SENT: {State.ENDED}}
    class Meta:
        triggers = [states.guard(MOVES, name="batch_moves")]

Actions move by compare-and-set: `states.move(Batch.objects.filter(...), State.OPEN, State.SENT)`.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

import pgtrigger
from django.db.models import QuerySet

from seonmul.kit import triggers

Moves = Mapping[Any, Set[Any]]


def guard(moves: Moves, *, name: str, field: str = "state") -> triggers.Trigger:
    """A trigger that refuses, for bulk and raw SQL too, any change of `field` that is not in `moves`."""
    pairs = sorted((str(before), str(after)) for before, afters in moves.items() for after in afters)
    allowed = ", ".join(f"('{before}', '{after}')" for before, after in pairs)
    return triggers.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf(field),  # type: ignore[no-untyped-call]
        condition=pgtrigger.Condition(f'OLD."{field}" IS DISTINCT FROM NEW."{field}"'),
        func=f"""
            IF (OLD."{field}"::text, NEW."{field}"::text) NOT IN ({allowed}) THEN
                RAISE EXCEPTION 'move refused: % -> %', OLD."{field}", NEW."{field}"
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


def append_only(name: str) -> triggers.Trigger:
    """A trigger that refuses to change or delete rows: what is written stays written."""
    return triggers.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


def move(rows: QuerySet[Any], before: Any, after: Any, *, field: str = "state", **also: Any) -> int:
    """Compare-and-set: move those of `rows` that stand on `before`; returns how many moved."""
    return rows.filter(**{field: before}).update(**{field: after}, **also)

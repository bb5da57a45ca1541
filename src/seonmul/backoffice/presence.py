"""Who has a matter open right now, so that two do not decide on one. Kept in the shared cache, for a minute."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.core.cache import cache

from seonmul.members.models import Member

#: A page beats every 20 seconds; a closed one is forgotten after two missed beats.
SECONDS = 60


def note(kind: str, public_id: str, who: Member) -> None:
    """Say that somebody looks at a matter; whoever came first keeps it while both look."""
    key, mine = _key(kind, public_id), (str(who.id), who.name)
    held = cache.get(key)
    if held is None or held[0] == mine[0]:
        cache.set(key, mine, SECONDS)


def leave(kind: str, public_id: str, who: Member) -> None:
    """Say that somebody is done with a matter."""
    held = cache.get(_key(kind, public_id))
    if held and held[0] == str(who.id):
        cache.delete(_key(kind, public_id))


def held_by_others(matters: Iterable[tuple[str, str]], me: UUID) -> dict[tuple[str, str], str]:
    """The names of others who have these matters (kind, public id) open."""
    keys = {_key(*matter): matter for matter in matters}
    found = cache.get_many(keys)
    return {keys[key]: held[1] for key, held in found.items() if held[0] != str(me)}


def _key(kind: str, public_id: str) -> str:
    return f"open:{kind}:{public_id}"

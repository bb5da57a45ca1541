"""What people search for. Names and numbers that were typed stand in no address: addresses end in logs and histories. X2

They are posted and wait in the session, sealed, under a key of their own; the address of the result has only the key,
so that two windows, the way back and the next page go on working. After logging out a key finds nothing.
"""

from __future__ import annotations

import base64

from django.contrib.sessions.backends.base import SessionBase

from seonmul.kit import crypto, ids

#: The name of the key in addresses.
KEY = "find"
_MOST = 20


def keep(session: SessionBase, context: str, words: str) -> str:
    """Keep words for this session; returns their key. `context`: whose search it is ("backoffice.find")."""
    key, sealed = ids.public_id(), base64.b64encode(crypto.ring().seal(context, words)).decode()
    before = list(session.get(context, {}).items())[1 - _MOST :]
    session[context] = {**dict(before), key: sealed}
    return key


def words(session: SessionBase, context: str, key: str) -> str:
    """The words behind a key; "" when it is not one of this session."""
    sealed = session.get(context, {}).get(key)
    try:
        return crypto.ring().open(context, base64.b64decode(sealed)) if sealed else ""
    except crypto.NotSealedHere:
        return ""

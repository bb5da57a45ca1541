"""A statement that is planned once a connection: for the few that every payment runs.

Django binds values on our side, so the server plans each statement anew; for a transfer that costs more than running it.
Behind a pooler that hands a connection from one client to another it must know prepared statements (PgBouncer 1.22).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection


def run(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows that `statement` gives for its named `values`, within Django's transaction where one is open."""
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        found = cursor.execute(statement, values, prepare=True).fetchall()
    if connection.queries_logged:  # counted by tests as Django's own are
        connection.queries_log.append({"sql": statement, "time": ""})
    return found

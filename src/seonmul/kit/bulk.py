"""Many rows at once, inside Django's transaction: binary COPY instead of a row at a time.

COPY knows no defaults, no signals and no auto_now: give every column. `types` are PostgreSQL type names and must
be exact, since binary COPY does not convert.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction


def copy(table: str, columns: dict[str, str], rows: Iterable[Sequence[Any]]) -> None:
    """Store `rows` in `table`; `columns` maps name to type, in the order of the row's values."""
    names = ",".join(columns)
    with transaction.atomic(), connection.cursor() as cursor, connection.wrap_database_errors:
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)") as target:
            target.set_types(list(columns.values()))
            for row in rows:
                target.write_row(row)


def copy_new(
    table: str, columns: dict[str, str], rows: Iterable[Sequence[Any]], *, returning: str
) -> list[Any]:
    """Store those `rows` that meet no existing unique key; return the `returning` column of the stored ones."""
    names = ",".join(columns)
    with transaction.atomic(), connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.execute(
            f"CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA"  # noqa: S608
        )
        with cursor.copy(f"COPY incoming ({names}) FROM STDIN (FORMAT BINARY)") as target:
            target.set_types(list(columns.values()))
            for row in rows:
                target.write_row(row)
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming "  # noqa: S608 - names are ours
            f"ON CONFLICT DO NOTHING RETURNING {returning}"
        )
        stored = [row[0] for row in cursor.fetchall()]
        cursor.execute("DROP TABLE incoming")
        return stored

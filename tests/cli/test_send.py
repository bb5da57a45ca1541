"""`seonmul send` outlives a database that is killed after the order was placed."""

from __future__ import annotations

import pytest
from django.db import InterfaceError, OperationalError, connection

from seonmul.cli import send
from seonmul.gifts import queries as gifts
from tests import given


@pytest.mark.django_db(transaction=True)
def test_the_result_is_counted_again_when_the_connection_is_lost() -> None:
    """S3: the order goes on without the command, so the command waits for the database."""
    order = given.placed(given.company(), given.numbers(2))
    with pytest.raises((InterfaceError, OperationalError)), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises((InterfaceError, OperationalError)):
        gifts.tally(order)
    assert send._tally_of(order).copies == 2

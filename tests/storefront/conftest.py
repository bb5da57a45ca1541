"""Who sits in front of the browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from seonmul.members.models import Member
from tests import given
from tests.given import Company

HTMX = {"HX-Request": "true"}


def asked(browser: Client, address: str, headers: dict[str, str] | None = None) -> int:
    """How many questions a page asks the database, once everything is warm."""
    browser.get(address, headers=headers)
    with CaptureQueriesContext(connection) as questions:
        assert browser.get(address, headers=headers).status_code == 200
    return len(questions)


@pytest.fixture
def company(db: None) -> Company:
    return given.company()


@pytest.fixture
def signed_in() -> Callable[[Member], Client]:
    """A browser in which this member has signed in."""

    def browser(member: Member) -> Client:
        client = Client()
        client.force_login(member)
        return client

    return browser


@pytest.fixture
def browser(company: Company, signed_in: Callable[[Member], Client]) -> Client:
    """The company's owner at the browser."""
    return signed_in(company.owner)

"""Secrets that stand in an address never stand in a log."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings
from django.test import Client

from seonmul.giftpage import views
from seonmul.kit import ids
from seonmul.kit.logs import WithoutSecrets


def logged(address: str) -> str:
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "%s: %s", ("Not Found", address), None)
    assert WithoutSecrets().filter(record)
    return record.getMessage()


def test_links_and_secrets_are_cut_and_public_ids_stay() -> None:
    (link,), public_id = ids.link_tokens(1), ids.public_id()
    assert logged(f"/g/{link}/image.jpg") == "Not Found: /g/***/image.jpg"
    assert (
        logged(f"/hooks/carriers/solapi/{settings.WEBHOOK_SECRET}") == "Not Found: /hooks/carriers/solapi/***"
    )
    assert logged(f"/orders/{public_id}/") == f"Not Found: /orders/{public_id}/"


@pytest.mark.django_db
def test_a_page_that_fails_is_logged_without_the_gifts_link(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """V5: a database that is away must not write the links of all who look into the log."""

    def fail(token: str, **named: object) -> None:
        raise RuntimeError("the database is away")

    monkeypatch.setattr(views.gifts_do, "open_link", fail)
    (link,) = ids.link_tokens(1)
    Client(raise_request_exception=False).get(f"/g/{link}")
    assert "Internal Server Error: /g/***" in caplog.text and link not in caplog.text

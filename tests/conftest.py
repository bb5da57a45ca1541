"""What every test shares: the server, one sandbox for those who call outside, unhashed static names."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from xdist.scheduler import LoadScopeScheduling

from tests import server
from tests.sandbox.outside import API_KEY, API_SECRET, Outside

# How long an example takes says how busy the machine is, not whether it holds.
hypothesis_settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("patient")

#: What one worker does alone, the first match counts: tests that share a platform of real processes, or break one.
TOGETHER = ("tests/journeys/kills/", "tests/journeys/", "tests/cli/test_up.py")


class Scheduling(LoadScopeScheduling):
    """Tests one by one to whoever is free, but for those that belong together. The groups that pytest-xdist offers by a
    mark do nothing under pytest 9.2 (its issue 1386), without a word.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    if settings.EMBEDDED:
        settings.EMBEDDED.start()
        connections.databases["default"]["TEST"]["TEMPLATE"] = _template(settings.EMBEDDED.url("postgres"))
        TransactionTestCase._fixture_teardown = _empty


def _template(url: str) -> str | None:
    """The migrated database that `./test` has made, None when pytest was started without it."""
    with psycopg.connect(url) as asking:
        name = server.template()
        found = asking.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    return name if found else None


def _empty(_: TransactionTestCase) -> None:
    """Empty the tables that have rows. Django's flush truncates all of them, more than a second after each such test.

    Not where the database is somebody else's: there it takes a superuser to delete what is append-only.
    """
    kept = {"django_content_type", "auth_permission"}  # what is written once, by migrate
    with transaction.atomic(), connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - kept)
        cursor.execute(" UNION ALL ".join(f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in tables))
        filled = [row[0] for row in cursor.fetchall()]
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name in filled:
            cursor.execute(f"DELETE FROM {name}")


@pytest.fixture(autouse=True)
def _no_language_outlives_its_test() -> Iterator[None]:
    """A request leaves the language of whoever asked to its thread, and with it to the next test."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _no_job_outlives_its_test(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """The flush after a test with real transactions knows Django's own tables only; the queue is not among them, nor
    is the cache with its counts of tries.
    """
    yield
    marker = request.node.get_closest_marker("django_db")
    if (marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames:
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers, kit_cache"
            )


@pytest.fixture(scope="session")
def _world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    world = Outside(
        tmp_path_factory.mktemp("sandbox"),
        {
            "SANDBOX_DELAY_SECONDS": "0",
            "SANDBOX_NTS_SLOW_SECONDS": "1",
            "SANDBOX_MAIL_GREY_SECONDS": "0",
            "SANDBOX_MAIL_SLOW_SECONDS": "0.2",
        },
    ).start()
    yield world
    world.stop()


@pytest.fixture
def carrier(_world: Outside, settings: Any) -> Outside:
    """The sandbox as the carrier and everyone else outside: a real process, empty, without faults."""
    settings.SOLAPI_BASE_URL = f"{_world.url}/solapi"
    settings.SOLAPI_API_KEY, settings.SOLAPI_API_SECRET = API_KEY, API_SECRET
    settings.NHN_BASE_URL = f"{_world.url}/nhn"
    settings.NTS_BASE_URL, settings.PORTONE_BASE_URL = f"{_world.url}/nts", f"{_world.url}/portone"
    settings.GIFTISHOW_BASE_URL = f"{_world.url}/giftishow/bizApi"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", _world.smtp_port
    settings.PORTONE_JS_URL = f"{_world.url}/portone/sdk.js"
    _world.inside("POST", "reset")
    _world.inside("DELETE", "faults")
    return _world


@pytest.fixture
def issuers(db: None) -> None:
    """The table of issuers as an installation begins with it; a test that empties its tables has emptied this one."""
    from django.apps import apps

    from seonmul.payments.models import IssuerRule

    if not IssuerRule.objects.exists():
        import_module("seonmul.payments.migrations.0002_issuers").begin(apps, None)

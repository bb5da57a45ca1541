"""What must be there before processes start: database, tables, static files, demo data. Quick when nothing is new."""

from __future__ import annotations

import hashlib

import psycopg
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from seonmul.cli import demo
from seonmul.kit import clock

DATABASE = "seonmul"


def database() -> None:
    """Start the embedded server where it is used and make sure that the database is there."""
    if settings.EMBEDDED:
        settings.EMBEDDED.start()
        settings.EMBEDDED.ensure_database(DATABASE)


def connect() -> psycopg.Connection:
    """Open a bare connection that gives up after three seconds (the pool would wait for thirty)."""
    url = settings.EMBEDDED.url(DATABASE) if settings.EMBEDDED else settings.DATABASE_URL
    return psycopg.connect(url, connect_timeout=3, autocommit=True)


def why_no_database() -> str:
    """Say in one sentence why the database does not answer and what to do; "" when it does."""
    try:
        connect().close()
    except psycopg.Error as error:
        if settings.EMBEDDED:
            return _("데이터베이스가 꺼져 있습니다. 다른 창에서 ./run 을 먼저 실행해 주세요.")
        reason = str(error).strip().splitlines()[0]
        return _("DATABASE_URL의 데이터베이스에 연결하지 못했습니다: %(reason)s") % {"reason": reason}
    return ""


def tables_are_old() -> bool:
    """Say whether migrations wait."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def tables() -> bool:
    """Migrate when migrations wait; says whether it did."""
    if not tables_are_old():
        return False
    call_command("migrate", verbosity=0, interactive=False)
    return True


def static_files() -> bool:
    """Collect static files when one has changed; says whether it did."""
    seal = settings.STATIC_ROOT.parent / "static.seal"
    print_now = _static_print()
    if settings.STATIC_ROOT.is_dir() and seal.is_file() and seal.read_text() == print_now:
        return False
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    seal.unlink(missing_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    seal.write_text(print_now)
    return True


def demo_data() -> None:
    """Load the demo's data where they are missing; a second time changes nothing."""
    if settings.DEMO:
        demo.load(at=clock.now())


def leave() -> None:
    """Give the connections back: whoever prepared need not hold any."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


def _static_print() -> str:
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = (storage.size(name), storage.get_modified_time(name).timestamp())
            digest.update(f"{name} {facts}\n".encode())
    return digest.hexdigest()

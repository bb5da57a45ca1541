"""python -m tests.server start|stop: the embedded server of the test run, quick because it need not survive a crash."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg

from seonmul.kit.postgres import Server

_HASTE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_TOP = Path(__file__).resolve().parents[1]


def template() -> str:
    """Name of the migrated database that test databases are copied from: another one whenever a migration changes."""
    found = [*sorted(_TOP.glob("src/seonmul/*/migrations/*.py")), _TOP / "requirements" / "run.lock"]
    digest = hashlib.sha256()
    for path in found:
        digest.update(path.name.encode() + path.read_bytes())
    return f"migrated_{digest.hexdigest()[:12]}"


def main(verb: str) -> int:
    """Say "started" or "was running", so that whoever started it knows to stop it."""
    server = Server(Path(os.environ["SEONMUL_HOME"]) / "postgres", settings=_HASTE)
    if verb == "stop":
        server.stop()
        return 0
    is_new = not ((server.data / "PG_VERSION").exists() and server.answers())
    server.start()
    server.ensure_database("seonmul")
    _migrate(server, template())
    print("started" if is_new else "was running")
    return 0


def _migrate(server: Server, name: str) -> None:
    """Make the template when there is none for these migrations; what older migrations left goes."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        there = {
            row[0]
            for row in connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'migrated%'")
        }
        if name in there:
            return
        for old in there:
            connection.execute(psycopg.sql.SQL("DROP DATABASE {}").format(psycopg.sql.Identifier(old)))
        half = "migrated_half"  # renamed when whole
        server.ensure_database(half)
        environment = os.environ | {"DATABASE_URL": server.url(half)}
        subprocess.run(
            [sys.executable, "-m", "django", "migrate", "-v", "0"], env=environment, check=True, cwd=_TOP
        )
        connection.execute(
            psycopg.sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                psycopg.sql.Identifier(half), psycopg.sql.Identifier(name)
            )
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

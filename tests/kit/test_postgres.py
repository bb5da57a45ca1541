"""The embedded server: starts twice, survives kill -9, finds room for its socket. Real servers in folders of their own."""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from seonmul.kit.postgres import NoServer, Server
from tests.threads import at_once

SMALL = {"shared_buffers": "16MB", "fsync": "off"}
needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root's folders are closed to the server's user"
)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that the server's user may enter (pytest's own are closed)."""
    made = Path(tempfile.mkdtemp(prefix="pg"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    made = Server(folder / "home", settings=SMALL)
    made.start()
    yield made
    made.stop()


def ask(server: Server, sql: str, database: str = "postgres") -> object:
    with psycopg.connect(server.url(database), autocommit=True) as connection:
        row = connection.execute(sql).fetchone()  # type: ignore[call-overload]
        return row and row[0]


def pid(server: Server) -> int:
    return int((server.data / "postmaster.pid").read_text().split("\n")[0])


def test_starting_twice_is_the_same_as_once(server: Server) -> None:
    before = pid(server)
    server.start()
    Server(server.home, settings=SMALL).start()
    assert pid(server) == before and server.answers()


def test_it_sorts_hangul_the_same_everywhere_and_listens_to_nobody_outside(server: Server) -> None:
    assert (
        ask(server, "SELECT string_agg(w, '' ORDER BY w) FROM unnest(ARRAY['나','a','가','B']) w") == "Ba가나"
    )
    assert ask(server, "SELECT lower('ÀÉ') = 'àé'") is True
    assert ask(server, "SHOW listen_addresses") == ""
    assert ask(server, "SHOW timezone") == "UTC"


@needs_root
def test_root_lets_nobody_run_it(server: Server) -> None:
    nobody = pwd.getpwnam("nobody").pw_uid
    assert Path(f"/proc/{pid(server)}").stat().st_uid == nobody
    assert server.data.stat().st_uid == nobody and server.data.stat().st_mode & 0o077 == 0


def test_a_database_is_made_once(server: Server) -> None:
    server.ensure_database("loans")
    server.ensure_database("loans")
    assert ask(server, "SELECT current_database()", "loans") == "loans"


def test_after_a_kill_it_starts_again_with_everything_that_was_saved(server: Server) -> None:
    server.ensure_database("kept")
    with psycopg.connect(server.url("kept"), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    before = pid(server)
    server.kill()
    server.start()
    assert pid(server) != before
    assert ask(server, "SELECT answer FROM kept", "kept") == 42


def test_stopping_is_clean_and_may_be_repeated(server: Server) -> None:
    server.stop()
    server.stop()
    assert not server.answers()
    assert not (server.data / "postmaster.pid").exists()
    server.start()
    assert server.answers()


def test_a_torn_first_start_is_begun_anew_and_two_who_start_at_once_get_one_server(folder: Path) -> None:
    """In a folder whose path is too long for a socket, which then moves to the system's own for such files."""
    home = folder / ("a-long-name-" * 8)
    server = Server(home, settings=SMALL)
    assert not server.socket.is_relative_to(home)
    assert len(str(server.socket / ".s.PGSQL.5432")) < 108
    (home / "data.new" / "base").mkdir(parents=True)  # what a start that was cut off leaves
    try:
        assert at_once([server.start, Server(home, settings=SMALL).start]) == [None, None]
        assert server.answers() and ask(server, "SELECT 1") == 1
    finally:
        server.stop()
        shutil.rmtree(server.socket)


def test_a_short_home_holds_its_socket(folder: Path) -> None:
    assert Server(folder / "home").socket == Server(folder / "home").home
    assert Server(folder / "home").url("x") == f"postgresql://postgres@/x?host={folder / 'home'}"


@needs_root
def test_data_move_out_of_a_home_that_is_closed_to_the_server(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    moved = Server(tmp_path / "home").home
    assert moved.parent == Path("/var/tmp")
    assert moved == Server(tmp_path / "home").home != Server(tmp_path / "other").home
    tmp_path.chmod(0o755)


def test_binaries_that_are_not_there_are_a_clear_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGBIN", "/no/such/folder")
    with pytest.raises(NoServer, match="PGBIN"):
        Server(folder / "none").start()
